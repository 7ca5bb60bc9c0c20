import ipywidgets as widgets
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels import CampaignPanel, CustomerPanel, RecommendPanel
from shopper_widgets.panels.product_picker import ProductPicker, product_candidates
from shopper_widgets.panels.search import SearchBox
from tests.panel_contract import everything, find


@pytest.fixture
def picker(small_model):
    return ProductPicker("Bought", small_model)


def called(model, code):
    return model.products.set_index("product_id")["product_name"][code]


def middle_word(model):
    """Return a word in the middle of a name, the product's code, and all products whose name has the word."""
    names = model.products.query("is_product").set_index("product_id")["product_name"]
    words = names.str.lower().str.split().explode()
    for code, name in names.items():
        for word in name.lower().split()[1:]:
            holders = set(words[words == word].index)
            if len(word) > 4 and len(holders) < 8:
                return word, code, holders
    raise AssertionError


def test_it_offers_best_sellers_and_nothing_to_add(picker, small_model):
    goods = small_model.products[small_model.products["is_product"]]
    offered = [code for _, code in find(picker, widgets.Select).options]
    assert offered == goods["product_id"].head(8).tolist()
    assert (picker.add.description, picker.add.disabled) == ("Add a product", True)


@pytest.mark.parametrize("spell", [str.upper, lambda word: word[:2] + word[3:]])
def test_a_word_in_the_middle_of_a_name_finds_it(picker, small_model, spell):
    word, code, holders = middle_word(small_model)
    picker.search.text.enter(spell(word))
    offered = [key for _, key in find(picker, widgets.Select).options]
    assert code in offered
    assert picker.search.chosen in holders
    picker.search.chosen = code
    assert picker.add.description == f"Add {called(small_model, code)}"


def test_the_one_picked_is_added_once_and_the_box_is_ready_for_the_next(picker, small_model):
    code = small_model.products.query("is_product")["product_id"].iloc[3]
    for enter in (True, False):
        picker.search.text.enter(code.lower(), enter=enter)
        if not enter:
            assert picker.add.disabled
            picker.add.click()
        assert picker.chosen == [code]
    assert picker.chips.chosen == [code]
    picker.chips.buttons[0].click()
    assert picker.chosen == []


def test_enter_without_a_match_adds_nothing_and_says_so_beside_the_box(picker):
    picker.search.text.enter("zzzzqqq", enter=True)
    assert picker.chosen == []
    assert picker.search.text.shown == "zzzzqqq"
    assert picker.search.text.message == ("No product name resembles “zzzzqqq”. Try other words, or a code.")
    picker.search.text.enter("")
    assert picker.search.text.message == ""


def test_what_is_never_recommended_is_found_by_its_code(picker, small_model):
    service = small_model.products.loc[~small_model.products["is_product"], "product_id"].iloc[0]
    assert product_candidates(small_model, service.lower())[0][0] == service
    picker.search.text.enter(service, enter=True)
    assert picker.chosen == [service]


#: Words from names: from the middle, joined, split, cut or with a typo → the product that is meant.
MEANT = {
    "cakestand": "REGENCY CAKESTAND 3 TIER",
    "CAKESTAND": "REGENCY CAKESTAND 3 TIER",
    "cakestnad": "REGENCY CAKESTAND 3 TIER",
    "tier cakestand": "REGENCY CAKESTAND 3 TIER",
    "t-light holder hanging heart": "WHITE HANGING HEART T-LIGHT HOLDER",
    "retrospot jumbo": "JUMBO BAG RED RETROSPOT",
    "bunting": "PARTY BUNTING",
    "nightlight": "RABBIT NIGHT LIGHT",
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_every_search_for_products_finds_what_is_meant_on_the_real_set(online_retail_model, typed, meant):
    panels = RecommendPanel(online_retail_model), CampaignPanel(online_retail_model)
    searches = [w for panel in panels for w in everything(panel) if isinstance(w, SearchBox)]
    assert [box.text.description for box in searches] == [
        "Product name or code",
        "Bought",
        "Due to buy again",
        "Recommended",
    ]
    for box in searches:
        box.text.enter(typed)
        assert called(online_retail_model, box.chosen) == meant
        assert box.chosen in [key for _, key in find(box, widgets.Select).options]


def test_the_search_for_customers_finds_a_part_of_an_id_on_the_real_set(online_retail_model):
    panel = CustomerPanel(online_retail_model)
    find(panel, SearchBox).text.enter("234")
    ids = online_retail_model.customers["customer_id"]
    holding = set(ids[ids.str.contains("234")])
    offered = {key for _, key in find(panel, widgets.Select).options}
    assert offered
    assert offered <= holding
    assert any(not key.startswith("234") for key in offered)


def test_it_speaks_the_language_that_it_was_made_in(small_model):
    with in_locale("de"):
        picker = ProductPicker("Gekauft", small_model)
    select = find(picker, widgets.Select)
    picker.search.query = "xyzzy"
    assert select.description == "Kein Treffer"
    picker.search.query = ""
    picker.search.chosen = select.options[0][1]
    assert picker.add.description.endswith(" hinzufügen")
