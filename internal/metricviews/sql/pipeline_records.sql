SELECT
  CAST(window_start AS TIMESTAMP(6)) AS window_start,
  CASE
    WHEN metric = 'records_accepted'
    THEN 'accepted'
    ELSE JSON_EXTRACT_SCALAR(dimensions, '$.reason')
  END AS outcome,
  value
FROM {{table "metrics_live"}}
WHERE
  metric IN ('records_accepted', 'records_rejected')
