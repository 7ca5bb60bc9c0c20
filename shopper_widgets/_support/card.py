"""What an object shows at the end of a notebook's cell: a few facts, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Card:
    """An object in a few words, as one line of text and as HTML; no text in it is code.

    Parameters
    ----------
    title : str
        What the object is.
    facts : mapping of str to str
        Label → text.
    next_steps : tuple of str, optional
        Python code of the next steps.

    Examples
    --------
    >>> card = Card("ShopperModel", {"Customers": "1,202", "Orders": "3,210"}, ("model.segments",))
    >>> print(card.text)
    <ShopperModel: Customers 1,202; Orders 3,210>
    >>> "<code>model.segments</code>" in card.html
    True
    """

    title: str
    facts: Mapping[str, str]
    next_steps: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """One line."""
        return f"<{self.title}: {'; '.join(f'{label} {fact}' for label, fact in self.facts.items())}>"

    @property
    def html(self) -> Markup:
        """A small table, with the colors of the page around it."""
        rows = Markup().join(
            Markup(
                '<tr><th scope="row" style="text-align:left">{}</th><td style="text-align:left">{}</td></tr>'
            ).format(label, fact)
            for label, fact in self.facts.items()
        )
        steps = Markup(", ").join(Markup("<code>{}</code>").format(step) for step in self.next_steps)
        on = Markup("<p>Next: {}</p>").format(steps) if steps else Markup()
        return Markup("<div><strong>{}</strong><table>{}</table>{}</div>").format(self.title, rows, on)
