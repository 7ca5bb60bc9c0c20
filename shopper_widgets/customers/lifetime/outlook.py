"""Expected orders of each customer, and a backtest of such expectations on weeks that were held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count
from shopper_widgets._support.formatting import format_decimal, format_share
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import CUSTOMER_ID, ORDERED_AT, SEGMENT
from shopper_widgets.customers.lifetime.bg_nbd import BGNBD
from shopper_widgets.customers.lifetime.gamma_gamma import GammaGamma
from shopper_widgets.customers.lifetime.histories import purchase_histories
from shopper_widgets.errors import TooLittleDataError

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: With more customers than this, the parameters are fitted on a sample: they are then accurate to 1 or 2 %.
MOST_FITTED = 50_000
#: The share of the observed time that is held out.
_HELD_OUT = 0.25
#: This many returning customers are enough for a backtest: its intervals say how sure it is.
_FEWEST_HELD_OUT = 30
#: Customers with this many repeats or more share one row of the calibration.
_MANY_REPEATS = 7
#: Below this mean probability of leaving after an order, the probability of being alive hardly differs
#: between customers.
_LOW_DROPOUT = 0.01
#: From this correlation of orders and spend on, a caveat says that Gamma–Gamma's assumption does not hold.
_CORRELATED = 0.3


@dataclass(frozen=True)
class CustomerOutlook:
    """What to expect of each customer.

    Attributes
    ----------
    customers : pandas.DataFrame
        In the order of ``model.customers``: ``customer_id, segment, repeats, probability_alive``,
        ``expected_orders`` (days with orders within the horizon), ``expected_spend`` (per such day, in the
        currency of the orders; missing where the data can't tell) and ``expected_revenue``, their product.
    horizon_days : int
        How many days it looks ahead.
    caveats : tuple of str
        Sentences on what these data can't support; empty for no limits.
    orders_model : BGNBD
        The fitted model of how often and how long customers order.
    spend_model : GammaGamma or None
        None where the data can't support it.
    """

    customers: pd.DataFrame
    horizon_days: int
    caveats: tuple[str, ...]
    orders_model: BGNBD
    spend_model: GammaGamma | None

    @property
    def tells_who_left(self) -> bool:
        """Whether customers leave often enough that the probability of being alive tells them apart."""
        return self.orders_model.dropout_ >= _LOW_DROPOUT


def customer_outlook(model: ShopperModel, horizon_days: int = 90) -> CustomerOutlook:
    """Estimate whether, how often and for how much each customer will order again.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders up to its ``as_of``.
    horizon_days : int, default 90
        How many days to look ahead from ``model.as_of``.

    Returns
    -------
    CustomerOutlook
        Its ``customers`` has one row per customer, its ``caveats`` what these data can't support.

    Raises
    ------
    TooLittleDataError
        Too few customers came back, or they differ too little, to tell anything; the message says how many.
    ValueError
        `horizon_days` is not a whole number of at least 1.

    Notes
    -----
    BG/NBD for orders and Gamma–Gamma for spend: see :class:`BGNBD` and :class:`GammaGamma`.
    :func:`holdout_calibration` shows whether the model suits a shop. With more than 50,000 customers, a
    seeded sample is fitted; expectations are given for all.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> outlook = customer_outlook(ShopperModel.fit(orders, n_clusters=4, progress=False))
    >>> bool(outlook.customers["probability_alive"].between(0, 1).all())
    True
    """
    check_count("horizon_days", horizon_days)
    histories = purchase_histories(model.orders, model.as_of)
    fitted = _sample(histories)
    orders_model = BGNBD().fit(fitted)
    caveats = _caveats_of_orders(orders_model)
    spend_model, expected_spend = None, np.full(len(histories), np.nan)
    try:
        spend_model = GammaGamma().fit(fitted)
        expected_spend = spend_model.expected_spend(histories)
        caveats += _caveats_of_spend(spend_model)
    except TooLittleDataError as error:
        caveats.append(gettext("Expected spend is left out. {error}", error=error))
    expected_orders = orders_model.expected_orders(histories, float(horizon_days))
    found = pd.DataFrame(
        {
            CUSTOMER_ID: histories[CUSTOMER_ID],
            "repeats": histories["repeats"],
            "probability_alive": orders_model.probability_alive(histories),
            "expected_orders": expected_orders,
            "expected_spend": expected_spend,
            "expected_revenue": expected_orders * expected_spend,
        }
    )
    customers = model.customers[[CUSTOMER_ID, SEGMENT]].merge(
        found, on=CUSTOMER_ID, how="left", validate="1:1"
    )
    return CustomerOutlook(customers, int(horizon_days), tuple(caveats), orders_model, spend_model)


def holdout_calibration(orders: pd.DataFrame, cut_date: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Fit BG/NBD on earlier orders and compare expected with actual later orders.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``: orders or order lines.
    cut_date : date-like, optional
        The last moment that the model sees; a bare date is its midnight. By default the last quarter of the
        days is held out.

    Returns
    -------
    pandas.DataFrame
        One row per number of repeats before the cut: ``repeats`` (text, ``"7+"`` for all from 7 on),
        ``customers``, and per customer the mean days with orders that were ``expected`` and that were
        ``actual`` after the cut, with ``low`` and ``high``, the 95 % interval of the actual mean (normal
        approximation), and ``horizon_days``. Only customers known at the cut.

    Raises
    ------
    TooLittleDataError
        Too few customers came back before the cut, or the orders cover only a few days.
    ValueError
        `cut_date` is not a date, or not within the orders.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=400, random_state=0)
    >>> lines = orders.dropna(subset="customer_id").assign(amount=1.0)
    >>> calibration = holdout_calibration(lines)
    >>> int(calibration["horizon_days"].iloc[0])
    100
    """
    first, last = orders[ORDERED_AT].min(), orders[ORDERED_AT].max()
    if cut_date is None:
        held_out = round((last.normalize() - first.normalize()).days * _HELD_OUT)
        if not held_out:
            raise TooLittleDataError(gettext("The orders cover too few days to hold some out."))
        cut = last.normalize() + pd.Timedelta(days=1) - pd.Timedelta(seconds=1) - pd.Timedelta(days=held_out)
    else:
        cut = naive_timestamp("cut_date", cut_date)
    if not first <= cut < last:
        raise ValueError(
            f"cut_date must lie within the orders, {first} to {last}; got {cut}. Some have to come after it."
        )
    horizon = (last.normalize() - cut.normalize()).days
    histories = purchase_histories(orders, cut)
    expected = BGNBD(_FEWEST_HELD_OUT).fit(_sample(histories)).expected_orders(histories, float(horizon))
    in_all = purchase_histories(orders).set_index(CUSTOMER_ID)["repeats"]
    compared = pd.DataFrame(
        {
            "repeats": histories["repeats"].clip(upper=_MANY_REPEATS),
            "expected": expected,
            "actual": (in_all.loc[histories[CUSTOMER_ID]].to_numpy() - histories["repeats"]).astype(
                "float64"
            ),
        }
    )
    grouped = compared.groupby("repeats", sort=True)
    table = grouped[["expected", "actual"]].mean()
    customers = grouped.size()
    half: pd.Series[float] = 1.96 * grouped["actual"].std(ddof=1).fillna(0.0) / np.sqrt(customers)
    return pd.DataFrame(
        {
            "repeats": [f"{n}+" if n == _MANY_REPEATS else str(n) for n in table.index],
            "customers": customers.to_numpy(),
            "expected": table["expected"].to_numpy(),
            "actual": table["actual"].to_numpy(),
            "low": (table["actual"] - half).clip(lower=0).to_numpy(),
            "high": (table["actual"] + half).to_numpy(),
            "horizon_days": horizon,
        }
    )


def _sample(histories: pd.DataFrame) -> pd.DataFrame:
    return histories.sample(MOST_FITTED, random_state=0) if len(histories) > MOST_FITTED else histories


def _caveats_of_orders(fitted: BGNBD) -> list[str]:
    if fitted.dropout_ >= _LOW_DROPOUT:
        return []
    return [
        gettext(
            "The model finds hardly any churn ({dropout} after an order, on average), so nearly "
            "everyone counts as still a customer. The list of overdue customers says more.",
            dropout=format_share(fitted.dropout_),
        )
    ]


def _caveats_of_spend(fitted: GammaGamma) -> list[str]:
    if abs(fitted.correlation_) < _CORRELATED:
        return []
    return [
        gettext(
            N_(
                "Customers who order more often spend more per order (correlation {value}); the expected "
                "revenue treats the two as unrelated."
            )
            if fitted.correlation_ > 0
            else N_(
                "Customers who order more often spend less per order (correlation {value}); the expected "
                "revenue treats the two as unrelated."
            ),
            value=format_decimal(fitted.correlation_, 2),
        )
    ]


def failed(calibration: pd.DataFrame) -> bool:
    """Return whether customers ordered more than twice, or less than half, as often as expected.

    Differences that chance explains with few orders don't count.

    Parameters
    ----------
    calibration : pandas.DataFrame
        What :func:`holdout_calibration` returns.

    Examples
    --------
    >>> few = pd.DataFrame({"customers": [100], "expected": [0.02], "actual": [0.05]})
    >>> failed(few), failed(few.assign(customers=1_000))
    (False, True)
    """
    expected, actual = _in_all(calibration)
    by_chance = 1.96 * float(np.sqrt(max(expected, actual)))
    return bool(abs(actual - expected) > by_chance and not 0.5 <= actual / expected <= 2)


def _in_all(calibration: pd.DataFrame) -> tuple[float, float]:
    """Return the orders that were expected of all customers, and the orders that they placed."""
    customers = calibration["customers"]
    return (
        float((calibration["expected"] * customers).sum()),
        float((calibration["actual"] * customers).sum()),
    )


def describe_calibration(calibration: pd.DataFrame) -> str:
    """Say in a sentence how much expected and actual orders differed.

    Parameters
    ----------
    calibration : pandas.DataFrame
        What :func:`holdout_calibration` returns.

    Returns
    -------
    str
        Beyond 5 % either way, it says how much; else that they agree. Beyond twice or half, that the orders
        can't tell.

    Examples
    --------
    >>> calibration = pd.DataFrame({"repeats": ["0", "1"], "customers": [10, 10], "expected": [1.0, 2.0],
    ...     "actual": [1.2, 2.4], "low": [0.9, 2.1], "high": [1.5, 2.7], "horizon_days": [90, 90]})
    >>> print(describe_calibration(calibration))
    Over 90 held-out days, customers ordered 20 % more often than expected: the model considers each
    customer's past orders, but no seasons.
    """
    expected, actual = _in_all(calibration)
    days = int(calibration["horizon_days"].iloc[0])
    if failed(calibration):
        times = actual / expected
        return gettext(
            "What these customers will order can't be told from their past orders: over {days} held-out "
            "days, they ordered {times} times as often as expected.",
            days=days,
            times=format_decimal(times, 1) if times >= 0.1 else gettext("less than 0.1"),
        )
    if abs(actual / expected - 1) < 0.05:
        return gettext("Over {days} held-out days, customers ordered as often as expected.", days=days)
    return gettext(
        N_(
            "Over {days} held-out days, customers ordered {share} more often than expected: the model "
            "considers each customer's past orders, but no seasons."
        )
        if actual > expected
        else N_(
            "Over {days} held-out days, customers ordered {share} less often than expected: the model "
            "considers each customer's past orders, but no seasons."
        ),
        days=days,
        share=format_share(abs(actual / expected - 1)),
    )
