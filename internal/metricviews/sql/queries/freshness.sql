SELECT
  live_window_start,
  live_updated_at,
  live_seconds,
  cut_over,
  batch_updated_at,
  batch_seconds,
  open_gaps
FROM {{table "pipeline_freshness"}}
