SELECT
  run,
  state,
  CAST(range_from AS TIMESTAMP(6)) AS range_from,
  CAST(range_to AS TIMESTAMP(6)) AS range_to,
  CAST(cut_over AS TIMESTAMP(6)) AS cut_over,
  objects,
  records,
  duplicates,
  rejected,
  version,
  CAST(started_at AS TIMESTAMP(6)) AS started_at,
  CAST(updated_at AS TIMESTAMP(6)) AS updated_at
FROM {{table "batch_runs"}}
