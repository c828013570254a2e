"""The emulator with a stream, a warehouse and a job, as the program would make them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pyspark

HERE = Path(__file__).parent
SPARK = HERE.parents[1]
ROOT = SPARK.parents[2]

REGION = "eu-west-1"
DATABASE = "log_pipeline_metrics"
WAREHOUSE, ARTIFACTS, STREAM = "warehouse", "artifacts", "events"
# A start takes 15 seconds on two idle cores.
START_SECONDS = 600
POLL_SECONDS = 0.25

_COLUMNS = {
    "metrics_live": {
        "metric": "string",
        "window_start": "timestamp",
        "dimensions": "string",
        "value": "double",
        "updated_at": "timestamp",
    },
    "metrics_gaps": {
        "checkpoint": "string",
        "batch_id": "bigint",
        "window_from": "timestamp",
        "window_to": "timestamp",
        "dropped_rows": "bigint",
        "noted_at": "timestamp",
    },
}


class Cloud:
    """An emulator of its own, and clients of it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._jobs: list[Job] = []
        ready = folder / "ready.json"
        python = os.environ.get("EMULATOR_PYTHON", ROOT / ".tools/python/bin/python")
        self._keys = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}
        self._emulator = subprocess.Popen(
            [python, HERE / "emulator_with_arrivals.py", "--id", "kills", "--ready", ready],
            env=os.environ | self._keys,
            stderr=subprocess.DEVNULL,
        )
        wait_for(ready.exists)
        self.url = f"http://127.0.0.1:{json.loads(ready.read_text())['port']}"
        self.kinesis, self.s3, self.glue = self._client("kinesis"), self._client("s3"), self._client("glue")
        self._provision()

    def _client(self, service: str):
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, region_name=REGION, endpoint_url=self.url, **keys)

    def _provision(self) -> None:
        for bucket in (WAREHOUSE, ARTIFACTS):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.kinesis.create_stream(StreamName=STREAM, ShardCount=2)
        self.glue.create_database(DatabaseInput={"Name": DATABASE})
        for name, columns in _COLUMNS.items():
            self.glue.create_table(
                DatabaseName=DATABASE,
                TableInput={
                    "Name": name,
                    "TableType": "EXTERNAL_TABLE",
                    "StorageDescriptor": {
                        "Location": f"s3://{WAREHOUSE}/metrics/{name}",
                        "Columns": [{"Name": column, "Type": kind} for column, kind in columns.items()],
                    },
                },
                OpenTableFormatInput={"IcebergInput": {"MetadataOperation": "CREATE", "Version": "2"}},
            )

    def close(self) -> None:
        for job in self._jobs:
            if job.running():
                job.kill()
        self._emulator.kill()
        self._emulator.wait()

    def stream_arn(self) -> str:
        return self.kinesis.describe_stream_summary(StreamName=STREAM)["StreamDescriptionSummary"]["StreamARN"]

    def publish(self, version: str, paused: bool = False) -> None:
        self.put(f"{ARTIFACTS}/metrics/published.json", {"version": version, "paused": paused})

    def put(self, path: str, content: Any) -> None:
        bucket, _, key = path.partition("/")
        self.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(content).encode())

    def get(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()

    def live(self) -> dict[str, Any]:
        """The metadata document of the table metrics_live."""
        table = self.glue.get_table(DatabaseName=DATABASE, Name="metrics_live")["Table"]
        return json.loads(self.get(table["Parameters"]["metadata_location"]))

    def run(self) -> dict[str, Any]:
        """The run whose the table is, empty if there is none."""
        return json.loads(self.live()["properties"].get("log-pipeline.run", "{}"))

    def last(self, kind: str) -> tuple[str, int]:
        """The run's checkpoint and its last batch of a kind: offsets are begun, commits ended. A later one is more."""
        run = self.run()
        if not run:
            return "", -1
        prefix = f"{run['checkpoint'].removeprefix(f's3://{WAREHOUSE}/')}{kind}/"
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=WAREHOUSE, Prefix=prefix)
        names = [found["Key"].removeprefix(prefix) for page in pages for found in page.get("Contents", [])]
        return run["checkpoint"], max((int(name) for name in names if name.isdecimal()), default=-1)

    def read_to(self) -> dict[str, int]:
        """The sequence number up to which the run's last committed batch has read each shard."""
        checkpoint, committed = self.last("commits")
        if committed < 0:
            return {}
        offset = json.loads(self.get(f"{checkpoint}offsets/{committed}").splitlines()[2])
        return {shard: int(position.get("after", 0)) for shard, position in offset.items()}

    def job(self, version: str, spec: dict[str, Any], records_of_a_shard: int = 500) -> "Job":
        """Start the streaming job, the very script that Glue runs. It reads so many records at most in a batch."""
        self.put(f"{ARTIFACTS}/metrics/{version}.json", spec)
        stream = self.stream_arn()
        arguments = {
            "JOB_NAME": "metrics",
            "version": version,
            "spec": f"s3://{ARTIFACTS}/metrics/{version}.json",
            "published": f"s3://{ARTIFACTS}/metrics/published.json",
            "checkpoint": f"s3://{WAREHOUSE}/checkpoints/metrics/{version}/",
            "database": DATABASE,
            "stream_arn": stream,
            "consumer_arn": f"{stream}/consumer/metrics:1",
            "retention_hours": "24",
            "region": REGION,
            "trigger_seconds": "1",
            "metric_namespace": "log-pipeline",
        }
        words = [word for key, value in arguments.items() for word in (f"--{key}", value)]
        return self._submit(SPARK / "stream.py", words, {"LOCAL_CLOUD_RECORDS_PER_SHARD": str(records_of_a_shard)})

    def show(self, *tables: tuple[int, str]) -> list[list[dict[str, Any]]]:
        """The rows of tables, each at a snapshot, or 0 for the current one."""
        files = [self.folder / f"shown-{number}.json" for number in range(len(tables))]
        words = [
            str(word)
            for (snapshot, table), file in zip(tables, files, strict=True)
            for word in (snapshot, f"warehouse.{DATABASE}.{table}", file)
        ]
        shown = self._submit(HERE / "show.py", words, {})
        assert shown.ended(START_SECONDS) == 0, shown.log()
        return [json.loads(file.read_text()) for file in files]

    def _submit(self, script: Path, words: list[str], environment: dict[str, str]) -> "Job":
        command = [Path(pyspark.__file__).parent / "bin/spark-submit", "--master", "local[2]"]
        command += [word for key, value in self._conf().items() for word in ("--conf", f"{key}={value}")]
        path = [SPARK / "src", ROOT / "tests/localcloud/spark"]
        environment |= {
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "PYSPARK_PYTHON": sys.executable,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
        }
        file = self.folder / f"{script.stem}-{len(self._jobs)}.log"
        with file.open("w") as log:
            process = subprocess.Popen(
                [*command, script, *words],
                env=os.environ | self._keys | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._jobs.append(Job(process, file))
        return self._jobs[-1]

    def _conf(self) -> dict[str, str]:
        """Spark's configuration: what the program gives Glue, and where the emulator is."""
        catalog, s3a = "spark.sql.catalog.warehouse", "spark.hadoop.fs.s3a"
        return {
            "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
            catalog: "org.apache.iceberg.spark.SparkCatalog",
            f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
            f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
            f"{catalog}.warehouse": f"s3://{WAREHOUSE}/metrics/",
            f"{catalog}.cache-enabled": "false",
            f"{catalog}.client.region": REGION,
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.shuffle.partitions": "2",
            f"{s3a}.endpoint.region": REGION,
            f"{catalog}.glue.endpoint": self.url,
            f"{catalog}.s3.endpoint": self.url,
            f"{catalog}.s3.path-style-access": "true",
            "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "spark.hadoop.fs.AbstractFileSystem.s3.impl": "org.apache.hadoop.fs.s3a.S3A",
            f"{s3a}.endpoint": self.url,
            f"{s3a}.path.style.access": "true",
            "spark.ui.enabled": "false",
            "spark.log.level": "WARN",
            # A life is short: compiling for speed takes longer than it saves.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }


class Job:
    """A process of Spark, and all those that it starts."""

    def __init__(self, process: subprocess.Popen, log: Path):
        self._process = process
        self._log = log

    def kill(self) -> None:
        """Kill every process at once, without a chance to do anything."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def running(self) -> bool:
        return self._process.poll() is None

    def ended(self, seconds: float) -> int:
        """Wait until it ends by itself, and give its exit code."""
        return self._process.wait(seconds)

    def log(self) -> str:
        return self._log.read_text()[-10_000:]


def wait_for(condition, seconds: float = START_SECONDS):
    """Wait until the condition gives something that is true, and give that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{condition} was not so within {seconds} s")
        time.sleep(POLL_SECONDS)
    return found
