"""Whether price effects are found where planted, and refused where demand moves prices. Run by hand.

    python -m tests.benchmarks.bench_prices

For made-up shops of each kind, shows the share of intervals that contain the planted elasticity, the mean of
the estimates, and the share of shops in which a figure is claimed. There are 500 shops of each size with
prices drawn each week, with products of different elasticity, and with prices that have no effect; and 200
shops for each further way in which prices arise: drawn at random; following a lasting demand, which is to be
refused; and following the demand of the same week only, which no placebo detects.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np
import pandas as pd

from shopper_widgets.products.price_response import price_response
from tests.benchmarks.measuring import SMALL
from tests.products.price_shops import DIFFERING, FOLLOWING, RANDOM, UNSEEN, planted, price_shop

SHOPS, FURTHER = (3, 1) if SMALL else (500, 200)
#: Name → the planted elasticity, and the orders of a product in a week.
SIZES = {
    "30 orders a week": (-1.5, 30.0),
    "12 orders a week": (-1.5, 12.0),
    "8 orders a week": (-1.5, 8.0),
    "3 orders a week": (-1.5, 3.0),
    "prices do nothing": (0.0, 12.0),
}
#: Kind → its printed name, if that differs.
NAMES = {"confounded": "prices that follow demand", "same week": "prices that follow demand of the same week"}


def told(kind: str, elasticity: float, orders: float, shops: int) -> str:
    """Estimate on this many shops of a kind, and print the findings."""
    truth = planted(kind, elasticity)
    corrected, claimed = [], []
    doubts: Counter[str] = Counter()
    for seed in range(shops):
        response = price_response(price_shop(seed, kind, elasticity=elasticity, products=25, orders=orders))
        corrected.append(response.estimates.set_index("term").loc["corrected"])
        claimed.append(response.is_causal_claim_supported)
        doubts.update(response.doubts)
    found = pd.DataFrame(corrected)
    held = ((found["low"] <= truth) & (truth <= found["high"])).mean()
    why = ", ".join(f"{doubt} {n / shops:.1%}" for doubt, n in doubts.most_common())
    return (
        (f"refused in {1 - np.mean(claimed):.1%}, " if kind not in RANDOM else "")
        + f"{held:.1%} of intervals hold {truth:g}, mean {found['estimate'].mean():.3f}, "
        + f"claimed in {np.mean(claimed):.1%}"
        + (f" (doubts: {why})" if why else "")
    )


def main() -> None:
    """Print the figures."""
    for name, (elasticity, orders) in SIZES.items():
        _say(f"{name}: {told('random', elasticity, orders, SHOPS)}")
    for kind in RANDOM[1:]:
        _say(f"{kind}: {told(kind, -1.5, 30.0, SHOPS if kind in DIFFERING else FURTHER)}")
    for kind in (*FOLLOWING, *UNSEEN):
        many = SHOPS if kind == "confounded" else FURTHER
        _say(f"{NAMES.get(kind, kind)}: {told(kind, 0.0, 30.0, many)}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
