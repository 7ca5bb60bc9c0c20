"""The value of a new customer by cohort, and when the acquisition cost is paid back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import cohort_value_chart
from shopper_widgets.columns import COUNTRY
from shopper_widgets.panels.base import field, slim
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number
from shopper_widgets.panels.period import ENDS, PeriodPanel
from shopper_widgets.words.html import bullets, html_table, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.told_of import tells_money
from shopper_widgets.words.value import (
    ValueCase,
    ValueTerms,
    known_terms,
    terms_of,
    value_by_cohort,
    value_case,
)

if TYPE_CHECKING:
    import altair as alt

    from shopper_widgets.model.shopper_model import ShopperModel


class ValuePanel(PeriodPanel, NarrowedPanel):
    """Show the value of a new customer month by month, and when the acquisition cost is paid back.

    The orders show what customers bring, but not what is left of it after costs of the goods, nor what
    winning a customer costs: type these in.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers' orders.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    margin : float
        In percent of the price: 100 counts revenue.
    acquisition_cost : float
        Of winning one customer; 0 where it isn't known. Both default to the settings of the report that made
        the model, if these name a cost.
    start, end : datetime.date
        First and last day of the first orders of the new customers who count.
    country : str
        Of these first orders; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → a value of it that these first orders have.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = ValuePanel(ShopperModel.fit(load_sample()), margin=40, acquisition_cost=100)
    >>> bool((panel.selection["payback_month"] > 0).any())
    True
    """

    heading = N_("What is a new customer worth?")
    state = ("margin", "acquisition_cost", *ENDS, COUNTRY, KEPT)

    margin = Number(
        Limits(N_("Margin"), unit=N_("% of the price"), least=1, most=100, help=N_("100: revenue")), 100.0
    )
    acquisition_cost = Number(Limits(N_("Acquisition cost per customer"), empty=N_("not known")))

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._case = ValueCase(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), [])
        super().__init__(model, **state)

    @traitlets.default("margin")
    def _margin_of_the_report(self) -> float:
        terms = known_terms(self.model)
        return 100 * terms.margin if terms else 100.0

    @traitlets.default("acquisition_cost")
    def _cost_of_the_report(self) -> float:
        terms = known_terms(self.model)
        return terms.acquisition_cost if terms else 0.0

    def _selected(self) -> pd.DataFrame:
        """Return one row per cohort: see :func:`~shopper_widgets.payback_table`."""
        return self._case.paid_back.copy()

    def _build(self) -> list[widgets.Widget]:
        units = {"acquisition_cost": self.model.currency}
        boxes = [
            field(self._bind(number_box(self.traits()[name], currency=units.get(name)), name))
            for name in (("margin", "acquisition_cost") if tells_money(self.model) else ())
        ]
        self._said, self._table, self._link = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._chart = ChartView()
        narrowing = self._narrowing_controls()
        controls = slim(*boxes, *self._period_controls(), *narrowing, self._reset_button())
        return [controls, self._narrowed_to, self._said, self._chart, self._table, self._link]

    def _draw(self) -> None:
        terms = terms_of(self.model, ValueTerms(self.margin / 100, self.acquisition_cost))
        self._draw_period()
        self._draw_narrowing()
        self._case = case = value_case(self.model, terms, self._began, self._among)
        self._said.value = status(bullets(case.sentences))
        self._chart.chart = self._drawn_value(case, terms) if len(case.curve) else None
        if case.cohorts.empty:
            self._table.value = self._link.value = ""
            return
        shown = value_by_cohort(case, terms)
        self._table.value = html_table(
            shown,
            describe(shown.columns, currency=self.model.currency),
            caption=gettext("Value of each cohort per customer († may include existing customers)"),
            row_header="cohort",
        )
        self._link.value = download_link(case.cohorts, "value-by-cohort.csv", "row")

    def _drawn_value(self, case: ValueCase, terms: ValueTerms) -> alt.Chart:
        return cohort_value_chart(
            case.curve,
            case.cohorts,
            acquisition_cost=terms.acquisition_cost,
            what=N_("revenue") if terms.margin == 1 else N_("margin"),
            currency=self.model.currency,
        )
