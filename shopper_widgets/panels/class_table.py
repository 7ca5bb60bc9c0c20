"""Classes of products, revenue by regularity; a click on a class leads to its products."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from shopper_widgets._support.formatting import count_of, format_share
from shopper_widgets._support.locale import N_, gettext

#: Class → its meaning, by revenue and by regularity.
REVENUE = {
    "A": N_("the first 80 % of revenue"),
    "B": N_("the next 15 %"),
    "C": N_("the last 5 %"),
}
REGULARITY = {
    "X": N_("sells regularly"),
    "Y": N_("in bursts or with gaps"),
    "Z": N_("bursts and gaps, or hardly any sales"),
}


class ClassTable(anywidget.AnyWidget):
    """Show a table of nine classes, with the revenue of each and what to do; a click chooses one.

    On a narrow page, each class is a card.

    Parameters
    ----------
    caption : str
        The table's caption, for screen readers.

    Attributes
    ----------
    chosen : str
        The class chosen, such as AX; ``""`` for none.

    Examples
    --------
    >>> classes = ClassTable("Classes")
    >>> told = {"group": ["AX"], "products": [12], "revenue_share": [0.8], "action": ["Act."]}
    >>> classes.show(pd.DataFrame(told))
    >>> classes.cells["AX"]
    ['12 products', '80 % of revenue', 'Act.']
    >>> classes.set_state({"chosen": "AX"})
    >>> classes.chosen
    'AX'
    """

    _esm = Path(__file__).with_name("class_table.js")

    caption = traitlets.Unicode().tag(sync=True)
    rows: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    columns: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    cells: traitlets.Dict[str, list[str]] = traitlets.Dict().tag(sync=True)
    none = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def __init__(self, caption: str) -> None:
        super().__init__(
            caption=caption,
            rows=[[name, gettext(meaning)] for name, meaning in REVENUE.items()],
            columns=[[name, gettext(meaning)] for name, meaning in REGULARITY.items()],
            none=gettext("no product"),
        )

    def show(self, classes: pd.DataFrame) -> None:
        """Show classes as :func:`~shopper_widgets.words.classes.class_table` gives them."""
        self.cells = {
            row["group"]: [
                count_of(row["products"], "product"),
                gettext("{share} of revenue", share=format_share(row["revenue_share"])),
                gettext(row["action"]),
            ]
            for row in classes.to_dict("records")
        }

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only the chosen class from the browser, and only one that has products."""
        sent = sync_data.get("chosen")
        if isinstance(sent, str) and (not sent or sent in self.cells):
            super().set_state({"chosen": sent})
