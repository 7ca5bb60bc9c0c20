"""How long it takes to evaluate the recommender of a very large catalogue, compared with fitting it.

    python -m tests.benchmarks.bench_evaluation [PRODUCTS]

A made-up shop of 62,413 products and a million lines: CPU seconds to fit, and to evaluate by both questions
together with all simpler methods. Bar: at most three times as long.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from shopper_widgets._support.progress import progress_shown
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.evaluation import evaluate_both
from tests.benchmarks.measuring import SMALL, exit_code, say
from tests.benchmarks.size_shop import write_shop

PRODUCTS, LINES = (300, 20_000) if SMALL else (62_413, 1_000_000)
MOST_TIMES = 3.0


def main() -> int:
    """Measure, print, and return 0 if the bar is met."""
    products = int(sys.argv[1]) if len(sys.argv) > 1 else PRODUCTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        write_shop(path, LINES, products)
        lines = clean_transactions(pd.read_parquet(path), returns="net").transactions
    with progress_shown(False):
        start = time.process_time()
        BlendRecommender().fit(lines)
        fitted = time.process_time() - start
        found = evaluate_both(lines, BlendRecommender())
        evaluated = time.process_time() - start - fitted
    assert found is not None
    dates, times = found["cut_date"].nunique(), evaluated / fitted
    say(
        f"{lines['product_id'].nunique():,} products: fitted in {fitted:.1f} s CPU, evaluated after {dates} "
        f"dates in {evaluated:.1f} s, {times:.1f} times as long"
    )
    met = times <= MOST_TIMES
    say(f"{'Met' if met else 'MISSED'}: the bar is {MOST_TIMES:g} times.")
    return exit_code(met)


if __name__ == "__main__":
    sys.exit(main())
