"""Filters by columns that the model was told to keep, such as channel: each to one of its values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from shopper_widgets._support.locale import gettext
from shopper_widgets.customers.kept import value_name
from shopper_widgets.model.once import once_per_model
from shopper_widgets.panels.base import Panel, field
from shopper_widgets.words.kept import MOST_VALUES

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

KEPT = "kept"


@once_per_model
def kept_choices(model: ShopperModel) -> dict[str, list[str]]:
    """Return the values of each kept column from which a person can choose, as texts."""
    kept = {name: model.lines[name] for name in model.parameters.get("keep", ()) if name in model.lines}
    found = {
        name: list(dict.fromkeys(map(value_name, sorted(column.dropna().unique()))))
        for name, column in kept.items()
    }
    # A blank value would look as if nothing were chosen.
    told = {name: [text for text in texts if text.strip()] for name, texts in found.items()}
    return {name: texts for name, texts in told.items() if 1 < len(texts) <= MOST_VALUES}


class KeptPanel(Panel):
    """Base of a panel that can be filtered by kept columns.

    A subclass has `KEPT` in its state, and places the controls of `_kept_controls`.

    Attributes
    ----------
    kept : dict of str to str
        Kept column → the value to filter by, as the control writes it.
    """

    kept = traitlets.Dict()

    @traitlets.validate("kept")
    def _known_values(self, proposal: dict[str, Any]) -> dict[str, str]:
        narrowed = {name: value for name, value in proposal["value"].items() if value != ""}
        for name, value in narrowed.items():
            if value not in kept_choices(self.model).get(name, ()):
                raise traitlets.TraitError(
                    gettext("There are no orders with {name} {value}.", name=name, value=repr(value))
                )
        return narrowed

    def _kept_controls(self) -> list[widgets.Widget]:
        """Make a control for each column; none if no column was kept."""
        return [self._chooser(name, values) for name, values in kept_choices(self.model).items()]

    def _chooser(self, name: str, values: Iterable[str]) -> widgets.Widget:
        """Return a control that filters a kept column to one of its values."""
        options = [(gettext("All"), ""), *((value, value) for value in values)]
        box = widgets.Dropdown(description=name, options=options)

        def narrow(change: dict[str, Any]) -> None:
            self._take(kept={**self.kept, name: change["new"]})

        def follow(_: object = None) -> None:
            box.value = self.kept.get(name, "")

        follow()
        box.observe(narrow, "value")
        self.observe(follow, KEPT)
        return field(box)

    @property
    def _kept_in_words(self) -> list[str]:
        return [f"{name} {value}" for name, value in self.kept.items()]
