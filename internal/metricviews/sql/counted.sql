{{template "cut_over.sql" .}}, counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM {{table "metrics_batch"}}
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM {{table "metrics_live"}}
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
