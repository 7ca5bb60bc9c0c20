"""ABC by revenue and XYZ by regularity."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import product_classes
from tests.demand_shops import SHOPS, as_demand, shop


def test_online_retail(online_retail_demand: pd.DataFrame) -> None:
    """The classes are of the last 26 weeks, for products that sold in at least two of them."""
    found = product_classes(online_retail_demand)
    assert found["regularity"].value_counts().to_dict() == {
        "smooth": 354,
        "erratic": 1068,
        "intermittent": 721,
        "lumpy": 1071,
        "rare": 151,
        "inactive": 420,
    }
    assert found.groupby("abc")["share"].sum().round(2).to_dict() == {"A": 0.80, "B": 0.15, "C": 0.05}


def test_each_kind_is_told() -> None:
    weeks = 26
    every_third = (np.arange(weeks) % 3 == 0).astype(int)
    sizes = np.where(np.arange(weeks) % 5 == 0, 50, 2)
    units = np.array(
        [np.full(weeks, 5), sizes, 5 * every_third, sizes * every_third, np.eye(weeks, dtype=int)[3] * 5]
    )
    found = product_classes(as_demand(units)).set_index("product_id")
    kinds = ["smooth", "erratic", "intermittent", "lumpy", "rare"]
    assert found["regularity"].sort_index().tolist() == kinds
    assert found["xyz"].sort_index().tolist() == ["X", "Y", "Y", "Z", "Z"]
    assert found.loc["p0002", "adi"] == pytest.approx(26 / 9)
    old = product_classes(as_demand(np.hstack([units, np.eye(5, 26, dtype=int)[::-1]])), recent_weeks=26)
    assert set(old["regularity"]) == {"rare"}


@pytest.mark.parametrize("name", SHOPS)
def test_shares_add_up_and_fall_from_a_to_c(name: str) -> None:
    demand = shop(name)
    found = product_classes(demand)
    assert found["share"].sum() == pytest.approx(1)
    assert found["abc"].tolist() == sorted(found["abc"])
    assert found["revenue"].is_monotonic_decreasing
    a = found[found["abc"] == "A"]["share"]
    assert a.sum() >= 0.8 - 1e-9
    # Products of equal revenue are in the class together.
    assert a[a > a.min() + 1e-12].sum() < 0.8
    pd.testing.assert_frame_equal(found, product_classes(demand.sample(frac=1, random_state=0)))


def test_products_of_equal_revenue_are_in_one_class() -> None:
    found = product_classes(as_demand(np.full((10, 30), 3)))
    assert set(found["abc"]) == {"A"}
    with pytest.raises(ValueError, match="recent_weeks must be"):
        product_classes(as_demand(np.full((10, 30), 3)), recent_weeks=0)
