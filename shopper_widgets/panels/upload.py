"""A file that a visitor uploads, as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from shopper_widgets._support.locale import current_locale, gettext
from shopper_widgets._support.retelling import retold_refusal
from shopper_widgets.orders.files.encodings import as_utf8
from shopper_widgets.panels.base import Speaker, guarded


class Upload(anywidget.AnyWidget):
    r"""A button to upload a file.

    Parameters
    ----------
    panel : Speaker
        Shows which file was refused and why, in place of the last message.
    description : str
        The button's label.
    accept : str
        Endings of files that are offered, such as ``".csv"``.
    take : callable
        Receives the text, or raises TypeError, ValueError or TraitError with a message for visitors.
    refused : str
        What fails then, such as ``"can't be loaded"``.

    Examples
    --------
    >>> class Listener:
    ...     def say(self, text):
    ...         self.said = text
    >>> listener, taken = Listener(), []
    >>> upload = Upload(listener, "Load a list", ".csv", taken.append, "can't be read")
    >>> upload.receive("list.csv", b"customer_id")
    >>> upload.receive("list.csv", b"PK\x03\x04\x00")
    >>> taken, listener.said
    (['customer_id'], "list.csv can't be read. It is not a text file.")
    """

    _esm = Path(__file__).with_name("upload.js")

    description = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, panel: Speaker, description: str, accept: str, take: Callable[[str], object], refused: str
    ) -> None:
        self._panel, self._file_is_taken, self._refused = panel, take, refused
        self.locale = current_locale()
        super().__init__(description=description, accept=accept)
        self.on_msg(self._on_file)

    def say(self, text: str) -> None:
        """Let the panel show the message."""
        self._panel.say(text)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only files from the browser."""

    @guarded
    def receive(self, name: str, content: bytes) -> None:
        """Pass on the text of a file, or say which file was refused and why."""
        self.say("")
        try:
            self._file_is_taken(_text(name, content))
        except (TypeError, ValueError, traitlets.TraitError) as error:
            raise traitlets.TraitError(f"{name} {self._refused}. {retold_refusal(error)}") from error

    def _on_file(self, _: object, content: dict[str, Any], buffers: list[Any]) -> None:
        if buffers and isinstance(content.get("name"), str):
            self.receive(content["name"], bytes(buffers[0]))


def _text(name: str, content: bytes) -> str:
    """Return the text of a file in any encoding that spreadsheets write."""
    try:
        text = as_utf8(name, content).decode()
    except ValueError as error:
        raise ValueError(gettext("It is not a text file.")) from error
    if not text.strip():
        raise ValueError(gettext("It is empty."))
    return text
