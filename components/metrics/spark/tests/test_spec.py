"""Go and Python read the same specs alike: the files are those of internal/metricspec."""

import json
from pathlib import Path

import pytest
import yaml

from log_pipeline_metrics import spec

SHARED = Path(__file__).parents[4] / "internal" / "metricspec" / "testdata"
GOOD = sorted((SHARED / "good").glob("*.yaml"))
BAD = sorted((SHARED / "bad").glob("*.yaml"))


def test_there_are_files():
    assert GOOD
    assert BAD


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_spec_has_the_resolved_form_that_go_writes(path):
    resolved = json.loads(path.with_suffix(".json").read_text())
    assert spec.read(yaml.safe_load(path.read_text())).resolved() == resolved
    assert spec.read(resolved).resolved() == resolved


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_spec_has_the_faults_that_go_finds(path):
    text = path.read_text()
    with pytest.raises(spec.SpecError) as raised:
        spec.read(yaml.safe_load(text))
    wanted = [line.removeprefix("# fault: ") for line in text.splitlines() if line.startswith("# fault: ")]
    assert sorted(path for path, _ in raised.value.faults) == sorted(wanted)


def test_error_names_every_fault_with_what_is_allowed():
    with pytest.raises(spec.SpecError) as raised:
        spec.read({"version": 2, "eventTime": [{"field": "t", "format": "iso8601"}], "metrics": []})
    assert str(raised.value).splitlines() == [
        "version: 2, must be a whole number from 1 to 1",
        "metrics: [], must be a list of 1 to 100",
        "eventTime[0].field: there is no field 't' in fields",
    ]
