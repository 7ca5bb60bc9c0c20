"""The recommender and simple methods on twenty made-up shops of different rhythm, size and catalogue.

    python -m tests.benchmarks.bench_shops ["small and slow" ...]

For each shop, shows NDCG@10 at guessing the rest of a later basket, that of the best simple method, their
difference with its 95 % interval, CPU seconds to fit, and the choices.
"""

import sys
import time

import pandas as pd

from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.blend_weights import USUAL
from shopper_widgets.recommend.evaluation import default_methods, evaluate_recommenders
from shopper_widgets.recommend.evaluation.methods import OURS
from tests.basket_shops import SHOPS, lines_of
from tests.benchmarks.measuring import SMALL


def main(names: list[str]) -> None:
    """Print one row per shop."""
    for name in names or list(SHOPS)[: 1 if SMALL else None]:
        lines = lines_of(SHOPS[name])
        days = max(28, int(0.08 * SHOPS[name].days))
        cut = lines["ordered_at"].max() - pd.Timedelta(days=days)
        found = evaluate_recommenders(
            lines, default_methods(), cut_dates=[cut], horizon_days=days, against=OURS
        )
        ndcg = found[found["metric"] == "ndcg@10"].set_index("method")
        best = ndcg.drop(index=OURS)["value"].idxmax()
        difference = -ndcg.loc[best, ["difference", "difference_high", "difference_low"]]
        began = time.process_time()
        clues = BlendRecommender().fit(lines[lines["ordered_at"] < cut]).clues_
        seconds = time.process_time() - began
        chosen = {key: round(value, 2) for key, value in clues.items() if value != USUAL[key]}
        ours, theirs = ndcg.loc[[OURS, best], "value"]
        sys.stdout.write(
            f"{name:26} {len(lines):7,} lines  {ours:.4f}  {best}: {theirs:.4f}  "
            f"{difference.iloc[0]:+.4f} [{difference.iloc[1]:+.4f}, {difference.iloc[2]:+.4f}]  "
            f"{seconds:.1f} s  {chosen}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
