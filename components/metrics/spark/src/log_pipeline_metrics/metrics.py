"""CloudWatch metrics of the job's batches, for alarms."""

import logging
from collections.abc import Mapping
from typing import Any

from log_pipeline_metrics import gaps

_log = logging.getLogger(__name__)


class Metrics:
    """Puts a batch's metrics. cloudwatch is a client of boto3.

    RowsDroppedByWatermark above 0: windows may lack events. BatchSeconds above the trigger's seconds: the job does not
    keep up. No RecordsRead: the job does not run, or nothing arrives.
    """

    def __init__(self, cloudwatch, namespace: str, job_name: str):
        self._cloudwatch = cloudwatch
        self._namespace = namespace
        self._dimensions = [{"Name": "JobName", "Value": job_name}]

    def put(self, progress: Mapping[str, Any]) -> None:
        """Put the metrics of a batch. A batch without is no reason to end a job that counts."""
        values = [
            ("RowsDroppedByWatermark", gaps.dropped_rows(progress), "Count"),
            ("RecordsRead", progress["numInputRows"], "Count"),
            ("BatchSeconds", progress["durationMs"]["triggerExecution"] / 1000, "Seconds"),
        ]
        data = [
            {"MetricName": name, "Value": value, "Unit": unit, "Dimensions": self._dimensions}
            for name, value, unit in values
        ]
        try:
            self._cloudwatch.put_metric_data(Namespace=self._namespace, MetricData=data)
        except Exception:
            _log.warning("Cannot put metrics of batch %d", progress["batchId"], exc_info=True)
