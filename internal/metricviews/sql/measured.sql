{{template "counted.sql" .}}, measured AS (
  SELECT
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by,
    MAX(IF(parts.part = 'value', counted.value)) AS value,
    MAX(IF(parts.part = 'numerator', counted.value)) AS numerator,
    MAX(IF(parts.part = 'denominator', counted.value)) AS denominator,
    MAX(counted.updated_at) AS updated_at
  FROM counted
  INNER JOIN (VALUES
{{- range $i, $p := .Parts}}{{if $i}},{{end}}
    ({{text $p.Metric}}, {{text $p.Of}}, {{text $p.As}})
{{- end}}) AS parts(metric, name, part)
    ON parts.metric = counted.metric
  GROUP BY
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by
)
