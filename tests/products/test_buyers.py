"""Which customers' purchases make up a product's demand."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import ShopperModel, bought_by, buyers_by_segment


def test_who_drives_a_product_is_found_where_it_is_planted() -> None:
    """The first of three products gets 7 of 9 lines of one of four segments, and 1 of 3 of all others."""
    random = np.random.default_rng(1)
    n = 4000
    segment = random.choice(["Regular", "New", "At-Risk", ""], n)
    product = random.choice(["p1", "p2", "p3"], n)
    product = np.where((segment == "New") & (random.random(n) < 2 / 3), "p1", product)
    customer = np.char.add(segment, random.integers(0, 50, n).astype(str))
    lines = pd.DataFrame(
        {
            "product_id": product,
            "customer_id": pd.Series(customer).where(segment != ""),
            "ordered_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 100, n), unit="D"),
            "quantity": 1,
            "amount": 2.0,
            "is_product": True,
        }
    )
    customers = pd.DataFrame({"customer_id": np.unique(customer[segment != ""])})
    customers["segment"] = customers["customer_id"].str.rstrip("0123456789")
    table = buyers_by_segment(lines, customers)
    first = table[table["product_id"] == "p1"]
    assert first["segment"].iloc[0] == "New"
    counted = ((product == "p1") & (segment == "New")).sum() / (product == "p1").sum()
    assert first["unit_share"].iloc[0] == counted == pytest.approx(7 / 9 / (7 / 9 + 3 / 3), abs=0.03)
    assert first["usual_share"].iloc[0] == (segment == "New").mean()
    nobody = first[first["segment"].isna()]
    assert nobody["customers"].tolist() == [0] and nobody["unit_share"].iloc[0] > 0.1
    # The order of the lines doesn't matter.
    again = buyers_by_segment(lines.sample(frac=1, random_state=0), customers)
    pd.testing.assert_frame_equal(again, table)


def test_shares_add_up_to_all_that_was_sold(small_model: ShopperModel) -> None:
    table = buyers_by_segment(small_model.lines, small_model.customers, weeks=500)
    assert table.groupby("product_id")["unit_share"].sum().to_numpy() == pytest.approx(1)
    once = table.drop_duplicates("segment")["usual_share"].sum()
    assert once == pytest.approx(1)
    sold = small_model.lines[small_model.lines["is_product"]]
    assert table["quantity"].sum() == sold["quantity"].sum()
    half = buyers_by_segment(small_model.lines, small_model.customers, weeks=13)
    since = sold["ordered_at"].max() - pd.Timedelta(weeks=13)
    assert half["quantity"].sum() == sold.loc[sold["ordered_at"] > since, "quantity"].sum()


def test_what_some_customers_bought_is_their_part_of_each_product(small_model: ShopperModel) -> None:
    ids = small_model.customers["customer_id"].head(20)
    table = bought_by(small_model.lines, ids, weeks=500)
    sold = small_model.lines[small_model.lines["is_product"]]
    theirs = sold[sold["customer_id"].isin(ids)]
    assert table["amount"].sum() == pytest.approx(theirs["amount"].sum())
    assert table["amount"].is_monotonic_decreasing
    row = table.iloc[0]
    of_product = sold[sold["product_id"] == row["product_id"]]
    own = of_product[of_product["customer_id"].isin(ids)]
    assert row["customers"] == own["customer_id"].nunique()
    assert row["unit_share"] == pytest.approx(own["quantity"].sum() / of_product["quantity"].sum())
    assert row["last_bought"] == own["ordered_at"].max()
    everyone = bought_by(small_model.lines, small_model.customers["customer_id"], weeks=500)
    assert (everyone["unit_share"] <= 1 + 1e-9).all()
    assert bought_by(small_model.lines, []).empty


def test_what_is_wrong_is_said(small_model: ShopperModel) -> None:
    lines, customers = small_model.lines, small_model.customers
    with pytest.raises(ValueError, match=r"lines must have the columns .*; amount is missing"):
        buyers_by_segment(lines.drop(columns="amount"), customers)
    with pytest.raises(ValueError, match="customers must have the columns customer_id, segment; segment is"):
        buyers_by_segment(lines, customers[["customer_id"]])
    with pytest.raises(ValueError, match="weeks must be a whole number of at least 1; got 0"):
        bought_by(lines, [], weeks=0)
    with pytest.raises(TypeError, match="customer_ids must be a list of customer ids"):
        bought_by(lines, "12020")
