"""Whether what a campaign brings is found where it is planted, and nothing where nothing is. By hand.

    python -m tests.benchmarks.bench_campaigns

For 500 made-up campaigns of each kind, of 50, 200 and 2,000 customers, with log-normal spend: how many could
be told at all, and the share of intervals that hold what is planted, for the share who order, for revenue,
and for revenue adjusted by past spend; then how wide the adjusted interval is, beside the plain one.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from shopper_widgets.customers.campaign_effect import FEWEST_BUYERS, adjusted, effects
from tests.benchmarks.measuring import SMALL, say
from tests.customers.campaign_shops import campaign_shop, done

CAMPAIGNS = 2 if SMALL else 500
#: Customers, and the shares of them who are held out.
SIZES = {50: (0.2, 0.3, 0.5), 200: (0.1, 0.3, 0.5), 2000: (0.1, 0.3)}
#: By what factor more order, and the spread of log-normal spend.
LIFTS, TAILS = (1.0, 1.5, 2.0), (1.0, 1.5)


def main() -> None:
    """Say the figures."""
    for customers, hold_outs in SIZES.items():
        for hold_out, lift, tail in product(hold_outs, LIFTS, TAILS):
            held, widths = [], []
            for seed in range(CAMPAIGNS):
                selected, orders, truth = campaign_shop(
                    seed, customers=customers, hold_out=hold_out, lift=lift, tail=tail
                )
                values, held_out = done(selected, orders), selected["is_held_out"].to_numpy()
                if min(values[held_out, 0].sum(), values[~held_out, 0].sum()) < FEWEST_BUYERS:
                    continue
                values = np.c_[values, adjusted(values[:, 1:], selected[["monetary"]].to_numpy())]
                planted = np.array([truth["buyers"], truth["revenue"], truth["revenue"]])
                told = effects(values, held_out, random_state=seed)
                held.append((told.low <= planted) & (planted <= told.high))
                widths.append(told.high - told.low)
            shares = ", ".join(f"{share:.1%}" for share in np.mean(held, axis=0)) if held else "none"
            plain, narrower = np.mean(widths, axis=0)[1:] if widths else (np.nan, np.nan)
            say(
                f"{customers} customers, {hold_out:.0%} held out, lift {lift}, spread {tail}: told "
                f"{len(held)} of {CAMPAIGNS}; hold the truth: {shares}; adjusted width {narrower / plain:.2f}"
            )


if __name__ == "__main__":
    main()
