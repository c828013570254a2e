WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
), measured AS (
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
    ('requests', 'requests', 'value'),
    ('errors', 'errors', 'value'),
    ('client_errors', 'client_errors', 'value'),
    ('bytes_received', 'bytes_received', 'value'),
    ('bytes_sent', 'bytes_sent', 'value'),
    ('latency_sum', 'latency_sum', 'value'),
    ('latency_max', 'latency_max', 'value'),
    ('events', 'events', 'value'),
    ('concurrent_users', 'concurrent_users', 'value'),
    ('participants', 'participants', 'value'),
    ('errors', 'error_rate', 'numerator'),
    ('requests', 'error_rate', 'denominator'),
    ('latency_sum', 'latency_mean', 'numerator'),
    ('requests', 'latency_mean', 'denominator'),
    ('participants', 'participation_rate', 'numerator'),
    ('concurrent_users', 'participation_rate', 'denominator')) AS parts(metric, name, part)
    ON parts.metric = counted.metric
  GROUP BY
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by
)
SELECT
  name AS metric,
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.event_type') AS "event_type",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  COALESCE(value, numerator / denominator) AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT value IS NULL OR (
    NOT numerator IS NULL AND denominator <> 0
  );

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'requests';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'errors';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'client_errors';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'bytes_received';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'bytes_sent';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'latency_sum';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'latency_max';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.event_type') AS "event_type",
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'events';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'concurrent_users';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  window_start,
  value,
  counted_by,
  updated_at
FROM counted
WHERE
  metric = 'participants';

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
), measured AS (
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
    ('errors', 'error_rate', 'numerator'),
    ('requests', 'error_rate', 'denominator')) AS parts(metric, name, part)
    ON parts.metric = counted.metric
  GROUP BY
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  numerator / denominator AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT numerator IS NULL AND denominator <> 0;

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
), measured AS (
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
    ('latency_sum', 'latency_mean', 'numerator'),
    ('requests', 'latency_mean', 'denominator')) AS parts(metric, name, part)
    ON parts.metric = counted.metric
  GROUP BY
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by
)
SELECT
  window_start,
  JSON_EXTRACT_SCALAR(dimensions, '$.cluster') AS "cluster",
  JSON_EXTRACT_SCALAR(dimensions, '$.namespace') AS "namespace",
  JSON_EXTRACT_SCALAR(dimensions, '$.route_name') AS "route_name",
  numerator / denominator AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT numerator IS NULL AND denominator <> 0;

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), counted AS (
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('batch' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_batch"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) < (
      SELECT
        cut_over
      FROM batch
    )
  UNION ALL
  SELECT
    metric,
    CAST(window_start AS TIMESTAMP(6)) AS window_start,
    dimensions,
    value,
    CAST('live' AS VARCHAR) AS counted_by,
    CAST(updated_at AS TIMESTAMP(6)) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= (
      SELECT
        cut_over
      FROM batch
    )
), measured AS (
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
    ('participants', 'participation_rate', 'numerator'),
    ('concurrent_users', 'participation_rate', 'denominator')) AS parts(metric, name, part)
    ON parts.metric = counted.metric
  GROUP BY
    parts.name,
    counted.window_start,
    counted.dimensions,
    counted.counted_by
)
SELECT
  window_start,
  numerator / denominator AS value,
  numerator,
  denominator,
  counted_by,
  updated_at
FROM measured
WHERE
  NOT numerator IS NULL AND denominator <> 0;

SELECT
  CAST(window_start AS TIMESTAMP(6)) AS window_start,
  CASE
    WHEN metric = 'records_accepted'
    THEN 'accepted'
    ELSE JSON_EXTRACT_SCALAR(dimensions, '$.reason')
  END AS outcome,
  value
FROM "team_metrics"."metrics_live"
WHERE
  metric IN ('records_accepted', 'records_rejected');

WITH batch AS (
  SELECT
    COALESCE(MAX(CAST(cut_over AS TIMESTAMP(6))), CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over
  FROM "team_metrics"."batch_runs"
), moved AS (
  SELECT
    MAX(CAST(updated_at AS TIMESTAMP(6))) AS updated_at
  FROM "team_metrics"."batch_runs"
  WHERE
    NOT cut_over IS NULL
), live AS (
  SELECT
    MAX(CAST(window_start AS TIMESTAMP(6))) AS window_start,
    MAX(CAST(updated_at AS TIMESTAMP(6))) AS updated_at
  FROM "team_metrics"."metrics_live"
  WHERE
    CAST(window_start AS TIMESTAMP(6)) >= CAST(AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC') AS TIMESTAMP(6)) - INTERVAL '3' DAY
), gaps AS (
  SELECT
    COUNT(*) AS open_gaps
  FROM "team_metrics"."metrics_gaps"
  WHERE
    CAST(window_to AS TIMESTAMP(6)) > (
      SELECT
        cut_over
      FROM batch
    )
)
SELECT
  live.window_start AS live_window_start,
  live.updated_at AS live_updated_at,
  NULLIF(batch.cut_over, CAST('1970-01-01' AS TIMESTAMP(6))) AS cut_over,
  moved.updated_at AS batch_updated_at,
  GREATEST(
    DATE_DIFF(
      'SECOND',
      live.window_start,
      CAST(AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC') AS TIMESTAMP(6))
    ),
    0
  ) AS live_seconds,
  DATE_DIFF(
    'SECOND',
    NULLIF(batch.cut_over, CAST('1970-01-01' AS TIMESTAMP(6))),
    CAST(AT_TIMEZONE(CURRENT_TIMESTAMP, 'UTC') AS TIMESTAMP(6))
  ) AS batch_seconds,
  gaps.open_gaps
FROM live
CROSS JOIN batch
CROSS JOIN moved
CROSS JOIN gaps;

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
FROM "team_metrics"."batch_runs";
