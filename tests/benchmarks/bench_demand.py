"""Forecasting methods and stock levels on UCI Online Retail and on made-up shops of other shapes.

    SHOPPER_DATA=… python -m tests.benchmarks.bench_demand

Four-week totals of the 500 best products at each of seven origins. WAPE, bias, twice the pinball loss over
demand and the share that a promise kept, of all origins, of the first five (on which the default was chosen)
and of the last two. At the end, CPU seconds of the default's forecasts and backtest of all products.
"""

import os
import time
from pathlib import Path

import pandas as pd

from shopper_widgets import DemandForecaster, backtest_demand
from shopper_widgets.products.backtest import DemandBacktest
from shopper_widgets.products.levels import METHOD_NAMES
from tests.benchmarks.measuring import SMALL, say
from tests.demand_shops import SHOPS, online_retail_demand, shop

_FIRST = 5
_SUMS = ("wape", "bias", "pinball_0.9", "pinball_0.95")
_SHARES = ("coverage_0.9", "coverage_0.95")


def main() -> None:
    """Print a table of methods, one of intervals, one of shops, and the time."""
    if SMALL:
        say("as Online Retail")
        _print(backtest_demand(shop("as Online Retail"), n_products=20, n_origins=2))
        return
    demand = online_retail_demand(Path(os.environ["SHOPPER_DATA"]) / "online_retail.csv.gz")
    # From the first week of a product on, as the figures beside which these stand.
    methods = {
        f"{name}, {kind}": DemandForecaster(method=name, intervals=kind, min_weeks=1)
        for name in METHOD_NAMES
        for kind in ("normal", "negative_binomial", "measured")
    }
    found = backtest_demand(demand, methods)
    say("Online Retail, all 500 products of each origin")
    _print(found)
    say("Online Retail, products of at least 8 weeks")
    _print(backtest_demand(demand))
    for name in SHOPS:
        say(name)
        _print(backtest_demand(shop(name)))
    began = time.process_time()
    backtest_demand(demand)
    DemandForecaster().fit(demand).predict_quantiles()
    say(f"{demand['product_id'].nunique():,} products: {time.process_time() - began:.1f} s CPU")


def _print(found: DemandBacktest) -> None:
    for row in found.summary.to_dict("records"):
        origins = found.by_origin[found.by_origin["method"] == row["method"]]
        parts = [_line(pd.Series(row))]
        parts += [_line(_mean(part)) for part in (origins[:_FIRST], origins[_FIRST:]) if len(part)]
        interval = f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
        say(f"  {row['method']:28} {' | '.join(parts)} | {interval}")


def _mean(origins: pd.DataFrame) -> "pd.Series[float]":
    return origins[[*_SUMS, *_SHARES]].mean()


def _line(row: "pd.Series[float]") -> str:
    return " ".join(f"{row[name]:6.3f}" for name in (*_SUMS, *_SHARES))


if __name__ == "__main__":
    main()
