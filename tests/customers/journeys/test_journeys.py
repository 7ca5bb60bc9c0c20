"""Entry products and next steps agree with planted truths, and with plain sums over the real shop."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.starts import new_starts
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from tests.customers.journeys.shops import journey_shop, line


def test_planted_journeys_are_recovered() -> None:
    lines = journey_shop()
    starts = new_starts(lines, days=60)
    # Nine gaps in ten are at most 50 days: customers who begin later are new, and the old ones never are.
    assert len(starts) == 240 and starts.until == pd.Timestamp("2023-11-02")
    entry = entry_products(lines, starts=starts).set_index("product_id")
    assert entry["customers"].to_dict() == {"PA": 120, "PD": 240, "PC": 120}
    # Three in four with A first come back, after 20 days for 40 and after 50 for 5; postage is no product.
    assert entry.loc["PA", "came_back"] == pytest.approx(90 / 120)
    assert entry.loc["PA", "later_value"] == pytest.approx(45 * 90 / 120)
    # Customers who begin with C come back only after 70 days, which is too late for all of them.
    assert entry.loc["PC", ["came_back", "later_value"]].tolist() == [0, 0]
    assert entry.attrs["came_back"] == pytest.approx(90 / 240)
    longer = entry_products(lines, days=65).set_index("product_id")
    assert longer.loc["PC", "came_back"] == 0
    assert entry_products(lines, days=70).set_index("product_id").loc["PC", "came_back"] == pytest.approx(
        24 / 118
    )


def test_those_who_began_on_some_days_are_followed_alone() -> None:
    lines = journey_shop()
    days = dt.date(2023, 5, 1), dt.date(2023, 8, 31)
    starts, every = new_starts(lines, days=60, began=days), new_starts(lines, days=60)
    first = lines.groupby("customer_id")["ordered_at"].min().dt.normalize()
    assert len(starts) == first.between("2023-05-01", "2023-08-31").sum() > 0
    assert (starts.since, starts.until) == tuple(map(pd.Timestamp, days)) and len(starts) < len(every)
    with pytest.raises(
        TooLittleDataError, match="No customer from 1 Dec 2023 to 5 Dec 2023 can be followed for 60"
    ):
        new_starts(lines, days=60, began=(dt.date(2023, 12, 1), dt.date(2023, 12, 5)))


def test_a_planted_step_is_found_with_its_days_and_beside_others() -> None:
    steps = product_steps(journey_shop(), days=60).set_index(["product_id", "next_id"])
    step = steps.loc[[("PA", "PB")]].iloc[0]
    assert step[["customers", "support", "share", "other_share", "days_between"]].tolist() == [
        120, 90, 0.75, 0.0, 20.0,
    ]  # fmt: skip
    assert step["lift"] == pytest.approx(2) and step["lift_low"] > 1 and step["is_sure"]
    # D is in every first order, which says nothing; E is bought on the third day, which is no next step.
    assert steps.loc[("PD", "PB"), "lift"] == pytest.approx(1) and not steps.loc[("PD", "PB"), "is_sure"]
    assert "PE" not in steps.index.get_level_values("next_id")


def test_too_few_are_not_told() -> None:
    lines = journey_shop()
    assert entry_products(lines, min_customers=121)["product_id"].tolist() == ["PD"]
    assert product_steps(lines, days=60, min_support=91).empty
    with pytest.raises(TooLittleDataError, match="followed for 400 days"):
        entry_products(lines, days=400)
    with pytest.raises(TooLittleDataError, match="No line has a customer"):
        entry_products(lines.assign(customer_id=None))
    with pytest.raises(ValueError, match="days must be a whole number"):
        entry_products(lines, days=0)
    with pytest.raises(ValueError, match="is_product is missing"):
        entry_products(lines.drop(columns="is_product"))


def test_who_began_too_late_is_left_out_whether_they_came_back_or_not() -> None:
    late = pd.DataFrame([line("late", "PA", 340), line("late", "PB", 341)])
    both = pd.concat([journey_shop(), late])
    pd.testing.assert_frame_equal(entry_products(both, days=60), entry_products(journey_shop(), days=60))


def test_online_retail_by_plain_pandas(online_retail_model: ShopperModel) -> None:
    lines = online_retail_model.lines
    known = lines[lines["customer_id"].notna()].astype({"customer_id": str, "product_id": str})
    known = known.assign(day=known["ordered_at"].dt.normalize())
    first = known.groupby("customer_id")["day"].min()
    new = first[(first >= "2011-03-23") & (first <= "2011-09-10")]
    entry = entry_products(lines).set_index("product_id")
    assert entry.attrs["customers"] == len(new)
    theirs = known[known["customer_id"].isin(new.index)].copy()
    theirs["age"] = (theirs["day"] - theirs["customer_id"].map(new)).dt.days
    later = theirs[theirs["age"].between(1, 90)]
    spent = later.groupby("customer_id")["amount"].sum().reindex(new.index, fill_value=0.0)
    assert entry.attrs["later_value"] == pytest.approx(spent.mean())
    began = theirs[(theirs["age"] == 0) & theirs["is_product"]]
    steps = product_steps(lines)
    for product in entry.index[:3]:
        who = began.loc[began["product_id"] == product, "customer_id"].unique()
        assert entry.loc[product, "customers"] == len(who)
        assert entry.loc[product, "later_value"] == pytest.approx(spent[who].mean())
        assert entry.loc[product, "came_back"] == pytest.approx(np.isin(who, later["customer_id"]).mean())
    second = later.groupby("customer_id")["age"].min()
    next_day = later[later["age"] == later["customer_id"].map(second)]
    for step in steps.head(3).to_dict("records"):
        who = set(began.loc[began["product_id"] == step["product_id"], "customer_id"])
        took = who & set(next_day.loc[next_day["product_id"] == step["next_id"], "customer_id"])
        assert (step["customers"], step["support"]) == (len(who), len(took))
        assert step["days_between"] == second[list(took)].median()
