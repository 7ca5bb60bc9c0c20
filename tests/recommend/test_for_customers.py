"""Recommendations for many customers are those for each one."""

import pandas as pd

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.recommend.for_customers import customer_suggestions, with_suggestions


def test_many_at_once_are_as_one_by_one(small_model: ShopperModel) -> None:
    who = small_model.customers["customer_id"].iloc[[40, 3, 77]].tolist()
    table = customer_suggestions(small_model.recommender, [*who, "nobody"], n=4)
    assert table["customer_id"].unique().tolist() == who
    for customer in who:
        expected = small_model.recommender.recommend(customer, n=4)[["rank", "product_id", "product_name"]]
        of_customer = table[table["customer_id"] == customer].drop(columns="customer_id")
        pd.testing.assert_frame_equal(of_customer.reset_index(drop=True), expected, check_dtype=False)


def test_nobody_is_an_empty_table(small_model: ShopperModel) -> None:
    table = customer_suggestions(small_model.recommender, [], n=4)
    assert table.empty and table.columns.tolist() == ["customer_id", "rank", "product_id", "product_name"]
    customers = small_model.customers.head(2)
    for kind in (str, object):
        wide = with_suggestions(customers, table.astype({"product_id": kind}), 1)
        assert wide["recommendation_1"].tolist() == ["", ""]
    assert "recommendation_1" not in customers
