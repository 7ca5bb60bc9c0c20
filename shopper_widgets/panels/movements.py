"""Movements of customers between segments from one date to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of, format_money
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import segment_flows, transition_matrix
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, SEGMENT
from shopper_widgets.customers.flows import CAVEAT, NEW, count_flows, movements
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.moments import comparable_moments, written
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import columns, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.country import NO_DATE, NO_SEGMENT
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.listed import ListedPanel
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.words.html import paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

PICK = "pick"
SHOWN = (CUSTOMER_ID, "from", "to", "kind", "revenue_before", "revenue_between")


class MovementsPanel(NarrowedPanel, ListedPanel, CustomerListPanel):
    """Show who moved between segments from one month-end to another, and the customers behind each flow.

    A click on a flow, or on a cell of the matrix, chooses it, as the two lists of segments do. The fitted
    segments are applied to what was known on each date.

    Parameters
    ----------
    model : ShopperModel
        Gives the orders and the fitted segmenter.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    start, end : str
        Two of the panel's `dates`, such as ``"2011-10-31"``: month-ends, and the model's present.
    from_segment, to_segment : str
        The flow: segments at `start` and `end`, ``"No orders yet"`` for new customers; ``""`` for any other.
        With both empty, customers who stayed are shown, too.
    country : str
        Only customers whose last order is from there; ``""`` for all.
    segment : str
        Only customers who are in it today; ``""`` for all.
    kept : dict of str to str
        Only customers with such an order line: see `ListedPanel`.
    customer_id, sort_by, descending : str, str, bool
        The list: see `CustomerListPanel`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = MovementsPanel(ShopperModel.fit(load_sample()))
    >>> panel.from_segment = "No orders yet"
    >>> set(panel.selection["kind"])
    {'new'}
    """

    heading = N_("Who moved between segments?")
    state = (
        "start",
        "end",
        "from_segment",
        "to_segment",
        COUNTRY,
        SEGMENT,
        KEPT,
        *CustomerListPanel.list_state,
    )
    filename = "moved-customers.csv"

    start = traitlets.Unicode()
    end = traitlets.Unicode()
    from_segment = traitlets.Unicode()
    to_segment = traitlets.Unicode()
    segment = traitlets.Unicode()
    sort_by = traitlets.Enum(SHOWN, default_value="revenue_before")

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._moments = comparable_moments(model)
        self._history = segment_history(model, dates=self._moments.values())
        partial = set(self._history.loc[self._history["is_partial"], "date"].unique())
        #: Days to choose from, and whether their month is not covered completely.
        self.dates = {day: moment in partial for day, moment in self._moments.items()}
        super().__init__(model, **state)

    @property
    def flows(self) -> pd.DataFrame:
        """All flows between the two dates: what `flows.transitions` returns."""
        return count_flows(self._moved).assign(is_partial=self.dates[self.start] or self.dates[self.end])

    @traitlets.default("start")
    def _last_whole_but_one(self) -> str:
        return self._latest()[0]

    @traitlets.default("end")
    def _last_whole(self) -> str:
        return self._latest()[-1]

    def _latest(self) -> list[str]:
        whole = [day for day, is_partial in self.dates.items() if not is_partial]
        return whole[-2:] if len(whole) > 1 else list(self.dates)[-2:]

    @traitlets.validate("start", "end")
    def _known_day(self, proposal: dict[str, Any]) -> str:
        day: str = proposal["value"]
        if day not in self.dates:
            raise traitlets.TraitError(gettext(NO_DATE, value=repr(plain(day)), names=", ".join(self.dates)))
        return day

    @traitlets.validate("from_segment", "to_segment")
    def _known_side(self, proposal: dict[str, Any]) -> str:
        segment: str = proposal["value"]
        names = self._names(proposal["trait"].name)
        if segment and segment not in names:
            raise traitlets.TraitError(
                gettext(NO_SEGMENT, value=repr(plain(segment)), names=", ".join(names))
            )
        return segment

    def _names(self, side: str) -> list[str]:
        names = list(self.model.segments[SEGMENT])
        return [*names, NEW] if side == "from_segment" else names

    def _build(self) -> list[widgets.Widget]:
        days = [
            (gettext("{day} (month not complete)", day=written(day)) if is_partial else written(day), day)
            for day, is_partial in self.dates.items()
        ]
        controls = [
            self._choice(gettext("Between"), "start", days),
            self._choice(gettext("And"), "end", days),
            *(
                self._choice(
                    label, side, [(gettext("Any segment"), ""), *((gettext(n), n) for n in self._names(side))]
                )
                for label, side in (
                    (gettext("Moved from"), "from_segment"),
                    (gettext("Moved to"), "to_segment"),
                )
            ),
        ]
        self._flow, self._matrix = ChartView(), ChartView()
        for view in (self._flow, self._matrix):
            view.observe(self._on_pick, "selections")
        self._status = widgets.HTML()
        self._build_list(
            describe(SHOWN, currency=self.model.currency),
            empty=gettext("Nobody moved this way: choose another flow."),
        )
        self._drawn_of: tuple[str, str, Narrowing] | None = None
        return [
            row(*controls, *self._narrowing_controls(), self._reset_button()),
            self._narrowed_to,
            columns(self._flow, self._matrix),
            widgets.HTML(paragraph(gettext(CAVEAT), "sw-note")),
            self._status,
            self._grid,
        ]

    def _choice(self, label: str, name: str, options: list[tuple[str, str]]) -> widgets.Widget:
        return field(self._bind(widgets.Dropdown(description=label, options=options), name))

    def _draw(self) -> None:
        self._draw_narrowing()
        possible = self._moments[self.start] < self._moments[self.end]
        if self._drawn_of != (self.start, self.end, self._among):
            self._drawn_of = self.start, self.end, self._among
            self._moved = pd.DataFrame({name: [] for name in SHOWN})
            if possible:
                ends = (self._moments[day] for day in (self.start, self.end))
                self._moved = self._narrowed(movements(self._history, *ends))
            self._draw_charts(possible and len(self._moved) > 0)
        chosen = self._chosen()
        both = self.from_segment and self.to_segment
        picked = [{"from": self.from_segment, "to": self.to_segment}] if both else []
        for view in (self._flow, self._matrix):
            if PICK in view.selections:
                view.selections = {PICK: picked}
        told = self._told(chosen) if possible else self._why_not()
        self._status.value = status(paragraph(told, "" if possible else "sw-empty"))
        self._grid.show(chosen, caption=gettext("Customers: {flow}", flow=self._flow_in_words()))

    def _narrowing_in_words(self) -> str:
        said = gettext(
            "Only customers{where}{in_segment}, with all their orders; segments are those of the whole shop.",
            where=self._where,
            in_segment=self._in_segment,
        )
        if self.segment:
            said += " " + gettext(
                "The segment is today's, so the number who moved to it or from it says little."
            )
        return said

    def _draw_charts(self, possible: bool) -> None:
        if not possible:
            self._flow.chart = self._matrix.chart = None
            return
        flows, currency = self.flows, self.model.currency
        start, end = written(self.start), written(self.end)
        self._flow.chart = segment_flows(flows, start=start, end=end, currency=currency)
        self._matrix.chart = transition_matrix(flows, start=start, end=end, currency=currency)

    @guarded
    def _on_pick(self, change: dict[str, Any]) -> None:
        if self._drawing:
            return
        picked = change["new"].get(PICK) or [{}]
        # The last flow that was clicked; both sides are set at once, since one side alone would be another
        # flow.
        with self.hold_trait_notifications():
            self.from_segment, self.to_segment = (picked[-1].get(side, "") for side in ("from", "to"))

    def _chosen(self) -> pd.DataFrame:
        moved = self._moved
        for side, segment in (("from", self.from_segment), ("to", self.to_segment)):
            if segment:
                moved = moved[moved[side] == segment]
        if bool(self.from_segment) != bool(self.to_segment):
            # As in the Campaign tab: a customer who stayed has not moved.
            moved = moved[moved["from"] != moved["to"]]
        return moved[list(SHOWN)]

    def _flow_in_words(self) -> str:
        if not self.from_segment and not self.to_segment:
            return gettext("all")
        other = N_("any other segment")
        before, after = (gettext(name or other) for name in (self.from_segment, self.to_segment))
        return gettext("from {before} to {after}", before=before, after=after)

    def _told(self, chosen: pd.DataFrame) -> str:
        any_flow = not self.from_segment and not self.to_segment
        before, between = (
            format_money(float(chosen[name].sum()), self.model.currency)
            for name in ("revenue_before", "revenue_between")
        )
        days = [day for day in (self.start, self.end) if self.dates[day]]
        partial = "".join(
            " " + gettext("The month of {day} is not complete.", day=written(day)) for day in days
        )
        hint = " " + gettext("Click a flow to see who is in it.") if any_flow else ""
        said = gettext(
            N_("{customers} in all; they spent {before} by {start} and {between} from then to {end}.")
            if any_flow
            else N_("{customers}, {flow}; they spent {before} by {start} and {between} from then to {end}."),
            customers=count_of(len(chosen), "customer"),
            flow=self._flow_in_words(),
            before=before,
            start=written(self.start),
            between=between,
            end=written(self.end),
        )
        return said + partial + hint

    def _why_not(self) -> str:
        if len(self.dates) == 1:
            return gettext("The orders cover one month-end only: movements need another month of orders.")
        return gettext("The first date is not before the second: choose an earlier first date.")
