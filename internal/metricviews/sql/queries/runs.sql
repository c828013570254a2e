SELECT
  started_at,
  state,
  range_from,
  range_to,
  cut_over,
  objects,
  records,
  duplicates,
  rejected,
  DATE_DIFF('SECOND', started_at, updated_at) AS seconds,
  run,
  version
FROM {{table "pipeline_batches"}}
ORDER BY
  started_at DESC
LIMIT 50
