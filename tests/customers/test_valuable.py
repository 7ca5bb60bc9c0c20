"""Who is valuable is defined once, in `customers.cadence`; all other code reads the limits from there."""

import ast
import re
from pathlib import Path

import pytest

from shopper_widgets.customers.cadence import MIN_ORDERS, MIN_OVERDUE, MIN_SPEND_RANK
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words import customers as words
from tests.rooms import modules, room

DOCS = Path(__file__).parents[2] / "docs"
BY_HAND = re.compile(
    r"\b(three|3) (or more )?(orders|times)\b|\btop quart|\bquarter (of|who)\b|\b25 %", re.IGNORECASE
)
ROOMS = ("customers", "words", "panels", "publish")
DEFINED = "shopper_widgets.customers.cadence"


@pytest.mark.parametrize(
    "module", sorted(name for name in modules() if room(name) in ROOMS and name != DEFINED)
)
def test_nothing_spells_the_bounds_by_hand(module):
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            by_hand = (
                BY_HAND.search(node.value) if isinstance(node.value, str) else node.value == MIN_SPEND_RANK
            )
            assert not by_hand, f"line {node.lineno}: {node.value!r} stands in {DEFINED}"
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            assert node.id not in ("MIN_ORDERS", "MIN_SPEND_RANK", "MIN_OVERDUE"), f"line {node.lineno}"


def test_words_tell_other_bounds_where_the_definition_has_others(
    small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "the top 25 % by spend who ordered at least 3 times" in words.overdue(small_model)[1][1]
    monkeypatch.setattr(words, "MIN_ORDERS", 1)
    monkeypatch.setattr(words, "MIN_SPEND_RANK", 0.9)
    told = words.overdue(small_model)[1][1]
    assert told.endswith("the top 10 % by spend who ordered at least 1 time.")


@pytest.mark.parametrize("page", ["figures.md", "gallery/overdue.md"])
def test_the_docs_tell_the_same_bounds(page):
    text = DOCS.joinpath(page).read_text(encoding="utf-8")
    assert f"{MIN_ORDERS} orders or more" in text
    assert f"among the {1 - MIN_SPEND_RANK:.0%}".replace("%", " %") in text
    assert page != "figures.md" or f"overdue > {MIN_OVERDUE:g}" in text
