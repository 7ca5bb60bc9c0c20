"""One customer: their figures, their orders, and what to offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import count_of, format_count, format_number
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.charts import customer_history
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    MONETARY,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    RFM,
    SEGMENT,
)
from shopper_widgets.customers.actions import customer_actions
from shopper_widgets.customers.cadence import customer_cadence, is_overdue
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import Panel, columns, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.search import LONGEST_QUERY, SearchBox
from shopper_widgets.recommend.item import UnknownCustomerError
from shopper_widgets.words.html import bullets, figures, heading, html_table, paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

CANDIDATES = 8
RECOMMENDED = 5

#: The sentences for a customer who is overdue by their own rhythm; late, but only for a normal number of
#: days; or neither.
_OVERDUE = N_(
    "Their usual gap between orders is {usual}; they have been silent for {silence}: overdue, {times} times "
    "their usual gap."
)
_SHORT = N_(
    "Their usual gap between orders is {usual}; they have been silent for {silence}: {times} times their "
    "own usual gap, but nobody in this shop counts as overdue within {days}."
)
_NOT_OVERDUE = N_(
    "Their usual gap between orders is {usual}; they have been silent for {silence}: not overdue, {times} "
    "times their usual gap."
)


class CustomerPanel(Panel):
    """Find a customer by id, and see profile, segment and the reasons for it, orders and recommendations.

    A typed id, or the only one that contains what is typed, is chosen at once; among several, choose from the
    list. As long as nothing is typed, the list offers the customers who spent most.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, their orders and the fitted recommender.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    query : str
        What is typed. A new one moves `customer_id`.
    customer_id : str
        The customer; ``""`` for none. Link it to another panel's `customer_id`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> model = ShopperModel.fit(load_sample())
    >>> panel = CustomerPanel(model, customer_id=model.customers.customer_id[0])
    >>> len(panel.selection) == int(panel.profile["frequency"].iloc[0])
    True
    """

    heading = N_("Who is this customer?")
    state = ("query", CUSTOMER_ID)
    where_unfiltered = N_("This view shows one customer, whatever the filters.")

    query = traitlets.Unicode()
    customer_id = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        by_money = model.customers.sort_values([MONETARY, CUSTOMER_ID], ascending=[False, True])
        self._ids = by_money[CUSTOMER_ID].reset_index(drop=True)
        if state.get("query") and CUSTOMER_ID not in state:
            state[CUSTOMER_ID] = self._best_match(state["query"])
        self._by_id = pd.DataFrame()
        try:
            self._by_id = customer_cadence(model)
            self._cadence: pd.DataFrame | None = self._by_id.set_index(CUSTOMER_ID)
        except TooLittleDataError:
            self._cadence = None
        super().__init__(model, **state)

    @property
    def profile(self) -> pd.DataFrame:
        """The customer's row of the model's `customers`; no row if no customer is chosen."""
        customers = self.model.customers
        return customers[customers[CUSTOMER_ID] == self.customer_id].reset_index(drop=True)

    @property
    def orders(self) -> pd.DataFrame:
        """The `selection`."""
        return self.selection

    def _selected(self) -> pd.DataFrame:
        """Return the customer's orders, the latest first; none if no customer is chosen."""
        orders = self.model.orders
        own = orders[orders[CUSTOMER_ID] == self.customer_id]
        return own.sort_values([ORDERED_AT, ORDER_ID], ascending=False).reset_index(drop=True)

    @traitlets.validate("query")
    def _short(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        return text[:LONGEST_QUERY]

    @traitlets.observe("query")
    def _follow_query(self, change: dict[str, Any]) -> None:
        # A panel that is created with both shows that customer: the visitor had picked another match.
        if self._ready:
            self.customer_id = self._best_match(change["new"])

    def _build(self) -> list[widgets.Widget]:
        currency = self.model.currency
        self._search = SearchBox(gettext("Customer"), gettext("an id, or part of one"), rows=CANDIDATES)
        self._bind(self._search, "query", "query")
        self._bind(self._search, CUSTOMER_ID, "chosen")
        self._found = widgets.HTML()
        self._profile = widgets.HTML()
        self._why = widgets.HTML()
        self._history = ChartView()
        shown = describe([ORDER_ID, ORDERED_AT, "lines", AMOUNT], currency=currency)
        self._grid = Grid(shown, empty="", filename="orders.csv", what="order")
        self._recommended = widgets.HTML()
        search = widgets.VBox([self._search, row(self._reset_button(gettext("Clear")))])
        return [
            columns(search, widgets.VBox([self._found, self._profile, self._why])),
            columns(self._history, self._recommended),
            self._grid,
        ]

    def _draw(self) -> None:
        matches = self._matches(self.query)
        self._draw_candidates(list(matches.head(CANDIDATES)))
        self._found.value = status(paragraph(self._told(len(matches))))
        self._profile.value = self._describe()
        self._why.value = self._explain() if self.customer_id else ""
        self._grid.show(self.orders, caption=gettext("Orders of {customer}", customer=self.customer_id))
        self._recommended.value = self._recommend() if self.customer_id else ""
        self._soon(self._draw_history)

    def _draw_candidates(self, ids: list[str]) -> None:
        title = (
            (gettext("Matches, highest spend first") if ids else gettext("No match"))
            if self.query.strip()
            else gettext("Top spenders")
        )
        if self.customer_id and self.customer_id not in ids:
            ids = [self.customer_id, *ids]
        self._search.offer([(customer_id, customer_id) for customer_id in ids], title)

    @guarded
    def _draw_history(self) -> None:
        orders = self.orders
        currency = self.model.currency
        self._history.chart = (
            None
            if orders.empty
            else customer_history(
                orders, currency=currency, customer=self.customer_id, usual_gap=self._usual_gap()
            )
        )

    def _matches(self, query: str) -> pd.Series[str]:
        """Return the ids that contain the typed text, an equal one first, then by spend."""
        query = query.strip().upper()
        upper = self._ids.str.upper()
        found = self._ids[upper.str.contains(query, regex=False)]
        ordered: pd.Series[str] = pd.concat([found[upper == query], found[upper != query]])
        return ordered

    def _best_match(self, query: str) -> str:
        query = query.strip()
        if not query:
            return ""
        found = self._matches(query)
        certain = len(found) == 1 or (len(found) and found.iloc[0].upper() == query.upper())
        return str(found.iloc[0]) if certain else ""

    def _told(self, matches: int) -> str:
        if self.customer_id:
            segment = self.profile[SEGMENT].iloc[0]
            return gettext(
                "{customer} is a customer of the segment {segment}.",
                customer=self.customer_id,
                segment=gettext(segment),
            )
        if not self.query.strip():
            return gettext("Type a customer id, or choose one of the top spenders.")
        if not matches:
            return gettext("No customer id contains “{text}”.", text=self.query.strip())
        return gettext(
            "{number} customer ids contain “{text}”: keep typing, or choose one.",
            number=format_count(matches),
            text=self.query.strip(),
        )

    def _describe(self) -> str:
        if not self.customer_id:
            first = self.model.customers.set_index(CUSTOMER_ID, drop=False).loc[self._ids.head(RECOMMENDED)]
            shown = describe([CUSTOMER_ID, SEGMENT, *RFM], currency=self.model.currency)
            return html_table(
                first, shown, caption=gettext("The most valuable customers"), row_header=CUSTOMER_ID
            )
        names = [SEGMENT, *RFM, "r_score", "f_score", "m_score", "first_order", "last_order"]
        return figures(self.profile.iloc[0], describe(names, currency=self.model.currency))

    def _explain(self) -> str:
        """Say why the customer is in the segment, what would change that, and if the customer is late."""
        told = [*self._tell_rhythm(), *self.model.explain(self.customer_id).sentences]
        advice = gettext(customer_actions(self.model, self.profile, cadence=self._by_id)[0])
        told.append(gettext("What to do: {action}", action=f"{advice[0].lower()}{advice[1:]}"))
        return heading(gettext("Why {segment}", segment=gettext(self.profile[SEGMENT].iloc[0])), 3) + bullets(
            told
        )

    def _usual_gap(self) -> float | None:
        """Return the customer's usual gap in days; None for a customer who ordered on one day only."""
        if self._cadence is None or not self._cadence.loc[self.customer_id, "gaps"]:
            return None
        gap: Any = self._cadence.loc[self.customer_id, "expected_gap"]
        return float(gap)

    def _tell_rhythm(self) -> list[str]:
        if self._cadence is None:
            return []
        own: Any = self._cadence.loc[self.customer_id]
        if not own["gaps"]:
            return [gettext("They ordered on one day only, so they have no usual gap yet.")]
        told: str = (
            _OVERDUE if is_overdue(own) else _SHORT if is_overdue(own, min_silence=0) else _NOT_OVERDUE
        )
        return [
            gettext(
                told,
                usual=_told_gap(own),
                silence=format_count(own["silence"]),
                times=format_number(own["overdue"]),
                **({"days": count_of(own["short_silence"], "day")} if told is _SHORT else {}),
            )
        ]

    def _recommend(self) -> str:
        try:
            found = self.model.recommender.recommend(self.customer_id, n=RECOMMENDED)
        except UnknownCustomerError:
            return paragraph(
                gettext("They bought only services, no goods, so nothing can be recommended."), "sw-empty"
            )
        if found.empty:
            return paragraph(
                gettext(
                    "Too few customers bought other products together with these, so nothing can be "
                    "recommended."
                ),
                "sw-empty",
            )
        # Products that nobody bought together with the customer's are listed as best sellers.
        found["because_name"] = found["because_name"].where(
            found["support"] > 0, gettext("– (a best seller)")
        )
        shown = describe(
            [PRODUCT_NAME, PRODUCT_ID, "because_name", "support"], because_name=gettext("Bought before")
        )
        return html_table(found, shown, caption=gettext("Products to recommend"), row_header=PRODUCT_NAME)


def _told_gap(own: Any) -> str:
    """Say how long a usual gap is, and how it follows from the gaps between the orders."""
    usual, median = (count_of(round(own[name]), "day") for name in ("expected_gap", "own_gap"))
    number, gaps = format_count(own["gaps"]), int(own["gaps"])
    if usual != median:
        return ngettext(
            "{usual} (their only gap was {median}, drawn towards what is usual in the shop)",
            "{usual} (the median of their {number} gaps is {median}, drawn towards what is usual in the "
            "shop)",
            gaps,
            usual=usual,
            median=median,
            number=number,
        )
    return ngettext(
        "{usual}, their only gap",
        "{usual}, the median of their {number} gaps",
        gaps,
        usual=usual,
        number=number,
    )
