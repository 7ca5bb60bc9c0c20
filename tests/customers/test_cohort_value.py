"""The value of new customers agrees with sums made another way, on planted truths and cut-off data."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.cohort_value import cohort_value, payback_table, value_curve
from shopper_widgets.customers.cohorts import cohort_table
from shopper_widgets.model.shopper_model import ShopperModel


def planted(n_months: int, each: int, first: float, later: list[float]) -> pd.DataFrame:
    """Return orders with this many new customers each month, who spend these amounts from their first month
    on.

    The first month also has old customers, who never order again.
    """
    rows, months = [], pd.date_range("2023-01-01", periods=n_months, freq="MS")
    for start in range(n_months):
        for one in range(each):
            spent = [first, *later][: n_months - start]
            rows += [
                (f"c{start:02}-{one}", months[start + k], money) for k, money in enumerate(spent) if money
            ]
    rows += [(f"old-{i}", months[0], 500.0) for i in range(each)]
    # This order makes the last month whole.
    rows.append(("old-0", months[-1] + pd.offsets.MonthEnd(0), 1.0))
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])


def test_planted_spending_is_recovered_however_soon_the_data_end() -> None:
    curve = value_curve(planted(8, 25, 20.0, [10.0, 0.0, 5.0, 5.0]), margin=0.5)
    assert curve["value"].tolist() == pytest.approx([10.0, 15.0, 15.0, 17.5, 20.0])
    assert curve["months_since"].tolist() == list(range(5))
    assert curve["first_month"].tolist() == [10.0] * 5
    # Gaps of up to two months make the first three cohorts old; with each further month, one cohort ends.
    assert curve["customers"].tolist() == [25 * n for n in range(5, 0, -1)]
    assert curve.attrs["is_left_censored"] is False
    # All customers are alike, so that nothing is left to chance.
    assert (curve["high"] - curve["low"]).max() < 1e-9


def test_beside_each_value_stands_the_first_month_of_the_same_customers() -> None:
    """The last cohort spends most: the first month of all has more value than three months of the others."""
    orders = planted(8, 25, 20.0, [10.0, 0.0, 5.0, 5.0])
    late = orders["customer_id"].str.startswith("c07")
    curve = value_curve(orders.assign(amount=orders["amount"].where(~late, 400.0)))
    assert curve["first_month"].tolist() == pytest.approx([(4 * 20 + 400) / 5] + [20.0] * 4)
    assert curve["value"].tolist() == pytest.approx([96.0, 30.0, 30.0, 35.0, 40.0])


def test_an_interval_holds_the_truth_as_often_as_it_says() -> None:
    random, held = np.random.default_rng(0), []
    base = planted(8, 30, 20.0, [10.0, 10.0])
    for _ in range(200):
        spent = base.assign(amount=base["amount"] * random.gamma(0.5, 2.0, len(base)))
        at = value_curve(spent).set_index("months_since").loc[3]
        held.append(bool(at["low"] < 40 < at["high"]))
    assert 183 <= sum(held) <= 199


def test_online_retail_by_plain_sums(online_retail_model: ShopperModel) -> None:
    orders = online_retail_model.orders
    curve = value_curve(orders).set_index("months_since")
    # Customers with a first order from April 2011 on are new; December 2011 is not whole.
    first = orders.groupby("customer_id")["ordered_at"].min()
    # 431 is a fifth of the customers of the first month.
    assert list(curve.index) == list(range(7))
    for k in curve.index:
        new = first[first.between("2011-04-01", pd.Timestamp("2011-12-01") - pd.DateOffset(months=k))]
        until = new.dt.to_period("M").dt.end_time + pd.offsets.MonthEnd(k)
        theirs = orders[orders["customer_id"].isin(new.index)]
        theirs = theirs[theirs["ordered_at"] <= theirs["customer_id"].map(until)]
        each = theirs.groupby("customer_id")["amount"].sum()
        assert curve.loc[k, "customers"] == len(each)
        assert curve.loc[k, "value"] == pytest.approx(each.mean())
        reach = 1.959964 * each.sem() / each.mean()
        assert np.log(curve.loc[k, "high"] / curve.loc[k, "value"]) == pytest.approx(reach)


def test_a_cohort_is_paid_back_in_the_month_that_reaches_its_cost() -> None:
    orders = planted(6, 25, 20.0, [10.0, 0.0, 5.0])
    values = cohort_value(cohort_table(orders), margin=0.5)
    paid = payback_table(values, 17.0).set_index("cohort")
    assert paid.loc["2023-02-01", ["value", "payback_month", "months_seen"]].tolist() == [17.5, 3, 4]
    assert paid["payback_month"].isna().tolist() == [False, False, False, True, True, True]
    assert paid["is_left_censored"].tolist() == [True] * 3 + [False] * 3
    # Half of the first cohort's customers spent 500 in the first month.
    assert paid.loc["2023-01-01", "payback_month"] == 0
    assert (payback_table(values, 0)["payback_month"] == 0).all()


def test_too_few_customers_are_no_average() -> None:
    assert value_curve(planted(4, 6, 20.0, [5.0])).empty
    assert len(value_curve(planted(4, 7, 20.0, [5.0]))) == 1


def test_a_shop_whose_customers_all_began_in_whole_months_has_a_curve() -> None:
    orders = planted(4, 30, 20.0, [5.0])
    only = orders[orders["customer_id"].str.startswith("c00") | (orders["customer_id"] == "old-0")]
    assert value_curve(only)["customers"].tolist() == [31] * 4


@pytest.mark.parametrize("margin", [0, -0.1, 1.5, float("nan"), "0.4"])
def test_a_margin_is_a_share(margin: float) -> None:
    with pytest.raises(ValueError, match="margin must be"):
        value_curve(planted(4, 30, 20.0, [5.0]), margin=margin)


def test_a_cost_is_not_negative() -> None:
    values = cohort_value(cohort_table(planted(4, 30, 20.0, [5.0])))
    with pytest.raises(ValueError, match="acquisition_cost must be at least 0; got -1"):
        payback_table(values, -1)


def test_the_curve_of_those_who_began_on_some_days_is_their_own() -> None:
    orders = planted(8, 25, 20.0, [10.0, 0.0, 5.0, 5.0])
    april = orders["customer_id"].str.startswith("c03")
    orders.loc[april, "amount"] *= 2
    curve = value_curve(orders, began=(dt.date(2023, 4, 1), dt.date(2023, 4, 30)))
    assert curve["value"].tolist() == pytest.approx([40.0, 60.0, 60.0, 70.0, 80.0])
    assert set(curve["customers"]) == {25}
