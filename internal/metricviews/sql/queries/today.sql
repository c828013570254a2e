WITH {{template "minutes.sql" .}}
SELECT
  minute,
{{- range .Totals}}
  MAX(IF(metric = {{text .Metric}}, value)) AS {{name .Metric}},
{{- end}}
  counted_by
FROM minutes
GROUP BY
  window_start,
  minute,
  counted_by
ORDER BY
  window_start DESC
