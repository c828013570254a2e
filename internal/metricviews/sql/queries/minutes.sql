minutes AS (
  SELECT
    CAST(AT_TIMEZONE(WITH_TIMEZONE(metrics.window_start, 'UTC'), {{text .Zone}}) AS TIMESTAMP(0)) AS minute,
    metrics.window_start,
    metrics.counted_by,
    totals.metric,
    CASE totals.total
      WHEN 'sum'
      THEN SUM(metrics.value)
      WHEN 'min'
      THEN MIN(metrics.value)
      WHEN 'max'
      THEN MAX(metrics.value)
      WHEN 'ratio'
      THEN SUM(metrics.numerator) / NULLIF(SUM(metrics.denominator), 0)
    END AS value
  FROM {{table "metrics"}} AS metrics
  INNER JOIN (VALUES
{{- range $i, $t := .Totals}}{{if $i}},{{end}}
    ({{text $t.Metric}}, {{text $t.As}})
{{- end}}) AS totals(metric, total)
    ON totals.metric = metrics.metric
  WHERE
{{- if .DaysBack}}
    metrics.window_start >= CAST(AT_TIMEZONE(
      DATE_ADD('DAY', -{{.DaysBack}}, {{template "day.sql" .}}),
      'UTC'
    ) AS TIMESTAMP(6))
{{- else}}
    metrics.window_start >= CAST(AT_TIMEZONE({{template "day.sql" .}}, 'UTC') AS TIMESTAMP(6))
{{- end}}
  GROUP BY
    metrics.window_start,
    metrics.counted_by,
    totals.metric,
    totals.total
)
