"""The first look at a shop: its figures, what changed them, and what to do today."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.customers.headlines import MONTHS, Headlines, comparable_periods, headlines
from shopper_widgets.panels.base import field, row
from shopper_widgets.panels.period import CROSSED, ENDS, PeriodPanel
from shopper_widgets.words.html import heading, paragraph, paragraphs, status
from shopper_widgets.words.overview import CHOICES, cards, cards_html, period_sentences
from shopper_widgets.words.thing_to_do import ToDo
from shopper_widgets.words.to_do import things_to_do

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel


class OverviewPanel(PeriodPanel):
    """Show the headline figures compared with an earlier period, and what to do today.

    Each thing to do has a button. On a dashboard it opens the place where it is done; elsewhere, observe
    `opened`.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders, the customers and what goes together.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    compared : str
        ``"year"``, ``"quarter"`` or ``"month"``: the last whole months, compared with as many before; one
        that the orders cover twice. Default: the longest.
    start, end : datetime.date
        First and last day of the figures, which are compared with the same days a year before or, where the
        orders don't cover these, with as many days before. `compared` counts where they are the data's.
    opened : dict
        Where the last button leads: ``view``, a page of the dashboard, and the ``state`` of its panel. Not
        part of the state of this one.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = OverviewPanel(ShopperModel.fit(load_sample()))
    >>> panel.selection["figure"].tolist()
    ['revenue', 'orders', 'customers', 'order_value', 'repeat_rate', 'value_at_risk']
    >>> [todo.view for todo in panel.things_to_do]
    ['Campaign', 'Movements', 'Demand', 'Recommend', 'Quality']
    """

    heading = N_("What matters today?")
    state = ("compared", *ENDS)

    compared: traitlets.Enum[str] = traitlets.Enum(tuple(MONTHS))
    opened = traitlets.Dict()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._possible = comparable_periods(model)
        self._told: dict[tuple[str, ...], Headlines] = {}
        super().__init__(model, **state)

    @traitlets.default("compared")
    def _longest(self) -> str:
        return self._possible[0] if self._possible else "month"

    @traitlets.validate("compared")
    def _covered_twice(self, proposal: dict[str, Any]) -> str:
        compared: str = proposal["value"]
        if compared not in (self._possible or [self._longest()]):
            raise traitlets.TraitError(f"The orders don't cover two complete {compared}s.")
        return compared

    def _selected(self) -> pd.DataFrame:
        """The headline figures: ``figure, value, before, change``."""
        figures = self._headlines().figures.copy()
        return figures.head(0) if self._crossed else figures

    @property
    def things_to_do(self) -> list[ToDo]:
        """What to do today."""
        return list(self._to_do)

    def offer(self, views: Collection[str]) -> None:
        """Keep only the buttons that lead to these places.

        Parameters
        ----------
        views : collection of str
            Pages of the dashboard, such as ``"Overdue"``.
        """
        for todo, button in zip(self._to_do, self._buttons, strict=True):
            button.layout.display = None if todo.view in views else "none"

    def _build(self) -> list[widgets.Widget]:
        # One list, whatever the figures are compared with.
        longest = self._longest()
        self._told[(longest,)] = headlines(self.model, longest)
        self._to_do = things_to_do(self.model, self._told[(longest,)])
        self._buttons: list[widgets.Button] = []
        self._days, self._cards, self._notes = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._days.add_class("sw-beside")
        choices = [(gettext(CHOICES[name]), name) for name in self._possible]
        self._chooser = widgets.Dropdown(description=gettext("Compare with"), options=choices)
        controls = [field(self._bind(self._chooser, "compared"))] if len(choices) > 1 else []
        deeds = widgets.Box([self._deed(todo) for todo in self._to_do])
        deeds.add_class("sw-deeds")
        return [
            row(*controls, *self._period_controls(), self._days),
            self._cards,
            widgets.HTML(heading(gettext("What to do today"), 3)),
            deeds,
            self._notes,
        ]

    def _draw(self) -> None:
        self._draw_period()
        self._chooser.layout.display = "none" if self.period else None
        if self._crossed:
            self._days.value = status(paragraph(gettext(CROSSED), "sw-empty"))
            self._cards.value = self._notes.value = ""
            return
        told = self._headlines()
        days, *notes = period_sentences(self.model, told)
        self._days.value = status(paragraph(days))
        self._cards.value = cards_html(cards(self.model, told))
        self._notes.value = paragraphs(notes, "sw-note")

    def _headlines(self) -> Headlines:
        days = (self.start, self.end) if self.period and not self._crossed else None
        asked = self.period if days else (self.compared,)
        if asked not in self._told:
            self._told[asked] = headlines(self.model, self.compared, period=days)
        return self._told[asked]

    def _deed(self, todo: ToDo) -> widgets.Widget:
        said = widgets.HTML(
            heading(todo.title, 4) + paragraph(todo.sentence) + paragraph(todo.sure, "sw-note")
        )
        button = widgets.Button(description=todo.button, tooltip=f"{todo.button}: {todo.title}")
        button.on_click(lambda _: self._open(todo))
        self._buttons.append(button)
        box = widgets.Box([said, button])
        box.add_class("sw-deed")
        return box

    def _open(self, todo: ToDo) -> None:
        # Asked twice for the same place, it opens twice.
        self.opened = {}
        self.opened = {"view": todo.view, "state": dict(todo.state)}
