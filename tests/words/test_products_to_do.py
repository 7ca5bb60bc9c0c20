"""Things to do about products, in each language."""

import re

from shopper_widgets._support.formatting import format_decimal, format_product
from shopper_widgets._support.locale import in_locale
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import RecommendPanel
from shopper_widgets.words.products_to_do import check_products, offer_together


def test_what_sells_together_is_offered(small_model: ShopperModel) -> None:
    told = offer_together(small_model)
    assert told is not None and told.view == "Recommend"
    first = RecommendPanel(small_model, **told.state).selection.iloc[0]
    assert format_product(first["product_name"]) in told.title
    interval = " to ".join(format_decimal(first[end], 1) for end in ("lift_low", "lift_high"))
    assert f"The 95 % interval of the lift is {interval}; " in told.sure
    with in_locale("de"):
        german = offer_together(small_model)
    assert german is not None and german.state == told.state
    assert german.title.startswith("Bieten Sie ") and german.title.endswith(" an")


def test_few_products_give_nothing_to_check(small_model: ShopperModel) -> None:
    few = small_model.lines["product_id"].isin(small_model.lines["product_id"].unique()[:2])
    assert check_products(ShopperModel.fit(small_model.lines[few], n_clusters=2, progress=False)) is None


def test_a_product_that_has_only_a_number_is_called_a_product(small_model: ShopperModel) -> None:
    numbers = {code: str(900 + n) for n, code in enumerate(sorted(small_model.lines["product_id"].unique()))}
    lines = small_model.lines.assign(product_id=small_model.lines["product_id"].map(numbers))
    model = ShopperModel.fit(lines.drop(columns="product_name"), n_clusters=2, progress=False)
    told = offer_together(model)
    assert told is not None
    assert re.fullmatch(r"Offer product 9\d+ with product 9\d+", told.title)
