"""Kept columns in the segments' profiles."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import ShopperModel, segment_mix
from shopper_widgets.segments.mix import OTHERS


def _kept(model: ShopperModel) -> pd.DataFrame:
    """Return lines with a channel: one segment only buys on the web, all others every second order."""
    segment = (
        model.lines["customer_id"]
        .astype("object")
        .map(model.customers.set_index("customer_id")["segment"].to_dict())
    )
    even = pd.util.hash_pandas_object(model.lines["order_id"].astype("str"), index=False) % 2 == 0
    web = (segment == "New") | even
    return model.lines.assign(channel=np.where(web, "web", "store"))


def test_a_planted_channel_is_found_in_its_segment(small_model: ShopperModel) -> None:
    table = segment_mix(_kept(small_model), small_model.customers, "channel").set_index(["segment", "value"])
    assert table.loc[("New", "web"), "revenue_share"] == 1
    assert table.loc[("New", "web"), "share"] == 1
    assert ("New", "store") not in table.index
    others = table.drop("New")["revenue_share"]
    assert others.between(0.15, 0.85).all()


def test_shares_add_up_and_rows_may_come_in_any_order(small_model: ShopperModel) -> None:
    lines = _kept(small_model)
    table = segment_mix(lines, small_model.customers, "channel")
    assert table.groupby("segment")["revenue_share"].sum().to_numpy() == pytest.approx(1)
    assert table.drop_duplicates("value")["usual_share"].sum() == pytest.approx(1)
    known = lines["customer_id"].isin(small_model.customers["customer_id"])
    assert table["revenue"].sum() == pytest.approx(lines.loc[known, "amount"].sum())
    spent = small_model.customers.groupby("segment")["monetary"].sum()
    assert table.groupby("segment")["revenue"].sum().to_numpy() == pytest.approx(spent.to_numpy())
    again = segment_mix(lines.sample(frac=1, random_state=1), small_model.customers, "channel")
    pd.testing.assert_frame_equal(again, table)


def test_intervals_of_shares_hold_what_was_planted() -> None:
    """Customers have very different spend and different preferences, drawn 400 times."""
    random = np.random.default_rng(11)
    shape = (400, 200)
    spend, taste = random.lognormal(3, 1, shape).ravel(), random.beta(2, 3, shape).ravel()
    ids = np.arange(spend.size).astype("str")
    lines = pd.DataFrame(
        {
            "customer_id": np.tile(ids, 2),
            "amount": np.r_[spend * taste, spend * (1 - taste)],
            "channel": np.repeat(["web", "store"], spend.size),
        }
    )
    customers = pd.DataFrame({"customer_id": ids, "segment": np.arange(400).repeat(200).astype("str")})
    table = segment_mix(lines, customers, "channel")
    web = table[table["value"] == "web"]
    held = ((web["revenue_share"] - 0.4).abs() < 1.96 * web["error"]).mean()
    assert 0.92 <= held <= 0.975


def test_the_largest_values_are_told_apart_and_missing_ones_stand_last(small_model: ShopperModel) -> None:
    lines = small_model.lines.assign(shop=lambda t: t["product_id"].astype("object"))
    lines.loc[lines.index[::5], "shop"] = None
    table = segment_mix(lines, small_model.customers, "shop", n=3)
    for _, own in table.groupby("segment"):
        assert len(own) <= 5
        assert own["value"].isna().tolist() == [False] * (len(own) - 1) + [True]
        assert own["value"].iloc[-2] == OTHERS
    largest = lines[lines["customer_id"].isin(small_model.customers["customer_id"])].groupby("shop")["amount"]
    assert set(table["value"].dropna()) == {*largest.sum().nlargest(3).index, OTHERS}


def test_numbers_and_truth_values_are_values_too(small_model: ShopperModel) -> None:
    lines = small_model.lines.assign(gift=lambda t: t["quantity"] > 2, till=lambda t: t["quantity"] % 3)
    assert set(segment_mix(lines, small_model.customers, "gift")["value"]) == {True, False}
    assert set(segment_mix(lines, small_model.customers, "till")["value"]) == {0, 1, 2}


def test_a_column_that_was_not_kept_is_named_with_what_keeps_it(small_model: ShopperModel) -> None:
    with pytest.raises(ValueError, match=r"channel is missing\. ShopperModel\.fit\(…, keep=\[…\]\) keeps"):
        segment_mix(small_model.lines, small_model.customers, "channel")
    with pytest.raises(ValueError, match="n must be a whole number of at least 1"):
        segment_mix(_kept(small_model), small_model.customers, "channel", n=0)


def test_floats_that_returns_leave_are_no_spend() -> None:
    lines = pd.DataFrame({"customer_id": ["a"] * 3, "amount": [0.1, 0.2, -0.3], "channel": ["x", "x", "y"]})
    table = segment_mix(lines, pd.DataFrame({"customer_id": ["a"], "segment": ["New"]}), "channel")
    assert table[["revenue_share", "error", "usual_share"]].isna().all(axis=None)
