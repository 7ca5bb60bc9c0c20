"""Messages about files or values that a page can't use are in its language, and in visitors' words."""

import html
import json
import re
from typing import Any

import pytest
import traitlets

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import (
    CampaignPanel,
    CampaignResultPanel,
    DiscountPanel,
    MovementsPanel,
    QualityPanel,
    RecommendPanel,
    SalesPanel,
    SegmentPanel,
    StockPanel,
)
from shopper_widgets.panels.base import BROKEN, Panel
from shopper_widgets.panels.upload import Upload
from tests.panel_contract import everything, message

LINES = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"
RESULT = "segment,figure,method,contacted,held_out,contacted_mean,held_out_mean,effect"
#: Panel, and number of its upload → files that it can't use.
FILES: dict[tuple[type[Panel], int], list[str]] = {
    (CampaignPanel, 0): ["{", "{}", '{"format": "another"}'],
    (CampaignResultPanel, 0): [
        "a,b\n1,2\n",
        "is_held_out\nTrue\n",
        "customer_id,is_held_out\n7,perhaps\n",
        "customer_id,is_held_out\n7,True\n7,False\n",
    ],
    (CampaignResultPanel, 1): [
        "a,b\n1,2\n",
        "customer_id,ordered_at,amount\n7,tomorrow,2\n",
        f"{LINES}\n",
        f"{LINES}\n1,a,7,03/04/2026,1,2\n",
        f"{LINES}\n1,a,7,13/04/2026,1,2\n1,a,7,04/13/2026,1,2\n",
        f"{LINES}\n1,a,7,2026-04-03,1,2.500\n",
        f"{LINES}\n1,a,7,2026-04-03,1,1.5\n1,a,7,2026-04-03,1,'1,5'\n".replace("'", '"'),
        f"{LINES},currency\n1,a,7,2026-04-03,1,1.25,EUR\n1,b,8,2026-04-05,1,2.50,USD\n",
    ],
    (DiscountPanel, 0): ["a,b\n1,2\n", f"{RESULT}\nNew,buyers,plain,a,b,c,d,e\n"],
    (StockPanel, 0): [
        "a,b\n1,2\n",
        "product_id,on_hand\n7,1.500\n",
        "product_id,on_hand,On_Hand\n7,5,6\n",
        'product_id,on_hand\n7,1.5\n8,"1,5"\n',
    ],
}
#: Fields of a campaign's definition that a page can't use.
FIELDS: list[dict[str, Any]] = [
    {"version": 99},
    {"segments": ["Nobody"]},
    {"segments": "New"},
    {"countries": ["Atlantis"]},
    {"actions": {"Nobody": "Call."}},
    {"bought": ["unobtainium"]},
    {"min_spend": "much"},
    {"max_overdue": 5.0},
    {"min_silence": 0},
    {"hold_out": 2},
    {"min_orders": 5, "max_orders": 2},
    {"name": 3},
    {"colour": "red"},
    {"flows": [["New", "At-Risk"]]},
    {"flows": [["New"]]},
]
#: Values of traits that a panel refuses; an address may hold them, too.
VALUES: list[tuple[type[Panel], str, Any]] = [
    (SegmentPanel, "customer_id", "nobody"),
    (SegmentPanel, "country", "Atlantis"),
    (SegmentPanel, "segment", "Nobody"),
    (MovementsPanel, "start", "1999-01-31"),
    (SalesPanel, "start", "x"),
    (MovementsPanel, "to_segment", "Nobody"),
    (QualityPanel, "reason", "boredom"),
    (RecommendPanel, "country", "Atlantis"),
    (RecommendPanel, "product_id", "unobtainium"),
]
ENGLISH = re.compile(
    r"\b(the|is|has|have|must|can|of|it|its|there|and|no|not|lacks|got|from)\b|=", re.IGNORECASE
)


def answered(panel: Panel, number: int, content: str) -> str:
    uploads = [widget for widget in everything(panel) if isinstance(widget, Upload)]
    uploads[number].receive("a.txt", content.encode())
    said = told(panel)
    assert said and said != BROKEN
    return said


def told(panel: Panel) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", message(panel))).strip()


def without_data(said: str) -> str:
    """Remove quotes from the file, and the names of columns and fields."""
    return re.sub(r"'[^']*'|\w*_\w*|\(Expecting.*\)|\bTrue\b|\bFalse\b", "", said)


@pytest.mark.parametrize(
    ("kind", "number", "content"),
    [(*place, content) for place, contents in FILES.items() for content in ["", *contents]],
)
def test_a_file_is_refused_in_the_language_of_the_page_and_without_code(
    small_model: ShopperModel, kind: type[Panel], number: int, content: str
) -> None:
    german, english = (answered(kind(small_model, locale=name), number, content) for name in ("de", "en"))
    assert german != english and german.startswith("a.txt kann nicht ")
    assert not ENGLISH.search(without_data(german)), german
    assert "columns=" not in english and "None" not in english and "dayfirst" not in english


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_a_definition_is_refused_in_the_language_of_the_page(
    small_model: ShopperModel, fields: dict[str, Any]
) -> None:
    definition = json.dumps(json.loads(Campaign().to_json()) | fields)
    german = answered(CampaignPanel(small_model, locale="de"), 0, definition)
    assert german.startswith("a.txt kann nicht geladen werden. ")
    assert not ENGLISH.search(without_data(german)), german


@pytest.mark.parametrize(("kind", "name", "value"), VALUES)
def test_a_value_is_refused_in_the_language_of_the_page(
    small_model: ShopperModel, kind: type[Panel], name: str, value: str
) -> None:
    panel = kind(small_model, locale="de")
    panel._take(**{name: value})
    german = told(panel)
    assert german and not ENGLISH.search(without_data(german)), german
    with pytest.raises(traitlets.TraitError):
        setattr(panel, name, value)


def test_a_file_that_is_refused_leaves_what_was_taken(small_model: ShopperModel) -> None:
    panel = StockPanel(small_model, stock=f"product_id,on_hand\n{small_model.products.product_id[0]},5\n")
    taken = panel.stock
    assert "It is empty." in answered(panel, 0, " \n")
    assert panel.stock == taken
