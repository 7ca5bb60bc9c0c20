"""What benchmarks share: their size, fresh processes, CPU seconds of each stage, peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Whether to run once on little data, only to check that the benchmark works.
SMALL = os.environ.get("BENCHMARKS") == "small"


def real_orders() -> Path | None:
    """Return UCI Online Retail if the folder ``SHOPPER_DATA`` has it; a small run never uses it."""
    path = Path(os.environ.get("SHOPPER_DATA", "")) / "online_retail.csv.gz"
    return path if path.is_file() and not SMALL else None


def exit_code(met: bool) -> int:
    """Return 0 if the bars are met; a small run doesn't judge them."""
    if SMALL:
        say("The run was small: whether bars are met says nothing.")
    return 0 if met or SMALL else 1


class Stopwatch:
    """Measures CPU seconds of each stage over all threads: other processes don't count."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[name] = time.process_time() - start


def peak_mib() -> float:
    """Return the peak memory of this process in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss, this doesn't count what the parent held when it started this process.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def in_fresh_process(*arguments: str) -> Any:
    """Run Python with these arguments and return the JSON that it prints last."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def say(line: str) -> None:
    """Print a line at once, so that it shows while the rest still runs."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
