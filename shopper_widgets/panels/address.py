"""The address of the page: which view it shows, and in which state, as text that a link can carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode

import anywidget
import traitlets

from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_ID
from shopper_widgets.panels.base import guarded
from shopper_widgets.panels.filter_rules import traits_of

if TYPE_CHECKING:
    from shopper_widgets.panels.base import Panel

#: The names of some traits in an address.
CALLED = {CUSTOMER_ID: "customer", PRODUCT_ID: "product"}
#: Longer values are not written into an address; longer addresses are not read.
LONGEST_VALUE, LONGEST = 200, 2000
#: The text in a search box is left out: the address has what was found by it.
_TYPED = "query"


class Address(anywidget.AnyWidget):
    """Pass the browser's address to Python when the page is opened or gone back to, and set it.

    It is invisible. A page with one is the only page of its window.

    Parameters
    ----------
    on_asked : callable
        Receives the text after the question mark, from the browser.
    **state
        Initial values of the traits that every widget has.

    Examples
    --------
    >>> asked = []
    >>> address = Address(asked.append)
    >>> address.ask("?view=overdue")
    >>> asked
    ['?view=overdue']
    """

    _esm = Path(__file__).with_name("address.js")

    def __init__(self, on_asked: Callable[[str], None], **state: Any) -> None:
        self._on_asked, self._shown = on_asked, ""
        self._answering = False
        super().__init__(**state)
        self.on_msg(self._on_message)

    def ask(self, query: str) -> None:
        """Take an address from the browser."""
        self._shown, self._answering = query, True
        try:
            self._on_asked(query)
        finally:
            self._answering = False

    def tell(self, query: str, *, replace: bool) -> None:
        """Set the address; with `replace` it replaces the last one, to which "back" doesn't lead then."""
        if query != self._shown:
            self._shown = query
            self.send({"query": query, "replace": replace or self._answering})

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only addresses from the browser."""

    def say(self, text: str) -> None:
        """Do nothing: the page shows messages."""

    @guarded
    def _on_message(self, _: object, content: dict[str, Any], __: object) -> None:
        query = content.get("query")
        if isinstance(query, str) and len(query) <= LONGEST:
            self.ask(query)


def written(view: str, panel: Panel | None, shared: Mapping[str, str | Sequence[str]]) -> str:
    """Write a view, and what its panel has beyond its defaults, as the query of an address.

    Parameters
    ----------
    view : str
        A page of the dashboard.
    panel : Panel or None
        The view's panel; None if it could not be made.
    shared : mapping of str to str or sequence of str
        The filters of all views, such as ``{"customer_id": "12346", "country": ("France",)}``.

    Returns
    -------
    str
        Such as ``"?view=overdue&min_silence=90"``.
    """
    state: dict[str, Any] = {name: value for name, value in shared.items() if value}
    if panel is not None:
        own = {*shared, *(trait for name, own in traits_of(panel).items() if name in shared for trait in own)}
        own.update(panel.uploaded)
        state |= {name: value for name, value in panel.changed().items() if name not in own}
    if state.get(PRODUCT_ID) or state.get(CUSTOMER_ID):
        state.pop(_TYPED, None)
    pairs = [("view", view.lower())]
    for name, value in state.items():
        texts = [_text(one) for one in (value if isinstance(value, list | tuple) else [value])]
        if texts and all(text and len(text) <= LONGEST_VALUE for text in texts):
            pairs += [(CALLED.get(name, name), text) for text in texts]
    query = f"?{urlencode(pairs)}"
    return query if len(query) <= LONGEST else f"?{urlencode(pairs[:1])}"


def read(query: str) -> tuple[str, dict[str, Sequence[str]]]:
    """Return the view that an address names, in lower case, and its other parts as texts.

    Examples
    --------
    >>> read("?view=overdue&customer=12346")
    ('overdue', {'customer_id': ['12346']})
    """
    found = parse_qs(query.removeprefix("?"), max_num_fields=100)
    view = found.pop("view", [""])[0].lower()
    names = {called: name for name, called in CALLED.items()}
    return view, {names.get(name, name): texts for name, texts in found.items()}


def state_of(panel: Panel, said: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the part of an address that is a state of a panel, in the panel's types."""
    state = {}
    for name, texts in said.items():
        if name in panel.state and name not in panel.uploaded:
            value = _value(panel.traits()[name], texts)
            if value is not None:
                state[name] = value
    return state


def _text(value: Any) -> str:
    """Write a value; nothing for a value that an address doesn't contain."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, str) else ""


def _value(trait: Any, texts: Sequence[str]) -> Any:
    """Read texts as a value of a trait; None where they are not one."""
    try:
        if isinstance(trait, traitlets.Tuple | traitlets.List):
            return trait.klass(texts)
        if isinstance(trait, traitlets.Bool):
            return {"yes": True, "no": False}.get(texts[0])
        if isinstance(trait, traitlets.Int):
            return int(texts[0])
        if isinstance(trait, traitlets.Float):
            return float(texts[0])
        if isinstance(trait, traitlets.Unicode | traitlets.Enum):
            return texts[0]
        return dt.date.fromisoformat(texts[0])
    except ValueError:
        return None
