"""Discounts: how many more customers must order for a discount to pay, by segment."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from shopper_widgets._support.checks import check_count, plain
from shopper_widgets._support.formatting import format_day
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT, SEGMENT
from shopper_widgets.errors import TooLittleDataError

#: The most past dates from which a rate is taken: the newest ones.
MOST_DATES = 6
#: With fewer customers on past dates, no rate is given for a segment.
FEWEST = 30
_WITHIN = 1.959964  # standard errors to each end of a 95 % interval


def order_rates(history: pd.DataFrame, orders: pd.DataFrame, *, days: int = 30) -> pd.DataFrame:
    """Estimate the share of each segment that orders within some days anyway, from past dates.

    Parameters
    ----------
    history : pandas.DataFrame
        What :func:`~shopper_widgets.segment_history` returns: who was in which segment, by the orders up to
        then. Dates after which fewer than `days` are known, and whose month is partial, are left out; of the
        others the newest six count.
    orders : pandas.DataFrame
        ``customer_id, ordered_at, amount``, as ``ShopperModel.orders``.
    days : int, default 30
        How long after each date.

    Returns
    -------
    pandas.DataFrame
        One row per segment, highest rate first: ``segment, dates, seen`` (customers, each counted once a
        date), ``rate, rate_low, rate_high`` (95 % interval; a customer who is seen on several dates counts as
        one), ``rate_least, rate_most`` (of a single date), ``basket`` (what a customer who ordered spent
        within the days). Rates of fewer than 30 customers seen are missing.

    Raises
    ------
    TooLittleDataError
        No date of the history has so many days of orders after it.

    Notes
    -----
    The standard error of the rate, a ratio of sums over customers, is clustered by customer (Cameron and
    Miller 2015, doi 10.3368/jhr.50.2.317). Dates differ by more than chance where the season moves: the range
    of the single dates shows by how much.

    Examples
    --------
    >>> history = pd.DataFrame({"customer_id": [f"c{i}" for i in range(40)], "segment": ["Regular"] * 40,
    ...     "date": pd.to_datetime(["2024-01-31"] * 40), "is_partial": [False] * 40})
    >>> orders = pd.DataFrame({"customer_id": ["c1", "c2", "c2", "c3"], "amount": [5.0, 8.0, 2.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2024-02-03", "2024-02-04", "2024-02-05", "2024-03-15"])})
    >>> order_rates(history, orders)[["segment", "seen", "rate", "basket"]]
       segment  seen  rate  basket
    0  Regular    40  0.05     7.5
    """
    check_count("days", days)
    span = pd.Timedelta(days=days)
    last = orders[ORDERED_AT].max()
    known = history[~history["is_partial"]]
    dates = sorted(date for date in known["date"].unique() if date + span <= last)[-MOST_DATES:]
    if not dates:
        told = gettext(
            "the orders end on {last}, so no month-end has {days} days of orders after it. Take fewer days, "
            "or orders over a longer time.",
            days=days,
            last=format_day(last),
        )
        raise TooLittleDataError(f"days: {told}", told=told)
    seen = pd.concat([_after(known[known["date"] == date], orders, date, span) for date in dates])
    rows = [_rate(segment, of) for segment, of in seen.groupby(SEGMENT, sort=True)]
    table = pd.DataFrame(rows).assign(dates=len(dates))
    return table.sort_values(["rate", SEGMENT], ascending=[False, True], ignore_index=True)[
        [SEGMENT, "dates", "seen", "rate", "rate_low", "rate_high", "rate_least", "rate_most", "basket"]
    ]


def _after(then: pd.DataFrame, orders: pd.DataFrame, date: pd.Timestamp, span: pd.Timedelta) -> pd.DataFrame:
    """Return whether each customer of a date ordered within the days after it, and the spend."""
    within = orders[(orders[ORDERED_AT] > date) & (orders[ORDERED_AT] <= date + span)]
    spent = within.groupby(CUSTOMER_ID)[AMOUNT].sum()
    return pd.DataFrame(
        {
            CUSTOMER_ID: then[CUSTOMER_ID],
            SEGMENT: then[SEGMENT],
            "date": date,
            "ordered": then[CUSTOMER_ID].isin(spent.index),
            "spent": then[CUSTOMER_ID].map(spent).fillna(0.0),
        }
    )


def _rate(segment: object, seen: pd.DataFrame) -> dict[str, object]:
    ordered = int(seen["ordered"].sum())
    basket = float(seen["spent"].sum() / ordered) if ordered else np.nan
    told: dict[str, object] = {SEGMENT: segment, "seen": len(seen), "basket": basket}
    if len(seen) < FEWEST:
        names = ("rate", "rate_low", "rate_high", "rate_least", "rate_most")
        return told | dict.fromkeys(names, np.nan)
    rate = ordered / len(seen)
    of = seen.groupby(CUSTOMER_ID)["ordered"].agg(["sum", "size"])
    clusters = len(of)
    scores = ((of["sum"] - rate * of["size"]) ** 2).sum() * clusters / (clusters - 1)
    # If nobody or everybody ordered, there is no spread to measure: the rule of three applies.
    wide = max(_WITHIN * float(np.sqrt(scores)) / len(seen), 3 / clusters if ordered in (0, len(seen)) else 0)
    by_date = seen.groupby("date")["ordered"].mean()
    return told | {
        "rate": rate,
        "rate_low": max(rate - wide, 0.0),
        "rate_high": min(rate + wide, 1.0),
        "rate_least": float(by_date.min()),
        "rate_most": float(by_date.max()),
    }


def discount_table(
    rates: pd.DataFrame,
    customers: pd.DataFrame,
    *,
    margin: float,
    discount: float,
    contact_cost: float = 0.0,
    guess: float | None = None,
    power: float = 0.8,
) -> pd.DataFrame:
    """Return the break-even of a discount in each segment, and the size of a test.

    Parameters
    ----------
    rates : pandas.DataFrame
        What :func:`order_rates` returns.
    customers : pandas.DataFrame
        ``customer_id, segment``, as ``ShopperModel.customers``: who could be contacted now.
    margin : float
        Share of the full price that is left after costs of the goods, above 0 and up to 1.
    discount : float
        Share of the full price that is taken off, above 0 and below 1.
    contact_cost : float, default 0
        Cost of writing to one customer, in the currency of the orders.
    guess : float, optional
        By what factor you expect the share who order to rise: 1.2 is a fifth more.
    power : float, default 0.8
        Probability that a test with two equal arms detects an effect that just breaks even, at 5 % false
        alarms.

    Returns
    -------
    pandas.DataFrame
        One row per segment of `rates`, with its ``segment, customers, rate, rate_low, rate_high, basket`` and

        - ``break_even``: the share who must order, ``rate·m/(m − d) + cost/(basket·(m − d))``; missing where
          more than everybody would have to, or the discount is no less than the margin: it never pays; and
          where nobody orders anyway, so that no basket is known,
        - ``lift_needed``: by what factor the share must rise,
        - ``given_away``: money off for those who would have ordered anyway, if the whole segment is written
          to,
        - ``result_no_lift, result_no_lift_low, result_no_lift_high``, the last two from the rate's interval:
          margin gained if no more customers order, which is a loss; at the break-even it is 0,
        - ``result_guess``: the same if the guess is true; missing without one,
        - ``per_arm``: customers that each arm of a test needs, ``arm``, how many there are, and ``waves``: in
          how many such periods, one after the other, a test would give an answer.

    Raises
    ------
    ValueError
        A share or cost is out of range.

    Notes
    -----
    The basket is taken to stay as large as it is, at full price; buying earlier instead of more is not
    counted, so that the true requirement is higher, never lower. Customers per arm: two proportions, unpooled
    variance, ``(z₀.₉₇₅ + z_power)² · (p₀q₀ + p₁q₁) / (p₁ − p₀)²`` (Fleiss, Levin and Paik 2003, section 4.2,
    without continuity correction).

    Examples
    --------
    >>> rates = pd.DataFrame({"segment": ["High-Value"], "rate": [0.541], "rate_low": [0.52],
    ...                       "rate_high": [0.56], "basket": [500.0]})
    >>> customers = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["High-Value"] * 3})
    >>> table = discount_table(rates, customers, margin=0.4, discount=0.1)
    >>> table[["break_even", "per_arm", "arm"]].round(3).values.tolist()
    [[0.721, 109.0, 1.0]]
    """
    _check_share("margin", margin, 1.0)
    _check_share("discount", discount, 1.0, whole=False)
    _check_number("contact_cost", contact_cost)
    _check_share("power", power, 1.0, whole=False)
    if guess is not None:
        _check_number("guess", guess)
    there = customers.groupby(SEGMENT)[CUSTOMER_ID].nunique()
    table = rates[[SEGMENT, "rate", "rate_low", "rate_high", "basket"]].copy()
    table.insert(1, "customers", table[SEGMENT].map(there).fillna(0).astype(int))
    left = margin - discount
    rate, basket, n = table["rate"], table["basket"], table["customers"]
    needed = (rate * margin + contact_cost / basket) / left if left > 0 else rate * np.nan
    table["break_even"] = needed.where(needed <= 1)
    table["lift_needed"] = (table["break_even"] / rate).where(rate > 0)
    # Where nobody orders, the basket is not known, and nothing is spent.
    spent = (rate * basket).where(rate != 0, 0.0)
    table["given_away"] = n * spent * discount
    for name, at in (("", "rate"), ("_low", "rate_high"), ("_high", "rate_low")):
        off = (table[at] * basket * discount).where(table[at] != 0, 0.0)
        table[f"result_no_lift{name}"] = -n * (off + contact_cost)
    factor = np.nan if guess is None else guess
    after = ((rate * factor).clip(upper=1.0) * basket).where(rate * factor != 0, 0.0)
    table["result_guess"] = n * (after * left - contact_cost - spent * margin)
    table["per_arm"] = customers_per_arm(rate, table["break_even"], power=power)
    table["arm"] = n // 2
    table["waves"] = (table["per_arm"] / table["arm"].where(table["arm"] > 0)).apply(np.ceil)
    return table


def cheapest_test(table: pd.DataFrame, *, discount: float, contact_cost: float = 0.0) -> pd.DataFrame:
    """Return the cost of a test of the discount in each segment, cheapest first.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`discount_table` returns for the discount.
    discount, contact_cost : float
        As given there.

    Returns
    -------
    pandas.DataFrame
        ``segment, per_arm, waves, cost``: money off and contacts for the arm that is contacted, where the
        discount just breaks even. Segments in which no test could tell, since it never pays, are left out.

    Examples
    --------
    >>> table = pd.DataFrame({"segment": ["A", "B"], "break_even": [0.5, 0.2], "basket": [100.0, 100.0],
    ...                       "per_arm": [50.0, 90.0], "waves": [1.0, 2.0]})
    >>> cheapest_test(table, discount=0.1)[["segment", "cost"]].values.tolist()
    [['B', 180.0], ['A', 250.0]]
    """
    tested = table[table["waves"].notna()].copy()
    off = tested["break_even"] * tested["basket"] * discount
    tested["cost"] = tested["per_arm"] * (off + contact_cost)
    ordered = tested.sort_values(["cost", SEGMENT], ignore_index=True)
    return ordered[[SEGMENT, "per_arm", "waves", "cost"]]


def customers_per_arm(
    before: pd.Series[float], after: pd.Series[float], *, power: float = 0.8
) -> pd.Series[float]:
    """Return how many customers each of two arms needs to distinguish two shares: see `discount_table`."""
    needed = (float(ndtri(0.975)) + float(ndtri(power))) ** 2
    variance = before * (1 - before) + after * (1 - after)
    return (needed * variance / ((after - before) ** 2).where(after > before)).apply(np.ceil)


def _check_share(name: str, value: float, most: float, *, whole: bool = True) -> None:
    """Raise ValueError unless a value is a share above 0, and at most or below `most`."""
    if isinstance(value, bool) or not 0 < value <= most or (value == most and not whole):
        upper = f"up to {most:g}" if whole else f"below {most:g}"
        raise ValueError(f"{name} must be a share above 0 and {upper}, such as 0.4; got {plain(value)!r}.")


def _check_number(name: str, value: float) -> None:
    if isinstance(value, bool) or not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a number from 0 on; got {plain(value)!r}.")
