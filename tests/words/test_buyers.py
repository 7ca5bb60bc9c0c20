"""Sentences about a product's buyers agree with the figures."""

import dataclasses

import pandas as pd

from shopper_widgets import ShopperModel
from shopper_widgets.words import buyers


def _model(model: ShopperModel, lines: pd.DataFrame) -> ShopperModel:
    return dataclasses.replace(model, lines=lines)


def test_a_segment_drives_a_product_only_where_it_buys_more_of_it_than_of_all(
    small_model: ShopperModel,
) -> None:
    customers, lines = small_model.customers, small_model.lines
    segment = customers["segment"].value_counts().index[0]
    theirs = lines["customer_id"].isin(customers.loc[customers["segment"] == segment, "customer_id"])
    lines = lines.assign(product_id=theirs.map({True: "theirs", False: "others"}))
    table, said = buyers.buyers_of(_model(small_model, lines), "theirs")
    assert table["segment"].tolist() == [segment]
    assert said.startswith(f"{segment} customers drive its demand: they bought 100 % of its units, and ")
    one = lines[~theirs | (lines["customer_id"] == lines.loc[theirs, "customer_id"].iloc[-1])]
    table, said = buyers.buyers_of(_model(small_model, one), "theirs")
    assert table["customers"].tolist() == [1]
    assert said == "1 known customer bought it: too few to tell which segment drives its demand."
    nobody = lines.assign(customer_id=lines["customer_id"].where(~theirs))
    table, said = buyers.buyers_of(_model(small_model, nobody), "theirs")
    assert table["segment"].tolist() == [buyers.UNKNOWN]
    assert said == "0 known customers bought it: too few to tell which segment drives its demand."
    assert buyers.buyers_of(small_model, "theirs")[1] == "Nobody bought it in the last 26 weeks."


def test_a_segment_like_all_others_does_not_drive_anything(small_model: ShopperModel) -> None:
    lines = small_model.lines.assign(product_id="only")
    table, said = buyers.buyers_of(_model(small_model, lines), "only")
    assert (table["unit_share"] - table["usual_share"]).abs().max() < 1e-9
    assert said.startswith(
        f"No segment drives its demand: {table['segment'].iloc[0]} customers bought the most"
    )


def test_the_driving_segment_need_not_be_the_largest(small_model: ShopperModel) -> None:
    customers, lines = small_model.customers, small_model.lines
    small = customers.groupby("segment")["monetary"].sum().idxmin()
    theirs = lines["customer_id"].isin(customers.loc[customers["segment"] == small, "customer_id"])
    # The product gets all purchases of the smallest segment, and a part of all others.
    part = theirs | (pd.util.hash_pandas_object(lines["order_id"], index=False) % 3 == 0)
    lines = lines.assign(product_id=part.map({True: "theirs", False: "others"}))
    table, said = buyers.buyers_of(_model(small_model, lines), "theirs")
    assert table["segment"].iloc[0] != small
    assert said.startswith(f"{small} customers drive its demand: ")


def test_the_money_of_overdue_customers_adds_up(small_model: ShopperModel) -> None:
    table, said = buyers.late_demand(small_model)
    assert len(table) and f"they bought {len(table)} products for £" in said
    late = _model(small_model, small_model.lines.iloc[:0])
    assert "none of them bought a product" in buyers.late_demand(late)[1]


def test_where_returns_leave_nothing_no_share_is_said(small_model: ShopperModel) -> None:
    last = small_model.lines.tail(200).assign(product_id="a")
    back = last.assign(quantity=-last["quantity"])
    lines = pd.concat([last, back, last.assign(product_id="b"), back.assign(product_id="c")])
    model = _model(small_model, lines)
    assert buyers.all_buyers(model)["usual_share"].isna().all()
    assert buyers.buyers_of(model, "a")[1] == "In the last 26 weeks, no units of it are left after returns."
    said = buyers.buyers_of(model, "b")[1]
    assert " customers bought the most, " in said and "all products" not in said
