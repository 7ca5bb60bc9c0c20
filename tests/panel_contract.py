"""Tests to inherit of what every panel of this package promises.

A test class inherits :class:`PanelContract`, names its panel and some states, and gets the tests with them::

    class TestPredictPanel(PanelContract):
        panel = PredictPanel
        states = [{"recency": 3}, {"recency": 3, "monetary": 10.0}]
"""

from __future__ import annotations

import functools
import logging
import re
from pathlib import Path
from typing import Any, ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
import traitlets

from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels.base import BROKEN, Panel
from shopper_widgets.panels.dashboard import Dashboard
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.panels.typed_box import TypedBox

HOSTILE = '<img src=x onerror="window.hacked=1">'
#: The messages of a box that stays empty.
STILL_EMPTY = tuple(f"Still empty: {what}." for what in ("no limit", "any", "not known", "as above"))
#: Programmers' words, which mean nothing to visitors.
PROGRAM = re.compile(r"\b(trait|instance|None|NoneType|float|int|str|bool|datetime|class)\b|_|Panel")
#: The traits of a widget that can be seen.
SEEN = (
    *("value", "description", "options", "label", "disabled", "placeholder", "titles", "selected_index"),
    *("caption", "columns", "rows", "total", "sort_by", "descending", "page", "chosen", "empty", "filename"),
    *("spec", "selections", "shown", "message", "wrong"),
)


def everything(widget: widgets.Widget) -> list[widgets.Widget]:
    """Return the widget and all within it."""
    return [widget, *(inner for child in getattr(widget, "children", ()) for inner in everything(child))]


def seen(widget: widgets.Widget) -> list[dict[str, Any]]:
    """Return what the widget and all within it show."""
    return [
        {"kind": type(w).__name__} | {name: getattr(w, name) for name in SEEN if w.has_trait(name)}
        for w in everything(widget)
        # Undo depends on earlier states, not on what is shown.
        if getattr(w, "description", "") != "Undo"
    ]


def html(panel: widgets.Widget) -> str:
    """Return all HTML of a panel but its style, with plain spaces for non-breaking ones."""
    written = "\n".join(
        w.value for w in everything(panel) if isinstance(w, widgets.HTML) and "<style>" not in w.value
    )
    return written.replace("\u00a0", " ")


class Follower(traitlets.HasTraits):
    """An object of other code, which follows a panel."""

    frame = traitlets.Instance(pd.DataFrame)


def message(panel: Panel) -> str:
    return panel.children[1].value


def find(panel: widgets.Widget, kind: type[Any], description: str | None = None) -> Any:
    """Return the first widget of a kind, with this label if given."""
    return next(
        w
        for w in everything(panel)
        if isinstance(w, kind) and (description is None or w.description == description)
    )


def hidden(panel: widgets.Widget, description: str) -> bool:
    """Return whether the button of that label, or a box around it, isn't displayed."""
    labelled = find(panel, widgets.Button, description)
    return any(w.layout.display == "none" for w in everything(panel) if labelled in everything(w))


@functools.cache
def hostile_model() -> ShopperModel:
    """Return a model of a shop in which every text is an attack."""
    orders = make_transactions(n_customers=60, n_products=20, n_days=200, random_state=1)
    texts = ["product_name", "country"]
    orders[texts] = orders[texts].map(lambda text: f"{HOSTILE}{text}", na_action="ignore")
    for name in ("customer_id", "product_id"):
        orders[name] = orders[name].map(lambda text: f"{HOSTILE}{text}", na_action="ignore")
    return ShopperModel.fit(orders, currency="<b>", source={"name": HOSTILE}, progress=False)


class PanelContract:
    """Inherit, name the class ``Test…``, and fill in `panel` and `states`."""

    panel: ClassVar[type[Panel]]
    #: Some states in which a panel can be created.
    states: ClassVar[list[dict[str, Any]]]

    def resolved(self, model: ShopperModel) -> list[dict[str, Any]]:
        """Return the states, with their functions called on the model."""
        return [{k: v(model) if callable(v) else v for k, v in state.items()} for state in self.states]

    def test_changed_to_a_state_shows_what_created_in_it_shows(self, small_model: ShopperModel) -> None:
        changed = self.panel(small_model)
        for state in [*self.resolved(small_model), {}]:
            created = self.panel(small_model, **state)
            # The whole state is set: it includes what a change leads to.
            for name in changed.state:
                setattr(changed, name, getattr(created, name))
            assert seen(changed) == seen(created), state
            pd.testing.assert_frame_equal(changed.selection, created.selection)
            assert message(changed) == ""

    def test_a_change_leads_to_the_state_of_one_created_with_it(self, small_model: ShopperModel) -> None:
        for state in self.resolved(small_model):
            changed = self.panel(small_model)
            for name, value in state.items():
                setattr(changed, name, value)
            assert seen(changed) == seen(self.panel(small_model, **state)), state

    def test_reset_goes_back_to_the_start(self, small_model: ShopperModel) -> None:
        start = seen(self.panel(small_model))
        for state in self.resolved(small_model):
            panel = self.panel(small_model, **state)
            panel.reset()
            assert seen(panel) == start, state

    def test_undo_takes_one_change_after_another_back(self, small_model: ShopperModel) -> None:
        panel = self.panel(small_model)
        passed = [seen(panel)]
        for state in self.resolved(small_model)[:2]:
            with panel.hold_trait_notifications():
                for name, value in state.items():
                    setattr(panel, name, value)
            passed.append(seen(panel))
        for shown in reversed(passed[:-1]):
            panel.undo()
            assert seen(panel) == shown
        panel.undo()
        assert seen(panel) == passed[0]
        assert message(panel) == ""

    def test_the_reset_button_does_the_same(self, small_model: ShopperModel) -> None:
        start = seen(self.panel(small_model))
        panel = self.panel(small_model, **self.resolved(small_model)[0])
        find(panel, widgets.Button).click()
        assert seen(panel) == start

    def test_no_trait_takes_the_place_of_a_widgets_own(self) -> None:
        """One such is ``log``, to which ipywidgets writes errors."""
        own = widgets.VBox.class_traits()
        assert not [
            name for name, trait in self.panel.class_traits().items() if own.get(name, trait) is not trait
        ]

    def test_the_selection_is_a_frame_of_the_callers_own(self, small_model: ShopperModel) -> None:
        panel = self.panel(small_model, **self.resolved(small_model)[0])
        before = panel.selection.copy()
        own = panel.selection
        own["more"] = 1
        pd.testing.assert_frame_equal(panel.selection, before)

    def test_the_selection_can_be_observed_and_linked(self, small_model: ShopperModel) -> None:
        panel, other = self.panel(small_model), Follower()
        traitlets.dlink((panel, "selection"), (other, "frame"))
        told: list[pd.DataFrame] = []
        panel.observe(lambda change: told.append(change["new"]), "selection")
        for name, value in self.resolved(small_model)[0].items():
            setattr(panel, name, value)
        assert told
        pd.testing.assert_frame_equal(told[-1], panel.selection)
        pd.testing.assert_frame_equal(other.frame, panel.selection)

    def test_its_code_makes_it_again(self, small_model: ShopperModel) -> None:
        assert self.panel(small_model).code == f"{self.panel.__name__}(model)"
        for state in self.resolved(small_model):
            panel = self.panel(small_model, **state)
            again = eval(panel.code, {self.panel.__name__: self.panel, "model": small_model})
            assert {name: getattr(again, name) for name in panel.state} == {
                name: getattr(panel, name) for name in panel.state
            }

    def test_the_selection_is_written_as_a_file(self, small_model: ShopperModel, tmp_path: Path) -> None:
        panel = self.panel(small_model)
        written = panel.to_csv(tmp_path / "shown.csv").read_text(encoding="utf-8-sig")
        assert written.splitlines()[0] == ",".join(panel.selection.columns)
        assert len(written.splitlines()) >= len(panel.selection) + 1

    def test_an_unknown_trait_is_an_error_that_names_the_known_ones(self, small_model: ShopperModel) -> None:
        with pytest.raises(TypeError, match=f"has no trait 'colour'; its state is: {self.panel.state[0]}"):
            self.panel(small_model, colour="red")

    def test_no_output_widget(self, small_model: ShopperModel) -> None:
        assert not any(isinstance(w, widgets.Output) for w in everything(self.panel(small_model)))

    def test_every_control_has_a_label(self, small_model: ShopperModel) -> None:
        kinds = (widgets.Select, widgets.Dropdown, TypedBox)
        controls = [w for w in everything(self.panel(small_model)) if isinstance(w, kinds)]
        assert all(control.description for control in controls)

    def test_whatever_is_typed_is_typed_into_a_box_that_answers(self, small_model: ShopperModel) -> None:
        silent = (
            *(widgets.Text, widgets.Textarea, widgets.Combobox, widgets.DatePicker, widgets.TagsInput),
            *(widgets.IntText, widgets.FloatText, widgets.BoundedIntText, widgets.BoundedFloatText),
        )
        assert [w for w in everything(self.panel(small_model)) if isinstance(w, silent)] == []

    def test_what_cannot_be_used_is_answered_beside_its_box(self, small_model: ShopperModel) -> None:
        panel = self.panel(small_model)
        start = seen(panel)
        for box in everything(panel):
            if not isinstance(box, NumberBox | DateBox):
                continue
            state, selection = [getattr(panel, name) for name in panel.state], panel.selection
            for text in (
                "",
                " ",
                "-5",
                "2,7,1",
                "abc",
                "1e999",
                "2999-01-01",
                "2024-02-30",
                "x" * 500,
                "<b>",
            ):
                shown = box.shown
                box.enter(text)
                empty = not text.strip() and isinstance(box, NumberBox) and bool(box.placeholder)
                assert box.wrong is not empty, (box.description, text)
                assert box.message.startswith("Empty: " if empty else f"{box.label}: a "), text
                assert empty or box.message.endswith((f" {shown} is still used.", *STILL_EMPTY)), text
                assert box.shown == shown
                assert not PROGRAM.search(box.message), box.message
                assert len(box.message) < 200
            assert message(panel) == ""
            assert [getattr(panel, name) for name in panel.state] == state
            pd.testing.assert_frame_equal(panel.selection, selection)
            box.enter(box.shown)
            assert box.wrong is False
            box.enter("abc")
        # Each view of a dashboard has its own reset.
        (panel.panel if isinstance(panel, Dashboard) else panel).reset()
        assert seen(panel) == start

    def test_a_box_refuses_what_its_panel_refuses_in_the_same_words(self, small_model: ShopperModel) -> None:
        panel = self.panel(small_model)
        for box, name in [(box, name) for box, _, name in panel._bound if isinstance(box, NumberBox)]:
            for value in (-5, 1e300, float("nan"), None, "abc", [1]):
                refuses(panel, name, value, rf"^{re.escape(box.label)}: a (whole )?number from \d")
            box.enter("-5")
            with pytest.raises(traitlets.TraitError) as refused:
                setattr(panel, name, -5 / panel.traits()[name].limits.scale)
            assert box.message.startswith(str(refused.value))
            if isinstance(panel.traits()[name], traitlets.Int):
                refuses(panel, name, 2.7, "a whole number from .*, not 2.7.$")
                box.enter("2.7")
                assert "a whole number from" in box.message

    def test_an_error_is_told_in_the_panel_and_logged_with_its_traceback(
        self, small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        panel = self.panel(small_model)

        def fail() -> None:
            raise RuntimeError("sesame")

        with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
            broken.setattr(panel, "_draw", fail)
            for name, value in self.resolved(small_model)[0].items():
                setattr(panel, name, value)
        assert BROKEN in message(panel)
        assert "sesame" not in message(panel)
        assert "RuntimeError: sesame" in caplog.text
        panel.reset()
        assert message(panel) == ""

    def test_text_from_the_data_stays_text(self) -> None:
        model = hostile_model()
        for state in [{}, *self.resolved(model)]:
            panel = self.panel(model, **{k: v for k, v in state.items() if k != "segment"})
            assert "<img" not in html(panel), state
            assert message(panel) == ""


def refuses(panel: Panel, name: str, value: Any, match: str) -> None:
    """Assert that setting the trait gives a clear message, and that the panel still shows the same."""
    before, shown = getattr(panel, name), seen(panel)
    with pytest.raises(traitlets.TraitError, match=match):
        setattr(panel, name, value)
    assert getattr(panel, name) == before
    assert seen(panel) == shown
