"""Records as the stream and raw deliver them: four access logs of Istio to one product event, in order of arrival."""

import gzip
import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

START = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
EVENT_SHARE = 0.2
USERS = 20_000
ROUTES = [f"route-{i}" for i in range(12)]
NAMESPACES = [f"team-{i}" for i in range(6)]
EVENT_TYPES = ["view", "view", "view", "participate"]
MEAN_DELAY_SECONDS = 2.0
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


def write(folder: Path, files: int, each: int, span: timedelta) -> None:
    """Write records that arrive evenly over the span, as Parquet files with the columns raw and arrival.

    The files have times a second apart, since Spark streams files in the order of these.
    """
    chance = random.Random(20260115)
    schema = pa.schema([("raw", pa.string()), ("arrival", pa.timestamp("us", tz="UTC"))])
    count = files * each
    folder.mkdir(parents=True)
    for number in range(files):
        arrivals = [START + span * i / count for i in range(number * each, (number + 1) * each)]
        raw = [json.dumps(_record(chance, arrival)) for arrival in arrivals]
        path = folder / f"{number:05d}.parquet"
        pq.write_table(pa.table({"raw": raw, "arrival": arrivals}, schema=schema), path, compression="lz4")
        os.utime(path, (number, number))


def write_objects(folder: Path, objects: int, each: int, span: timedelta, copies: float) -> int:
    """Write records that arrive evenly over the span, as objects under dt=YYYY-MM-DD/hour=HH/ of GZIP JSON lines.

    A share of them is there twice. Gives the number of lines.
    """
    chance = random.Random(20260116)
    count, lines_written = objects * each, 0
    for number in range(objects):
        arrivals = [START + span * i / count for i in range(number * each, (number + 1) * each)]
        lines = [json.dumps(_record(chance, arrival), separators=(",", ":")) for arrival in arrivals]
        lines += chance.sample(lines, round(each * copies))
        path = folder / f"{arrivals[0]:dt=%Y-%m-%d/hour=%H}" / f"{number:05d}.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=6))
        lines_written += len(lines)
    return lines_written


def _record(chance: random.Random, arrival: datetime) -> dict:
    time = arrival - timedelta(seconds=chance.expovariate(1 / MEAN_DELAY_SECONDS))
    namespace = chance.choice(NAMESPACES)
    pod = f"{namespace}-7c9d5b8f4-{chance.randrange(40):05d}"
    record = {
        "event_id": f"{chance.getrandbits(128):032x}",
        "cluster": "production",
        "namespace": namespace,
        "pod": pod,
        "stream": "stdout",
        "time": time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "kubernetes": {
            "pod_name": pod,
            "namespace_name": namespace,
            "container_name": "app",
            "host": f"ip-10-0-{chance.randrange(256)}-{chance.randrange(256)}.eu-west-1.compute.internal",
            "labels": {"app": namespace, "pod-template-hash": "7c9d5b8f4", "security_istio_io/tlsMode": "istio"},
        },
    }
    return record | (_event(chance, time) if chance.random() < EVENT_SHARE else _access_log(chance, time))


def _event(chance: random.Random, time: datetime) -> dict:
    return {
        "event_time": time.isoformat(timespec="milliseconds"),
        "event_type": chance.choice(EVENT_TYPES),
        "user_id": f"user-{chance.randrange(USERS)}",
        "session_id": f"{chance.getrandbits(64):016x}",
        "properties": {"campaign": f"campaign-{chance.randrange(30)}", "locale": "de-DE", "version": "4.18.2"},
    }


def _access_log(chance: random.Random, time: datetime) -> dict:
    route = chance.choice(ROUTES)
    return {
        "start_time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": chance.choice(["GET", "GET", "GET", "POST"]),
        "path": f"/api/v1/{route}/{chance.randrange(100_000)}?session={chance.getrandbits(64):016x}",
        "protocol": "HTTP/2",
        "response_code": chance.choices([200, 204, 404, 503, 0], weights=[90, 4, 4, 1, 1])[0],
        "response_flags": "-",
        "response_code_details": "via_upstream",
        "connection_termination_details": None,
        "upstream_transport_failure_reason": "-",
        "bytes_received": chance.randrange(2_000),
        "bytes_sent": chance.randrange(60_000),
        "duration": int(chance.expovariate(1 / 40)),
        "upstream_service_time": str(chance.randrange(90)),
        "x_forwarded_for": f"203.0.113.{chance.randrange(256)}",
        "user_agent": USER_AGENT,
        "request_id": f"{chance.getrandbits(128):032x}",
        "authority": f"{route}.example.com",
        "upstream_host": "10.0.12.34:8080",
        "upstream_cluster": f"outbound|8080||{route}.svc.cluster.local",
        "upstream_local_address": "10.0.98.7:40112",
        "downstream_local_address": "10.0.98.7:8443",
        "downstream_remote_address": "203.0.113.9:51822",
        "requested_server_name": f"outbound_.8080_._.{route}.svc.cluster.local",
        "route_name": route,
    }
