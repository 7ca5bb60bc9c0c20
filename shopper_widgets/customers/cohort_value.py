"""What customers bring from their first order on, by cohort and on average, and the payback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_at_least, plain
from shopper_widgets.columns import AMOUNT
from shopper_widgets.customers.cohorts import FEWEST_IN_COHORT, began_within, cohort_table, first_months

#: Each point of the curve rests on at least this share of the customers of its first month: after that, a few
#: customers would decide it.
_LEAST_SHARE = 0.2
#: Standard errors to each end of a 95 % interval.
_Z = 1.959964


def cohort_value(cohorts: pd.DataFrame, *, margin: float = 1.0) -> pd.DataFrame:
    """Add up the value of each cohort so far, per customer who started in it.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        What :func:`~shopper_widgets.cohort_table` returns.
    margin : float, default 1.0
        Share of revenue that counts, above 0 and up to 1: 1 is revenue itself.

    Returns
    -------
    pandas.DataFrame
        ``cohort, months_since, cohort_size, value`` (up to the end of that month, per customer of the cohort,
        whether they came back or not), ``is_partial, is_left_censored``; by both.

    Raises
    ------
    ValueError
        `margin` is not such a share.

    Examples
    --------
    >>> orders = pd.DataFrame({
    ...     "customer_id": ["ann", "ben", "ann", "cid"],
    ...     "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-20", "2024-02-15", "2024-02-29"]),
    ...     "amount": [10.0, 20.0, 30.0, 40.0],
    ... })
    >>> cohort_value(cohort_table(orders), margin=0.5)[["cohort", "months_since", "cohort_size", "value"]]
          cohort  months_since  cohort_size  value
    0 2024-01-01             0            2    7.5
    1 2024-01-01             1            2   15.0
    2 2024-02-01             0            1   20.0
    """
    _check_margin(margin)
    spent = cohorts.groupby("cohort")["revenue"].cumsum()
    kept = ["cohort", "months_since", "cohort_size", "is_partial", "is_left_censored"]
    values = cohorts[kept].copy()
    values.insert(3, "value", margin * spent / cohorts["cohort_size"])
    return values


def value_curve(
    orders: pd.DataFrame,
    *,
    margin: float = 1.0,
    began: tuple[dt.date, dt.date] | None = None,
    among: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the mean value of a new customer, month by month after the first order.

    All customers who could be followed for that long count, whether they came back or not: nobody is left out
    for leaving, or counts with less than the whole time.

    Parameters
    ----------
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``: orders or order lines.
    margin : float, default 1.0
        Share of revenue that counts, above 0 and up to 1.
    began, among : optional
        As for :func:`~shopper_widgets.cohort_table`.

    Returns
    -------
    pandas.DataFrame
        ``months_since`` (0 is the month of the first order), ``customers`` (who could be followed to the end
        of it: at least 20, and a fifth of those of the first month), ``value`` (of each of them by then, on
        average), ``low`` and ``high`` (its 95 % interval), ``first_month`` (what the same customers brought
        in the month of the first order). Different customers could be followed for each month, so a value can
        be lower than the one before it. ``attrs["is_left_censored"]`` says whether existing customers are
        among them: cohorts that hold some are left out where there are others. Empty where fewer than 20
        customers could be followed.

    Raises
    ------
    ValueError
        `margin` is not such a share.
    TooLittleDataError
        As :func:`~shopper_widgets.cohort_table`.

    Notes
    -----
    The interval is that of a mean, on the log scale, as money is skewed.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=150, n_products=30, n_days=300, random_state=0)
    >>> curve = value_curve(ShopperModel.fit(orders, n_clusters=4, progress=False).orders)
    >>> bool(((curve["low"] < curve["value"]) & (curve["value"] < curve["high"])).all())
    True
    """
    _check_margin(margin)
    cohorts = cohort_table(orders, began=began, among=among)
    old = cohorts["is_left_censored"]
    counted = cohorts[~old] if (~old & ~cohorts["is_partial"]).any() else cohorts
    whole = counted[~counted["is_partial"]].groupby("cohort")["months_since"].agg(["min", "max"])
    # Cohorts whose first month is not whole are left out: what they spent in it is not all known.
    followed = whole.loc[whole["min"] == 0, "max"]
    codes, month, start = first_months(orders)
    months = pd.DatetimeIndex(followed.index)
    reach = pd.Series(followed.to_numpy(), index=months.year * 12 + months.month - 1)
    # The last whole month of each customer; -1 where there is none.
    reached = reach.reindex(start).fillna(-1).to_numpy(dtype=np.int64)
    last = np.where(began_within(orders, codes, began, among), reached, -1)
    amounts, since = margin * orders[AMOUNT].to_numpy(dtype=float), month - start[codes]
    spent, rows = np.zeros(len(start)), []
    at_first = spent
    for k in range(int(last.max()) + 1):
        here = since == k
        spent += np.bincount(codes[here], weights=amounts[here], minlength=len(start))
        at_first = spent.copy() if k == 0 else at_first
        theirs = spent[last >= k]
        if len(theirs) < max(FEWEST_IN_COHORT, _LEAST_SHARE * int((last >= 0).sum())):
            break
        mean = theirs.mean()
        away = np.exp(_Z * theirs.std(ddof=1) / np.sqrt(len(theirs)) / mean) if mean > 0 else 1.0
        rows.append((k, len(theirs), mean, mean / away, mean * away, at_first[last >= k].mean()))
    columns = ["months_since", "customers", "value", "low", "high", "first_month"]
    curve = pd.DataFrame(rows, columns=columns)
    curve.attrs["is_left_censored"] = bool(counted["is_left_censored"].any())
    return curve


def payback_table(values: pd.DataFrame, acquisition_cost: float) -> pd.DataFrame:
    """Return the month in which each cohort paid back its acquisition cost.

    Parameters
    ----------
    values : pandas.DataFrame
        What :func:`cohort_value` returns.
    acquisition_cost : float
        Of winning one customer, in the currency of the orders.

    Returns
    -------
    pandas.DataFrame
        One row per cohort: ``cohort, cohort_size, months_seen`` (the last whole month since the first;
        missing where none is whole), ``value`` (so far, a month that is not whole included),
        ``payback_month`` (months since the month of the first order; missing where the cost is not back yet),
        ``is_left_censored``.

    Raises
    ------
    ValueError
        The cost is negative or not finite.

    Examples
    --------
    >>> values = pd.DataFrame({
    ...     "cohort": pd.to_datetime(["2024-01-01"] * 2 + ["2024-02-01"]), "months_since": [0, 1, 0],
    ...     "cohort_size": [2, 2, 1], "value": [7.5, 15.0, 9.0], "is_partial": [False, False, True],
    ...     "is_left_censored": [True, True, False],
    ... })
    >>> payback_table(values, 10)[["cohort", "months_seen", "value", "payback_month"]]
          cohort  months_seen  value  payback_month
    0 2024-01-01          1.0   15.0            1.0
    1 2024-02-01          NaN    9.0            NaN
    """
    check_at_least("acquisition_cost", acquisition_cost, 0)
    last = values.groupby("cohort").last()
    back = values[values["value"] >= acquisition_cost].groupby("cohort")["months_since"].min()
    whole = values[~values["is_partial"]].groupby("cohort")["months_since"].max()
    return pd.DataFrame(
        {
            "cohort": last.index,
            "cohort_size": last["cohort_size"].to_numpy(),
            "months_seen": whole.reindex(last.index).to_numpy(dtype=float),
            "value": last["value"].to_numpy(),
            "payback_month": back.reindex(last.index).to_numpy(dtype=float),
            "is_left_censored": last["is_left_censored"].to_numpy(),
        }
    )


def _check_margin(margin: float) -> None:
    check_at_least("margin", margin, 0)
    if not 0 < margin <= 1:
        raise ValueError(f"margin must be a share of the price above 0 and up to 1; got {plain(margin)!r}")
