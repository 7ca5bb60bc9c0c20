"""The frame that a panel shows, as a trait that follows from its others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

if TYPE_CHECKING:
    import pandas as pd


class Selection(traitlets.TraitType["pd.DataFrame", "pd.DataFrame"]):
    """What a panel shows: it follows from the panel's state, and is worked out whenever it is asked for."""

    def get(self, obj: Any, cls: Any = None) -> pd.DataFrame:
        """Return the panel's frame."""
        shown: pd.DataFrame = obj._selected()
        return shown

    def set(self, obj: Any, value: Any) -> None:
        """Refuse."""
        raise traitlets.TraitError(
            f"selection follows from the panel's state; set that: {', '.join(obj.state)}."
        )
