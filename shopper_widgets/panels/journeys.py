"""What new customers begin with, what they spend later, and what they buy next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import entry_chart, journey_flows
from shopper_widgets.columns import COUNTRY, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import field, guarded, row, slim
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, WholeNumber
from shopper_widgets.panels.period import ENDS, Days, PeriodPanel
from shopper_widgets.panels.product_picker import known_product
from shopper_widgets.words.html import bullets, heading, paragraph, status
from shopper_widgets.words.journeys import (
    ENTRY,
    STEPS,
    JourneyCase,
    journey_case,
    next_names,
    next_step_campaign,
)
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

PICK = "pick"
#: The text between the two codes of a step.
TO = " → "


class JourneysPanel(PeriodPanel, NarrowedPanel):
    """Show entry products of new customers, their later spend, and which product follows which.

    A click on a product chooses it, and shows its steps alone. A click on a step chooses that step, and a
    button makes the campaign that recommends the next product.

    Parameters
    ----------
    model : ShopperModel
        Gives the order lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    days : int
        For which new customers are followed.
    start, end : datetime.date
        First and last day of their first orders.
    country : str
        Of these first orders; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → a value of it that these first orders have.
    product_id : str
        The product that they began with; ``""`` for any.
    step : str
        The chosen step, such as ``"22423 → 22697"``; ``""`` for none.
    sort_by : str
        The column that orders the steps; ``""`` for most customers beyond chance first.
    descending : bool
        Whether the largest comes first.
    proposed : str
        Definition of the campaign that was asked for last, as JSON; ``""`` for none. `Dashboard` opens it.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = JourneysPanel(ShopperModel.fit(load_sample()))
    >>> bool((panel.selection["lift_low"] > 1).all())
    True
    """

    heading = N_("What do new customers buy first, and what next?")
    state = ("days", *ENDS, COUNTRY, KEPT, PRODUCT_ID, "step", "sort_by", "descending")

    days = WholeNumber(Limits(N_("Days to follow new customers"), least=7, most=1095))
    product_id = traitlets.Unicode()
    step = traitlets.Unicode()
    sort_by = traitlets.Enum(("", *STEPS), default_value="")
    descending = traitlets.Bool(True)
    proposed = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._drawn_of: tuple[int, str, Days | None, Narrowing] | None = None
        super().__init__(model, **state)

    @property
    def entry(self) -> pd.DataFrame:
        """The entry products: see :func:`~shopper_widgets.entry_products`."""
        return self._case().entry.copy()

    def _case(self) -> JourneyCase:
        return journey_case(self.model, self.days, self._began, self._among)

    def _next_products(self) -> pd.DataFrame:
        steps = self._case().steps
        if steps.empty:
            return pd.DataFrame({name: [] for name in (PRODUCT_ID, "next_id", *STEPS, "step")})
        sure = steps[steps["is_sure"]]
        sure = sure[sure[PRODUCT_ID] == self.product_id] if self.product_id else sure
        return sure.assign(step=sure[PRODUCT_ID] + TO + sure["next_id"]).reset_index(drop=True)

    def _selected(self) -> pd.DataFrame:
        """Return the steps that are shown: see :func:`~shopper_widgets.product_steps`."""
        return self._next_products()

    @traitlets.default("days")
    def _days_of_shop(self) -> int:
        return self.model.follow_days

    @traitlets.validate("product_id")
    def _known_product(self, proposal: dict[str, Any]) -> str:
        product: str = proposal["value"]
        return known_product(product, bool((self.model.products[PRODUCT_ID] == product).any()))

    @traitlets.validate("step")
    def _two_products(self, proposal: dict[str, Any]) -> str:
        step: str = proposal["value"]
        pair = step.split(TO)
        if step and not (len(pair) == 2 and set(pair) <= set(self.model.products[PRODUCT_ID])):
            raise traitlets.TraitError(
                gettext("There is no step {step} from one product to another.", step=repr(plain(step)))
            )
        return step

    def _build(self) -> list[widgets.Widget]:
        box = field(self._bind(number_box(self.traits()["days"], step=30), "days"))
        self._said, self._of = widgets.HTML(), widgets.HTML()
        self._entry_chart, self._flows = ChartView(), ChartView()
        self._entry_chart.observe(self._on_product, "selections")
        self._flows.observe(self._on_step, "selections")
        money = self.model.currency
        self._entry = Grid(
            describe(ENTRY, currency=money, customers=gettext("New customers")),
            key=PRODUCT_ID,
            empty=gettext("Too few new customers started with any one product."),
            filename="entry-products.csv",
            what="product",
        )
        self._grid = Grid(
            describe(
                STEPS, currency=money, product_name=gettext("Started with"), share=gettext("Buy it next")
            ),
            key="step",
            empty=gettext(
                "No product is clearly bought next: choose another first product, or follow customers for "
                "longer."
            ),
            filename="next-products.csv",
            what="step",
        )
        self._bind(self._entry, PRODUCT_ID, "chosen")
        for name, own in (("step", "chosen"), ("sort_by", "sort_by"), ("descending", "descending")):
            self._bind(self._grid, name, own)
        self._button = widgets.Button(description=gettext("Make the campaign of this step"), icon="bullhorn")
        self._button.on_click(self._on_campaign)
        self._found = widgets.VBox(
            [
                self._entry_chart,
                self._entry,
                widgets.HTML(heading(gettext("What do they buy next?"), 3)),
                self._flows,
                row(self._button, self._of),
                self._grid,
            ]
        )
        return [
            slim(box, *self._period_controls(), *self._narrowing_controls(), self._reset_button()),
            self._narrowed_to,
            self._said,
            self._found,
        ]

    def _draw(self) -> None:
        case, steps = self._case(), self._next_products()
        self._said.value = status(bullets(case.sentences))
        self._draw_period()
        self._draw_narrowing()
        of = self.days, self.product_id, self._began, self._among
        if self._drawn_of != of:
            self._draw_charts(case, steps)
        self._drawn_of = of
        for view, picked in (
            (self._entry_chart, [{PRODUCT_ID: self.product_id}] if self.product_id else []),
            (self._flows, [dict(zip(("from", "to"), self.step.split(TO), strict=True))] if self.step else []),
        ):
            if PICK in view.selections:
                view.selections = {PICK: picked}
        chosen = steps[steps["step"] == self.step]
        self._button.disabled = chosen.empty
        told = gettext("Choose a step in the chart or the list to make its campaign.")
        if len(chosen):
            first, then = chosen.iloc[0][[PRODUCT_NAME, "next_name"]]
            told = gettext("{first}, then {then}: for customers who ordered once.", first=first, then=then)
        self._of.value = paragraph(told, "sw-note")

    def _draw_charts(self, case: JourneyCase, steps: pd.DataFrame) -> None:
        told = count_of(self.days, "day")
        # Without entry products there is nothing to choose from; the sentences say why.
        self._found.layout.display = "none" if case.entry.empty else None
        if case.entry.empty:
            self._entry_chart.chart = self._flows.chart = None
        else:
            self._entry_chart.chart = entry_chart(
                case.entry,
                days=self.days,
                usual=case.entry.attrs["later_value"],
                currency=self.model.currency,
            )
            self._flows.chart = journey_flows(steps)
        entry = case.entry if len(case.entry.columns) else pd.DataFrame({n: [] for n in (PRODUCT_ID, *ENTRY)})
        self._entry.show(entry, caption=gettext("Entry products, and spend in the next {told}", told=told))
        self._grid.show(
            steps.assign(next_name=next_names(steps)) if len(steps) else steps,
            caption=gettext("Next products, within {told}", told=told),
        )

    @guarded
    def _on_product(self, change: dict[str, Any]) -> None:
        if not self._drawing:
            picked = change["new"].get(PICK) or [{}]
            self.product_id = str(picked[-1].get(PRODUCT_ID, ""))

    @guarded
    def _on_step(self, change: dict[str, Any]) -> None:
        if not self._drawing:
            picked = change["new"].get(PICK) or []
            self.step = f"{picked[-1]['from']}{TO}{picked[-1]['to']}" if picked else ""

    @guarded
    def _on_campaign(self, _: widgets.Button) -> None:
        steps = self._next_products()
        chosen = steps[steps["step"] == self.step]
        self.proposed = ""  # so that a second click opens it again
        if len(chosen):
            self.proposed = next_step_campaign(self.model, chosen.iloc[0], self.days, self._among).to_json()
