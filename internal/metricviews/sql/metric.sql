WITH {{template "counted.sql" .}}
SELECT
  window_start,
{{- template "dimensions.sql" .}}
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = {{text .Metric}}
