batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM {{table "batch_runs"}}
)
