"""Whether the effect of a campaign is found where it is planted, and none where there is none. Run by hand.

    python -m tests.benchmarks.bench_campaigns

For 500 made-up campaigns of each kind, of 50, 200 and 2,000 customers, with log-normal spend: how many could
be estimated at all, and the share of intervals that contain the planted effect, for the share who order, for
revenue, and for revenue adjusted by past spend; then the width of the adjusted interval compared with the
plain one. Last, if UCI Online Retail is available, how often an effect is found among its customers, who were
sent nothing, and the errors with and without the adjustment.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_effect import FEWEST_BUYERS, adjusted, effects, widened
from shopper_widgets.customers.campaign_result import ALL, measure_campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.tables import orders_table
from tests.benchmarks.measuring import SMALL, real_orders, say
from tests.customers.campaign_shops import campaign_shop, done

CAMPAIGNS = 2 if SMALL else 500
#: Number of customers → shares of them who are held out.
SIZES = {50: (0.2, 0.3, 0.5), 200: (0.1, 0.3, 0.5), 2000: (0.1, 0.3)}
#: The factor on the share who order, and the spread of log-normal spend.
LIFTS, TAILS = (1.0, 1.5, 2.0), (1.0, 1.5)


def main() -> None:
    """Print the figures."""
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
                past = selected[["monetary"]].to_numpy()
                foretold = adjusted(values[:, 1:], past)
                spread = np.c_[values, widened(foretold, past)]
                values = np.c_[values, foretold]
                planted = np.array([truth["buyers"], truth["revenue"], truth["revenue"]])
                told = effects(values, held_out, spread=spread, random_state=seed)
                held.append((told.low <= planted) & (planted <= told.high))
                widths.append(told.high - told.low)
            shares = ", ".join(f"{share:.1%}" for share in np.mean(held, axis=0)) if held else "none"
            plain, narrower = np.mean(widths, axis=0)[1:] if widths else (np.nan, np.nan)
            say(
                f"{customers} customers, {hold_out:.0%} held out, lift {lift}, spread {tail}: told "
                f"{len(held)} of {CAMPAIGNS}; hold the truth: {shares}; adjusted width {narrower / plain:.2f}"
            )
    real()


def real() -> None:
    """Hold out customers of a real shop, where nobody was sent anything, many times."""
    path = real_orders()
    if path is None:
        return
    lines = read_transactions(path)
    model = ShopperModel.fit(lines, as_of="2011-10-01", n_clusters=4, progress=False)
    orders = orders_table(clean_transactions(lines, returns="net").transactions)
    tables = [
        measure_campaign(Campaign(hold_out=0.3, seed=seed).select(model), orders, sent_at="2011-10-01").table
        for seed in range(60)
    ]
    told = pd.concat(tables).dropna(subset="effect")
    told["found"] = (told["effect_low"] > 0) | (told["effect_high"] < 0)
    for (figure, method), of in told.groupby(["figure", "method"]):
        error = of.loc[of["segment"] == ALL, "error"].mean()
        found = f"found in {of['found'].mean():.1%}, mean error {error:.3g}"
        say(f"Online Retail, nothing sent: {figure}, {method}: {found}")


if __name__ == "__main__":
    main()
