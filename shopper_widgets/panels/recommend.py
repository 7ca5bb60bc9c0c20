"""A product in, what is bought with it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets.charts import similarity_heatmap
from shopper_widgets.columns import IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.formatting import format_count
from shopper_widgets.panels.base import Panel, columns, field, guarded, paragraph, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.search import LONGEST_QUERY, SearchBox
from shopper_widgets.panels.tables import describe
from shopper_widgets.recommender import UnknownProductError

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

SHOWN = ["rank", PRODUCT_ID, PRODUCT_NAME, "score", "support", "lift"]
CANDIDATES = 8
#: Of the heatmap: a cell, and the names and the legend around the cells.
CELL_PX, AROUND_PX = 40, 320
READING = (
    "Score puts the list in order: the higher, the better two products go together. "
    "Bought both counts the customers who did. "
    "Lift says how many times as often that happened as it would by chance."
)


class RecommendPanel(Panel):
    """Find a product by code or by words, typos allowed, and see what is bought with it.

    Each keystroke picks the best match of what is typed; another can be picked from the list. With nothing
    typed, the list offers the best-selling products.

    Parameters
    ----------
    model : ShopperModel
        Gives the fitted recommender and the products.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    query : str
        What is typed. A new one moves `product_id` to its best match.
    product_id : str
        The product; ``""`` for none.
    n : int
        At most so many recommendations, 5 to 10.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = RecommendPanel(ShopperModel.fit(load_sample()))
    >>> panel.product_id = panel.model.products.product_id[0]
    >>> list(panel.selection.columns)
    ['rank', 'product_id', 'product_name', 'score', 'support', 'lift']
    """

    heading = "What is bought together?"
    state = ("query", PRODUCT_ID, "n")

    query = traitlets.Unicode()
    product_id = traitlets.Unicode()
    n = traitlets.Int(10, min=5, max=10)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._names = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME]
        self._recommender = model.recommender
        if state.get("query") and PRODUCT_ID not in state:
            state[PRODUCT_ID] = self._best_match(state["query"])
        super().__init__(model, **state)

    @property
    def selection(self) -> pd.DataFrame:
        """The recommendations on show: rank, product_id, product_name, score, support, lift."""
        return self._similar().copy()

    @traitlets.validate("query")
    def _short(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"]
        return text[:LONGEST_QUERY]

    @traitlets.validate("product_id")
    def _known(self, proposal: dict[str, Any]) -> str:
        product_id: str = proposal["value"]
        if product_id and product_id not in self._names.index:
            raise traitlets.TraitError(f"There is no product with the code {product_id!r}.")
        return product_id

    @traitlets.observe("query")
    def _follow_query(self, change: dict[str, Any]) -> None:
        self.product_id = self._best_match(change["new"])

    def _build(self) -> list[widgets.Widget]:
        self._search = SearchBox("Product name or code", "such as: red mug", rows=CANDIDATES)
        self._bind(self._search, "query", "query")
        self._bind(self._search, PRODUCT_ID, "chosen")
        size = widgets.Dropdown(description="At most", options=[(f"{n} products", n) for n in range(5, 11)])
        self._found = widgets.HTML()
        self._grid = Grid(describe(SHOWN, lift="Lift (×)"), sortable=False)
        self._reading = widgets.HTML()
        self._download = widgets.HTML()
        self._heatmap = ChartView()
        options = row(field(self._bind(size, "n")), self._reset_button("Clear"))
        search = widgets.VBox([self._search, options])
        results = widgets.VBox([self._found, self._grid, self._reading, self._download])
        return [columns(search, results), self._heatmap]

    def _draw(self) -> None:
        self._draw_candidates()
        found = self._similar()
        self._found.value = f'<div role="status">{paragraph(self._sentence(found))}</div>'
        self._grid.show(found, caption=f"Bought with {self._name(self.product_id)}")
        self._reading.value = paragraph(READING, "sw-note") if len(found) else ""
        self._download.value = download_link(found, f"bought-with-{_tame(self.product_id)}.csv", "products")
        self._soon(self._draw_heatmap)

    def _draw_candidates(self) -> None:
        query = self.query.strip()
        if query:
            codes = list(self._recommender.search(query, n=CANDIDATES)[PRODUCT_ID])
            title = "Matches, best first" if codes else "No match"
        else:
            codes = self._best_sellers()
            title = "Best sellers"
        if self.product_id and self.product_id not in codes:
            codes = [self.product_id, *codes]
        self._search.offer([(f"{self._name(code)} · {code}", code) for code in codes], title)

    @guarded
    def _draw_heatmap(self) -> None:
        found = self._similar()
        if found.empty:
            self._heatmap.chart = None
            return
        codes = [self.product_id, *found[PRODUCT_ID]]
        matrix = self._recommender.similarity_matrix(codes)
        names = {code: self._name(code) for code in codes}
        # As wide as it needs to be: a narrow page scrolls it, a broad one doesn't stretch it.
        self._heatmap.chart = similarity_heatmap(matrix, names).properties(
            width=AROUND_PX + CELL_PX * len(codes)
        )

    def _best_match(self, query: str) -> str:
        query = query.strip()
        if not query:
            return ""
        matches = self._recommender.search(query, n=1)
        return str(matches[PRODUCT_ID].iloc[0]) if len(matches) else ""

    def _best_sellers(self) -> list[str]:
        products = self.model.products
        return list(products[products[IS_PRODUCT].astype(bool)][PRODUCT_ID].head(CANDIDATES))

    def _similar(self) -> pd.DataFrame:
        nothing = pd.DataFrame({name: [] for name in SHOWN})
        if not self.product_id:
            return nothing
        try:
            found = self._recommender.similar(self.product_id, n=min(self.n, self._recommender.n_neighbors))
        except UnknownProductError:
            # Postage and the like are sold, but nothing is recommended with them.
            return nothing
        return found[SHOWN]

    def _name(self, product_id: str) -> str:
        name = self._names.get(product_id)
        return product_id if pd.isna(name) or not name else str(name)

    def _sentence(self, found: pd.DataFrame) -> str:
        query = self.query.strip()
        if not self.product_id:
            if query:
                return f"No product is called anything like “{query}”. Try other words, or a code."
            return "Type a product's name or code, or choose one of the best sellers."
        name = self._name(self.product_id)
        if found.empty:
            return f"Too few customers bought {name} together with any other product to recommend one."
        best = found.iloc[0]
        return (
            f"Who buys {name} also buys {self._name(best[PRODUCT_ID])}: {format_count(best['support'])} "
            f"customers bought both, {best['lift']:.1f} times as many as chance would give."
        )


def _tame(text: str) -> str:
    """Keep what is safe in the name of a file."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "product"
