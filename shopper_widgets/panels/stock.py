"""Stock: target levels, an order list if the stock on hand is known, and what clears fading stock."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import listed
from shopper_widgets._support.locale import N_, gettext, with_marks
from shopper_widgets._support.retelling import retold_refusal
from shopper_widgets.charts import markdown_chart, stock_chart
from shopper_widgets.columns import COUNTRY, PRODUCT_ID
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.errors import AmbiguousDecimalError, TooLittleDataError
from shopper_widgets.panels.base import field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.fold import Fold
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedOrdersPanel
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.panels.product_picker import known_product
from shopper_widgets.panels.upload import Upload
from shopper_widgets.products.stock_levels import read_stock
from shopper_widgets.words.demand import ENOUGH, Demand, demand_of
from shopper_widgets.words.html import bullets, heading, paragraph, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.markdown import CLEARING, MarkdownTerms, markdown_case
from shopper_widgets.words.stock import LEVELS, shown_columns, stock_sentences
from shopper_widgets.words.stock_limits import limited_plan

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The ends of the sliders.
_SLIDERS = {
    **{"lead_time": (0, 90), "review": (1, 60), "service": (50, 99)},
    **{"clear_weeks": (1, 26), "margin": (1, 100), "cut": (1, 90)},
}
#: What the order list does not depend on.
_NOT_OF_PLAN = ("clear_weeks", "margin", "cut", PRODUCT_ID)
#: Decimal mark → what it is called.
_MARKS = {"": N_("automatic"), ".": N_("point (1,250.5)"), ",": N_("comma (1.250,5)")}
HELP = N_(
    "Upload a CSV file with the columns product_id and on_hand (and, if known, on_order, pack, "
    "minimum, unit_cost and unit_space) to turn the levels into an order list. The file stays in "
    "this page."
)


def _of_class(name: str) -> Number:
    return Number(Limits(name, unit="%", most=99.9, empty=N_("as above")))


class StockPanel(NarrowedOrdersPanel):
    r"""Show the target level of each product, how much to order now, and what it takes to clear fading stock.

    Parameters
    ----------
    model : ShopperModel
        Gives everyone's lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    lead_time, review : int
        Days from order to delivery, and between two orders.
    service : float
        In how many of 100 order cycles stock is to last.
    budget : float
        The most to spend on this order; 0 for no limit.
    service_a, service_b, service_c : float
        The service level of products of these classes by revenue; 0 for that of all.
    space : float
        The most space for this order, in the unit of ``unit_space``; 0 for no limit.
    clear_weeks : int
        In how many weeks fading stock is to be cleared.
    margin, cut : float
        In percent of today's price: what is left after costs of the goods, and what would be taken off.
    decimal : str
        The decimal mark of the next file that is uploaded, ``"."`` or ``","``; ``""`` for what its numbers
        prove.
    country : str
        Only order lines from there; ``""`` for all. The stock on hand must then be the stock for these sales.
    kept : dict of str to str
        Column that the model was told to keep → the value to which order lines are narrowed.
    stock : str
        What is on hand, as the text of a CSV file: see :func:`~shopper_widgets.stock_plan`; ``""`` where it
        isn't known. Of a database: ``read_stock(…).to_csv(index=False)``.
    product_id : str
        The product chosen in a list, ``""`` for none; link it to another panel's `product_id`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = StockPanel(ShopperModel.fit(load_sample()), lead_time=14)
    >>> product = panel.selection["product_id"].iloc[0]
    >>> panel.stock = f"product_id,on_hand\n{product},0"
    >>> row = panel.selection.set_index("product_id").loc[product]
    >>> bool(row["order_quantity"] == row["order_up_to"])
    True
    """

    heading = N_("What should be ordered?")
    state = (
        *("lead_time", "review", "service", "budget", "service_a", "service_b", "service_c", "space"),
        *("clear_weeks", "margin", "cut", "decimal", COUNTRY, KEPT, "stock", PRODUCT_ID),
    )

    uploaded = ("stock",)

    lead_time = WholeNumber(Limits(N_("Lead time, order to delivery"), unit=N_("days"), most=180), 14)
    review = WholeNumber(Limits(N_("Time between orders"), unit=N_("days"), least=1, most=180), 7)
    service = Number(
        Limits(N_("Service level, chance that stock lasts"), unit="%", least=50, most=99.9), 100 * ENOUGH
    )
    budget = Number(Limits(N_("Budget of this order"), empty=N_("no limit")))
    service_a, service_b, service_c = (
        _of_class(N_("Service level, A products")),
        _of_class(N_("Service level, B products")),
        _of_class(N_("Service level, C products")),
    )
    space = Number(
        Limits(N_("Space for this order"), empty=N_("no limit"), help=N_("in the unit of unit_space"))
    )
    clear_weeks = WholeNumber(Limits(N_("Time to clear the stock"), unit=N_("weeks"), least=1, most=52), 8)
    margin = Number(Limits(N_("Margin"), unit=N_("% of today's price"), least=1, most=100), 40.0)
    cut = Number(Limits(N_("Price cut"), unit=N_("% of today's price"), least=1, most=90), 20.0)
    decimal = traitlets.Enum(tuple(_MARKS), default_value="")
    stock = traitlets.Unicode()
    product_id = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._demand: Demand | None = None
        self._why_not, self._plan = "", pd.DataFrame(columns=list(LEVELS))
        #: The state from which the shown plan was made.
        self._planned: tuple[Any, ...] | None = None
        self._learned_of: Narrowing | None = None
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the plan that is shown: see :func:`~shopper_widgets.stock_plan`."""
        return self._plan.copy()

    @traitlets.validate("stock")
    def _known_stock(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        if not text.strip():
            return ""
        self._read(text)
        return text

    @traitlets.validate("product_id")
    def _known_product(self, proposal: dict[str, Any]) -> str:
        product: str = proposal["value"]
        return known_product(product, bool((self.model.all_products[PRODUCT_ID] == product).any()))

    def _read(self, text: str, decimal: Literal[".", ","] | None = None) -> pd.DataFrame:
        """Read a file of stock on hand, or refuse it in words for a visitor."""
        try:
            table = read_stock(io.StringIO(text), decimal=decimal)
        except AmbiguousDecimalError as error:
            raise traitlets.TraitError(
                gettext(
                    "{example} can be {point} or {comma}, and no other number tells which: choose the "
                    "decimal mark, then upload the file again.",
                    example=error.example,
                    point=with_marks(f"{error.point:,.15g}"),
                    comma=with_marks(f"{error.comma:,.15g}"),
                )
            ) from error
        except ValueError as error:
            raise traitlets.TraitError(
                gettext("It can't be used: {why}", why=retold_refusal(error))
            ) from error
        if missing := {PRODUCT_ID, "on_hand"} - set(table):
            raise traitlets.TraitError(
                gettext(
                    "It lacks {missing}; it has {names}.",
                    missing=listed(sorted(missing)),
                    names=", ".join(map(str, table.columns)),
                )
            )
        return table

    def _build(self) -> list[widgets.Widget]:
        boxes = {name: self._box(name) for name in self.state[: self.state.index("decimal")]}
        marks = [(gettext(label), mark) for mark, label in _MARKS.items()]
        mark = widgets.Dropdown(description=gettext("Decimal mark of the file"), options=marks)
        upload = Upload(
            self,
            gettext("Stock on hand (CSV)"),
            ".csv",
            self._take_stock,
            gettext("can't be read as stock on hand"),
        )
        self._said, self._chart = widgets.HTML(), ChartView()
        self._grid = self._list(
            LEVELS, gettext("No product has been sold for long enough."), "order-list.csv"
        )
        self._clear_said, self._clear_chart = widgets.HTML(), ChartView()
        self._clear = self._list(CLEARING, "", "clearing-list.csv")
        narrowing = self._narrowing_controls()
        more = ("service_a", "service_b", "service_c", "space")
        return [
            row(upload, field(self._bind(mark, "decimal")), *narrowing, self._reset_button()),
            self._narrowed_to,
            widgets.HTML(paragraph(gettext(HELP), "sw-note")),
            row(*(boxes[name] for name in ("lead_time", "review", "service", "budget"))),
            Fold(
                gettext("Service level by class of products, and space"), row(*(boxes[name] for name in more))
            ),
            self._said,
            self._chart,
            self._grid,
            widgets.HTML(heading(gettext("What would clear fading stock?"), 3)),
            row(*(boxes[name] for name in ("clear_weeks", "margin", "cut"))),
            self._clear_said,
            self._clear_chart,
            self._clear,
        ]

    def _box(self, name: str) -> widgets.Widget:
        currency = self.model.currency if name == "budget" else None
        box = number_box(self.traits()[name], currency=currency, slider=_SLIDERS.get(name))
        return field(self._bind(box, name))

    def _list(self, names: tuple[str, ...], empty: str, filename: str) -> Grid:
        columns = describe(names, currency=self.model.currency)
        grid = Grid(
            columns, key=PRODUCT_ID, sort_by="", empty=empty, filename=filename, excel=True, what="product"
        )
        self._bind(grid, PRODUCT_ID, "chosen")
        return grid

    def _narrowing_in_words(self) -> str:
        said = super()._narrowing_in_words()
        if self.stock:
            said += " " + gettext("The stock on hand must be the stock for these sales alone.")
        return said

    def _learn(self) -> None:
        """Learn the demand within the filters; show nothing if the orders can't tell it."""
        self._learned_of = self._among
        self._demand, self._why_not = None, ""
        try:
            self._demand = demand_of(self.model, among=self._among)
        except TooLittleDataError as error:
            self._why_not, self._planned = error.told, None
            self._plan = pd.DataFrame(columns=list(LEVELS))
            self._chart.chart = self._clear_chart.chart = None
            self._clear_said.value = ""
            levels = describe(LEVELS, currency=self.model.currency)
            self._grid.show(self._plan, caption="", columns=levels)
            self._clear.clear()

    def _draw(self) -> None:
        self._draw_narrowing()
        if self._learned_of != self._among:
            self._learn()
        if self._demand is None:
            self._said.value = status(paragraph(self._why_not, "sw-empty"))
            return
        of_plan = tuple(getattr(self, name) for name in self.state if name not in _NOT_OF_PLAN)
        if of_plan != self._planned:
            self._draw_orders(self._demand)
            self._planned = of_plan
        self._draw_clearing(self._demand)

    def _draw_orders(self, demand: Demand) -> None:
        currency, more = self.model.currency, self._draw_plan(demand)
        said = [*stock_sentences(self._plan, lead_time=self.lead_time, currency=currency), *more]
        if self.stock:
            self._said.value = status(bullets(said))
        else:
            # The first sentence says that this is not an order list, and how to get one, before anybody
            # orders by it.
            first, *said = said
            upload = gettext("Upload the stock on hand to see what to order.")
            self._said.value = status(paragraph(f"{first} {upload}", "sw-lead") + bullets(said))
        self._chart.chart = stock_chart(self._plan, weeks=self._plan.attrs["weeks"])
        shown, caption = self._plan[self._plan["expected"].notna()], gettext("Target levels")
        if self.stock:
            shown, caption = shown[shown["on_hand"].notna()], gettext("Order list")
        names = shown_columns(self._plan, with_stock=bool(self.stock))
        self._grid.show(
            shown.reset_index(drop=True), caption=caption, columns=describe(names, currency=currency)
        )

    def _draw_plan(self, demand: Demand) -> list[str]:
        """Make the plan, and return what its limits do."""
        stock = self._read(self.stock) if self.stock else None
        by_class = {"A": self.service_a, "B": self.service_b, "C": self.service_c}
        terms: dict[str, Any] = {
            "lead_time": self.lead_time,
            "review": self.review,
            "service_level": self.service / 100,
            "service_by_class": {name: level / 100 for name, level in by_class.items() if level},
        }
        self._plan, said = limited_plan(
            demand,
            stock,
            budget=self.budget or None,
            space=self.space or None,
            currency=self.model.currency,
            **terms,
        )
        return said

    def _draw_clearing(self, demand: Demand) -> None:
        terms = MarkdownTerms(self.clear_weeks, self.margin / 100, self.cut / 100)
        case = markdown_case(demand, self._plan, terms, self.model.currency)
        self._clear_said.value = status(bullets(case.sentences))
        self._clear_chart.chart = None
        if len(case.table):
            self._clear_chart.chart = markdown_chart(
                case.table,
                weeks=terms.weeks,
                discount=terms.discount,
                break_even=terms.break_even,
                break_even_worthless=terms.break_even_worthless,
            )
        # Without the stock on hand, the sentences ask for it: whether there is anything to clear is not
        # known.
        self._clear.empty = gettext("Nothing to clear.") if self.stock else ""
        self._clear.show(case.table, caption=gettext("Fading stock, most money first"))

    def _take_stock(self, text: str) -> None:
        if self.decimal:
            # The file is rewritten with decimal points, so that its decimal mark is clear from now on.
            text = self._read(text, "," if self.decimal == "," else ".").to_csv(index=False)
        self.stock = text
