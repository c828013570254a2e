WITH minutes AS (
  SELECT
    CAST(AT_TIMEZONE(WITH_TIMEZONE(metrics.window_start, 'UTC'), 'Europe/Berlin') AS TIMESTAMP(0)) AS minute,
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
  FROM "team_metrics"."metrics" AS metrics
  INNER JOIN (VALUES
    ('group', 'sum')) AS totals(metric, total)
    ON totals.metric = metrics.metric
  WHERE
    metrics.window_start >= CAST(AT_TIMEZONE(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'Europe/Berlin')), 'UTC') AS TIMESTAMP(6))
  GROUP BY
    metrics.window_start,
    metrics.counted_by,
    totals.metric,
    totals.total
)
SELECT
  minute,
  MAX(IF(metric = 'group', value)) AS "group",
  counted_by
FROM minutes
GROUP BY
  window_start,
  minute,
  counted_by
ORDER BY
  window_start DESC;

WITH minutes AS (
  SELECT
    CAST(AT_TIMEZONE(WITH_TIMEZONE(metrics.window_start, 'UTC'), 'Europe/Berlin') AS TIMESTAMP(0)) AS minute,
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
  FROM "team_metrics"."metrics" AS metrics
  INNER JOIN (VALUES
    ('group', 'sum')) AS totals(metric, total)
    ON totals.metric = metrics.metric
  WHERE
    metrics.window_start >= CAST(AT_TIMEZONE(
      DATE_ADD('DAY', -1, DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'Europe/Berlin'))),
      'UTC'
    ) AS TIMESTAMP(6))
  GROUP BY
    metrics.window_start,
    metrics.counted_by,
    totals.metric,
    totals.total
)
SELECT
  DATE_FORMAT(minute, '%H:%i') AS minute,
  metric,
  MAX(
    IF(
      minute < CAST(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'Europe/Berlin')) AS TIMESTAMP(0)),
      value
    )
  ) AS yesterday,
  MAX(
    IF(
      minute >= CAST(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'Europe/Berlin')) AS TIMESTAMP(0)),
      value
    )
  ) AS today
FROM minutes
GROUP BY
  DATE_FORMAT(minute, '%H:%i'),
  metric
ORDER BY
  1,
  metric;

SELECT
  live_window_start,
  live_updated_at,
  live_seconds,
  cut_over,
  batch_updated_at,
  batch_seconds,
  open_gaps
FROM "team_metrics"."pipeline_freshness";

SELECT
  outcome,
  SUM(value) AS records,
  SUM(value) / SUM(SUM(value)) OVER () AS share,
  MAX(window_start) AS last_window_start
FROM "team_metrics"."pipeline_records"
WHERE
  window_start >= CAST(AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC') AS TIMESTAMP(6)) - INTERVAL '1' DAY
GROUP BY
  outcome
ORDER BY
  records DESC;

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
FROM "team_metrics"."pipeline_batches"
ORDER BY
  started_at DESC
LIMIT 50;

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
)
SELECT
  CAST(window_from AS TIMESTAMP(6)) AS window_from,
  CAST(window_to AS TIMESTAMP(6)) AS window_to,
  dropped_rows,
  CAST(noted_at AS TIMESTAMP(6)) AS noted_at,
  checkpoint
FROM "team_metrics"."metrics_gaps"
WHERE
  CAST(window_to AS TIMESTAMP(6)) > (
    SELECT
      cut_over
    FROM batch
  )
ORDER BY
  window_from;
