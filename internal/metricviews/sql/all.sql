WITH {{template "measured.sql" .}}
SELECT
  name AS metric,
  window_start,
{{- template "dimensions.sql" .}}
  COALESCE(value, numerator / denominator) AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT value IS NULL OR (
    NOT numerator IS NULL AND denominator <> 0
  )
