"""A file that a visitor hands in, as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from shopper_widgets.panels.base import Speaker


def take_text(
    panel: Speaker,
    upload: widgets.FileUpload,
    change: dict[str, Any],
    take: Callable[[str], object],
    refused: str,
) -> None:
    """Hand a file's text over, or say which file was refused and why.

    Parameters
    ----------
    panel : Speaker
        What its last message was about is over.
    upload : FileUpload
    change : dict
        Of its ``value``.
    take : callable
        Takes the text, or raises TypeError, ValueError or TraitError in a visitor's words.
    refused : str
        What can't be done then, such as ``"can't be loaded"``.

    Raises
    ------
    traitlets.TraitError
        The file was refused.
    """
    if not change["new"]:
        return
    (file,) = change["new"]
    # Emptied, so that the same file can be taken again once it is mended.
    upload.value = ()
    panel.say("")
    try:
        # Editors of some systems put a byte order mark before the text.
        take(bytes(file["content"]).decode("utf-8-sig"))
    except (TypeError, ValueError, traitlets.TraitError) as error:
        why = "It is no text in UTF-8." if isinstance(error, UnicodeDecodeError) else error
        raise traitlets.TraitError(f"{file['name']} {refused}. {why}") from error
