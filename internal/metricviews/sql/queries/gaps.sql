WITH {{template "cut_over.sql" .}}
SELECT
  CAST(window_from AS TIMESTAMP(6)) AS window_from,
  CAST(window_to AS TIMESTAMP(6)) AS window_to,
  dropped_rows,
  CAST(noted_at AS TIMESTAMP(6)) AS noted_at,
  checkpoint
FROM {{table "metrics_gaps"}}
WHERE
  CAST(window_to AS TIMESTAMP(6)) > (
    SELECT
      cut_over
    FROM batch
  )
ORDER BY
  window_from
