"""What customers buy again, after how many days, and who is due to do so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import format_product
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import repurchase_chart
from shopper_widgets.columns import AMOUNT, COUNTRY, CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME, SEGMENT
from shopper_widgets.customers.narrowing import Narrowing
from shopper_widgets.panels.base import guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.panels.narrowed import NarrowedPanel
from shopper_widgets.panels.product_picker import known_product
from shopper_widgets.words.html import bullets, heading, paragraph, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.repurchase import AGAIN, DUE, refill_campaign, repurchase_case

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

PICK = "pick"


class RepurchasePanel(NarrowedPanel, CustomerListPanel):
    """Show which products customers buy again, after how many days, and who is due.

    Parameters
    ----------
    model : ShopperModel
        Gives the order lines.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    product_id : str
        The product whose due customers are listed; ``""`` for all.
    country : str
        Only customers from there count for the products (by first order) and are listed; ``""`` for all.
    segment : str
        Only due customers who are in it today; ``""`` for all.
    kept : dict of str to str
        Column that the model was told to keep → a value of it that these have.
    customer_id, sort_by, descending : str, str, bool
        The list: see `CustomerListPanel`.
    proposed : str
        Definition of the campaign that was asked for last, as JSON; ``""`` for none. `Dashboard` opens it.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = RepurchasePanel(ShopperModel.fit(load_sample()))
    >>> bool((panel.selection["silence"] >= panel.selection["expected_gap"]).all())
    True
    """

    heading = N_("What do customers buy again, and who is due?")
    state = (PRODUCT_ID, COUNTRY, SEGMENT, KEPT, *CustomerListPanel.list_state)
    filename = "due-customers.csv"

    product_id = traitlets.Unicode()
    segment = traitlets.Unicode()
    sort_by = traitlets.Enum(DUE, default_value=AMOUNT)
    proposed = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._case = repurchase_case(model)
        self._shown: Narrowing | None = None
        super().__init__(model, **state)

    @property
    def products(self) -> pd.DataFrame:
        """The products that customers buy again: see :func:`~shopper_widgets.replenished_products`."""
        return self._case.products.copy()

    @traitlets.validate("product_id")
    def _known_product(self, proposal: dict[str, Any]) -> str:
        product: str = proposal["value"]
        return known_product(product, bool((self.model.products[PRODUCT_ID] == product).any()))

    def _build(self) -> list[widgets.Widget]:
        self._chart, self._said = ChartView(), widgets.HTML()
        self._chart.observe(self._on_pick, "selections")
        self._goods = Grid(
            describe(AGAIN),
            key=PRODUCT_ID,
            empty=gettext("No product is repurchased often enough."),
            filename="bought-again.csv",
            what="product",
        )
        self._bind(self._goods, PRODUCT_ID, "chosen")
        due = describe(
            DUE,
            currency=self.model.currency,
            silence=gettext("Days since last bought"),
            amount=gettext("Usual spend on it"),
        )
        # One customer may be due for several products, so rows have no unique key.
        self._list_in(
            Grid(
                due,
                key=CUSTOMER_ID,
                empty=gettext("Nobody is due to buy this."),
                filename=self.filename,
                what="purchase",
            )
        )
        self._of = widgets.HTML()
        self._button = widgets.Button(
            description=gettext("Make the campaign of due customers"), icon="bullhorn"
        )
        self._button.on_click(self._on_campaign)
        self._found = widgets.VBox(
            [
                self._chart,
                self._goods,
                widgets.HTML(heading(gettext("Customers who are due"), 3)),
                row(self._button, self._of),
                self._grid,
            ]
        )
        return [
            row(*self._narrowing_controls(), self._reset_button()),
            self._narrowed_to,
            self._said,
            self._found,
        ]

    def _narrowing_in_words(self) -> str:
        first = N_(
            "Repurchase rates are those of customers whose first order was{where}; all their later orders "
            "count."
        )
        everyone = N_("Repurchase rates are those of all customers.")
        listed = gettext(
            "The list shows customers{where}{in_segment}.", where=self._where, in_segment=self._in_segment
        )
        return f"{gettext(first if self._where else everyone, where=self._where)} {listed}"

    def _draw_case(self) -> None:
        """Show what is bought again within the filters."""
        self._shown = self._among
        self._case = repurchase_case(self.model, self._among)
        self._said.value = status(bullets(self._case.sentences))
        products = self._case.products
        # Without products there is nothing to choose from; the sentences say why.
        self._found.layout.display = "none" if products.empty else None
        self._chart.chart = repurchase_chart(products, days=products.attrs["days"]) if len(products) else None
        self._goods.show(products, caption=gettext("Products that customers buy again, the surest first"))

    def _draw(self) -> None:
        self._draw_narrowing()
        if self._shown != self._among:
            self._draw_case()
        due = self._due()
        if PICK in self._chart.selections:
            picked = [{PRODUCT_ID: self.product_id}] if self.product_id else []
            self._chart.selections = {PICK: picked}
        name = ""
        if self.product_id:
            names = self.model.products.set_index(PRODUCT_ID)[PRODUCT_NAME]
            name = format_product(str(names[self.product_id]))
        self._button.disabled = not name or due.empty
        told = (
            gettext("Due to buy {name} again.", name=name)
            if name
            else gettext("Choose a product to make the campaign of its due customers.")
        )
        if name and self._case.is_checked and not self._case.tells:
            told += " " + gettext("The backtest gives no reason to write to them now rather than later.")
        self._of.value = paragraph(told, "sw-note")
        self._grid.show(
            due, caption=gettext("Due customers: {product}", product=name or gettext("all products"))
        )

    def _due(self) -> pd.DataFrame:
        due = self._case.due
        if due.empty:
            return pd.DataFrame({name: [] for name in (PRODUCT_ID, *DUE)})
        return due[due[PRODUCT_ID] == self.product_id] if self.product_id else due

    @guarded
    def _on_pick(self, change: dict[str, Any]) -> None:
        if not self._drawing:
            picked = change["new"].get(PICK) or [{}]
            self.product_id = str(picked[-1].get(PRODUCT_ID, ""))

    @guarded
    def _on_campaign(self, _: widgets.Button) -> None:
        self.proposed = ""  # so that a second click opens it again
        if self.product_id:
            self.proposed = refill_campaign(self.model, self.product_id, self._among).to_json()
