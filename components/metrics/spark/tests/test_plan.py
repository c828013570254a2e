"""What Spark's optimizer leaves of the query, on which its cost depends."""

import re

import pytest
from given import default_spec, frame

from log_pipeline_metrics import aggregates, events


@pytest.fixture(scope="module")
def plan(spark):
    """The physical plan of the whole aggregation, an operator a line, from the top."""
    spec = default_spec()
    aggregated = aggregates.aggregate(
        events.parse(frame(spark, [("{}", 0)]), spec, "text", "arrival"), spec, watermark=False
    )
    return aggregated._jdf.queryExecution().executedPlan().toString().splitlines()


def test_records_are_parsed_once(plan):
    assert sum(len(re.findall("from_json|JsonToStructs", line)) for line in plan) == 1


def test_no_filter_lies_between_parsing_and_the_rows_of_sets(plan):
    operators = [re.search(r"[A-Z]\w+", line).group() for line in plan if re.search("[A-Z]", line)]
    assert operators.count("Generate") == 1
    assert "Filter" not in operators[operators.index("Generate") :]


def test_all_sets_are_aggregated_by_one_group_by(plan):
    assert sum("Aggregate(" in line for line in plan) == len(["partial", "final"])
