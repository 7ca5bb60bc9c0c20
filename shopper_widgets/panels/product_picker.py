"""Products that are found by the usual search and put into a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import with_code
from shopper_widgets._support.locale import current_locale, gettext
from shopper_widgets.columns import IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.errors import AmbiguousProductError, UnknownProductError
from shopper_widgets.panels.base import guarded, row
from shopper_widgets.panels.chips import Chips
from shopper_widgets.panels.search import SearchBox

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The number of products that a search offers.
CANDIDATES = 8
ROWS = 5


class ProductPicker(widgets.VBox):  # type: ignore[misc]
    """A search for products, a button that adds the one picked, and those added, which can be removed.

    Each keystroke picks the best match; another can be picked from the list. Enter or the button adds it.

    Parameters
    ----------
    label : str
        What the products are for, such as ``"Bought"``.
    model : ShopperModel
        Has the products, and searches them.

    Attributes
    ----------
    chosen : list of str
        The ids of the products that were added.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> picker = ProductPicker("Bought", ShopperModel.fit(load_sample()))
    >>> picker.search.query = "swalow lantern"
    >>> picker.add.description
    'Add Swallow Lantern'
    >>> picker.add.click()
    >>> len(picker.chosen)
    1
    """

    chosen: traitlets.List[str] = traitlets.List(traitlets.Unicode())

    def __init__(self, label: str, model: ShopperModel) -> None:
        self._model = model
        self.locale = current_locale()
        self._names = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME]
        self.search = SearchBox(label, gettext("any product: part of its name, or its code"), rows=ROWS)
        self.add = widgets.Button(icon="plus")
        self.chips = Chips(gettext("{label}, any of:", label=label), gettext("Remove"), self._name)
        super().__init__([self.search, row(self.add), self.chips])
        self.search.observe(self._find, "query")
        self.search.observe(self._offer_to_add, "chosen")
        self.search.text.on_enter(self._on_add)
        self.add.on_click(self._on_add)
        traitlets.link((self, "chosen"), (self.chips, "chosen"))
        self._find()

    def say(self, text: str) -> None:
        """Show a message next to the box; an empty text removes it."""
        self.search.text.say(text)

    def forget(self) -> None:
        """Remove text that was typed and not added."""
        self.search.query = self.search.chosen = ""
        self.say("")

    @guarded
    def _find(self, _: object = None) -> None:
        self.say("")
        query = self.search.query.strip()
        codes, title = product_candidates(self._model, query)
        self.search.offer([(with_code(self._name(code), code), code) for code in codes], title)
        self.search.chosen = codes[0] if query and codes else ""
        if query and not codes:
            self.say(unknown_product(query))
        self._offer_to_add()

    @guarded
    def _offer_to_add(self, _: object = None) -> None:
        code = self.search.chosen
        self.add.description = gettext(
            "Add {product}", product=self._name(code) if code else gettext("a product")
        )
        self.add.disabled = not code or code in self.chosen

    @guarded
    def _on_add(self, _: object = None) -> None:
        if code := self.search.chosen:
            self.chosen = list(dict.fromkeys([*self.chosen, code]))
            # The box is emptied for the next product.
            self.forget()

    @traitlets.observe("chosen")
    def _on_chosen(self, _: object) -> None:
        self._offer_to_add()

    def _name(self, product_id: str) -> str:
        name = self._names.get(product_id)
        return product_id if pd.isna(name) or not name else str(name)


def product_candidates(model: ShopperModel, query: str) -> tuple[list[str], str]:
    """Return the ids of the products that a list offers for typed text, and the list's title.

    Words are found anywhere in a name, typos allowed: see ``model.recommender.search``. What isn't
    recommended, such as postage, is found by its whole code. With nothing typed, best sellers are offered.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> codes, title = product_candidates(ShopperModel.fit(load_sample()), "lantern")
    >>> len(codes) > 1, title
    (True, 'Matches, best first')
    """
    if not query:
        goods = model.products[model.products[IS_PRODUCT].astype(bool)]
        return list(goods[PRODUCT_ID].head(CANDIDATES)), gettext("Best sellers")
    found = list(model.recommender.search(query, n=CANDIDATES)[PRODUCT_ID])
    exact = model.products.loc[model.products[PRODUCT_ID] == query.upper(), PRODUCT_ID]
    codes = list(dict.fromkeys([*exact, *found]))
    return codes, gettext("Matches, best first") if codes else gettext("No match")


def known_product(product_id: str, is_known: bool) -> str:
    """Return the id of a product that is known, or none; refuse any other."""
    if product_id and not is_known:
        raise traitlets.TraitError(gettext("There is no product {product}.", product=repr(plain(product_id))))
    return product_id


def refusal(error: UnknownProductError | AmbiguousProductError) -> traitlets.TraitError:
    """Return the error for a visitor: there is no such product, or several have the name."""
    if isinstance(error, AmbiguousProductError):
        return traitlets.TraitError(
            gettext(
                "{number} products have the name {name}: give one of their codes, {codes}.",
                number=len(error.candidates),
                name=repr(str(error.product)),
                codes=", ".join(error.candidates),
            )
        )
    names = "; ".join(error.nearest)
    nearest = gettext(" (nearest: {names})", names=names) if names else ""
    return traitlets.TraitError(
        gettext(
            "No product has the id or the name {product}{nearest}.",
            product=repr(str(error.product)),
            nearest=nearest,
        )
    )


def unknown_product(query: str) -> str:
    """Say that no product was found, and what to do."""
    return gettext("No product name resembles “{query}”. Try other words, or a code.", query=query)
