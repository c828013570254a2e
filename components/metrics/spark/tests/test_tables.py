"""What the job does to its tables: evolve them, merge batches into them, and learn from them."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from log_pipeline_metrics import aggregates, events, sink, tables
from log_pipeline_metrics import spec as specs
from log_pipeline_metrics.gaps import Gap
from log_pipeline_metrics.history import RECENT, History
from log_pipeline_metrics.runs import Run
from log_pipeline_metrics.sink import Sink
from log_pipeline_metrics.tables import BATCH, GAPS, LIVE, RUNS, TableError

DAY = timedelta(hours=24)
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
NOON = int(NOW.timestamp())
CHECKPOINT = "s3://warehouse/checkpoints/metrics/abc/1/"
SPEC = specs.read(
    {
        "version": 1,
        "window": 60,
        "eventTime": [{"field": "at", "format": "epoch_seconds"}],
        "fields": {"at": {"type": "integer"}, "app": {"type": "string"}},
        "metrics": [
            {"name": "requests", "description": "r", "unit": "1", "aggregate": "count", "dimensions": ["app"]},
        ],
    }
)


@pytest.fixture
def time(request) -> str:
    """The type that Glue's timestamp has made, of which nothing is documented."""
    return getattr(request, "param", "timestamp_ntz")


either_time = pytest.mark.parametrize("time", ["timestamp", "timestamp_ntz"], indirect=True)


@pytest.fixture
def database(warehouse, time, request) -> str:
    """A database with tables as Glue makes them, without partitions."""
    name = "".join(c if c.isalnum() else "_" for c in request.node.name.lower())
    warehouse.sql(f"CREATE NAMESPACE warehouse.{name}")
    warehouse.sql(
        f"CREATE TABLE warehouse.{name}.{LIVE} (metric string, window_start {time}, dimensions string, value double,"
        f" updated_at {time}) USING iceberg"
    )
    warehouse.sql(
        f"CREATE TABLE warehouse.{name}.{GAPS} (checkpoint string, batch_id bigint, window_from {time},"
        f" window_to {time}, dropped_rows bigint, noted_at {time}) USING iceberg"
    )
    return name


@pytest.fixture
def live(warehouse, database):
    return tables.evolve(warehouse, database, LIVE)


@pytest.fixture
def history(warehouse, database, live):
    return History(warehouse, live, tables.evolve(warehouse, database, GAPS))


@pytest.fixture
def write(warehouse, live) -> Callable:
    """Write a batch of windows: seconds after noon, and how many requests of an app each has."""

    def write_batch(windows: dict[int, int], first_window: datetime = NOW - DAY, app: str = "a") -> None:
        rows = [
            (json.dumps({"at": NOON + second, "app": app}), NOW + timedelta(seconds=second))
            for second, requests in windows.items()
            for _ in range(requests)
        ]
        raw = warehouse.createDataFrame(rows, "raw string, arrival timestamp")
        parsed = events.parse(raw, SPEC, "raw", "arrival")
        Sink(live, first_window, SPEC).write(aggregates.aggregate(parsed, SPEC, watermark=False))

    return write_batch


@pytest.fixture
def shown(warehouse, live) -> Callable:
    """The values of a metric, by seconds after noon and dimensions."""

    def show(metric: str = "requests") -> dict:
        rows = warehouse.sql(
            f"SELECT unix_seconds(CAST(window_start AS timestamp)) - {NOON} AS at, dimensions, value"
            f" FROM {live.name} WHERE metric = '{metric}'"
        ).collect()
        values = {(row.at, row.dimensions): row.value for row in rows}
        assert len(values) == len(rows)
        return values

    return show


def commits(spark, table: str) -> int:
    return spark.sql(f"SELECT * FROM {table}.metadata_log_entries").count()


A, B = '{"app":"a"}', '{"app":"b"}'


def test_table_that_glue_made_gets_partitions_and_properties_once(warehouse, database, live):
    parts = [r.data_type for r in warehouse.sql(f"DESCRIBE TABLE {live.name}").collect() if r.col_name == "Part 0"]
    assert parts == ["days(window_start)"]
    assert tables.properties(warehouse, live.name)["write.merge.mode"] == "merge-on-read"
    before = commits(warehouse, live.name)
    assert tables.evolve(warehouse, database, LIVE) == live
    assert commits(warehouse, live.name) == before


@pytest.mark.parametrize(("name", "part"), [(BATCH, ["days(window_start)"]), (RUNS, [])])
def test_table_of_the_batch_is_rewritten_where_it_changes(warehouse, database, name, part):
    warehouse.sql(f"CREATE TABLE warehouse.{database}.{name} (window_start timestamp) USING iceberg")
    table = tables.evolve(warehouse, database, name)
    assert list(table.types) == ["window_start", *(c for c in tables.COLUMNS[name] if c != "window_start")]
    parts = [r.data_type for r in warehouse.sql(f"DESCRIBE TABLE {table.name}").collect() if r.col_name[:5] == "Part "]
    assert parts == part
    assert tables.properties(warehouse, table.name)["write.merge.mode"] == "copy-on-write"


def test_column_that_came_later_is_added(warehouse, database):
    warehouse.sql(f"ALTER TABLE warehouse.{database}.{GAPS} DROP COLUMN dropped_rows")
    assert tables.evolve(warehouse, database, GAPS).types["dropped_rows"] == "bigint"


def test_missing_table_is_told_by_its_name(warehouse):
    with pytest.raises(TableError, match=r"nowhere\.metrics_live does not exist"):
        tables.evolve(warehouse, "nowhere", LIVE)


@either_time
def test_batch_replaces_values_of_its_windows_and_no_others(write, shown):
    write({0: 1, 60: 2})
    write({60: 3, 120: 1})
    write({60: 1}, app="b")
    assert shown() == {(0, A): 1, (60, A): 3, (60, B): 1, (120, A): 1}
    assert shown("records_accepted") == {(0, "{}"): 1, (60, "{}"): 1, (120, "{}"): 1}


def test_batch_that_comes_again_changes_nothing(warehouse, live, write, shown):
    write({0: 1, 60: 2})
    before = warehouse.table(live.name).collect()
    write({0: 1, 60: 2})
    assert sorted(warehouse.table(live.name).collect()) == sorted(before)


def test_batches_that_meet_other_commits_are_all_there(write, shown, caplog):
    together = threading.Barrier(2)

    def write_some(app: str) -> None:
        for requests in (1, 2, 3):
            together.wait()
            write({0: requests}, app=app)

    with ThreadPoolExecutor(2) as writers:
        list(writers.map(write_some, ["a", "b"]))
    assert (shown()[0, A], shown()[0, B]) == (3, 3)
    assert "Commit met another's" in caplog.text


def test_windows_before_the_first_are_left_out(write, shown):
    write({0: 1, 60: 2}, first_window=NOW + timedelta(seconds=60))
    assert shown() == {(60, A): 2}


def test_empty_batch_is_no_commit(warehouse, live, write):
    before = commits(warehouse, live.name)
    write({0: 1}, first_window=NOW + DAY)
    assert commits(warehouse, live.name) == before


@either_time
def test_windows_that_a_run_emits_are_cleared_of_the_run_before(warehouse, live, write, shown):
    write({0: 1, 60: 2, 120: 3})
    sink.clear(warehouse, live, NOW + timedelta(seconds=60))
    assert shown() == {(0, A): 1}


def test_table_is_of_the_run_that_took_it_last(history):
    assert history.run() is None
    for number in range(2):
        run = Run(f"{CHECKPOINT}{number}/", NOW, NOW)
        history.take(run)
        assert history.run() == run


def test_nothing_was_read_where_nothing_was_counted(history):
    assert history.read_to(NOW, DAY) is None


def test_stream_was_read_to_the_earliest_record_of_the_last_batches(history, write):
    write({0: 1, 60: 1, 600: 1})
    assert history.read_to(NOW, DAY) == NOW


def test_earlier_batches_do_not_tell_how_far_the_stream_was_read(warehouse, live, history, write):
    write({0: 1, 600: 1})
    long_ago = live.time("updated_at", datetime.now(UTC) - 2 * RECENT)
    warehouse.sql(f"UPDATE {live.name} SET updated_at = {long_ago}")
    write({660: 1})
    assert history.read_to(NOW, DAY) == NOW + timedelta(seconds=660)


@either_time
def test_dropped_records_tell_how_far_the_stream_was_read(history, write):
    write({600: 1})
    history.note(Gap(CHECKPOINT, 1, NOW - DAY, NOW, None))
    assert history.read_to(NOW, DAY) == NOW + timedelta(seconds=600)
    history.note(Gap(CHECKPOINT, 2, NOW, NOW + timedelta(seconds=60), 3))
    assert history.read_to(NOW, DAY) == NOW


def test_stream_that_was_read_long_ago_was_read_then(history, write):
    write({0: 1})
    assert history.read_to(NOW + 30 * DAY, DAY) == NOW


@either_time
def test_gap_of_a_batch_is_noted_once_and_stays_as_it_was_known(warehouse, database, history):
    history.note(Gap(CHECKPOINT, 1, NOW, NOW + timedelta(seconds=60), 3))
    history.note(Gap(CHECKPOINT, 1, NOW - DAY, NOW + timedelta(seconds=60), None))
    [noted] = warehouse.sql(
        f"SELECT *, unix_seconds(CAST(window_from AS timestamp)) AS first FROM warehouse.{database}.{GAPS}"
    ).collect()
    assert (noted.checkpoint, noted.batch_id, noted.dropped_rows, noted.first) == (CHECKPOINT, 1, 3, NOON)
