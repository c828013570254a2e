"""One emulator for all tests, and clients of it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

HERE = Path(__file__).parent
START_SECONDS = 60
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
SEARCH_ENDPOINT = "127.0.0.1:9200"


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    ready = tmp_path_factory.mktemp("emulator") / "ready.json"
    given = KEYS | {"LOCAL_SEARCH_ENDPOINT": SEARCH_ENDPOINT}
    command = [sys.executable, HERE / "server.py", "--id", "the-id", "--ready", ready]
    process = subprocess.Popen(command, env=os.environ | given, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield json.loads(ready.read_text())
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def client(emulator):
    def make(service: str, credentials: dict[str, str] = KEYS):
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{emulator['port']}",
            region_name="eu-west-1",
            aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 3}),
        )

    return make
