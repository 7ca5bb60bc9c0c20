"""What ``import shopper_widgets`` costs beside ``import pandas, sklearn.cluster``, which it can't do without.

    python -m tests.benchmarks.bench_import [--runs 9]

Each import runs in a process of its own, in turns, after a first turn that warms the files; the median
counts. Bar: at most 1.3 times as long, and neither Altair nor ipywidgets nor IPython is loaded.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from tests.benchmarks.measuring import SMALL, exit_code, in_fresh_process, say

LONGER = 1.3
BARE, OURS = "pandas, sklearn.cluster", "shopper_widgets"
UNWANTED = {"altair", "ipywidgets", "IPython"}

SCRIPT = """
import sys, time
start = time.perf_counter()
import {modules}
seconds = time.perf_counter() - start
import json
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps({{"seconds": seconds, "loaded": loaded}}))
"""


def main() -> int:
    """Time both imports and print how they compare; 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description="What importing the package costs.")
    parser.add_argument("--runs", type=int, default=1 if SMALL else 9, help="runs of each import")
    runs = parser.parse_args().runs
    turns = [
        {modules: in_fresh_process("-c", SCRIPT.format(modules=modules)) for modules in (BARE, OURS)}
        for _ in range(1 + runs)
    ][1:]
    seconds = {modules: statistics.median(turn[modules]["seconds"] for turn in turns) for modules in turns[0]}
    for modules, median in seconds.items():
        say(f"import {modules:<26}{median:6.3f} s")
    loaded = {modules: set(result["loaded"]) for modules, result in turns[0].items()}
    say(f"loaded besides: {', '.join(sorted(loaded[OURS] - loaded[BARE]))}")
    unwanted = loaded[OURS] & UNWANTED
    longer = seconds[OURS] / seconds[BARE]
    met = longer <= LONGER and not unwanted
    say(f"{'Met' if met else 'MISSED'}: {longer:.2f} times as long, the bar is {LONGER:g}.")
    if unwanted:
        say(f"MISSED: it loads {', '.join(sorted(unwanted))}.")
    return exit_code(met)


if __name__ == "__main__":
    sys.exit(main())
