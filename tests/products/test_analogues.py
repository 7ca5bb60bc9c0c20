"""New products get forecasts from similar ones, marked as such."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import DemandForecaster, analogue_forecasts
from tests.demand_shops import as_demand


@pytest.fixture
def forecaster() -> DemandForecaster:
    units = np.array([[4] * 20, [8] * 20, [40] * 20, [0] * 16 + [9] * 4, [0] * 15 + [1] * 5])
    return DemandForecaster().fit(as_demand(units))


def _products(**columns: Sequence[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"product_id": ["p0000", "p0001", "p0002", "p0003", "p0004"], **columns})


def test_like_names_and_categories(forecaster: DemandForecaster) -> None:
    names = ["red mug", "green mug", "oak table", "blue mug", "candle"]
    found = analogue_forecasts(forecaster, _products(product_name=names))
    expected = forecaster.predict().set_index("product_id")["expected"]
    assert found["product_id"].tolist() == ["p0003"]
    assert found["analogues"].tolist() == [("p0000", "p0001")]
    assert found[["expected", "low", "high"]].iloc[0].tolist() == pytest.approx(
        [expected[["p0000", "p0001"]].mean(), expected["p0000"], expected["p0001"]]
    )
    found = analogue_forecasts(forecaster, _products(product_name=names, category=["a", "b", "b", "b", None]))
    assert found[["by", "analogues"]].to_numpy().tolist() == [["category", ("p0001", "p0002")]]
    found = analogue_forecasts(forecaster, _products(category=["a", "b", "b", "b", "a"]), n=1)
    assert found["analogues"].tolist() == [("p0001",), ("p0000",)]


def test_what_is_wrong_is_said(forecaster: DemandForecaster) -> None:
    with pytest.raises(ValueError, match="product_name or category; it has product_id"):
        analogue_forecasts(forecaster, _products())
    assert analogue_forecasts(forecaster, _products(product_name=[None] * 5)).empty
