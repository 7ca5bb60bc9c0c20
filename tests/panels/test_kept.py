"""A column that the model was told to keep narrows each panel that can be narrowed by it."""

import pandas as pd
import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import SalesPanel
from shopper_widgets.panels.kept import kept_choices
from tests.panel_contract import refuses


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    channel = ["web" if i % 3 else "till" for i in range(len(small_shop))]
    store = [i % 60 for i in range(len(small_shop))]
    shop = small_shop.assign(channel=channel, store=store)
    return ShopperModel.fit(shop, keep=["channel", "store"], n_clusters=4, progress=False)


def test_a_column_of_too_many_values_is_no_choice(model: ShopperModel) -> None:
    assert kept_choices(model) == {"channel": {"till": "till", "web": "web"}}
    refuses(SalesPanel(model), "kept", {"store": "1"}, "There are no orders with store '1'.")
