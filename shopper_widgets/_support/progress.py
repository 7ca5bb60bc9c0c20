"""Progress bars of long work; a caller can switch off all of them, however deep in the work they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_shown = True


def progress_bar(*args: Any, **options: Any) -> Any:
    """Return a tqdm bar of the kind that suits the place: a widget in a notebook, text elsewhere."""
    from tqdm.auto import tqdm

    return tqdm(*args, disable=not _shown, **options)


@contextmanager
def progress_shown(shown: bool) -> Iterator[None]:
    """Show or hide progress bars within the block; bars hidden outside it stay hidden.

    Examples
    --------
    >>> with progress_shown(False):
    ...     progress_bar(total=3).disable
    True
    """
    global _shown
    before = _shown
    _shown = shown and before
    try:
        yield
    finally:
        _shown = before
