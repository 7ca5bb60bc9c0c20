"""Whether what prices do is found where it is planted, and refused where something else moves them. By hand.

    python -m tests.benchmarks.bench_prices

For 500 made-up shops of each kind: the share of intervals that hold the planted elasticity, the mean of the
estimates, and the share of shops in which a figure is claimed. Prices that are drawn anew each week, for many
and for few orders; prices that do nothing; and prices that follow a demand that wanders, which are to be
refused.
"""

from __future__ import annotations

import sys

import numpy as np

from shopper_widgets.products.price_response import price_response
from tests.benchmarks.measuring import SMALL
from tests.products.price_shops import price_shop

SHOPS = 3 if SMALL else 500
#: Each with the elasticity that is planted, and the orders of a product in a week.
RANDOM = {
    "30 orders a week": (-1.5, 30.0),
    "12 orders a week": (-1.5, 12.0),
    "8 orders a week": (-1.5, 8.0),
    "3 orders a week": (-1.5, 3.0),
    "prices do nothing": (0.0, 12.0),
}


def main() -> None:
    """Say the figures."""
    for name, (planted, orders) in RANDOM.items():
        told, claimed = [], []
        for seed in range(SHOPS):
            response = price_response(price_shop(seed, elasticity=planted, products=25, orders=orders))
            told.append(response.estimates.set_index("term").loc["corrected"])
            claimed.append(response.is_causal_claim_supported)
        held = np.mean([row["low"] <= planted <= row["high"] for row in told])
        mean = np.mean([row["estimate"] for row in told])
        sys.stdout.write(f"{name}: {held:.1%} of intervals hold {planted}, mean {mean:.3f}, ")
        sys.stdout.write(f"claimed in {np.mean(claimed):.1%}\n")
        sys.stdout.flush()
    shops = (price_shop(seed, "confounded", products=25) for seed in range(SHOPS))
    refused = [not price_response(shop).is_causal_claim_supported for shop in shops]
    sys.stdout.write(f"prices that follow demand: refused in {np.mean(refused):.1%}\n")


if __name__ == "__main__":
    main()
