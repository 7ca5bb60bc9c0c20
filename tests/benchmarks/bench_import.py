"""What importing the package costs compared with ``import pandas, sklearn.cluster``, which it needs anyway.

    python -m tests.benchmarks.bench_import [--runs 9]

Each import runs in its own process, in turns, after a first turn that fills the file cache; the median
counts. Bars: at most 1.15 times as long, all names of the core at once at most 1.6 times; neither Altair nor
ipywidgets nor IPython is loaded.
"""

from __future__ import annotations

import argparse
import statistics
import sys

from tests.benchmarks.measuring import SMALL, exit_code, in_fresh_process, say

BARE, OURS = "import pandas, sklearn.cluster", "import shopper_widgets"
EVERY = "from shopper_widgets import *"
#: Import → how many times as long as the bare import it may take.
BARS = {OURS: 1.15, EVERY: 1.6}
UNWANTED = {"altair", "ipywidgets", "IPython"}

SCRIPT = """
import sys, time
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
import json
loaded = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps({{"seconds": seconds, "loaded": loaded}}))
"""


def main() -> int:
    """Time both imports and print how they compare; return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description="What importing the package costs.")
    parser.add_argument("--runs", type=int, default=1 if SMALL else 9, help="runs of each import")
    runs = parser.parse_args().runs
    turns = [
        {each: in_fresh_process("-c", SCRIPT.format(statement=each)) for each in (BARE, *BARS)}
        for _ in range(1 + runs)
    ][1:]
    seconds = {each: statistics.median(turn[each]["seconds"] for turn in turns) for each in turns[0]}
    for each, median in seconds.items():
        say(f"{each:<32}{median:6.3f} s")
    loaded = {each: set(result["loaded"]) for each, result in turns[0].items()}
    say(f"loaded besides: {', '.join(sorted(loaded[EVERY] - loaded[BARE]))}")
    unwanted = loaded[EVERY] & UNWANTED
    longer = {each: seconds[each] / seconds[BARE] for each in BARS}
    for each, bar in BARS.items():
        met = "Met" if longer[each] <= bar else "MISSED"
        say(f"{met}: {each} takes {longer[each]:.2f} times as long, the bar is {bar:g}.")
    if unwanted:
        say(f"MISSED: it loads {', '.join(sorted(unwanted))}.")
    return exit_code(all(longer[each] <= bar for each, bar in BARS.items()) and not unwanted)


if __name__ == "__main__":
    sys.exit(main())
