"""Forecasting methods and stock levels on UCI Online Retail and on made-up shops of other shapes.

    SHOPPER_DATA=… python -m tests.benchmarks.bench_demand

Four-week totals of the 500 best products at each of seven origins. Shows WAPE, bias, twice the pinball loss ÷
demand and the coverage of quantiles, for all origins, for the first five (on which the default was chosen)
and for the last two; then the difference in WAPE to the mean of 8 weeks. At the end come the CPU seconds of
the default's forecasts and backtest for all products.
"""

import time

import pandas as pd

from shopper_widgets import DemandBacktest, DemandForecaster, backtest_demand
from shopper_widgets.products.levels import METHOD_NAMES
from shopper_widgets.products.origins import INTERVALS
from tests.benchmarks.measuring import SMALL, real_orders, say
from tests.demand_shops import SHOPS, online_retail_demand, shop

_FIRST = 5
_FIGURES = ("wape", "bias", "pinball_0.9", "pinball_0.95", "coverage_0.9", "coverage_0.95")


def main() -> None:
    """Print a table of methods and intervals, one of shops, and the time."""
    orders = real_orders()
    demand = shop("a quarter") if orders is None else online_retail_demand(orders)
    # New products count too, as they do in the published figures.
    methods = {
        f"{name}, {kind}": DemandForecaster(method=name, intervals=kind, min_weeks=1)
        for name in METHOD_NAMES[: 2 if SMALL else None]
        for kind in INTERVALS
    }
    say("All 500 products of each origin")
    _print(backtest_demand(demand, methods))
    say("Products of at least 8 weeks")
    _print(backtest_demand(demand))
    for name in SHOPS[-1:] if SMALL else SHOPS:
        say(name)
        _print(backtest_demand(shop(name)))
    began = time.process_time()
    backtest_demand(demand)
    DemandForecaster().fit(demand).predict_quantiles()
    say(f"{demand['product_id'].nunique():,} products: {time.process_time() - began:.1f} s CPU")


def _print(found: DemandBacktest) -> None:
    columns = list(_FIGURES)
    for row in found.summary.to_dict("records"):
        origins = found.by_origin[found.by_origin["method"] == row["method"]]
        parts = [_line(pd.Series(row)[columns])]
        parts += [_line(part[columns].mean()) for part in (origins[:_FIRST], origins[_FIRST:]) if len(part)]
        interval = f"{row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
        say(f"  {row['method']:28} {' | '.join(parts)} | {interval}")


def _line(figures: "pd.Series[float]") -> str:
    return " ".join(f"{figure:6.3f}" for figure in figures)


if __name__ == "__main__":
    main()
