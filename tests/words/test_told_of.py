"""Whether orders have products and prices; panels/test_dashboard_views.py tests pages without them."""

import dataclasses

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.assumed import EVERYTHING
from shopper_widgets.words.told_of import tells_money


def test_a_shop_of_named_products_and_prices_tells_of_both(small_model: ShopperModel) -> None:
    assert small_model.names_products and tells_money(small_model)
    totals = small_model.products.head(1).assign(product_id=EVERYTHING)
    assert not dataclasses.replace(small_model, products=totals).names_products
    assert not tells_money(dataclasses.replace(small_model, currency="units"))
