"""Backtests: how good past forecasts would have been, each based on what was known at the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_count
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products.forecaster import DemandForecaster, check_level
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.levels import METHOD_NAMES
from shopper_widgets.products.origins import INTERVALS, NORMAL, Forecasts

Floats = npt.NDArray[np.float64]

#: The method with which forecasters are compared.
AGAINST = "mean_8"
#: Products are chosen by their revenue of this many weeks before an origin.
_RECENT_WEEKS = 13
_DRAWS = 1_000


@dataclass(frozen=True)
class DemandBacktest:
    """What :func:`backtest_demand` returns.

    Attributes
    ----------
    summary : pandas.DataFrame
        One row per method: ``method, products`` (forecasts measured), ``wape`` (sum of absolute errors ÷ sum
        of demand), ``bias`` (sum of errors ÷ sum of demand; above 0 is too much), per level ``pinball_0.95``
        (twice the pinball loss ÷ demand) and ``coverage_0.95`` (share of forecasts whose quantile was
        enough), ``difference`` to the mean of 8 weeks in WAPE (below 0 is better) with ``low, high``.
    by_origin : pandas.DataFrame
        The same per method and ``origin``, the last day before the weeks that were forecast.
    forecasts : pandas.DataFrame
        One row per method, origin and product: ``expected, actual``, and a column per level.
    refused : int
        How many of the chosen products, summed over origins, got no forecast since they were too new.

    Examples
    --------
    >>> import shopper_widgets as sw
    >>> lines = sw.clean_transactions(sw.make_transactions(200, 60, 366), returns="net").all_sales
    >>> found = sw.backtest_demand(sw.demand_table(lines), n_origins=3, n_products=30)
    >>> len(found.by_origin), found.forecasts["product_id"].nunique() >= 30
    (6, True)
    """

    summary: pd.DataFrame
    by_origin: pd.DataFrame
    forecasts: pd.DataFrame
    refused: int


def backtest_demand(
    demand: pd.DataFrame,
    forecasters: Mapping[str, DemandForecaster] | None = None,
    *,
    horizon: int = 4,
    n_origins: int = 7,
    n_products: int = 500,
    levels: Iterable[float] = (0.9, 0.95),
    random_state: int = 0,
) -> DemandBacktest:
    """Backtest forecasts from several past origins against actual sales.

    Parameters
    ----------
    demand : pandas.DataFrame
        What :func:`~shopper_widgets.demand_table` returns.
    forecasters : mapping of str to DemandForecaster, optional
        What to measure, by name; their horizon is `horizon`, and their ``min_weeks`` the largest of all. By
        default the default forecaster, ``"combined"``. The mean of 8 weeks with the textbook's quantiles,
        ``"mean_8"``, is always measured beside them.
    horizon : int, default 4
        Weeks that are summed; origins lie as many weeks apart, the last one `horizon` weeks before the end.
    n_origins : int, default 7
        Fewer are taken where the history is too short.
    n_products : int, default 500
        At each origin the products of most revenue in the 13 weeks before it: what was known then.
    levels : iterable of float
        Levels of the quantiles that are measured.
    random_state : int, default 0
        Seed of the bootstrap over products that gives the interval of the difference.

    Returns
    -------
    DemandBacktest
        Its ``summary`` has one row per forecaster, measured over all origins and products.

    Raises
    ------
    TooLittleDataError
        There is no origin with `min_weeks` weeks before and `horizon` weeks after it, or nothing was sold.

    Examples
    --------
    >>> import shopper_widgets as sw
    >>> lines = sw.clean_transactions(sw.make_transactions(200, 60, 366), returns="net").all_sales
    >>> found = backtest_demand(sw.demand_table(lines), n_products=30)
    >>> found.summary["method"].tolist()
    ['combined', 'mean_8']
    """
    for name, value in (("horizon", horizon), ("n_origins", n_origins), ("n_products", n_products)):
        check_count(name, value)
    levels = [check_level("levels", level) for level in levels]
    histories = Histories.of(demand)
    chosen = dict(forecasters) if forecasters is not None else {"combined": DemandForecaster()}
    min_weeks = max((forecaster.min_weeks for forecaster in chosen.values()), default=1)
    chosen.setdefault(AGAINST, DemandForecaster(method=AGAINST, intervals=NORMAL))
    origins = _origins(len(histories.weeks), horizon, n_origins, min_weeks)
    frames, refused = [], 0
    made = {name: _forecasts_of(f, histories, horizon, min_weeks) for name, f in chosen.items()}
    for origin in origins:
        best = _best_products(histories, origin, n_products)
        for name, forecasts in made.items():
            forecast = forecasts.at(origin)
            table = pd.DataFrame(
                {
                    "method": name,
                    "origin": histories.weeks[origin - 1],
                    PRODUCT_ID: np.array(histories.products, dtype=object)[best],
                    "expected": forecast.expected[best],
                    "actual": forecasts.actual(origin)[best],
                    **{f"q{level:g}": forecast.quantile(level)[best] for level in levels},
                }
            )
            if name == AGAINST:
                refused += int(table["expected"].isna().sum())
            frames.append(table[table[["expected", "actual"]].notna().all(axis=1)])
    every = pd.concat(frames, ignore_index=True)
    if not every["actual"].sum():
        raise TooLittleDataError(
            f"demand must hold sales after the first origin; none of {len(origins)} has any."
        )
    return DemandBacktest(
        summary=_compared(_measured(every, ["method"], levels), every, random_state),
        by_origin=_measured(every, ["method", "origin"], levels),
        forecasts=every,
        refused=refused,
    )


def _forecasts_of(
    forecaster: DemandForecaster, histories: Histories, horizon: int, min_weeks: int
) -> Forecasts:
    check_choice("method", forecaster.method, METHOD_NAMES)
    check_choice("intervals", forecaster.intervals, INTERVALS)
    return Forecasts(histories, forecaster.method, horizon, min_weeks, forecaster.intervals)


def _origins(n_weeks: int, horizon: int, n_origins: int, min_weeks: int) -> list[int]:
    found = list(range(n_weeks - horizon, max(min_weeks, 1) - 1, -horizon))[:n_origins][::-1]
    if not found:
        raise TooLittleDataError(
            f"demand must hold at least {min_weeks + horizon} weeks: {min_weeks} to forecast from and "
            f"{horizon} to compare with; it holds {n_weeks}."
        )
    return found


def _best_products(histories: Histories, origin: int, n_products: int) -> npt.NDArray[np.intp]:
    revenue = histories.amount[:, max(0, origin - _RECENT_WEEKS) : origin].sum(axis=1)
    best: npt.NDArray[np.intp] = np.argsort(-revenue, kind="stable")[:n_products]
    sold: npt.NDArray[np.intp] = best[revenue[best] > 0]
    return sold


def _measured(every: pd.DataFrame, by: list[str], levels: list[float]) -> pd.DataFrame:
    rows = []
    for key, group in every.groupby(by, sort=False):
        actual, expected = group["actual"].to_numpy(), group["expected"].to_numpy()
        total = max(actual.sum(), 1e-12)
        row = dict(zip(by, key, strict=True)) | {
            "products": len(group),
            "wape": np.abs(expected - actual).sum() / total,
            "bias": (expected - actual).sum() / total,
        }
        for level in levels:
            error = actual - group[f"q{level:g}"].to_numpy()
            row[f"pinball_{level:g}"] = 2 * np.maximum(level * error, (level - 1) * error).sum() / total
            row[f"coverage_{level:g}"] = (error <= 0).mean()
        rows.append(row)
    return pd.DataFrame(rows)


def _compared(summary: pd.DataFrame, every: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """Add the difference of the WAPE from that of the mean of 8 weeks, with a bootstrap interval."""
    errors = every.assign(error=(every["expected"] - every["actual"]).abs())
    by_product = errors.pivot_table(index=PRODUCT_ID, columns="method", values="error", aggfunc="sum")
    sold = errors[errors["method"] == AGAINST].groupby(PRODUCT_ID)["actual"].sum()
    demand = sold.reindex(by_product.index).to_numpy()
    n = len(by_product)
    weights = np.random.default_rng(random_state).multinomial(n, np.full(n, 1 / n), size=_DRAWS)
    rows = []
    for method in summary["method"]:
        excess = (by_product[method] - by_product[AGAINST]).to_numpy()
        drawn = (weights @ excess) / np.maximum(weights @ demand, 1e-12)
        low, high = np.quantile(drawn, [0.025, 0.975])
        rows.append({"difference": excess.sum() / demand.sum(), "low": low, "high": high})
    return pd.concat([summary, pd.DataFrame(rows)], axis=1)
