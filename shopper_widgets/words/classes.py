"""Classes of products in a table: how many products each has, their revenue, and what to do."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.locale import N_
from shopper_widgets.words.demand import Demand

#: Class → what to do about its products.
ADVICE = {
    "AX": N_("Never run out: order often; little safety stock is enough."),
    "AY": N_("Watch them: high revenue, sales in bursts; keep safety stock."),
    "AZ": N_("Review each: high revenue, rare sales; ask the buyers before ordering."),
    "BX": N_("Reorder automatically."),
    "BY": N_("Reorder automatically, with safety stock."),
    "BZ": N_("Order late, or on demand."),
    "CX": N_("Order rarely, in larger lots."),
    "CY": N_("Order rarely."),
    "CZ": N_("Let them run out, or sell on demand."),
}


def class_table(demand: Demand) -> pd.DataFrame:
    """Return each class with the number of its products, their revenue, and what to do."""
    grouped = demand.classes.groupby("group", sort=True)
    table = pd.DataFrame({"products": grouped.size(), "revenue_share": grouped["share"].sum()})
    return table.assign(action=table.index.map(ADVICE)).reset_index()
