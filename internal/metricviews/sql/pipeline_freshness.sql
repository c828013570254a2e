WITH {{template "cut_over.sql" .}}, moved AS (
  SELECT
    MAX(CAST(updated_at AS TIMESTAMP(6))) AS updated_at
  FROM {{table "batch_runs"}}
  WHERE
    NOT cut_over IS NULL
), live AS (
  SELECT
    MAX(CAST(window_start AS TIMESTAMP(6))) AS window_start,
    MAX(CAST(updated_at AS TIMESTAMP(6))) AS updated_at
  FROM {{table "metrics_live"}}
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= {{template "now.sql"}} - INTERVAL '3' DAY
), gaps AS (
  SELECT
    COUNT(*) AS open_gaps
  FROM {{table "metrics_gaps"}}
  WHERE
    CAST(window_to AS TIMESTAMP(6)) > (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  live.window_start AS live_window_start,
  live.updated_at AS live_updated_at,
  NULLIF(batch.cut_over, CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over,
  moved.updated_at AS batch_updated_at,
  GREATEST(
    DATE_DIFF(
      'SECOND',
      live.window_start,
      {{template "now.sql"}}
    ),
    0
  ) AS live_seconds,
  DATE_DIFF(
    'SECOND',
    NULLIF(batch.cut_over, CAST('1970-01-01' AS TIMESTAMP(6))),
    {{template "now.sql"}}
  ) AS batch_seconds,
  gaps.open_gaps
FROM live
CROSS JOIN batch
CROSS JOIN moved
CROSS JOIN gaps
