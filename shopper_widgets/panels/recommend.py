"""A product or a basket comes in; products that are bought with it go out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_product,
    listed,
    with_code,
)
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import similarity_heatmap
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.errors import AmbiguousProductError, UnknownProductError
from shopper_widgets.panels.base import Panel, columns, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.chips import Chips
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.limits import LIMITS, PRICES, LimitTraits, limit_controls
from shopper_widgets.panels.product_picker import CANDIDATES, product_candidates, refusal, unknown_product
from shopper_widgets.panels.search import LONGEST_QUERY, SearchBox
from shopper_widgets.panels.typed_box import MORE_OR_LESS, tell_order
from shopper_widgets.words.html import paragraph, paragraphs, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.recommendations import (
    FEWEST_BUYERS,
    average_prices,
    everywhere,
    examples_table,
    hub_sentence,
    likeness,
)

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

BASKET, EXCLUDE, ONE_PER_FAMILY, SENTENCE = "basket", "exclude", "one_per_family", "sentence"
EVIDENCE = ["support", "baskets", "lift", "lift_low", "lift_high", SENTENCE]
SHOWN = ["rank", PRODUCT_ID, PRODUCT_NAME, "price", "score", *EVIDENCE]
#: Of a large basket, so many products, the latest, are named in the heatmap.
MOST_IN_HEATMAP = 10
#: The size of a cell of the heatmap, and of the names and the legend around the cells.
CELL_PX, AROUND_PX = 40, 320
READING = N_(
    "The score orders the list: it weighs how closely two products go together and how many purchases prove "
    "it, so the highest lift need not come first. “Customers with both” bought the two at any time; “orders "
    "with both” contain the two at once. Lift: how many times as often customers bought both as by chance, "
    "with its 95 % interval (from, to)."
)
READING_A_BASKET = N_(
    "For a basket, these figures refer to the basket's product with the strongest evidence."
)


class RecommendPanel(LimitTraits, Panel):
    """Find products by code or by words, typos allowed, and see what is bought with them, and why.

    Each keystroke chooses the best match of what is typed; another can be chosen from the list. As long as
    nothing is typed, the list offers the best-selling products. Products can be put into a basket;
    recommendations are then for everything in it, together with the product being looked at. Recommendations
    can be limited, and products can be left out.

    Parameters
    ----------
    model : ShopperModel
        Gives the fitted recommender, the products and the sales.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    query : str
        What is typed. A new one moves `product_id` to its best match.
    product_id : str
        The product looked at; ``""`` for none. Set to a whole name or a code in lower case, it becomes the
        id, as with ``similar``; likewise `basket` and `exclude`.
    basket : list of str
        Ids of products that are in the basket; repetitions count once.
    n : int
        At most so many recommendations, 5 to 10.
    country, lowest_price, highest_price, sold_within_days : str, float, float, int
        What may be recommended: see `limits.LimitTraits`.
    exclude : list of str
        Ids of products that may not be recommended.
    one_per_family : bool
        Of products whose codes differ only in the letters at the end, recommend only the best.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = RecommendPanel(ShopperModel.fit(load_sample()))
    >>> panel.basket = panel.model.products.product_id[:2].tolist()
    >>> list(panel.selection.columns)
    ['rank', 'product_id', 'product_name', 'price', 'score', 'support', 'baskets', 'lift', 'lift_low',
     'lift_high', 'sentence']
    """

    heading = N_("What is bought together?")
    state = ("query", PRODUCT_ID, BASKET, "n", *LIMITS, ONE_PER_FAMILY, EXCLUDE)

    query = traitlets.Unicode()
    product_id = traitlets.Unicode()
    basket: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    n = traitlets.Int(10, min=5, max=10)
    exclude: traitlets.List[str] = traitlets.List(traitlets.Unicode())
    one_per_family = traitlets.Bool(False)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        names, self._prices = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME], average_prices(model)
        self._names, self._shared_names = names, set(names[names.duplicated(keep=False)])
        self.model, self._recommender = model, model.recommender
        hubs, self._n_lists = everywhere(self._recommender)
        self._lists_with = hubs.set_index(PRODUCT_ID)["lists"]
        if state.get("query") and PRODUCT_ID not in state:
            state[PRODUCT_ID] = self._best_match(state["query"])
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """The recommendations on show: ``price``, on average, and their evidence, see ``with_evidence``."""
        return self._suggestions().copy()

    @property
    def asked(self) -> list[str]:
        """The products asked about: the basket, and the product that is shown."""
        looked_at = [self.product_id] if self.product_id else []
        return list(dict.fromkeys([*self.basket, *looked_at]))

    @traitlets.validate("query")
    def _short(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        return text[:LONGEST_QUERY]

    @traitlets.validate("product_id")
    def _known(self, proposal: dict[str, Any]) -> str:
        product_id: str = proposal["value"]
        return self._meant(product_id) if product_id else ""

    @traitlets.validate(BASKET, EXCLUDE)
    def _all_known(self, proposal: dict[str, Any]) -> list[str]:
        return list(dict.fromkeys(map(self._meant, proposal["value"])))

    @traitlets.observe("query")
    def _follow_query(self, change: dict[str, Any]) -> None:
        # A panel that is created with both shows that product: the visitor had picked another match.
        if self._ready:
            self.product_id = self._best_match(change["new"])

    def _build(self) -> list[widgets.Widget]:
        self._search = SearchBox(
            gettext("Product name or code"), gettext("such as: red mug"), rows=CANDIDATES
        )
        self._bind(self._search, "query", "query")
        self._bind(self._search, PRODUCT_ID, "chosen")
        size = widgets.Dropdown(
            description=gettext("At most"),
            options=[(gettext("{number} products", number=n), n) for n in range(5, 11)],
        )
        self._add = widgets.Button(icon="plus")
        self._add.on_click(self._on_add)
        chips = Chips(gettext("In the basket:"), gettext("Remove"), self._name)
        without = Chips(gettext("Left out:"), gettext("Allow"), self._name)
        self._leave_out = widgets.Dropdown(description=gettext("Leave out a product"))
        self._leave_out.observe(self._on_leave_out, "value")
        limits = self._limit_controls = limit_controls(self.model)
        for name, control in limits.items():
            self._bind(control, name)
        variants = self._recommender.catalogue_.variants()
        one_of_each = widgets.Checkbox(
            description=gettext("Only one variant of a product (such as {codes})", codes=listed(variants)),
            indent=False,
        )
        one_of_each.layout.display = None if variants else "none"
        self._found = widgets.HTML()
        shown = [name for name in SHOWN if name != "price" or len(self._prices)]
        priced = describe(shown, currency=self.model.currency, price=gettext("Average price"))
        self._grid = Grid(priced, sortable=False, what="product")
        self._reading = widgets.HTML()
        self._heatmap = ChartView()
        options = row(field(self._bind(size, "n")), self._reset_button(gettext("Clear")))
        basket = [row(self._add), self._bind(chips, BASKET, "chosen"), self._found]
        may_come_up = row(
            *map(field, limits.values()), field(self._leave_out), self._bind(one_of_each, ONE_PER_FAMILY)
        )
        return [
            columns(widgets.VBox([self._search, options]), widgets.VBox(basket)),
            may_come_up,
            self._bind(without, EXCLUDE, "chosen"),
            self._grid,
            self._reading,
            self._heatmap,
        ]

    def _draw(self) -> None:
        self._draw_candidates()
        found = self._suggestions()
        low, high = (self._limit_controls[name] for name in PRICES)
        tell_order(low, high, crossed=self.prices_crossed, words=MORE_OR_LESS)
        self._add.description = gettext(
            "Add {product} to the basket", product=self._name(self.product_id) or gettext("a product")
        )
        self._add.disabled = not self.product_id or self.product_id in self.basket
        offered = [(self._name(code), code) for code in found[PRODUCT_ID]]
        self._leave_out.options = [(gettext("Choose one"), ""), *offered]
        self._leave_out.value = ""
        self._found.value = status(paragraph(self._told(found)))
        asked = self.asked
        self._grid.empty = gettext("Nothing to show.") if asked or self.query.strip() else ""
        self._grid.show(found, caption=gettext("Bought with {called}", called=self._called(asked)))
        reading = gettext(READING)
        if len(asked) > 1:
            reading += f" {gettext(READING_A_BASKET)}"
        notes = [self._told_of_hubs(found), reading] if len(found) else []
        shown = paragraphs(notes, "sw-note")
        if not asked and not self.query.strip():
            shown = examples_table(self.model, self.allowed())
        self._reading.value = shown
        of_what = re.sub(r"[^A-Za-z0-9]+", "-", asked[0]).strip("-") if len(asked) == 1 else BASKET
        self._grid.filename = f"bought-with-{of_what or 'product'}.csv"
        self._soon(self._draw_heatmap)

    @guarded
    def _on_add(self, _: widgets.Button) -> None:
        if self.product_id:
            self.basket = [*self.basket, self.product_id]
            # The box is emptied for the next product.
            self.query = self.product_id = ""

    def _on_leave_out(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self._take(exclude=[*self.exclude, change["new"]])

    def _draw_candidates(self) -> None:
        codes, title = product_candidates(self.model, self.query.strip())
        if self.product_id and self.product_id not in codes:
            codes = [self.product_id, *codes]
        self._search.offer([(with_code(self._own_name(code), code), code) for code in codes], title)

    @guarded
    def _draw_heatmap(self) -> None:
        found = self._suggestions()
        codes = [*self._sold(self.asked)[-MOST_IN_HEATMAP:], *found[PRODUCT_ID]]
        matrix, names = likeness(self._recommender, codes)
        if found.empty or len(names) < 2:
            self._heatmap.chart = None
            return
        # The width is fixed: a narrow page scrolls the heatmap, and a broad page doesn't stretch it.
        self._heatmap.chart = similarity_heatmap(matrix, names).properties(
            width=AROUND_PX + CELL_PX * len(names)
        )

    def _best_match(self, query: str) -> str:
        query = query.strip()
        codes, _ = product_candidates(self.model, query)
        return codes[0] if query and codes else ""

    def _suggestions(self) -> pd.DataFrame:
        # Postage and the like are sold, but nothing is recommended with them.
        asked = self._sold(self.asked)
        if not asked:
            return pd.DataFrame({name: [] for name in SHOWN})
        recommender, catalogue = self._recommender, self._recommender.catalogue_
        allowed, exclude = self.allowed(), self._sold(self.exclude)
        found = recommender.recommend(
            basket=asked, n=self.n, only=allowed, exclude=exclude, one_per_family=self.one_per_family
        )
        found = recommender.with_evidence(found)
        # A suggestion that nobody bought with the products asked about is a best seller.
        buyers = [catalogue.customers[catalogue.find(code)] for code in found[PRODUCT_ID]]
        bought = pd.Series(
            [gettext("Bought by {customers}.", customers=count_of(int(n), "customer")) for n in buyers],
            dtype="str",
        )
        found[SENTENCE] = found[SENTENCE].where(found["support"] > 0, bought)
        found["price"] = found[PRODUCT_ID].map(self._prices)
        # Not every recommender knows orders.
        return found.reindex(columns=SHOWN)

    def _sold(self, codes: list[str]) -> list[str]:
        """Return the codes that the recommender knows."""
        catalogue = self._recommender.catalogue_
        return [code for code in codes if len(catalogue.known([code]))]

    def _meant(self, product: str) -> str:
        """Return the id of a product by its code in any case, or by its name, as ``similar`` accepts them."""
        for code in (product, product.strip().upper()):
            if code in self._names.index:
                return code
        try:
            catalogue = self._recommender.catalogue_
            return str(catalogue.ids[catalogue.find(product)])
        except (UnknownProductError, AmbiguousProductError) as error:
            raise refusal(error) from error

    def _own_name(self, product_id: str) -> str:
        name = self._names.get(product_id)
        return product_id if pd.isna(name) or not name else str(name)

    def _name(self, product_id: str, *, begins: bool = False) -> str:
        """Name a product, with its code if several products have the name."""
        name = self._own_name(product_id)
        code = f" ({product_id})" if name in self._shared_names else ""
        return format_product(name, begins=begins) + code

    def _called(self, codes: list[str]) -> str:
        """Name a product, or the first of several and the number of the others."""
        if not codes:
            return ""
        more = len(codes) - 1
        return self._name(codes[0]) + (gettext(" and {more} more", more=format_count(more)) if more else "")

    def _told(self, found: pd.DataFrame) -> str:
        query, asked = self.query.strip(), self.asked
        if query and not self.product_id:
            nothing = unknown_product(query)
            return f"{nothing} {self._best(found)}" if asked else nothing
        if not asked:
            return gettext("Type a product's name or code, or choose one of the best sellers.")
        if self.prices_crossed:
            return gettext("The lowest price is above the highest, so no product passes.")
        if found.empty and (self.allowed() is not None or self.exclude):
            return gettext(
                "No product within these limits is bought together with {called}: relax the limits.",
                called=self._called(asked),
            )
        if found.empty:
            return gettext(
                "Too few customers bought {called} together with any other product, so none is "
                "recommended.{alike}",
                called=self._called(asked),
                alike=self._alike_by_name(),
            )
        return self._best(found)

    def _alike_by_name(self) -> str:
        """Name the products whose names are most like that of the only product asked about."""
        asked = self.asked
        if len(asked) > 1 or not self._sold(asked):
            return ""
        alike = self._recommender.similar_by_name(self._own_name(asked[0]), n=4)
        names = [f"{self._own_name(code)} ({code})" for code in alike[PRODUCT_ID] if code not in asked][:3]
        said = gettext("Products with the most similar names: {names}.", names=", ".join(names))
        return f" {said}" if names else ""

    def _told_of_hubs(self, found: pd.DataFrame) -> str:
        """Say which suggestions are in very many lists, and so say little about the products asked about."""
        lists = {
            self._name(code): int(self._lists_with[code])
            for code in found[PRODUCT_ID]
            if code in self._lists_with.index
        }
        return hub_sentence(lists, self._n_lists)

    def _best(self, found: pd.DataFrame) -> str:
        """Say what the first suggestion is, and why."""
        if found.empty:
            return ""
        best = found.iloc[0]
        name = self._name(best[PRODUCT_ID])
        if not best["support"]:
            return gettext(
                "A best seller comes first, {name}: in this shop, best sellers are a better "
                "guess than what customers bought together with {called}.",
                name=name,
                called=self._called(self.asked),
            )
        if len(self.asked) > 1:
            first = self._name(best[PRODUCT_ID], begins=True)
            said = gettext("{name} goes best with {called}.", name=first, called=self._called(self.asked))
            return f"{said} {best[SENTENCE]}"
        both = gettext("{customers} bought both", customers=count_of(best["support"], "customer"))
        asked = self._name(self.asked[0])
        if best["support"] < FEWEST_BUYERS:
            return gettext(
                "The evidence is thin: {name} goes best with {asked}, but only {both}.",
                name=name,
                asked=asked,
                both=both,
            )
        lift, low, high = (format_decimal(best[column], 1) for column in EVIDENCE[2:5])
        return gettext(
            "Customers who buy {asked} also buy {name}: {both}, which is {lift} times as many as by chance "
            "({low} to {high}).",
            asked=asked,
            name=name,
            both=both,
            lift=lift,
            low=low,
            high=high,
        )
