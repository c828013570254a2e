WITH ranked AS (
  SELECT
    ROW_NUMBER() OVER (PARTITION BY metric ORDER BY SUM(value) DESC) AS "#",
    metric,
{{- range .Dimensions}}
    {{name .Name}},
{{- end}}
    SUM(value) AS value
  FROM {{table "metrics"}}
  WHERE
    window_start >= CAST(AT_TIMEZONE({{template "day.sql" .}}, 'UTC') AS TIMESTAMP(6))
    AND metric IN (
{{- range $i, $m := .Metrics}}{{if $i}},{{end}}
      {{text $m}}
{{- end}}
    )
  GROUP BY
    metric
{{- range .Dimensions}},
    {{name .Name}}
{{- end}}
)
SELECT
  metric,
  "#",
{{- range .Dimensions}}
  {{name .Name}},
{{- end}}
  value
FROM ranked
WHERE
  "#" <= 10
ORDER BY
  metric,
  "#"
