WITH {{template "minutes.sql" .}}
SELECT
  DATE_FORMAT(minute, '%H:%i') AS minute,
  metric,
  MAX(
    IF(
      minute < CAST({{template "day.sql" .}} AS TIMESTAMP(0)),
      value
    )
  ) AS yesterday,
  MAX(
    IF(
      minute >= CAST({{template "day.sql" .}} AS TIMESTAMP(0)),
      value
    )
  ) AS today
FROM minutes
GROUP BY
  DATE_FORMAT(minute, '%H:%i'),
  metric
ORDER BY
  1,
  metric
