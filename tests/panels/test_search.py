import pytest

from shopper_widgets.panels.search import LONGEST_QUERY, SearchBox


@pytest.fixture
def box():
    made = SearchBox("Product", "such as: red mug")
    made.offer([("Red mug", "A1"), ("Blue mug", "A2")], "Matches")
    return made


def test_typing_and_setting_the_query_are_the_same_event(box):
    told = []
    box.observe(lambda change: told.append(change["new"]), "query")
    box.text.enter("red")
    box.query = "blue"
    assert told == ["red", "blue"]
    assert box.text.shown == "blue"
    box.query = "x" * 1000
    assert len(box.query) == len(box.text.shown) == LONGEST_QUERY


def test_enter_is_told_once_what_was_typed_is_taken(box):
    told = []
    box.text.on_enter(lambda: told.append(box.query))
    box.text.enter("red")
    assert told == []
    box.text.enter("red mug", enter=True)
    assert told == ["red mug"]


def test_only_a_pick_moves_what_is_chosen(box):
    listed = box.children[1]
    assert (box.chosen, listed.value) == ("", None)
    listed.set_state({"index": 1})
    assert box.chosen == "A2"
    box.offer([("Blue mug", "A2"), ("Pan", "B1")], "Matches")
    assert (box.chosen, listed.value) == ("A2", "A2")
    box.offer([], "No match")
    assert (box.chosen, listed.value, listed.disabled) == ("A2", None, True)
