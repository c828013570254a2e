"""Measures the streaming job on one core, next to Spark that only parses and to the job as examples show it, and the
batch, next to Spark that only parses the same objects.

Every figure is of runs that take turns, each in a process of its own: the median, and the least and the most.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import measure
import measure_batch
import records

HOUR = timedelta(hours=1)
# A batch each, as the job has one a minute.
HOUR_FILES = 60

# Of the batch: so many objects for each million records, as large as Firehose's of 128 MiB before compression, and the
# share of records that are there twice.
OBJECTS_A_MILLION = 10
COPIES = 0.01


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, required=True, help="metric spec")
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=["batch"], help="leave the streaming job out")
    args = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if args.only:
            batch(args, folder / "raw")
            return
        throughput(args, folder / "throughput")
        growth(args, folder)
        batch(args, folder / "raw")


def throughput(args: argparse.Namespace, source: Path) -> None:
    """Print records a second and CPU seconds of each variant."""
    batches = 10
    records.write(source, batches, args.records // batches, HOUR)
    costs: dict[str, list[dict]] = {variant: [] for variant in measure.VARIANTS}
    for run in range(args.runs):
        for variant in measure.VARIANTS:
            costs[variant].append(_measure(args, variant, source))
            _say(f"run {run + 1} of {args.runs}, {variant}: {costs[variant][-1]['seconds']:.0f} s")
    parse = statistics.median(_per_second(cost) for cost in costs[measure.PARSE])
    print(f"{args.records:,} records in {batches} batches, {args.runs} runs each, one core: median (least to most)")
    print(f"{'variant':<18}{'records/s':>28}{'CPU s a million records':>30}{'of parse':>10}{'state rows':>12}")
    for variant, runs in costs.items():
        share = statistics.median(_per_second(cost) for cost in runs) / parse
        cpu = _spread(runs, lambda cost: cost["cpu_seconds"] / cost["records"] * 1e6, ".1f")
        rate = _spread(runs, _per_second, ",.0f")
        print(f"{variant:<18}{rate:>28}{cpu:>30}{share:>10.0%}{runs[0]['state_rows']:>12,}")


def growth(args: argparse.Namespace, folder: Path) -> None:
    """Print what is left of one hour and of two, with a batch a minute: state and files."""
    print(f"{'event time':<18}{'batches':>10}{'state rows':>12}{'files an hour':>16}")
    for hours in (1, 2):
        source = folder / f"hours-{hours}"
        records.write(source, HOUR_FILES * hours, args.records // 100 // HOUR_FILES, HOUR * hours)
        cost = _measure(args, measure.WHOLE, source)
        print(f"{hours} h{'':<15}{cost['batches']:>10}{cost['state_rows']:>12,}{cost['files'] / hours:>16,.0f}")


def batch(args: argparse.Namespace, source: Path) -> None:
    """Print what the batch takes for a million records and core, from the listing of the objects to the cut-over."""
    objects = max(1, round(args.records * OBJECTS_A_MILLION / 1e6))
    written = records.write_objects(source, objects, args.records // objects, HOUR * 5, COPIES)
    costs: dict[str, list[dict]] = {variant: [] for variant in measure_batch.VARIANTS}
    for run in range(args.runs):
        for variant in measure_batch.VARIANTS:
            costs[variant].append(_measure(args, variant, source, measure_batch.__file__))
            _say(f"run {run + 1} of {args.runs}, batch, {variant}: {costs[variant][-1]['seconds']:.0f} s")
    print(f"{written:,} records in {objects} objects, {args.runs} runs each, one core: median (least to most)")
    print(f"{'batch':<18}{'s a million records':>28}{'CPU s a million records':>30}{'rows':>10}")
    for variant, runs in costs.items():
        seconds = _spread(runs, lambda cost: cost["seconds"] / written * 1e6, ".1f")
        cpu = _spread(runs, lambda cost: cost["cpu_seconds"] / written * 1e6, ".1f")
        print(f"{variant:<18}{seconds:>28}{cpu:>30}{runs[0]['rows']:>10,}")


def _measure(args: argparse.Namespace, variant: str, source: Path, program: str = measure.__file__) -> dict:
    command = [sys.executable, program, "--variant", variant, "--spec", args.spec, "--source", source]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def _per_second(cost: dict) -> float:
    return cost["records"] / cost["seconds"]


def _spread(costs: list[dict], value: Callable[[dict], float], form: str) -> str:
    values = sorted(map(value, costs))
    return f"{statistics.median(values):{form}} ({values[0]:{form}} to {values[-1]:{form}})"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
