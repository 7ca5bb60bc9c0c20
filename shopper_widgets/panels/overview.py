"""The overview of a shop: its figures, what changed them, and what to do today."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import COUNTRY, SEGMENT
from shopper_widgets.customers.headlines import MONTHS, Headlines, comparable_periods, headlines
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import field, slim
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedOrdersPanel
from shopper_widgets.panels.period import CROSSED, ENDS, PeriodPanel
from shopper_widgets.words.html import heading, paragraph, paragraphs, status
from shopper_widgets.words.overview import CHOICES, cards, cards_html, period_sentences
from shopper_widgets.words.thing_to_do import ToDo
from shopper_widgets.words.to_do import things_to_do
from shopper_widgets.words.unusual_prices import prices_to_check

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

NOBODY = N_("No order matches these filters: remove one.")
OF_ALL = N_(
    "What to do about products, movements and the data applies to the whole shop: remove the filters to see "
    "it."
)
OF_ALL_SEGMENTS = N_(
    "What to do about sales, new customers, products, movements and the data applies to the whole shop: "
    "remove the filters to see it."
)

#: Length of the compared period → the sentence if the orders don't cover it twice.
_NOT_COVERED = {
    "month": N_("The orders don't cover two complete months."),
    "quarter": N_("The orders don't cover two complete quarters."),
    "year": N_("The orders don't cover two complete years."),
}


class OverviewPanel(PeriodPanel, NarrowedOrdersPanel):
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
    country : str
        Only orders from there; ``""`` for all. What to do concerns its customers, where possible.
    segment : str
        Only customers who are in it today; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → the value to which order lines are narrowed.
    opened : dict
        Where the last button leads: ``view``, a page of the dashboard, and the ``state`` of its panel. It is
        not part of this panel's own state.

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
    state = ("compared", *ENDS, COUNTRY, SEGMENT, KEPT)

    compared: traitlets.Enum[str] = traitlets.Enum(tuple(MONTHS))
    segment = traitlets.Unicode()
    opened = traitlets.Dict()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._possible = comparable_periods(model)
        self._told: dict[tuple[str, Narrowing, tuple[str, ...]], Headlines] = {}
        self._to_do: list[ToDo] = []
        self._deeds_of: Narrowing | None = None
        self._views: Collection[str] | None = None
        super().__init__(model, **state)

    @traitlets.default("compared")
    def _longest(self) -> str:
        return self._possible[0] if self._possible else "month"

    @traitlets.validate("compared")
    def _covered_twice(self, proposal: dict[str, Any]) -> str:
        compared: str = proposal["value"]
        if compared not in (self._possible or [self._longest()]):
            raise traitlets.TraitError(gettext(_NOT_COVERED[compared]))
        return compared

    def _selected(self) -> pd.DataFrame:
        """Return the headline figures: ``figure, value, before, change``."""
        figures = self._headlines(self.compared, self.period).figures.copy()
        return figures.head(0) if self._crossed or self._nobody() else figures

    @property
    def things_to_do(self) -> list[ToDo]:
        """What to do today, within the filters of the figures."""
        return list(self._to_do)

    def offer(self, views: Collection[str]) -> None:
        """Keep only the buttons that lead to these places.

        Parameters
        ----------
        views : collection of str
            Pages of the dashboard, such as ``"Overdue"``.
        """
        self._views = views
        for todo, button in zip(self._to_do, self._buttons, strict=True):
            button.layout.display = None if todo.view in views else "none"

    def _build(self) -> list[widgets.Widget]:
        self._buttons: list[widgets.Button] = []
        self._days, self._cards, self._notes = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._days.add_class("sw-beside")
        choices = [(gettext(CHOICES[name]), name) for name in self._possible]
        self._against = widgets.Dropdown(description=gettext("Compare with"), options=choices)
        controls = [field(self._bind(self._against, "compared"))] if len(choices) > 1 else []
        self._deeds, self._left_out = widgets.Box(), widgets.HTML()
        self._deeds.add_class("sw-deeds")
        return [
            slim(*controls, *self._period_controls(), *self._narrowing_controls(), self._days),
            self._narrowed_to,
            self._cards,
            widgets.HTML(heading(gettext("What to do today"), 3)),
            self._deeds,
            self._left_out,
            self._notes,
        ]

    def _draw(self) -> None:
        self._draw_period()
        self._draw_narrowing()
        self._draw_deeds()
        self._against.layout.display = "none" if self.period else None
        if self._crossed or self._nobody():
            self._days.value = status(paragraph(gettext(CROSSED if self._crossed else NOBODY), "sw-empty"))
            self._cards.value = self._notes.value = ""
            return
        told = self._headlines(self.compared, self.period)
        days, *notes = period_sentences(self.model, told)
        self._days.value = status(paragraph(days))
        self._cards.value = cards_html(cards(self.model, told))
        self._notes.value = paragraphs([*prices_to_check(self.model), *notes], "sw-note")

    @property
    def _located(self) -> pd.DataFrame:
        return self.model.orders

    def _narrowing_in_words(self) -> str:
        among = self._among
        said = self._only(
            N_("Only order lines{where}{whose}.") if among.kept else N_("Only orders{where}{whose}.")
        )
        if among.country or among.kept:
            said += " " + gettext("Revenue at risk counts all that the customers at risk have spent.")
        return said

    def _nobody(self) -> bool:
        """Return whether the filters leave no orders."""
        return bool(self._among) and self._among.orders(self.model).empty

    def _draw_deeds(self) -> None:
        """Show the list of things to do, which doesn't depend on the compared period."""
        among = self._among
        if self._deeds_of == among:
            return
        self._deeds_of = among
        self._to_do = things_to_do(self.model, self._headlines(self._longest(), ()))
        self._buttons = []
        self._deeds.children = [self._deed(todo) for todo in self._to_do]
        left_out = gettext(OF_ALL_SEGMENTS if among.segment else OF_ALL)
        self._left_out.value = paragraph(left_out, "sw-note") if among else ""
        if self._views is not None:
            self.offer(self._views)

    def _headlines(self, compared: str, period: tuple[str, ...]) -> Headlines:
        days = (self.start, self.end) if period and not self._crossed else None
        asked = "" if days else compared, self._among, period if days else ()
        if asked not in self._told:
            self._told[asked] = headlines(self.model, compared, period=days, among=self._among)
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
        # Reset first, so that a second click on the same button opens the view again.
        self.opened = {}
        self.opened = {"view": todo.view, "state": dict(todo.state)}
