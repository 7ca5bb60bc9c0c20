"""Every benchmark still runs: once, on little data, and only its printed tables are checked."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: Benchmark → the beginning, or the whole, of the lines that it must print.
PRINTED = {
    "bench_campaigns": (
        r"50 customers, 50% held out, lift 1.5, spread 1.0: told \d+ of 2; hold the truth: ",
    ),
    "bench_demand": (r"[0-9,]+ products: [0-9.]+ s CPU", "  combined +[0-9. -]+"),
    "bench_evaluation": (r"302 products: fitted in [0-9.]+ s CPU, evaluated after 3 dates in [0-9.]+ s",),
    "bench_import": ("import pandas, sklearn.cluster +[0-9.]+ s", "import shopper_widgets +[0-9.]+ s"),
    "bench_keystroke": (r"\d+ keystrokes: median \d+ ms",),
    "bench_million": (
        "Segments: brush the map, the list changes +[0-9]+ ms",
        "Movements: click a flow, the list changes +[0-9]+ ms",
        "Overdue: another limit, the count changes +[0-9]+ ms",
        "Campaign: overdue, the count changes +[0-9]+ ms",
    ),
    "bench_neighbors": (
        " *shopper_widgets +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+",
        "BlendRecommender +all customers +[0-9.]+ ms",
    ),
    "bench_page": ("dashboard +shown [0-9.]+ s +answered [0-9.]+ s", "empty page +shown [0-9.]+ s"),
    "bench_pipeline": (
        "CPU seconds +textbook +ours",
        "total +[0-9.]+ +[0-9.]+ +[0-9.]+",
        r"ours: [0-9,]+ customers, [0-9,]+ compared, [0-9,]+ products, [0-9,]+ recommendations",
    ),
    "bench_prices": (
        "30 orders a week: [0-9.]+% of intervals hold -1.5, mean -[0-9.]+, claimed in [0-9.]+%",
        "prices that follow demand: refused in [0-9.]+%",
        "own seasons: [0-9.]+% of intervals hold -1.5, mean -[0-9.]+, claimed in [0-9.]+%",
        "prices that follow demand of the same week: refused in [0-9.]+%",
    ),
    "bench_segments": (" +shop +customers +alike", " +sample +[0-9]+ +[0-9.]+", " +date +days +came"),
    "bench_size": (
        r"polars +0.02 purchases +seconds [0-9.]+ cpu [0-9.]+ gb [0-9.]+",
        r"\| DuckDB \| 0.02 \|( [0-9.]+ \|){8}",
    ),
    "bench_visitors": (
        r"alone: first widget after [0-9.]+ s",
        r"first widget after \d+ files, [0-9.]+ MB",
        r"3 within 1 s: 3 served, 0 told to wait, 0 lost; median [0-9.]+ s, ",
        r"4 visits: 0 pages empty, 0 kernels left; [0-9.]+ GB",
    ),
    "bench_shops": (r"small and slow +[0-9,]+ lines +[0-9.]+ .+\[.+\]",),
}


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in ROOT.joinpath("tests", "benchmarks").glob("bench_*.py"))
)
def test_a_benchmark_prints_its_table(name):
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}"],
        cwd=ROOT,
        env=os.environ | {"BENCHMARKS": "small"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for line in PRINTED[name]:
        assert re.search(f"^{line}", done.stdout, re.MULTILINE), done.stdout
