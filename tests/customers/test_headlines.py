"""Headline figures are those of whole periods, and the parts of a change add up to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.customers.headlines import FACTORS, HEADLINES, MONTHS, comparable_periods, headlines
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture(scope="module")
def two_years() -> ShopperModel:
    orders = make_transactions(n_customers=200, n_products=30, n_days=800, random_state=3)
    return ShopperModel.fit(orders, n_clusters=4, progress=False)


def between(model: ShopperModel, first: str, last: str) -> pd.DataFrame:
    orders = model.orders
    days = orders["ordered_at"].dt.normalize()
    return orders[(days >= first) & (days <= last)]


@pytest.mark.parametrize("compared", list(MONTHS))
def test_figures_are_those_of_the_last_whole_months_and_of_as_many_before(
    two_years: ShopperModel, compared: str
) -> None:
    told = headlines(two_years, compared)
    assert told.compared == compared
    # 800 days from 1 January 2024 end on 10 March 2026, and March is left out.
    assert told.end == pd.Timestamp("2026-02-28")
    assert told.start == told.end + pd.Timedelta(days=1) - pd.DateOffset(months=MONTHS[compared])
    assert told.before_end == told.start - pd.Timedelta(days=1)
    figures = told.figures.set_index("figure")
    assert list(figures.index) == list(HEADLINES)
    for column, first, last in (
        ("value", told.start, told.end),
        ("before", told.before_start, told.before_end),
    ):
        orders = between(two_years, str(first), str(last))
        times = orders.groupby("customer_id")["order_id"].nunique()
        expected = {
            "revenue": orders["amount"].sum(),
            "orders": len(orders),
            "customers": len(times),
            "order_value": orders["amount"].mean(),
            "repeat_rate": (times > 1).mean(),
        }
        for name, value in expected.items():
            assert figures.loc[name, column] == pytest.approx(value), name
    assert np.allclose(figures["change"], figures["value"] - figures["before"])
    latest, before = told.series.iloc[-1], told.series[told.series["end"] == told.before_end]
    assert latest["end"] == told.end and latest["revenue"] == pytest.approx(figures.loc["revenue", "value"])
    assert before.empty or before["revenue"].iloc[0] == pytest.approx(figures.loc["revenue", "before"])
    assert 2 <= len(told.series) <= 12


@pytest.mark.parametrize("compared", list(MONTHS))
def test_the_parts_of_a_change_add_up_to_it(two_years: ShopperModel, compared: str) -> None:
    told = headlines(two_years, compared)
    assert told.tree["factor"].tolist() == list(FACTORS)
    change = told.figures.set_index("figure").loc["revenue", "change"]
    assert told.tree["contribution"].sum() == pytest.approx(change)
    rises = told.tree["value"] > told.tree["before"]
    assert (rises == (told.tree["contribution"] > 0)).all()
    for column in ("value", "before"):
        revenue = told.figures.set_index("figure").loc["revenue", column]
        assert told.tree[column].prod() == pytest.approx(revenue)


def test_revenue_at_risk_is_what_the_overdue_have_spent(two_years: ShopperModel) -> None:
    told = headlines(two_years, "quarter")
    now = overdue_customers(two_years)
    assert told.at_risk["overdue_customers"].iloc[-1] == len(now) > 0
    assert told.at_risk["value_at_risk"].iloc[-1] == pytest.approx(now["value_at_risk"].sum())
    then = two_years.as_of - pd.DateOffset(months=3)
    earlier = ShopperModel.fit(
        make_transactions(n_customers=200, n_products=30, n_days=800, random_state=3),
        n_clusters=4,
        as_of=then,
        progress=False,
    )
    listed = overdue_customers(earlier, min_silence=two_years.short_silence)
    assert told.listed_before == set(listed["customer_id"]) and len(listed) > 0
    assert told.figures.set_index("figure").loc["value_at_risk", "before"] == pytest.approx(
        listed["value_at_risk"].sum()
    )


def test_of_too_few_months_the_figures_are_of_all_orders(small_shop: pd.DataFrame) -> None:
    first = small_shop["ordered_at"].min()
    month = small_shop[small_shop["ordered_at"] < first + pd.Timedelta(days=40)]
    model = ShopperModel.fit(month, n_clusters=2, progress=False)
    assert comparable_periods(model) == []
    told = headlines(model, "year")
    assert told.compared == "" and told.before_start is None and told.tree.empty
    figures = told.figures.set_index("figure")
    assert figures.loc["revenue", "value"] == pytest.approx(model.orders["amount"].sum())
    assert figures.loc["customers", "value"] == len(model.customers)
    assert figures["before"].isna().all()
    assert (told.series["end"].dt.day_of_week == 6).all() and len(told.series) == 5


def test_a_shop_of_one_order_has_figures() -> None:
    lines = pd.DataFrame(
        {
            "order_id": ["1"],
            "customer_id": ["ann"],
            "product_id": ["mug"],
            "ordered_at": pd.to_datetime(["2024-05-05 10:00"]),
            "quantity": [1],
            "unit_price": [4.0],
        }
    )
    told = headlines(ShopperModel.fit(lines, progress=False))
    assert told.figures["value"].tolist()[:5] == [4.0, 1.0, 1.0, 4.0, 0.0]
    assert np.isnan(told.figures["value"].iloc[5])
    assert told.series.empty and told.at_risk.empty


def test_an_unknown_period_is_named(small_model: ShopperModel) -> None:
    with pytest.raises(ValueError, match="compared must be one of"):
        headlines(small_model, "week")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        # The same days a year before if the orders cover them, else the days just before.
        (("2025-11-01", "2025-12-24"), ("2024-11-01", "2024-12-24")),
        (("2024-11-11", "2024-11-20"), ("2024-11-01", "2024-11-10")),
        (("2024-01-01", "2024-03-31"), None),
    ],
)
def test_days_that_are_asked_for_are_compared_with_earlier_ones(
    two_years: ShopperModel, period: tuple[str, str], before: tuple[str, str] | None
) -> None:
    start, end = map(pd.Timestamp, period)
    told = headlines(two_years, period=(start.date(), end.date()))
    figures = told.figures.set_index("figure")
    assert told.compared == "period" and (told.start, told.end) == (start, end)
    assert figures.loc["revenue", "value"] == pytest.approx(between(two_years, *period)["amount"].sum())
    assert told.series["end"].iloc[-1] == end
    assert (told.series["end"].diff().dropna() == end - start + pd.Timedelta(days=1)).all()
    if before is None:
        assert told.before_start is None and figures["before"].isna().all() and told.tree.empty
        return
    assert (told.before_start, told.before_end) == tuple(map(pd.Timestamp, before))
    assert figures.loc["revenue", "before"] == pytest.approx(between(two_years, *before)["amount"].sum())
    assert told.tree["contribution"].sum() == pytest.approx(figures.loc["revenue", "change"])


def test_up_to_the_last_day_revenue_at_risk_is_that_of_the_present(two_years: ShopperModel) -> None:
    last = two_years.lines["ordered_at"].max().date()
    told = headlines(two_years, period=(last - pd.Timedelta(days=89), last))
    now = overdue_customers(two_years)["value_at_risk"].sum()
    assert told.figures.set_index("figure").loc["value_at_risk", "value"] == pytest.approx(now)
