WITH minutes AS (
  SELECT
    CAST(AT_TIMEZONE(WITH_TIMEZONE(metrics.window_start, 'UTC'), 'UTC') AS TIMESTAMP(0)) AS minute,
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
    ('requests', 'sum'),
    ('errors', 'sum'),
    ('client_errors', 'sum'),
    ('bytes_received', 'sum'),
    ('bytes_sent', 'sum'),
    ('latency_sum', 'sum'),
    ('latency_max', 'max'),
    ('events', 'sum'),
    ('concurrent_users', 'sum'),
    ('participants', 'sum'),
    ('error_rate', 'ratio'),
    ('latency_mean', 'ratio'),
    ('participation_rate', 'ratio')) AS totals(metric, total)
    ON totals.metric = metrics.metric
  WHERE
    metrics.window_start >= CAST(AT_TIMEZONE(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC')), 'UTC') AS TIMESTAMP(6))
  GROUP BY
    metrics.window_start,
    metrics.counted_by,
    totals.metric,
    totals.total
)
SELECT
  minute,
  MAX(IF(metric = 'requests', value)) AS "requests",
  MAX(IF(metric = 'errors', value)) AS "errors",
  MAX(IF(metric = 'client_errors', value)) AS "client_errors",
  MAX(IF(metric = 'bytes_received', value)) AS "bytes_received",
  MAX(IF(metric = 'bytes_sent', value)) AS "bytes_sent",
  MAX(IF(metric = 'latency_sum', value)) AS "latency_sum",
  MAX(IF(metric = 'latency_max', value)) AS "latency_max",
  MAX(IF(metric = 'events', value)) AS "events",
  MAX(IF(metric = 'concurrent_users', value)) AS "concurrent_users",
  MAX(IF(metric = 'participants', value)) AS "participants",
  MAX(IF(metric = 'error_rate', value)) AS "error_rate",
  MAX(IF(metric = 'latency_mean', value)) AS "latency_mean",
  MAX(IF(metric = 'participation_rate', value)) AS "participation_rate",
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
    CAST(AT_TIMEZONE(WITH_TIMEZONE(metrics.window_start, 'UTC'), 'UTC') AS TIMESTAMP(0)) AS minute,
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
    ('requests', 'sum'),
    ('errors', 'sum'),
    ('client_errors', 'sum'),
    ('bytes_received', 'sum'),
    ('bytes_sent', 'sum'),
    ('latency_sum', 'sum'),
    ('latency_max', 'max'),
    ('events', 'sum'),
    ('concurrent_users', 'sum'),
    ('participants', 'sum'),
    ('error_rate', 'ratio'),
    ('latency_mean', 'ratio'),
    ('participation_rate', 'ratio')) AS totals(metric, total)
    ON totals.metric = metrics.metric
  WHERE
    metrics.window_start >= CAST(AT_TIMEZONE(
      DATE_ADD('DAY', -1, DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC'))),
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
      minute < CAST(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC')) AS TIMESTAMP(0)),
      value
    )
  ) AS yesterday,
  MAX(
    IF(
      minute >= CAST(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC')) AS TIMESTAMP(0)),
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

WITH ranked AS (
  SELECT
    ROW_NUMBER() OVER (PARTITION BY metric ORDER BY SUM(value) DESC) AS "#",
    metric,
    "cluster",
    "event_type",
    "namespace",
    "route_name",
    SUM(value) AS value
  FROM "team_metrics"."metrics"
  WHERE
    window_start >= CAST(AT_TIMEZONE(DATE_TRUNC('DAY', AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC')), 'UTC') AS TIMESTAMP(6))
    AND metric IN (
      'requests',
      'errors',
      'client_errors',
      'bytes_received',
      'bytes_sent',
      'latency_sum',
      'events'
    )
  GROUP BY
    metric,
    "cluster",
    "event_type",
    "namespace",
    "route_name"
)
SELECT
  metric,
  "#",
  "cluster",
  "event_type",
  "namespace",
  "route_name",
  value
FROM ranked
WHERE
  "#" <= 10
ORDER BY
  metric,
  "#";

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
