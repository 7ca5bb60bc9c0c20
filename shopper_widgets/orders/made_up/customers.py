"""Who buys in the made-up shop, and when."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .drawing import Floats, Ints, pick, pick_by_weight

OPENING_DAY = np.datetime64("2024-01-01", "D")
#: Times are whole minutes since the shop opened.
DAY = 24 * 60

COUNTRIES = {
    "United Kingdom": 0.80,
    "Ireland": 0.045,
    "Germany": 0.04,
    "France": 0.035,
    "Netherlands": 0.02,
    "Belgium": 0.015,
    "Spain": 0.013,
    "Sweden": 0.01,
    "Switzerland": 0.008,
    "Portugal": 0.006,
    "Norway": 0.005,
    "USA": 0.003,
}

# How busy the shop is.
_MONTHS = (0.75, 0.75, 0.85, 0.90, 0.95, 0.90, 0.85, 0.90, 1.10, 1.30, 1.60, 1.25)
_WEEKDAYS = (1.05, 1.05, 1.05, 1.20, 1.00, 0.65, 0.85)  # Monday first
_HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 6, 9, 11, 12, 13, 12, 11, 10, 8, 6, 5, 6, 5, 3, 1, 0)


class Kind(NamedTuple):
    """A kind of customer: orders come as a gamma-Poisson process until the customer stays away for good."""

    share: float
    gap: float  # mean days between orders
    spread: float  # shape of the gamma law from which each customer's rate is drawn
    life: float  # mean days as a customer
    basket: float  # mean lines per order
    variety: float  # concentration of a Dirichlet law: from how many families they buy


KINDS = (
    Kind(share=0.04, gap=26, spread=3.0, life=1100, basket=13, variety=0.6),  # trade
    Kind(share=0.21, gap=45, spread=4.0, life=1000, basket=8.5, variety=0.3),  # loyal
    Kind(share=0.48, gap=140, spread=2.5, life=500, basket=6, variety=0.2),  # now and then
    Kind(share=0.27, gap=200, spread=1.0, life=60, basket=4.5, variety=0.15),  # passing by
)
TRADE = 0
_PASSING_BY = 3
_GUESTS_PER_ORDER = 0.42


class Customers(NamedTuple):
    """Known customers first, then guests, who come once and have no id."""

    n_known: int
    kind: Ints
    country: Ints
    taste: Floats  # cumulative share of each family, shape (n_customers, n_families)


class Orders(NamedTuple):
    """Orders, with the customer and the time of each."""

    customer: Ints
    minute: Ints


def _calendar(n_days: int) -> Floats:
    """Return the cumulative business at the start of each day and at the end, shape (n_days + 1,)."""
    days = OPENING_DAY + np.arange(n_days)
    month = month_of(np.arange(n_days))
    weekday = (days.astype(np.int64) + 3) % 7  # day 0 of datetime64 was a Thursday
    day_of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    busy = np.take(_MONTHS, month) * np.take(_WEEKDAYS, weekday)
    busy[(month == 11) & (day_of_month >= 24)] *= 0.35
    busy[(month == 11) & np.isin(day_of_month, (25, 26))] *= 0.1
    return np.concatenate([[0.0], np.cumsum(busy)])


def month_of(day: Ints) -> Ints:
    """Return the month (0 to 11) of days counted from the opening."""
    return (OPENING_DAY + day).astype("datetime64[M]").astype(np.int64) % 12


def customers_and_orders(
    n_customers: int, n_families: int, n_days: int, rng: np.random.RandomState
) -> tuple[Customers, Orders]:
    """Draw everyone who buys within `n_days`; each of the `n_customers` orders at least once."""
    calendar = _calendar(n_days)
    end = calendar[-1]
    traits = np.array(KINDS)
    kind = pick_by_weight(rng, traits[:, 0], n_customers)
    _, gap, spread, life, _, _ = traits[kind].T
    rate = rng.standard_gamma(spread) / (spread * gap)
    # Many were customers before the books begin, so that more first orders are early.
    first = end * rng.random_sample(n_customers) ** 1.8
    last = np.minimum(first + rng.standard_exponential(n_customers) * life, end)
    again = np.repeat(np.arange(n_customers), rng.poisson(rate * (last - first)))
    # Orders are spread evenly over cumulative business, not over days: this gives seasons and weekdays.
    at_again = first[again] + rng.random_sample(len(again)) * (last - first)[again]
    n_guests = round(_GUESTS_PER_ORDER * (n_customers + len(again)))
    at = np.concatenate([first, at_again, end * rng.random_sample(n_guests)])
    customer = np.concatenate([np.arange(n_customers), again, n_customers + np.arange(n_guests)])
    day = np.clip(np.searchsorted(calendar, at, side="right") - 1, 0, n_days - 1)
    hour = pick_by_weight(rng, np.array(_HOURS, dtype=float), len(at))
    minute = day * DAY + hour * 60 + pick(rng, 60, len(at))

    kind = np.concatenate([kind, np.full(n_guests, _PASSING_BY)])
    # Gamma draws ÷ their sum follow a Dirichlet law; the tiny number keeps the sum above zero.
    taste = rng.standard_gamma(traits[kind, 5][:, None], (len(kind), n_families)) + 1e-9
    taste = np.cumsum(taste, axis=1)
    country = pick_by_weight(rng, np.array(list(COUNTRIES.values())), len(kind))
    customers = Customers(n_customers, kind, country, taste / taste[:, -1:])
    by_time = np.argsort(minute, kind="stable")
    return customers, Orders(customer[by_time], minute[by_time])
