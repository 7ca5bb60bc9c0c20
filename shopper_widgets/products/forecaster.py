"""Forecasts of demand per product, and quantiles that keep what they promise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from shopper_widgets._support.checks import check_choice, check_count, plain
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.products.histories import Histories
from shopper_widgets.products.levels import COMBINED, METHOD_NAMES
from shopper_widgets.products.origins import INTERVALS, MEASURED, NEGATIVE_BINOMIAL, Forecasts, OriginForecast
from shopper_widgets.products.season import has_two_years

Floats = npt.NDArray[np.float64]

#: Recent prices are those of this many last weeks with sales.
_PRICE_WEEKS = 13
#: The ``basis`` of a product that has sold for too few weeks.
TOO_NEW = "too new"
#: What each forecaster has computed about the past; it is not saved.
_MADE: WeakKeyDictionary[DemandForecaster, dict[tuple[str, int, int, str], Forecasts]] = WeakKeyDictionary()


def check_level(parameter: str, level: object) -> float:
    """Return a share above 0 and below 1, or raise ValueError."""
    if isinstance(level, bool) or not isinstance(level, int | float | np.floating) or not 0 < level < 1:
        raise ValueError(f"{parameter} must lie between 0 and 1, such as 0.95; got {plain(level)!r}")
    return float(level)


class DemandForecaster(PlainStateEstimator):
    """Forecasts each product's demand over the coming weeks, with quantiles.

    Parameters
    ----------
    horizon : int, default 4
        Weeks over which demand is summed: lead time plus time between two orders.
    method : str, default "combined"
        ``"combined"`` is the mean of SES, ADIDA, TSB and the mean of 8 weeks, on demand whose spikes are
        capped; or one method alone: ``"naive"``, ``"mean_8"``, ``"mean_13"``, ``"croston"``, ``"sba"``,
        ``"tsb"``, ``"ses"``, ``"adida"``, ``"imapa"``, ``"theta"``.
    intervals : {"measured", "negative_binomial", "normal"}, default "measured"
        ``"measured"`` takes quantiles from how earlier forecasts of this shop turned out, by size of the
        forecast, and from the negative binomial distribution where there are fewer than 50 of them.
        ``"normal"`` is the textbook's mean + z · standard deviation, which keeps less than it promises; it is
        included for comparison.
    min_weeks : int, default 8
        Products whose first sale is fewer weeks ago get no forecast.

    Attributes
    ----------
    products_ : list of str
        The products seen.
    n_weeks_ : int
        Weeks of history.
    season_ : str
        ``"used"``, ``"not used"`` (there are two years, but the season did not lower the error at earlier
        moments) or ``"unknown"``: with less than two years, season and trend can't be told apart.

    Notes
    -----
    Spikes: a week counts at most three times the upper quartile of the selling weeks among the last 13.
    The quantile of level p is the forecast times m + s · q. Here m is the mean of actual ÷ forecast (each
    by 1 ÷ s) at up to eight earlier origins, among products whose forecasts rank alike (ten groups at
    most), and q is the p-quantile of (actual ÷ forecast − m) ÷ s there, as in split conformal prediction
    (Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*, 2005). The scale s is 1, the
    product's own coefficient of variation (standard deviation of the sum ÷ forecast, from the last 26
    weeks) or its root, whichever lost least at these origins (Papadopoulos, Gammerman & Vovk, *Normalized
    nonconformity measures for regression conformal prediction*, 2008). The expected sum is corrected
    likewise by total actual ÷ total forecast, in thirds. A yearly season multiplies forecasts where there
    are two years and it lowered the error at these origins.

    Examples
    --------
    >>> import shopper_widgets as sw
    >>> lines = sw.clean_transactions(sw.make_transactions(200, 60, 366), returns="net").all_sales
    >>> forecaster = DemandForecaster(horizon=4).fit(sw.demand_table(lines))
    >>> forecaster.predict().columns.tolist()
    ['product_id', 'expected', 'level', 'weeks', 'basis']
    >>> quantiles = forecaster.predict_quantiles([0.5, 0.95])
    >>> bool((quantiles["q0.95"] >= quantiles["q0.5"]).all())
    True
    """

    products_: list[str]
    n_weeks_: int
    season_: str

    def __init__(
        self, horizon: int = 4, method: str = COMBINED, intervals: str = MEASURED, min_weeks: int = 8
    ) -> None:
        self.horizon = horizon
        self.method = method
        self.intervals = intervals
        self.min_weeks = min_weeks

    def fit(self, demand: pd.DataFrame, y: Any = None) -> Self:
        """Learn the histories of products.

        Parameters
        ----------
        demand : pandas.DataFrame
            What :func:`~shopper_widgets.demand_table` returns: ``product_id, week, quantity, amount``, one
            row per product and week with sales; weeks that are missing had no sales. A further column
            ``in_stock`` (bool) says in which weeks a product was available: where it is false, demand is
            taken to be at least the mean of the eight weeks before, and the week teaches nothing about
            errors.
        y : None
            Ignored; scikit-learn's convention.

        Returns
        -------
        DemandForecaster
            Itself, fitted.

        Raises
        ------
        TypeError, ValueError
            A parameter or the table is not as described.
        TooLittleDataError
            No product has sold for `min_weeks` weeks.
        """
        for name in ("horizon", "min_weeks"):
            check_count(name, getattr(self, name))
        check_choice("method", self.method, METHOD_NAMES)
        check_choice("intervals", self.intervals, INTERVALS)
        histories = Histories.of(demand)
        _MADE.pop(self, None)
        n_weeks = len(histories.weeks)
        if not (n_weeks - histories.start >= self.min_weeks).any():
            raise TooLittleDataError(
                gettext(
                    "demand must hold a product that was first sold {fewest} weeks ago or earlier; it holds "
                    "{weeks} weeks. Give more weeks, or lower min_weeks.",
                    fewest=self.min_weeks,
                    weeks=n_weeks,
                )
            )
        self.products_ = histories.products
        self.n_weeks_ = n_weeks
        self._weeks = [week.isoformat() for week in histories.weeks]
        self._quantity, self._amount = histories.quantity, histories.amount
        self._start, self._known = histories.start, histories.known
        season = self.forecasts(self.horizon).is_seasonal(n_weeks)
        known = has_two_years(histories, n_weeks)
        self.season_ = "used" if season else "not used" if known else "unknown"
        return self

    def predict(self, demand: Any = None, *, horizon: int | None = None) -> pd.DataFrame:
        """Return the expected sales of each product.

        Parameters
        ----------
        demand : None
            Ignored: the histories are those that were learned.
        horizon : int, optional
            Other weeks to sum than those of the forecaster.

        Returns
        -------
        pandas.DataFrame
            One row per product, by id: ``product_id``, ``expected`` (units over the horizon), ``level``
            (units per week), ``weeks`` (since its first sale) and ``basis``: ``"measured"`` or
            ``"negative_binomial"``, what quantiles are based on, or ``"too new"``, where the figures are
            missing.

        Raises
        ------
        ValueError
            `horizon` is not a whole number from 1.
        """
        return self.as_table(self._at(horizon), horizon or self.horizon)

    def as_table(self, forecast: OriginForecast, horizon: int) -> pd.DataFrame:
        """Lay out a forecast of :meth:`forecasts` as :meth:`predict` does.

        Parameters
        ----------
        forecast : OriginForecast
            Of the present, over `horizon` weeks.
        horizon : int
            Weeks that it sums.

        Returns
        -------
        pandas.DataFrame
            The columns of :meth:`predict`.
        """
        expected, weeks = forecast.expected, self.n_weeks_ - self._start
        measured = forecast.calibration is not None or self.intervals != MEASURED
        basis = self.intervals if measured else NEGATIVE_BINOMIAL
        return pd.DataFrame(
            {
                PRODUCT_ID: self.products_,
                "expected": expected,
                "level": expected / horizon,
                "weeks": weeks.astype("int64"),
                "basis": np.where(np.isnan(expected), TOO_NEW, basis),
            }
        )

    def predict_quantiles(
        self, levels: Iterable[float] = (0.5, 0.9, 0.95), *, horizon: int | None = None
    ) -> pd.DataFrame:
        """Return quantiles of each product's demand over the horizon.

        Parameters
        ----------
        levels : iterable of float
            Shares between 0 and 1: at 0.95, demand stays at or below the quantile in 95 of 100 cases.
        horizon : int, optional
            Other weeks to sum than those of the forecaster.

        Returns
        -------
        pandas.DataFrame
            ``product_id`` and a column per level, ``"q0.95"``; missing for products that are too new.

        Raises
        ------
        ValueError
            A level is not between 0 and 1.
        """
        levels = [check_level("levels", level) for level in levels]
        forecast = self._at(horizon)
        columns = {f"q{level:g}": forecast.quantile(level) for level in levels}
        return pd.DataFrame({PRODUCT_ID: self.products_, **columns})

    def recent_prices(self) -> Floats:
        """Return money per unit of each product over its last 13 weeks with sales.

        Returns
        -------
        ndarray of shape (n_products,)
            In the currency of the orders, in the order of `products_`; 0 where nothing was sold.
        """
        check_is_fitted(self)
        sold = self._quantity > 0
        # Weeks with sales are counted back from the end.
        recent = sold & (np.cumsum(sold[:, ::-1], axis=1)[:, ::-1] <= _PRICE_WEEKS)
        units: Floats = (self._quantity * recent).sum(axis=1)
        amount: Floats = (self._amount * recent).sum(axis=1)
        return np.divide(amount, units, out=np.zeros(len(units)), where=units > 0)

    def kept(self, level: float | Iterable[float] = 0.95, *, horizon: int | None = None) -> tuple[int, int]:
        """Return how often quantiles were enough in the past, and how often they were tried.

        Parameters
        ----------
        level : float or iterable of float
            The level that is promised, of all products or of each one in `products_`.
        horizon : int, optional
            Other weeks to sum than those of the forecaster.

        Returns
        -------
        tuple of int
            ``(kept, tried)``: forecasts of all products at up to eight earlier moments, each learned from
            what was known then. Both are 0 where the history is too short to tell.

        Raises
        ------
        ValueError
            `level` is one number and not between 0 and 1.
        """
        check_is_fitted(self)
        levels = check_level("level", level) if isinstance(level, float) else np.fromiter(level, dtype=float)
        return self.forecasts(horizon or self.horizon).kept(self.n_weeks_, levels)

    def _at(self, horizon: int | None) -> OriginForecast:
        check_is_fitted(self)
        if horizon is not None:
            check_count("horizon", horizon)
        return self.forecasts(horizon or self.horizon).at(self.n_weeks_)

    def forecasts(self, horizon: int) -> Forecasts:
        """Return forecasts over any horizon as of any week; the present is ``at(n_weeks_)``.

        Parameters
        ----------
        horizon : int
            Weeks that are summed.

        Returns
        -------
        Forecasts
            Cached, so that asking again costs nothing.
        """
        check_is_fitted(self)
        made = _MADE.setdefault(self, {})
        terms = (self.method, int(horizon), int(self.min_weeks), self.intervals)
        if terms not in made:
            weeks = [pd.Timestamp(week) for week in self._weeks]
            of = Histories(self.products_, weeks, self._quantity, self._amount, self._start, self._known)
            made[terms] = Forecasts(of, *terms)
        return made[terms]
