"""The frame that a panel shows, as a trait that follows from its other traits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

if TYPE_CHECKING:
    import pandas as pd


class Selection(traitlets.TraitType["pd.DataFrame", "pd.DataFrame"]):
    """The frame that a panel shows: it follows from the panel's state, and is computed at each access."""

    def get(self, obj: Any, cls: Any = None) -> pd.DataFrame:
        """Return the panel's frame."""
        shown: pd.DataFrame = obj._selected()
        return shown

    def set(self, obj: Any, value: Any) -> None:
        """Refuse to be set."""
        raise traitlets.TraitError(
            f"selection follows from the panel's state; set that: {', '.join(obj.state)}."
        )
