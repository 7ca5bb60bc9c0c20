"""Service levels by class of products."""

import pandas as pd
import pytest

from shopper_widgets import DemandForecaster, product_classes, service_levels, stock_plan
from tests.demand_shops import shop


def test_the_narrower_class_goes_first() -> None:
    classes = pd.DataFrame({"product_id": list("abcd"), "abc": list("AABC"), "xyz": list("XZZZ")})
    levels = {"AX": 0.99, "A": 0.98, "Z": 0.8, "BZ": 0.5}
    assert service_levels(classes, levels) == {"a": 0.99, "b": 0.98, "c": 0.5, "d": 0.8}
    assert service_levels(classes, {"B": 0.9}) == {"c": 0.9}


def test_a_plan_promises_each_class_its_own() -> None:
    demand = shop("a quarter")
    classes = product_classes(demand).set_index("product_id")["abc"]
    levels = service_levels(classes.reset_index().assign(xyz="X"), {"A": 0.99, "C": 0.7})
    plan = stock_plan(DemandForecaster().fit(demand), lead_time=14, service_level=levels)
    promised = plan["product_id"].map(classes).map({"A": 0.99, "B": 0.95, "C": 0.7})
    assert promised.nunique() == 3
    assert plan["service_level"].tolist() == promised.tolist()
    usual = stock_plan(DemandForecaster().fit(demand), lead_time=14)
    assert (plan["order_up_to"] >= usual["order_up_to"])[promised == 0.99].all()
    assert plan["order_up_to"][promised == 0.7].sum() < usual["order_up_to"][promised == 0.7].sum()


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ({"D": 0.9}, "levels must be given for classes such as A, X or AX; got 'D'"),
        ({"A": 98}, r"levels\['A'\] must lie between 0 and 1, such as 0.95; got 98"),
    ],
)
def test_what_is_no_class_or_level_is_refused(levels: dict[str, float], words: str) -> None:
    classes = pd.DataFrame({"product_id": ["a"], "abc": ["A"], "xyz": ["X"]})
    with pytest.raises(ValueError, match=words):
        service_levels(classes, levels)
    with pytest.raises(ValueError, match="abc and xyz are missing"):
        service_levels(classes[["product_id"]], {"A": 0.9})
