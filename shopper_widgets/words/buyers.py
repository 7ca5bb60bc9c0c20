"""Who buys each product, and what overdue customers used to buy, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_money, format_share
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    SEGMENT,
)
from shopper_widgets.customers.cadence import overdue_customers
from shopper_widgets.customers.narrowing import EVERYONE, Narrowing
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.buyers import bought_by, buyers_by_segment

#: The columns shown of a product's buyers, and of the products that overdue customers bought.
BUYERS = (SEGMENT, "customers", QUANTITY, "unit_share", "usual_share")
LATE = (PRODUCT_ID, PRODUCT_NAME, "customers", QUANTITY, "unit_share", AMOUNT, "last_bought")
BUYER_LABELS: dict[str, Any] = {
    "unit_share": N_("Share of its units"),
    "usual_share": N_("Share of all products' units"),
}
LATE_LABELS: dict[str, Any] = {
    "customers": N_("Overdue customers"),
    QUANTITY: N_("Units they bought"),
    AMOUNT: N_("They spent"),
    "unit_share": N_("Share of its units"),
}
#: The weeks that count, for buyers and for overdue customers.
RECENT_WEEKS, LATE_WEEKS = 26, 52
#: The purchases of fewer known customers say nothing of their segments.
FEWEST = 10
#: A segment drives the demand for a product if its share is this many times its share of all products, and
#: larger by at least this much.
_TIMES, _MORE = 1.2, 0.05
UNKNOWN = N_("No customer id")


@once_per_model
def all_buyers(model: ShopperModel, among: Narrowing = EVERYONE) -> pd.DataFrame:
    """Return the segments that bought each product's units of the last half year, within the filters."""
    return buyers_by_segment(among.lines(model), model.customers, weeks=RECENT_WEEKS, until=_last_sale(model))


def buyers_of(model: ShopperModel, product_id: str, among: Narrowing = EVERYONE) -> tuple[pd.DataFrame, str]:
    """Return the recent buyers of a product, most units first, and say which segment drives its demand."""
    table = all_buyers(model, among)
    own = table[table[PRODUCT_ID] == product_id].reset_index(drop=True)
    if own.empty:
        return own.head(0), gettext("Nobody bought it in the last {weeks} weeks.", weeks=RECENT_WEEKS)
    if own["unit_share"].isna().all():
        return own.head(0), gettext(
            "In the last {weeks} weeks, no units of it are left after returns.", weeks=RECENT_WEEKS
        )
    known = own[own[SEGMENT].notna()]
    n_known = int(known["customers"].sum())
    if n_known < FEWEST:
        said = gettext(
            "{customers} bought it: too few to tell which segment drives its demand.",
            customers=count_of(n_known, "known customer"),
        )
    else:
        said = _told(known)
    named = {SEGMENT: own[SEGMENT].astype("object").fillna(UNKNOWN)}
    # The number of customers without an id is not known.
    return own.assign(**named, customers=own["customers"].where(own[SEGMENT].notna())), said


def _told(known: pd.DataFrame) -> str:
    """Say which segment drives the demand for a product, or which one bought the most if none does."""
    ahead = known["unit_share"] - known["usual_share"]
    driving = known[
        (ahead > _MORE)
        & (known["unit_share"] > _TIMES * known["usual_share"])
        & (known["customers"] >= FEWEST)
    ]
    row = driving.iloc[int(ahead[driving.index].argmax())] if len(driving) else known.iloc[0]
    segment, share, usual = str(row[SEGMENT]), float(row["unit_share"]), float(row["usual_share"])
    if len(driving):
        return gettext(
            "{segment} customers drive its demand: they bought {share} of its units, and {usual} "
            "of all products' units.",
            segment=gettext(segment),
            share=format_share(share),
            usual=format_share(usual),
        )
    if pd.isna(usual):
        return gettext(
            "{segment} customers bought the most, {share} of its units.",
            segment=gettext(segment),
            share=format_share(share),
        )
    return gettext(
        "No segment drives its demand: {segment} customers bought the most, {share} of its units, compared "
        "with {usual} of all products' units.",
        segment=gettext(segment),
        share=format_share(share),
        usual=format_share(usual),
    )


@once_per_model
def late_demand(model: ShopperModel, among: Narrowing = EVERYONE) -> tuple[pd.DataFrame, str]:
    """Return what valuable customers who are overdue bought in the last year, and say it in a sentence.

    Within filters, only customers on the filtered lists and lines that pass count.
    """
    try:
        late = overdue_customers(model)
    except TooLittleDataError as error:
        return pd.DataFrame(columns=list(LATE)), error.told
    if among:
        late = late[late[CUSTOMER_ID].isin(among.customers(model))]
    if late.empty:
        none = gettext("No valuable customer is overdue by their own rhythm.")
        return pd.DataFrame(columns=list(LATE)), none
    table = bought_by(among.lines(model), late[CUSTOMER_ID], weeks=LATE_WEEKS, until=_last_sale(model))
    names = model.all_products.drop_duplicates(PRODUCT_ID).set_index(PRODUCT_ID)[PRODUCT_NAME]
    table.insert(1, PRODUCT_NAME, table[PRODUCT_ID].map(names))
    number = format_count(len(late))
    if table.empty:
        return table[list(LATE)], ngettext(
            "{number} valuable customer is overdue; none of them bought a product in the last year.",
            "{number} valuable customers are overdue; none of them bought a product in the last year.",
            len(late),
            number=number,
        )
    said = ngettext(
        "{number} valuable customer is overdue. In the last {weeks} weeks they bought {products} for "
        "{money}: demand that ends if they stay away.",
        "{number} valuable customers are overdue. In the last {weeks} weeks they bought {products} for "
        "{money}: demand that ends if they stay away.",
        len(late),
        number=number,
        weeks=LATE_WEEKS,
        products=count_of(len(table), "product"),
        money=format_money(table[AMOUNT].sum(), model.currency),
    )
    return table[list(LATE)], said


def _last_sale(model: ShopperModel) -> pd.Timestamp:
    """Return when goods were last sold, to any customer: this keeps "recent" the same within all filters."""
    last: pd.Timestamp = model.lines.loc[model.lines[IS_PRODUCT], ORDERED_AT].max()
    return last
