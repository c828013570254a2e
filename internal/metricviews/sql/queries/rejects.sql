SELECT
  outcome,
  SUM(value) AS records,
  SUM(value) / SUM(SUM(value)) OVER () AS share,
  MAX(window_start) AS last_window_start
FROM {{table "pipeline_records"}}
WHERE
  window_start >= {{template "now.sql"}} - INTERVAL '1' DAY
GROUP BY
  outcome
ORDER BY
  records DESC
