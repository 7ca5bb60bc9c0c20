"""The audit of cleaning: lines, customers and money per rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from shopper_widgets._support.formatting import format_count
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, DISCOUNT, DISCOUNT_LEFT_IN, ORDER_STATUS, QUANTITY
from shopper_widgets.orders.returns import REMAINING, UNMATCHED
from shopper_widgets.orders.statuses import says_not_sold

#: Rules of the audit that are not reasons: the lines that came in, and those that were kept.
READ, KEPT = N_("lines read"), N_("kept")
#: The degrees to which returns could be matched to sales.
RETURNS_MATCHED = (
    N_("returns matched in full"),
    N_("returns matched in part"),
    N_("returns not matched"),
)
#: What netting takes, or would take, from the sales: lines removed, customers concerned, money.
NETTING_EFFECT = N_("effect of netting returns")
#: Customers who returned everything: their sale lines, and what they had paid. Netting leaves them out.
KEPT_NOTHING = N_("customers who kept nothing")
#: Columns that the audit adds up separately, whether lines are kept or not.
ASIDE = (DISCOUNT, DISCOUNT_LEFT_IN, ORDER_STATUS)
DISCOUNTS = {DISCOUNT: N_("discounts taken off"), DISCOUNT_LEFT_IN: N_("discounts not taken off")}
#: The rule of the lines with one status, by whether the status means that nothing was sold.
_OF_STATUS = {True: N_("status {word}, not sold"), False: N_("status {word}, sold")}
# A column of statuses has a handful of words; if it has more than this, the rest is one row.
_MOST_WORDS = 30


def audit_table(
    lines: Any,
    matched: Any,
    reasons: Sequence[str],
    *,
    netted: bool,
    not_sold: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Count lines, customers and money per rule.

    Parameters
    ----------
    lines : Narwhals frame
        All lines before netting, with ``_rule``: 0 when kept, else the 1-based place of its reason.
    matched : Narwhals frame
        The events that :func:`~shopper_widgets.orders.returns.net_returns` has looked at.
    reasons : sequence of str
        In the order in which they were tried; the last one is that of sales that were returned.
    netted : bool
        Whether returns have been deducted from ``kept``.
    not_sold : iterable of str, optional
        The words of ``order_status`` that were counted as not sold; default: the usual ones.

    Returns
    -------
    pandas.DataFrame
        ``rule, rows, customers, amount``. Rows and amounts of the reasons and of ``kept`` add up to those of
        ``lines read``: with ``netted`` the row ``returned`` holds all the money that netting takes, that of
        sales returned in part included. Then, besides that sum, the results of returns, discounts (the money
        of ``amount`` is theirs), and the lines of each of the shop's words for the state of an order.
    """
    by = _by_customer(lines)
    effect = _effect(matched)
    counts = {READ: _row(by), **{reason: _row(by[by["_rule"] == i]) for i, reason in enumerate(reasons, 1)}}
    sold = kept = by[by["_rule"] == 0]
    taken = effect.groupby(CUSTOMER_ID)[["rows", AMOUNT]].sum()
    left = sold.set_index(CUSTOMER_ID)[["rows", AMOUNT]].sub(taken, fill_value=0)
    if netted:
        kept = left[left["rows"] > 0].reset_index()
        counts[reasons[-1]] = _row(effect)
    counts[KEPT] = _row(kept)
    back = _by_customer(matched.filter(nw.col(QUANTITY) < 0).with_columns(_rule=_how_far_matched()))
    counts |= {rule: _row(back[back["_rule"] == i]) for i, rule in enumerate(RETURNS_MATCHED)}
    counts[NETTING_EFFECT] = _row(effect)
    counts[KEPT_NOTHING] = _row(sold[sold[CUSTOMER_ID].isin(left.index[left["rows"] == 0])])
    present = lines.collect_schema().names()
    for column, rule in DISCOUNTS.items():
        if column in present:
            off = lines.filter(nw.col(column) != 0).with_columns(nw.col(column).alias(AMOUNT))
            counts[rule] = _row(_by_customer(off))
    if ORDER_STATUS in present:
        counts |= _by_status(lines, not_sold)
    return pd.DataFrame([{"rule": rule, **count} for rule, count in counts.items()])


def _by_status(lines: Any, not_sold: Iterable[str] | None) -> dict[str, dict[str, Any]]:
    """Count the lines of each status; those that mean "not sold" come first, then the most frequent."""
    by = _collected(
        lines.filter(~nw.col(ORDER_STATUS).is_null())
        .group_by(ORDER_STATUS, CUSTOMER_ID)
        .agg(rows=nw.len(), amount=nw.col(AMOUNT).sum())
    )
    words = by.groupby(ORDER_STATUS, as_index=False)["rows"].sum()
    unsold = says_not_sold(nw.col(ORDER_STATUS), not_sold).alias("unsold")
    told = nw.from_native(words, eager_only=True).with_columns(unsold)
    words = told.sort("unsold", "rows", ORDER_STATUS, descending=[True, True, False]).to_native()
    counts = {}
    for word, away in words.head(_MOST_WORDS)[[ORDER_STATUS, "unsold"]].itertuples(index=False):
        told_as = gettext(_OF_STATUS[bool(away)], word=repr(word))
        counts[told_as] = _row(by[by[ORDER_STATUS] == word])
    if rest := words[ORDER_STATUS].iloc[_MOST_WORDS:].tolist():
        others = ngettext(
            "{number} other status", "{number} other statuses", len(rest), number=format_count(len(rest))
        )
        counts[others] = _row(by[by[ORDER_STATUS].isin(rest)])
    return counts


def _how_far_matched() -> nw.Expr:
    unmatched = nw.col(UNMATCHED)
    in_part = nw.when(unmatched < 0 - nw.col(QUANTITY)).then(nw.lit(1)).otherwise(nw.lit(2))
    return nw.when(unmatched == 0).then(nw.lit(0)).otherwise(in_part)


def _effect(matched: Any) -> pd.DataFrame:
    """Return per customer the sale lines that netting removes, and all money that it takes away."""
    quantity, left = nw.col(QUANTITY), nw.col(REMAINING)
    shrunk = matched.filter((quantity > 0) & (left < quantity)).with_columns(
        nw.when(left == 0).then(nw.lit(1)).otherwise(nw.lit(0)).alias("_whole"),
        (nw.col(AMOUNT) * (1 - left / quantity)).alias(AMOUNT),
    )
    return _collected(
        shrunk.group_by(CUSTOMER_ID).agg(rows=nw.col("_whole").sum(), amount=nw.col(AMOUNT).sum())
    )


def _by_customer(lines: Any) -> pd.DataFrame:
    """Count per rule and customer: only this small table leaves the engine."""
    return _collected(lines.group_by("_rule", CUSTOMER_ID).agg(rows=nw.len(), amount=nw.col(AMOUNT).sum()))


def _collected(grouped: Any) -> pd.DataFrame:
    collected = grouped.collect() if isinstance(grouped, nw.LazyFrame) else grouped
    return pd.DataFrame(collected.to_pandas())


def _row(by: pd.DataFrame) -> dict[str, Any]:
    return {
        "rows": int(by["rows"].sum()),
        "customers": int(by[CUSTOMER_ID].nunique()),
        "amount": float(by[AMOUNT].sum()),
    }
