"""Whose purchases a product's demand is made of, and what overdue customers used to buy, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_money, format_share
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME, QUANTITY, SEGMENT
from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.buyers import bought_by, buyers_by_segment

#: What is shown of a product's buyers, and of what overdue customers bought.
BUYERS = (SEGMENT, "customers", QUANTITY, "unit_share", "usual_share")
LATE = (PRODUCT_ID, PRODUCT_NAME, "customers", QUANTITY, "unit_share", AMOUNT, "last_bought")
BUYER_LABELS: dict[str, Any] = {
    "unit_share": "Share of its units",
    "usual_share": "Share of all products' units",
}
LATE_LABELS: dict[str, Any] = {
    "customers": "Overdue customers",
    QUANTITY: "Units they bought",
    AMOUNT: "They spent",
    "unit_share": "Share of its units",
}
#: Weeks that are looked at.
RECENT_WEEKS, LATE_WEEKS = 26, 52
#: What fewer known customers bought is their own doing, not their segments'.
FEWEST = 10
#: A segment buys more of a product than of others where its share is so many times its share of all
#: products, and larger by so much.
_TIMES, _MORE = 1.2, 0.05
UNKNOWN = "No customer id"


@once_per_model
def all_buyers(model: ShopperModel) -> pd.DataFrame:
    """Return the segments that each product's units of the last half year went to."""
    return buyers_by_segment(model.lines, model.customers, weeks=RECENT_WEEKS)


def buyers_of(model: ShopperModel, product_id: str) -> tuple[pd.DataFrame, str]:
    """Return who bought a product lately, most units first, and say which segment drives its demand."""
    table = all_buyers(model)
    own = table[table[PRODUCT_ID] == product_id].reset_index(drop=True)
    if own.empty:
        return own.head(0), f"Nobody bought it in the last {RECENT_WEEKS} weeks."
    if own["unit_share"].isna().all():
        return own.head(0), f"In the last {RECENT_WEEKS} weeks, returns leave no units of it."
    known = own[own[SEGMENT].notna()]
    n_known = int(known["customers"].sum())
    if n_known < FEWEST:
        said = f"{count_of(n_known, 'known customer')} bought it: too few to tell which segment drives it."
    else:
        said = _told(known)
    named = {SEGMENT: own[SEGMENT].astype("object").fillna(UNKNOWN)}
    # How many they are who gave no id is not known.
    return own.assign(**named, customers=own["customers"].where(own[SEGMENT].notna())), said


def _told(known: pd.DataFrame) -> str:
    """Say which segment buys more of a product than of others, or who buys most where none does."""
    ahead = known["unit_share"] - known["usual_share"]
    driving = known[
        (ahead > _MORE)
        & (known["unit_share"] > _TIMES * known["usual_share"])
        & (known["customers"] >= FEWEST)
    ]
    row = driving.iloc[int(ahead[driving.index].argmax())] if len(driving) else known.iloc[0]
    segment, share, usual = str(row[SEGMENT]), float(row["unit_share"]), float(row["usual_share"])
    if len(driving):
        return (
            f"{segment} customers drive its demand: they bought {format_share(share)} of its units, and "
            f"{format_share(usual)} of all products' units."
        )
    if pd.isna(usual):
        return f"{segment} customers bought most, {format_share(share)} of its units."
    return (
        f"No segment drives its demand: {segment} customers bought most, {format_share(share)} of its units, "
        f"and {format_share(usual)} of all products' units."
    )


@once_per_model
def late_demand(model: ShopperModel) -> tuple[pd.DataFrame, str]:
    """Return what valuable customers who are overdue bought in the last year, and say what that comes to."""
    try:
        late = overdue_customers(model)
    except TooLittleDataError as error:
        return pd.DataFrame(columns=list(LATE)), str(error)
    if late.empty:
        none = "No valuable customer is overdue by their own rhythm."
        return pd.DataFrame(columns=list(LATE)), none
    table = bought_by(model.lines, late[CUSTOMER_ID], weeks=LATE_WEEKS)
    names = model.all_products.drop_duplicates(PRODUCT_ID).set_index(PRODUCT_ID)[PRODUCT_NAME]
    table.insert(1, PRODUCT_NAME, table[PRODUCT_ID].map(names))
    who = count_of(len(late), "valuable customer")
    verb = "is" if len(late) == 1 else "are"
    if table.empty:
        return table[list(LATE)], f"{who} {verb} overdue; none of them bought a product in the last year."
    said = (
        f"{who} {verb} overdue. In the last {LATE_WEEKS} weeks they bought {count_of(len(table), 'product')} "
        f"for {format_money(table[AMOUNT].sum(), model.currency)}: demand that ends if they stay away."
    )
    return table[list(LATE)], said
