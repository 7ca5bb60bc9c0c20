"""What is bought again and who is due: planted rhythms, cut-off times, and whether due customers buy."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.journeys.replenishment import (
    DueCheck,
    check_due,
    due_customers,
    replenished_products,
)
from shopper_widgets.model.shopper_model import ShopperModel
from tests.customers.journeys.shops import line, soap_shop


def test_a_planted_rhythm_is_recovered_though_the_end_cuts_times_short() -> None:
    lines = soap_shop()
    soap = replenished_products(lines, days=90).set_index("product_id").loc["SOAP"]
    assert soap["customers"] == 300
    assert soap["again_low"] < 0.7 < soap["again_high"] and abs(soap["again"] - 0.7) < 0.06
    assert abs(soap["median_gap"] - 30) <= 2
    # Plain counting treats customers who began recently as if they had left.
    second = lines[lines["product_id"] == "SOAP"].groupby("customer_id").size().gt(1).mean()
    assert second < soap["again"]


def test_the_time_is_half_of_the_data_at_the_most() -> None:
    lines = soap_shop()
    assert replenished_products(lines).attrs["days"] == 180
    early = lines[lines["ordered_at"] < "2023-05-01"]
    assert replenished_products(early).attrs["days"] == 59
    assert replenished_products(lines, min_customers=301).empty
    assert replenished_products(lines, min_again=10**6).empty


def test_in_a_slow_shop_the_time_is_three_usual_gaps() -> None:
    # Soap lasts for 240 days: within half a year few buy it again, and those few do so early.
    slow = soap_shop()
    start = slow["ordered_at"].min()
    slow["ordered_at"] = start + 8 * (slow["ordered_at"] - start)
    slow = slow[slow["product_id"] == "SOAP"]
    early = replenished_products(slow, days=180)
    assert early["again"].item() < 0.2 and early["median_gap"].item() < 180
    found = replenished_products(slow)
    assert abs(found["again"].item() - 0.7) < 0.06
    assert found.attrs["days"] == pytest.approx(3 * 240, abs=40)
    assert found["product_id"].tolist() == ["SOAP"] and abs(found["median_gap"].item() - 240) <= 16
    due = due_customers(slow, slow["ordered_at"].max())
    assert len(due) > 10 and due["expected_gap"].between(180, 300).all()


def test_being_due_tells_in_a_shop_of_soap_and_not_of_gifts() -> None:
    lines = soap_shop()
    check = check_due(lines[lines["product_id"] == "SOAP"], "2024-01-01")
    assert check.tells and check.bought / check.due > 2 * check.bought_not_due / check.not_due
    of_soap = lines[lines["product_id"] == "SOAP"]
    assert check_due(of_soap, "2024-01-01", products=replenished_products(of_soap)) == check
    assert not check_due(lines[lines["product_id"] == "TOY"], "2024-01-01").tells


def test_who_is_due_is_told_by_their_own_interval() -> None:
    lines = pd.concat(
        [
            soap_shop(),
            # These customers buy every ten days, every ninety days, and once.
            pd.DataFrame([line("often", "SOAP", day) for day in range(300, 345, 10)]),
            pd.DataFrame([line("seldom", "SOAP", day) for day in (90, 180, 270, 350)]),
            pd.DataFrame([line("once", "SOAP", 325)]),
        ]
    )
    due = due_customers(lines, "2023-12-24", min_times=1).set_index(["customer_id", "product_id"])
    often = due.loc[[("often", "SOAP")]].iloc[0]
    assert (often["times"], often["silence"]) == (5, 17)
    assert 10 < often["expected_gap"] < 13.4 and often["amount"] == 10
    assert ("seldom", "SOAP") not in due.index
    # Who bought it once is due by the others' gaps, and only if that is asked for.
    assert due.loc[("once", "SOAP"), "expected_gap"] == pytest.approx(30, abs=3)
    usual = due_customers(lines, "2023-12-24")
    assert "once" not in set(usual["customer_id"]) and (usual["times"] >= 2).all()
    assert usual["due"].between(1, 2).all() and usual["amount"].is_monotonic_decreasing
    # Orders after the moment are not used.
    known = due_customers(lines[lines["ordered_at"] <= "2023-11-01"], "2023-11-01")
    pd.testing.assert_frame_equal(known, due_customers(lines, "2023-11-01"))


def test_online_retail_by_plain_pandas(online_retail_model: ShopperModel) -> None:
    lines = online_retail_model.lines
    products = replenished_products(lines).set_index("product_id")
    known = lines[lines["customer_id"].notna() & lines["is_product"]]
    for product in products.index[:2]:
        days = known[known["product_id"] == product].assign(day=lambda of: of["ordered_at"].dt.normalize())
        by_customer = days.drop_duplicates(["customer_id", "day"]).groupby("customer_id", observed=True)[
            "day"
        ]
        first, second = by_customer.nth(0), by_customer.nth(1)
        who = days["customer_id"]
        first.index, second.index = who[first.index], who[second.index]
        gap = (second.reindex(first.index) - first).dt.days
        room = (pd.Timestamp("2011-12-09") - first).dt.days
        seen = np.minimum(np.minimum(gap.fillna(9999), room), 180)
        left = 1.0
        for t in sorted(seen[gap <= 180].unique()):
            left *= 1 - ((gap == t) & (seen == t)).sum() / (seen >= t).sum()
        assert products.loc[product, "customers"] == len(first)
        assert products.loc[product, "again"] == pytest.approx(1 - left)


@pytest.mark.parametrize(("bought", "is_worth"), [(6, False), (49, False), (50, True)])
def test_a_reminder_is_worth_it_only_where_those_due_buy(bought: int, is_worth: bool) -> None:
    check = DueCheck(pd.Timestamp("2024-01-01"), 20, 1000, bought, 20_000, 20)
    assert check.tells
    assert check.is_worth_reminding is is_worth
    assert not DueCheck(check.at, 20, 1000, 100, 1000, 200).is_worth_reminding


def test_online_retail_looks_back_at_what_came(online_retail_model: ShopperModel) -> None:
    lines, as_of = online_retail_model.lines, online_retail_model.as_of
    check = check_due(lines, as_of)
    assert (check.at, check.days) == (pd.Timestamp("2011-11-23"), 17)
    due = due_customers(lines[lines["ordered_at"] < check.at], check.at)
    came = lines[(lines["ordered_at"] >= check.at) & lines["customer_id"].notna()]
    bought = due.merge(came.astype(str)[["customer_id", "product_id"]].drop_duplicates())
    assert (check.due, check.bought) == (len(due), len(bought))
    assert not check.tells
