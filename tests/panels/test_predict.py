from typing import ClassVar

import pytest
from markupsafe import escape

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import PredictPanel
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.segments import RuleSegmenter
from tests.panel_contract import PanelContract, find, html, message, refuses


class TestPredictPanel(PanelContract):
    panel = PredictPanel
    states: ClassVar = [{"recency": 3, "frequency": 20, "monetary": 5000.0}, {"monetary": 10.0}]


@pytest.fixture
def panel(small_model):
    return PredictPanel(small_model)


def box(panel, description):
    return find(panel, NumberBox, description)


def test_it_starts_at_the_typical_customer(panel, small_model):
    assert panel.recency == int(small_model.customers["recency"].median())
    assert panel.segment in set(small_model.segments["segment"])


def test_the_answer_is_the_segmenters(panel, small_model):
    for numbers in (
        small_model.customers[["recency", "frequency", "monetary"]].head(30).itertuples(index=False)
    ):
        panel.recency, panel.frequency, panel.monetary = map(float, numbers)
        assert panel.segment == small_model.segmenter.predict(numbers)[0]
        assert f"This customer is {panel.segment}." in html(panel)
        assert f"All {panel.segment} customers" in html(panel)


def test_it_says_why_and_what_would_flip_the_segment(panel, small_model):
    panel.recency, panel.frequency, panel.monetary = 3, 4, 200.0
    explained = small_model.segmenter.explain((3, 4, 200.0), currency="£")
    assert explained.smallest_flip is not None
    for sentence in explained.sentences:
        assert f"<li>{escape(sentence)}</li>" in html(panel)


def test_rules_predict_with_their_own_explanation(small_shop):
    panel = PredictPanel(ShopperModel.fit(small_shop, segmenter=RuleSegmenter(), progress=False))
    for recency in (0, 30, 150):
        panel.recency, panel.frequency = recency, 90
        assert f"This customer is {panel.segment}." in html(panel)
        assert f"The rule: {panel.segment} are those whose silence scores" in html(panel)
        assert message(panel) == ""


def test_typing_moves_the_answer(panel, small_model):
    best = small_model.customers.sort_values("monetary").iloc[-1]
    for description, name in {
        "Days since the last order": "recency",
        "Number of orders": "frequency",
        "Money spent (£)": "monetary",
    }.items():
        box(panel, description).enter(str(best[name]))
    assert panel.monetary == best["monetary"]
    assert panel.segment == best["segment"]
    assert panel.selection["segment"].tolist() == [best["segment"]]


def test_numbers_outside_the_fitted_range_get_an_answer_and_a_note(panel):
    assert "take the answer as a guess" not in html(panel)
    panel.monetary = 1e9
    assert panel.segment
    assert "The segments were fitted to customers with money spent from £" in html(panel)
    assert "days since" not in html(panel).split("fitted to")[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("recency", -1), ("frequency", 0), ("monetary", -0.01), ("monetary", float("nan")), ("monetary", 1e300)],
)
def test_impossible_numbers_are_refused_in_words(panel, name, value):
    refuses(panel, name, value, "number from [01].*, not ")


def test_an_impossible_number_that_is_typed_is_told_and_the_next_possible_one_heals(panel):
    days = box(panel, "Days since the last order")
    days.enter("-5")
    wanted = "Days since the last order: a whole number from 0 to 36,500"
    assert days.message == f"{wanted}, not -5. {panel.recency} is still used."
    assert message(panel) == ""
    assert days.shown == str(panel.recency)
    days.enter("7")
    assert (days.message, panel.recency) == ("", 7)


def test_the_segment_cannot_be_set(panel):
    with pytest.raises(Exception, match="read-only"):
        panel.segment = "VIP"


def test_a_failing_model_leaves_no_old_answer(panel, monkeypatch):
    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(panel.model, "segmenter", type("Broken", (), {"predict": staticmethod(fail)}))
    panel.recency += 1
    assert panel.segment == ""
    assert "This customer is" not in html(panel)


def test_what_is_typed_into_one_box_is_taken_back_at_once(panel):
    start = panel.monetary
    box = next(control for control, _, name in panel._bound if name == "monetary")
    for typed in ("1", "12", "123"):
        box.enter(typed)
    panel.frequency = 9
    panel.undo()
    assert panel.monetary == 123
    panel.undo()
    assert panel.monetary == start
