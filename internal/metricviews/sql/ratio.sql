WITH {{template "measured.sql" .}}
SELECT
  window_start,
{{- template "dimensions.sql" .}}
  numerator / denominator AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT numerator IS NULL AND denominator <> 0
