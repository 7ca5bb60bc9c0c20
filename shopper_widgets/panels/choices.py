"""A choice of any number of a few things, each with a checkbox."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from shopper_widgets._support.locale import gettext


class Choices(anywidget.AnyWidget):
    """A group of checkboxes, for mouse and keyboard, without holding a key.

    Parameters
    ----------
    description : str
        The group's label.
    options : iterable of str
        The choices; a click shows those beyond the first few.

    Attributes
    ----------
    value : tuple of str
        The chosen options, in their order.

    Examples
    --------
    >>> choices = Choices("Segments", ["High-Value", "New"])
    >>> choices.set_state({"value": ["New"]})
    >>> choices.value
    ('New',)
    """

    _esm = Path(__file__).with_name("choices.js")

    description = traitlets.Unicode().tag(sync=True)
    options: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    labels: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    more = traitlets.Unicode().tag(sync=True)
    fewer = traitlets.Unicode().tag(sync=True)
    value = traitlets.Tuple().tag(sync=True)

    def __init__(self, description: str, options: Iterable[str]) -> None:
        names = list(options)
        super().__init__(
            description=description,
            options=names,
            labels=[gettext(name) for name in names],
            more=gettext("{number} more"),
            fewer=gettext("Fewer"),
        )

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only choices from the browser, and only existing ones."""
        sent = sync_data.get("value")
        if isinstance(sent, list):
            super().set_state({"value": [option for option in self.options if option in sent]})
