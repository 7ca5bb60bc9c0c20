"""Prices that are slips are found, and nothing where prices only vary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import TooLittleDataError, clean_transactions, read_transactions, unusual_prices
from tests.real_data import real_data


def _lines(prices: list[float], product: str = "P") -> pd.DataFrame:
    n = len(prices)
    return pd.DataFrame(
        {
            "order_id": [f"{product}{row}" for row in range(n)],
            "customer_id": "a",
            "ordered_at": pd.Timestamp("2024-01-01"),
            "product_id": product,
            "product_name": product,
            "is_product": True,
            "quantity": 2,
            "unit_price": prices,
            "amount": 2 * np.array(prices),
        }
    )


def test_a_price_of_ten_times_or_a_tenth_is_told_with_what_it_moves() -> None:
    lines = pd.concat([_lines([10.0] * 30 + [100.0, 99.0, 1.0]), _lines([5.0] * 10 + [500.0], "rare")])
    found = unusual_prices(lines)
    assert found["order_id"].tolist() == ["P30", "P32"]
    assert found["usual_price"].tolist() == [10, 10]
    assert found["difference"].tolist() == [180, -18]
    assert unusual_prices(lines, min_share=0.05)["order_id"].tolist() == ["P30"]
    assert unusual_prices(lines, times=9.9)["order_id"].tolist() == ["P30", "P31", "P32"]


def test_services_are_left_out_since_they_have_no_usual_price() -> None:
    services = _lines([10.0] * 30 + [900.0], "POST").assign(is_product=False)
    assert unusual_prices(pd.concat([_lines([10.0] * 30), services])).empty
    with pytest.raises(TooLittleDataError):
        unusual_prices(services)


def test_a_product_that_often_costs_a_tenth_has_no_usual_price() -> None:
    assert unusual_prices(_lines([1.0] * 15 + [100.0] * 15)).empty  # no line has the median, 50.50
    assert unusual_prices(_lines([10.0] * 26 + [0.5] * 4)).empty
    assert len(unusual_prices(_lines([10.0] * 27 + [0.5] * 3))) == 3


def test_prices_that_vary_are_not_unusual() -> None:
    prices = np.random.default_rng(0).lognormal(3, 0.5, 5_000)
    assert unusual_prices(_lines(list(prices))).empty


@pytest.mark.parametrize(("parameter", "value"), [("times", 0.5), ("min_share", -1)])
def test_limits_that_say_nothing_are_refused(parameter: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{parameter} must be at least"):
        unusual_prices(_lines([10.0] * 30), **{parameter: value})


def test_online_retail_has_one_price_that_makes_a_best_seller() -> None:
    """60 wicker baskets at £649.50 each: the customer placed two such orders within minutes."""
    lines = clean_transactions(read_transactions(real_data("online_retail.csv.gz")), returns="net").all_sales
    found = unusual_prices(lines)
    assert found["order_id"].tolist() == ["556444"]
    row = found.iloc[0]
    assert (row["product_id"], row["quantity"], row["price"]) == ("22502", 60, 649.5)
    assert row["usual_price"] < 10 and row["difference"] > 38_000
