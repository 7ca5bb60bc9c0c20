"""Orders of any size: seconds and memory from Parquet to segments and the tables of a report, on each engine.

    python -m tests.benchmarks.bench_size [--lines 1 5 20 100] [--engines duckdb polars spark] [--docs]

For each engine and size, a made-up shop is read from Parquet in its own process, cleaned (returns netted,
with the audit), aggregated to recency, frequency and monetary value, and divided into segments; then the
report's tables are made: orders, products, sales and purchases of known customers, and all lines. An engine
may use 2 GB before it spills to disk. Memory is the peak of the process and its children together, with
memory-mapped files included. In another process, the same orders are cleaned and aggregated by code written
by hand for them alone (`size_by_hand`), and once more by this package, which drops returns as that code does;
both process a small shop first, so that imports and first use are not measured. Spark only cleans and
aggregates.

``--docs`` writes the measurements and the curve into the documentation; engines and sizes that were not
measured stay there unchanged. Bars: at most 4 GB; CPU seconds grow no faster than lines^1.05; cleaning and
RFM take at most twice the CPU seconds of the code by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import SMALL, exit_code, say
from tests.benchmarks.size_shop import write_shop

MOST_GB, POWER, TIMES = 4.0, 1.05, 2.0
#: Memory that an engine may use, in megabytes; for Spark, that of Java.
MEMORY_MB = 2_000
#: Lines of the small shop that is processed first.
FIRST_LINES = 20_000
#: Seconds between two measurements of memory.
_LOOK = 0.05
STEPS = ("read", "clean", "rfm", "segments", "orders", "products", "sales", "purchases", "lines")
BY_HAND = ("by hand", "alike")


class Watch:
    """Measures wall and CPU seconds of each step; with `also`, those of another process too."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        import psutil

        def cpu() -> float:
            own = psutil.Process()
            spent = [own.cpu_times(), *(child.cpu_times() for child in own.children(recursive=True))]
            return sum(times.user + times.system for times in spent)

        wall, busy = time.perf_counter(), cpu()
        yield
        say(json.dumps({"step": name, "seconds": time.perf_counter() - wall, "cpu": cpu() - busy}))


def opened(engine: str, path: str) -> Any:
    """Open the orders on an engine with this limit of memory."""
    if engine == "polars":
        import polars as pl

        return pl.scan_parquet(path)
    if engine == "spark":
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.memory", "2g").config("spark.ui.showConsoleProgress", "false")
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.sql.session.timeZone", "UTC")
        session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session.read.parquet(path)
    return _duckdb().read_parquet(path)


def _duckdb() -> Any:
    import duckdb

    place = Path(tempfile.gettempdir()) / f"bench-size-{os.getpid()}"
    return duckdb.connect(config={"memory_limit": f"{MEMORY_MB}MB", "temp_directory": str(place)})


def ours(engine: str, path: str) -> None:
    """Run this package's way."""
    import shopper_widgets as sw
    from shopper_widgets.orders import tables

    watch = Watch()
    frame = opened(engine, path)
    with watch.stage("read"):
        lines = sw.read_transactions(frame, timezone="UTC" if engine == "spark" else None)
    with watch.stage("clean"):
        cleaned = sw.clean_transactions(lines, returns="net")
    with watch.stage("rfm"):
        rfm = sw.rfm_table(cleaned.transactions)
    with watch.stage("segments"):
        sw.CustomerSegmenter().fit(rfm)
    if engine == "spark":
        return
    for name in ("orders", "products", "sales", "purchases"):
        with watch.stage(name):
            made = getattr(tables, f"{name}_table")(cleaned.transactions)
        say(f"{len(made):,} {name}")
        del made
    with watch.stage("lines"):
        tables.lines_table(cleaned.all_sales)


def by_hand(engine: str, path: str) -> None:
    """Run code written for these orders alone, then ours, from the same file to the same figures."""
    import pandas as pd

    import shopper_widgets as sw
    from tests.benchmarks.size_by_hand import by_duckdb, by_polars

    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        first, kept = Path(folder) / "first.parquet", Path(folder) / "kept.parquet"
        write_shop(first, FIRST_LINES)
        for orders, stage in ((str(first), nullcontext), (path, watch.stage)):
            with stage(BY_HAND[0]):
                by_it = by_duckdb(_duckdb(), orders, kept) if engine == "duckdb" else by_polars(orders, kept)
            with stage(BY_HAND[1]):
                rfm = sw.rfm_table(sw.clean_transactions(opened(engine, orders)).transactions)
    pd.testing.assert_frame_equal(rfm, by_it, check_dtype=False, rtol=1e-9, atol=0.005)


def measured(way: str, engine: str, path: Path) -> dict[str, dict[str, float]]:
    """Run one way in its own process; return seconds, CPU seconds and peak memory of each step."""
    import psutil

    threads = {"OMP_NUM_THREADS": "1", "POLARS_OOC_MEMORY_BUDGET_MB": str(MEMORY_MB)}
    command = [sys.executable, "-m", "tests.benchmarks.bench_size", "--run", way, engine, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | threads) as process:
        held = 0

        def look() -> None:
            nonlocal held
            while process.poll() is None:
                try:
                    root = psutil.Process(process.pid)
                    held = max(held, sum(p.memory_info().rss for p in (root, *root.children(recursive=True))))
                except psutil.Error:
                    pass  # one of the processes has ended meanwhile
                time.sleep(_LOOK)

        watcher = threading.Thread(target=look)
        watcher.start()
        steps = {}
        for line in process.stdout or ():
            if line.startswith('{"step"'):
                step = json.loads(line)
                name = step.pop("step")
                steps[name] = step | {"gb": held / 1e9}
                say(
                    f"{engine:8} {path.stem:>6} {name:10} "
                    + " ".join(f"{k} {v:.2f}" for k, v in step.items())
                    + f" gb {held / 1e9:.2f}"
                )
                held = 0
        watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return steps


def main() -> int:
    """Measure all that is asked for, print a table, and return 0 if the bars are met."""
    parser = argparse.ArgumentParser(description="Orders of any size, on each engine.")
    parser.add_argument(
        "--lines", type=float, nargs="+", default=[0.02] if SMALL else [1, 5, 20], help="millions"
    )
    parser.add_argument("--engines", nargs="+", default=["duckdb", "polars"])
    parser.add_argument("--folder", type=Path, help="where the orders are kept for the next time")
    parser.add_argument(
        "--by-hand-to", type=float, default=20, help="millions, beside which it is done by hand"
    )
    parser.add_argument("--docs", action="store_true", help="write the documentation's figures and curve")
    options = parser.parse_args()
    from tests.benchmarks import size_curve

    found = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        for millions in options.lines:
            path = folder / f"{millions:g}.parquet"
            if not path.exists():
                write_shop(path, round(millions * 1e6))
            for engine in options.engines:
                steps = measured("ours", engine, path)
                if engine != "spark" and millions <= options.by_hand_to:
                    steps |= measured("by hand", engine, path)
                found += [
                    {"engine": engine, "millions": millions, "step": step, **of} for step, of in steps.items()
                ]
                if options.docs:
                    size_curve.remember(found)
    if options.docs:
        size_curve.write()
    missed = beyond(size_curve.totals(found))
    for line in size_curve.table(found):
        say(line)
    say(
        "; ".join(missed)
        or f"Met: at most {MOST_GB:g} GB, lines^{POWER:g}, {TIMES:g} times the CPU seconds by hand."
    )
    return exit_code(not missed)


def beyond(totals: list[dict[str, Any]]) -> list[str]:
    """Return which bars are missed, by which engine and at which size."""
    missed = []
    for row in totals:
        where = f"{row['engine']}, {row['millions']:g} M lines"
        if row["gb"] > MOST_GB:
            missed.append(f"MISSED by {where}: {row['gb']:.1f} GB")
        if row.get("times", 0) > TIMES:
            missed.append(f"MISSED by {where}: {row['times']:.1f} times the CPU seconds by hand")
        smaller = [r for r in totals if r["engine"] == row["engine"] and r["millions"] < row["millions"]]
        if smaller:
            before = max(smaller, key=lambda r: r["millions"])
            power = math.log(row["cpu"] / before["cpu"], row["millions"] / before["millions"])
            if power > POWER:
                missed.append(f"MISSED by {where}: CPU seconds grew as lines^{power:.2f}")
    return missed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        {"ours": ours, "by hand": by_hand}[sys.argv[2]](*sys.argv[3:])
    else:
        sys.exit(main())
