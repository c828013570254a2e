"""The SQL of views and named queries is what sqlglot reads as Athena's, and laid out as it does."""

from pathlib import Path

import pytest
import sqlglot

TESTDATA = Path(__file__).parents[2] / "internal" / "metricviews" / "testdata"


@pytest.mark.parametrize("file", sorted(TESTDATA.glob("*.sql")), ids=lambda file: file.stem)
def test_sql_is_pretty(file):
    written = file.read_text()
    pretty = sqlglot.transpile(written, read="athena", write="athena", pretty=True)
    assert written == "\n".join(f"{statement};\n" for statement in pretty)


def test_there_is_sql():
    assert list(TESTDATA.glob("*.sql"))
