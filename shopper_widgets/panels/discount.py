"""Discounts: the break-even in each segment, the cheapest test, and the best split of a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import count_of, format_money, listed
from shopper_widgets._support.locale import N_, gettext, with_marks
from shopper_widgets._support.retelling import retold_refusal
from shopper_widgets.charts import break_even_chart, budget_tornado
from shopper_widgets.columns import AMOUNT, ORDERED_AT, SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.panels.base import Panel, columns, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.panels.upload import Upload
from shopper_widgets.products.discount_budget import assumed_response, budget_sensitivity, split_budget
from shopper_widgets.products.measured_lifts import NEEDED, learned_response, measured_lifts, read_result
from shopper_widgets.words.discounts import (
    BREAK_EVEN,
    DiscountCase,
    DiscountTerms,
    discount_case,
    learned_sentences,
    past_rates,
)
from shopper_widgets.words.html import bullets, heading, html_table, paragraph, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

SPLIT = (SEGMENT, "discount_rate", "customers", "cost", "gain")
#: The initial budget, as a share of the sales in thirty days.
_BUDGET = 0.05


#: The standard deviation of an assumed rise, as a share of the rise, and at least this much.
SPREAD, LEAST_SPREAD = 0.5, 0.1


LIFT = Limits(
    N_("Buyers at 10 % off"), unit=N_("times as many"), least=1, most=10, help=N_("assumed, not measured")
)
#: The ends of the sliders.
_SLIDERS = {"margin": (1, 100), "discount": (1, 90), "days": (1, 180), "lift": (1, 5)}


class DiscountPanel(Panel):
    """Show when a discount pays in each segment, and the test that would show whether it does.

    What customers do without a discount is taken from what they did after past month-ends. The orders don't
    show what they do with one: it is assumed, and the panel offers the campaign that would measure it.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, their segments through time, and their orders.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    margin, discount : float
        In percent of the full price.
    contact_cost : float
        Of writing to one customer.
    days : int
        Within which customers order.
    lift : float
        How many times as many customers are assumed to order at 10 % off.
    budget : float
        For discounts and contacts.
    measured : str
        What a campaign with this discount brought, as the text of the CSV file that the Results tab gives: it
        replaces what is assumed, weighted by its precision; ``""`` for nothing.
    proposed : str
        Definition of the campaign that was asked for last, as JSON; ``""`` for none. `Dashboard` opens it.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = DiscountPanel(ShopperModel.fit(load_sample()), margin=50)
    >>> bool((panel.selection["break_even"] > panel.selection["rate"]).all())
    True
    """

    heading = N_("When does a discount pay?")
    state = ("margin", "discount", "contact_cost", "days", "lift", "budget", "measured")
    uploaded = ("measured",)

    margin = Number(Limits(N_("Margin"), unit=N_("% of the price"), least=1, most=100), 40.0)
    discount = Number(Limits(N_("Discount"), unit=N_("% of the price"), least=1, most=90), 10.0)
    contact_cost = Number(Limits(N_("Cost of contacting one customer")))
    days = WholeNumber(Limits(N_("Time to order in"), unit=N_("days"), least=1, most=365))
    lift = Number(LIFT, 1.5)
    budget = Number(Limits(N_("Budget for discounts and contacts")))
    measured = traitlets.Unicode()
    proposed = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._rates: dict[int, pd.DataFrame] = {}
        self._case = DiscountCase(pd.DataFrame(), pd.DataFrame(), [])
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the table of break-evens: see :func:`~shopper_widgets.discount_table`."""
        return self._case.table.copy()

    @property
    def test(self) -> Campaign | None:
        """The campaign of the cheapest test of the discount; half of its list is held out."""
        if self._case.tests.empty:
            return None
        segment = str(self._case.tests[SEGMENT].iloc[0])
        return Campaign(
            name=gettext("Test of {discount} % off", discount=with_marks(f"{self.discount:g}")),
            segments=(segment,),
            hold_out=0.5,
            actions=(
                (segment, gettext("Offer {discount} % off.", discount=with_marks(f"{self.discount:g}"))),
            ),
        )

    @traitlets.validate("measured")
    def _readable_result(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"].strip()
        try:
            if text:
                read_result(text)
        except ValueError as error:
            raise traitlets.TraitError(retold_refusal(error)) from error
        return text

    @traitlets.default("days")
    def _days_of_shop(self) -> int:
        return self.model.reply_days

    @traitlets.default("budget")
    def _share_of_a_month(self) -> float:
        orders = self.model.orders
        days = max((orders[ORDERED_AT].max() - orders[ORDERED_AT].min()).days, 30)
        return float(f"{_BUDGET * 30 / days * orders[AMOUNT].sum():.1g}")

    def _build(self) -> list[widgets.Widget]:
        units = {"contact_cost": self.model.currency, "budget": self.model.currency}
        steps = {"lift": 0.1, "contact_cost": 0.1, "budget": 100}
        boxes = {
            name: field(
                self._bind(
                    number_box(
                        self.traits()[name],
                        currency=units.get(name),
                        step=steps.get(name, 1),
                        slider=_SLIDERS.get(name),
                    ),
                    name,
                )
            )
            for name in self.state[:-1]
        }
        upload = Upload(
            self,
            gettext("A measured result (CSV)"),
            ".csv",
            self._take_result,
            gettext("can't be read as a campaign result"),
        )
        self._said, self._table, self._split = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._chart, self._tornado = ChartView(), ChartView()
        self._button = widgets.Button(description=gettext("Make the campaign of this test"), icon="flask")
        self._button.on_click(self._on_test)
        terms = ("margin", "discount", "contact_cost", "days")
        return [
            row(*(boxes[name] for name in terms), self._reset_button()),
            self._said,
            row(self._button),
            self._chart,
            self._table,
            widgets.HTML(heading(gettext("Budget by segment"), 3)),
            row(boxes["lift"], boxes["budget"], upload),
            columns(self._split, self._tornado),
        ]

    def _draw(self) -> None:
        self._case = discount_case(self.model, self._terms(), self._past_rates())
        table, told = self._case.table, self._case
        self._said.value = status(bullets(told.sentences))
        self._button.disabled = self.test is None
        if table.empty:
            self._table.value = self._split.value = ""
            self._chart.chart = self._tornado.chart = None
            return
        self._chart.chart = break_even_chart(table, discount=self._terms().discount, days=self.days)
        self._table.value = html_table(
            table[list(BREAK_EVEN)],
            describe(BREAK_EVEN, currency=self.model.currency),
            caption=gettext("Break-even of the discount, by segment"),
            row_header=SEGMENT,
        )
        self._draw_split(table)

    def _draw_split(self, table: pd.DataFrame) -> None:
        terms = self._terms()
        response, learned = assumed_response(table, self.lift), self._learned(table[SEGMENT])
        response = learned_response(table, response, learned, terms.discount)
        money = {"margin": terms.margin, "contact_cost": terms.contact_cost}
        split = split_budget(table, response, budget=self.budget, **money)
        if split.empty:
            self._split.value = bullets(learned_sentences(learned, self._assumed())) + paragraph(
                gettext("With so few more buyers, no discount pays in any segment: keep the money."),
                "sw-empty",
            )
            self._tornado.chart = None
            return
        gain = float(split["gain"].sum())
        measured = (
            gettext(
                ", except for segments measured at {discount} % off",
                discount=with_marks(f"{self.discount:g}"),
            )
            if len(learned)
            else ""
        )
        currency = self.model.currency
        said = gettext(
            "Spending {cost} of {budget} this way would bring {gain} of margin beyond its cost, if {lift} "
            "times as many customers order at 10 % off{others}. The rise is assumed, not measured{measured}.",
            cost=format_money(split["cost"].sum(), currency),
            budget=format_money(self.budget, currency),
            gain=format_money(gain, currency),
            lift=with_marks(f"{self.lift:g}"),
            others=self._at_others(split["discount_rate"]),
            measured=measured,
        )
        if without := table.loc[(table["rate"] > 0) & ~table[SEGMENT].isin(split[SEGMENT]), SEGMENT].tolist():
            spent = split["cost"].sum() >= 0.99 * self.budget
            said += " " + gettext(
                N_("Nothing goes to {segments}: there, it would bring no more than elsewhere.")
                if spent
                else N_("Nothing goes to {segments}: there, no discount pays."),
                segments=listed(map(gettext, without)),
            )
        shown = split.assign(customers=split["customers"].round())
        told = bullets(learned_sentences(learned, self._assumed()))
        self._split.value = (
            paragraph(said)
            + told
            + html_table(
                shown[list(SPLIT)],
                describe(SPLIT, currency=currency, customers=gettext("To contact")),
                caption=gettext(
                    "The best split of the budget, in {parts}", parts=count_of(len(split), "part")
                ),
                row_header=SEGMENT,
            )
        )
        sensitivity = budget_sensitivity(table, response, split, **money)
        self._tornado.chart = budget_tornado(sensitivity, gain=gain, currency=currency)

    def _assumed(self, at: float | None = None) -> float:
        """Return the assumed lift of orders at a discount, by default at the chosen one."""
        one = pd.DataFrame({SEGMENT: [""], "rate": [1e-6]})
        at = self._terms().discount if at is None else at
        return float(assumed_response(one, self.lift, levels=[at])["response"].iloc[0] / 1e-6)

    def _at_others(self, rates: pd.Series[float]) -> str:
        """Say the assumed factor at those discounts of the split that differ from that of the guess."""
        return "".join(
            gettext(
                ", {lift} times at {discount} % off",
                lift=with_marks(f"{self._assumed(rate):.2f}"),
                discount=with_marks(f"{100 * rate:g}"),
            )
            for rate in sorted({*rates} - {0.1})
        )

    def _learned(self, segments: pd.Series[str]) -> pd.DataFrame:
        """Return the measured lifts by segment; none if nothing was measured."""
        result = read_result(self.measured) if self.measured else pd.DataFrame(columns=list(NEEDED))
        assumed = self._assumed()
        spread = max(SPREAD * (assumed - 1), LEAST_SPREAD)
        return measured_lifts(result[result[SEGMENT].isin(segments)], assumed, spread=spread)

    def _terms(self) -> DiscountTerms:
        return DiscountTerms(self.margin / 100, self.discount / 100, self.contact_cost, self.days)

    def _past_rates(self) -> pd.DataFrame | None:
        """Return the rates of this many days, computed once; None where the orders can't tell."""
        if self.days not in self._rates:
            try:
                self._rates[self.days] = past_rates(self.model, self.days)
            except TooLittleDataError:
                return None
        return self._rates[self.days]

    @guarded
    def _on_test(self, _: widgets.Button) -> None:
        self.proposed = ""  # so that a second click opens it again
        self.proposed = self.test.to_json() if self.test else ""

    def _take_result(self, text: str) -> None:
        self.measured = text
