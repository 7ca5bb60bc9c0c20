"""Retention: cohorts, days between orders, and expected orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import format_month
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import calibration_chart, cohort_heatmap, order_gap_histogram
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, SEGMENT
from shopper_widgets.customers.cohorts import cohort_matrix
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import columns, field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.panels.period import ENDS, PeriodPanel
from shopper_widgets.segments.gaps import order_gaps
from shopper_widgets.words import customers as customer_words
from shopper_widgets.words.html import bullets, details, heading, html_table, paragraphs
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The figures that cohorts can show, with their label and their format in a table.
CHOICES = {
    "retention": (N_("Retention rate"), "share"),
    "customers": (N_("Customers"), "customers"),
    "revenue": (N_("Revenue"), "revenue"),
}
SHOWN = (CUSTOMER_ID, SEGMENT, "repeats", "probability_alive", "expected_orders", "expected_revenue")


class RetentionPanel(PeriodPanel, NarrowedPanel, CustomerListPanel):
    """Show which customers come back: cohorts, days between orders, and expected orders.

    Expected orders are compared with orders that were held out, so that a reader sees how far to trust them.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers and their orders.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    values : str
        What the cohorts show: ``"retention"``, ``"customers"`` or ``"revenue"``.
    start, end : datetime.date
        First and last day of the first orders of the cohorts' customers.
    country : str
        Of the first orders of those who are followed, in cohorts and lists; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → a value of it that these first orders have.
    customer_id : str
        The customer chosen from the list, ``""`` for none. Link it to another panel's `customer_id`.
    sort_by : str
        Column that orders the list.
    descending : bool
        Whether the largest comes first.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = RetentionPanel(ShopperModel.fit(load_sample()), values="customers")
    >>> len(panel.selection) == len(panel.model.customers)
    True
    """

    heading = N_("Which customers come back, and when?")
    state = ("values", *ENDS, COUNTRY, KEPT, *CustomerListPanel.list_state)
    filename = "what-to-expect.csv"

    values: Any = traitlets.Enum(list(CHOICES), default_value="retention")
    sort_by = traitlets.Enum(SHOWN)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        #: What to expect of the customers, and whether earlier expectations came true.
        self.expectations = customer_words.expectations(model)
        self._expected_of: Narrowing | None = None
        told = self.expectations.customers
        # Not every shop's orders can tell the expected revenue.
        self._shown = [name for name in SHOWN if told.empty or name in told]
        super().__init__(model, **state)

    @property
    def cohorts(self) -> pd.DataFrame:
        """What :func:`~shopper_widgets.cohort_table` returns; empty if all orders are of one month."""
        cohorts: pd.DataFrame = customer_words.retention(self.model, self._began, self._among)[0].copy()
        return cohorts

    @traitlets.default("sort_by")
    def _most_expected(self) -> str:
        return self._shown[-1]

    def _build(self) -> list[widgets.Widget]:
        choice = widgets.Dropdown(
            description=gettext("Show"),
            options=[(gettext(label), name) for name, (label, _) in CHOICES.items()],
        )
        controls = row(
            field(self._bind(choice, "values")),
            *self._period_controls(),
            *self._narrowing_controls(),
            self._reset_button(),
        )
        self._gaps = ChartView()
        self._heatmap, self._table = ChartView(), widgets.HTML()
        self._caveats, self._link = widgets.HTML(), widgets.HTML()
        if customer_words.retention(self.model)[0].empty:
            controls.layout.display = "none"
        return [
            controls,
            self._narrowed_to,
            self._caveats,
            self._heatmap,
            self._table,
            self._link,
            self._gaps,
            widgets.HTML(
                heading(
                    gettext(
                        "Expected orders over the next {days} days, and how they were checked",
                        days=self.model.follow_days,
                    ),
                    3,
                )
            ),
            *self._expected(),
        ]

    def _expected(self) -> list[widgets.Widget]:
        """Make the views of expected orders; only a sentence if the orders can't tell."""
        expected = self.expectations
        self._build_list(
            describe(self._shown, currency=self.model.currency),
            empty=gettext("There are too few orders to estimate this."),
        )
        self._said, self._by_segment = widgets.HTML(), widgets.HTML()
        held = [ChartView(calibration_chart(expected.calibration))] if len(expected.calibration) else []
        if expected.by_segment.empty:
            return [self._said, *held]
        return [columns(widgets.VBox([self._said, self._by_segment]), *held), self._grid]

    def _show_expected(self) -> None:
        """Show the expected orders of customers within the filters, and the days between their orders."""
        expected, orders = self.expectations, self.model.orders
        if self._among:
            orders = orders[orders[CUSTOMER_ID].isin(self._among.newcomers(self.model))]
        self._gaps.chart = order_gap_histogram(order_gaps(orders))
        self._said.value = bullets(expected.sentences)
        if expected.by_segment.empty:
            self._by_segment.value = ""
            self._grid.show(pd.DataFrame({name: [] for name in self._shown}), caption="")
            return
        customers = expected.customers
        # In the model, nobody leaves before the first repeat order: for one-time buyers, the probability says
        # nothing.
        came_back = customers["repeats"] > 0
        self._grid.show(
            customers.assign(probability_alive=customers["probability_alive"].where(came_back)),
            caption=gettext("Expected orders of each customer over {days} days", days=self.model.follow_days),
        )
        self._by_segment.value = html_table(
            expected.by_segment,
            describe(expected.by_segment.columns, currency=self.model.currency, exact=False),
            caption=gettext("Expected orders by segment"),
            row_header=SEGMENT,
        )

    def _draw(self) -> None:
        self._draw_period()
        self._draw_narrowing()
        if self._expected_of != self._among:
            self._expected_of = self._among
            self.expectations = customer_words.expectations(self.model, among=self._among)
            self._show_expected()
        cohorts, caveats = customer_words.retention(self.model, self._began, self._among)
        self._caveats.value = paragraphs(caveats, "sw-note")
        self._link.value = download_link(cohorts, "cohorts.csv", "month")
        if cohorts.empty:
            self._heatmap.chart, self._table.value = None, ""
            return
        self._heatmap.chart = cohort_heatmap(cohorts, values=self.values, currency=self.model.currency)
        self._table.value = self._as_table(cohorts)

    def _as_table(self, cohorts: pd.DataFrame) -> str:
        label, column = CHOICES[self.values]
        matrix = cohort_matrix(cohorts, self.values)
        (cell,) = describe([column], currency=self.model.currency, exact=False)
        months = {str(month): matrix[month].map(cell.cell) for month in matrix}
        shown = pd.DataFrame({"cohort": [format_month(cohort) for cohort in matrix.index], **months})
        title = gettext("{label}, by month of the first order and months since", label=gettext(label))
        table = html_table(shown, describe(shown.columns), caption=title, row_header="cohort")
        return details(gettext("Cohort table"), table)
