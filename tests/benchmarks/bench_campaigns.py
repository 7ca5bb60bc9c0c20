"""Whether what a campaign brings is found where it is planted, and nothing where nothing is. By hand.

    python -m tests.benchmarks.bench_campaigns

For 500 made-up campaigns of each kind, of 50, 200 and 2,000 customers, with log-normal spend: how many could
be told at all, the share of intervals that hold what is planted, for the share who order, for revenue, and
for revenue adjusted by past spend; and how much narrower the adjusted interval is.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from shopper_widgets.customers.campaign_result import measure_campaign
from tests.benchmarks.measuring import SMALL, say
from tests.customers.campaign_shops import SENT_AT, campaign_shop

CAMPAIGNS = 2 if SMALL else 500
#: Customers, and the shares of them who are held out.
SIZES = {50: (0.2, 0.3, 0.5), 200: (0.1, 0.3, 0.5), 2000: (0.1, 0.3)}
#: By what factor more order, and the spread of log-normal spend.
LIFTS, TAILS = (1.0, 1.5, 2.0), (1.0, 1.5)
ROWS = (("buyers", "plain"), ("revenue", "plain"), ("revenue", "adjusted"))


def main() -> None:
    """Say the figures."""
    for customers, hold_outs in SIZES.items():
        for hold_out, lift, tail in product(hold_outs, LIFTS, TAILS):
            held, narrower = [], []
            for seed in range(CAMPAIGNS):
                selected, orders, truth = campaign_shop(
                    seed, customers=customers, hold_out=hold_out, lift=lift, tail=tail
                )
                result = measure_campaign(selected.drop(columns="segment"), orders, sent_at=SENT_AT)
                if not result.is_told:
                    continue
                rows = [result.row(figure, method=method) for figure, method in ROWS]
                held.append([row["effect_low"] <= truth[row["figure"]] <= row["effect_high"] for row in rows])
                widths = [row["effect_high"] - row["effect_low"] for row in rows[1:]]
                narrower.append(widths[1] / widths[0])
            shares = ", ".join(f"{share:.1%}" for share in np.mean(held, axis=0)) if held else "none"
            say(
                f"{customers} customers, {hold_out:.0%} held out, lift {lift}, spread {tail}: told "
                f"{len(held)} of {CAMPAIGNS}; hold the truth: {shares}; adjusted width "
                f"{np.mean(narrower) if narrower else np.nan:.2f}"
            )


if __name__ == "__main__":
    main()
