"""Cleaning: each order line is kept or rejected with one reason, and the counts add up."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import pandas as pd
from narwhals.typing import FrameT

from shopper_widgets._support.card import Card
from shopper_widgets._support.checks import check_choice, check_frame, check_list
from shopper_widgets._support.formatting import count_of, format_count, format_money
from shopper_widgets._support.keeping import evaluated
from shopper_widgets._support.locale import ENGLISH, in_locale
from shopper_widgets._support.memory import give_back
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    OPTIONAL,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    QUANTITY,
    REQUIRED,
    SOURCE_LINE,
    TEXT,
    UNIT_PRICE,
)
from shopper_widgets.orders.audit import ASIDE, DISCOUNTS, KEPT, READ, audit_table
from shopper_widgets.orders.cells.dates import within_time
from shopper_widgets.orders.cells.numbers import is_out_of_range, with_floats, within_range
from shopper_widgets.orders.cells.product_codes import names_of_codes, with_one_spelling
from shopper_widgets.orders.order_numbers import Numbers, adjustment_numbers, cancelled_numbers, with_letters
from shopper_widgets.orders.product_names import canonical_names, with_names
from shopper_widgets.orders.reasons import REASONS, came_back, first_reason, own_reason, place, with_reasons
from shopper_widgets.orders.returns import PRICE_KEY, ROW, matched_returns, netted, unmatched_returns
from shopper_widgets.orders.service_codes import SERVICE_CODES, is_service_of
from shopper_widgets.orders.statuses import not_sold_lines
from shopper_widgets.orders.taken_back import RETURNED, taken_back

if TYPE_CHECKING:
    import datetime as dt


logger = logging.getLogger(__name__)

_OWN_REASON = "_own_reason"


@dataclass(frozen=True, repr=False)
class CleanedTransactions:
    """What :func:`clean_transactions` returns; frames are of the engine that came in.

    Attributes
    ----------
    transactions : frame
        The lines that are kept, with ``amount`` and ``is_product``.
    rejected : frame
        The other lines, each with its ``reason``, one of ``REASONS``.
    without_customer : frame
        Those of the rejected lines that lack a customer and nothing else, with ``amount`` and ``is_product``:
        sales too, though nobody knows who bought. Returns are netted as in ``transactions``.
    audit : pandas.DataFrame
        ``rule, rows, customers, amount``: the lines read, what each rule took away, the lines kept, and the
        effect of netting returns, in either mode. Rows and amounts of the reasons and of ``kept`` add up to
        those of ``lines read``. After these, whether they are kept or not: discounts, and the lines of each
        word of ``order_status``, counted as sold or not.
    unmatched_returns : frame
        Returns with the units (``unmatched``) for which no earlier sale was found.
    returned : pandas.DataFrame
        ``customer_id, order_id, ordered_at, returned_at, amount``: what netting took from each order, and
        when it came back; empty where returns are dropped.
    notes : tuple of str
        Sentences for the reader of the figures: which rule identified cancelled orders and adjustments, and
        why; and the notes of :func:`~shopper_widgets.read_transactions`.

    Examples
    --------
    >>> from shopper_widgets.datasets import load_sample
    >>> cleaned = clean_transactions(load_sample())
    >>> len(cleaned.transactions) + len(cleaned.rejected) == len(load_sample())
    True
    """

    transactions: Any
    rejected: Any
    audit: pd.DataFrame
    unmatched_returns: Any
    notes: tuple[str, ...] = ()
    without_customer: Any = None
    returned: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RETURNED)))

    @in_locale(ENGLISH)
    def _card(self) -> Card:
        """The summary for a notebook: what was kept, what was not, and why; no engine has to run for it."""
        audit = self.audit.set_index("rule").to_dict("index")
        kept, rows = audit[KEPT], {reason: int(audit[reason]["rows"]) for reason in REASONS}
        left_out = sorted((reason for reason in REASONS if rows[reason]), key=rows.__getitem__, reverse=True)
        return Card(
            "CleanedTransactions",
            {
                "Kept": f"{format_count(kept['rows'])} of {count_of(audit[READ]['rows'], 'line')}, worth "
                f"{format_money(kept[AMOUNT])}, of {count_of(kept['customers'], 'customer')}",
                "Rejected": ", ".join(f"{format_count(rows[reason])} {reason}" for reason in left_out)
                or "none",
            },
            ("cleaned.transactions", "cleaned.rejected", "cleaned.audit"),
        )

    def __repr__(self) -> str:
        return self._card().text

    def _repr_html_(self) -> str:
        return str(self._card().html)

    @property
    def all_sales(self) -> Any:
        """The kept lines and those without a customer: all sales."""
        both = [nw.from_native(self.transactions), nw.from_native(self.without_customer)]
        return nw.concat(both).to_native()


@in_locale(ENGLISH)
def clean_transactions(
    transactions: Any,
    *,
    returns: Literal["drop", "net"] = "drop",
    duplicates: Literal["keep", "drop"] = "keep",
    as_of: str | dt.date | pd.Timestamp | None = None,
    service_codes: Iterable[str] = SERVICE_CODES,
    cancelled: Numbers | Literal["auto", False] = "auto",
    adjustments: Numbers | Literal["auto", False] = "auto",
    not_sold: Iterable[str] | None = None,
) -> CleanedTransactions:
    """Keep the sales of known customers, and give every other line one reason for its rejection.

    Parameters
    ----------
    transactions : frame
        Canonical columns, as :func:`~shopper_widgets.read_transactions` gives them: a pandas or Polars frame
        (eager or lazy), a DuckDB relation, or another that Narwhals reads. Never changed. A lazy frame is
        evaluated once: the result is kept in its engine, and does not query the source again.
    returns : {"drop", "net"}, default "drop"
        ``"drop"`` leaves cancellations and other negative lines out, and their sales in. ``"net"`` also takes
        what was returned from the sale it belongs to: same customer, product and unit price, the latest
        earlier sale first, in part where need be (see :mod:`shopper_widgets.orders.returns`).
    duplicates : {"keep", "drop"}, default "keep"
        ``"drop"`` keeps one of several lines that are equal in every canonical column.
    as_of : date-like, optional
        Lines after this moment are rejected. A bare date is its midnight.
    service_codes : iterable of str
        Product codes that are charges; they stay in as spend, with ``is_product`` false. ``"GIFT_*"`` means
        any code that starts with ``GIFT_``. Words such as ``"SHIPPING"`` are looked for among names, too.
    cancelled, adjustments : "auto", str, callable or None, default "auto"
        Which order numbers are cancellations, which adjust accounts: a pattern such as ``"^RMA"``, a function
        of an order number, or None for none. ``"auto"`` reads ``C536379`` and ``A563185`` this way only where
        the lines prove it: see :mod:`shopper_widgets.orders.order_numbers`.
    not_sold : iterable of str, optional
        The words in ``order_status`` that mean that nothing was sold, instead of
        :data:`~shopper_widgets.orders.statuses.NOT_SOLD`; case, hyphens and underscores don't matter.

    Returns
    -------
    CleanedTransactions
        Every line, kept or rejected, and the audit of what each rule took away.

    Raises
    ------
    ValueError
        A required column is missing, or an option is not one of those above.
    TypeError
        An id is not text, a number not numeric, or a date not a naive timestamp: read the orders through
        ``read_transactions`` first.

    Notes
    -----
    An order is *cancelled* when its status or ``is_cancelled`` says so, or when its number is one that
    cancels: a C and a number (``C536379``) in UCI Online Retail (doi 10.24432/C5BW33), where an A and a
    number (``A563185``) is an *adjustment*. Numbers of other shops begin with these letters, too, so a letter
    alone decides nothing, and no rule takes a sale away unless it is asked for. Product codes are trimmed;
    codes that differ in case only and share a name get the spelling that is used most. A product's name is
    its most frequent description among the lines that are kept (first in the alphabet among equals), and its
    code where it has none.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({
    ...     "order_id": ["1", "2", "C3"], "product_id": ["tea", "TEA", "TEA"], "quantity": [2, 1, -2],
    ...     "customer_id": ["ann", None, "ann"], "ordered_at": pd.to_datetime(["2024-01-01"] * 3),
    ...     "product_name": ["Tea", "Tea", "Tea"], "unit_price": [3.0, 3.0, 3.0]})
    >>> cleaned = clean_transactions(orders)
    >>> cleaned.transactions[["order_id", "product_id", "amount", "is_product"]]
      order_id product_id  amount  is_product
    0        1        TEA     6.0        True
    >>> cleaned.rejected[["order_id", "reason"]]
      order_id            reason
    1        2  missing customer
    2       C3   cancelled order
    >>> clean_transactions(orders, returns="net").rejected["reason"].tolist()
    ['returned', 'missing customer', 'cancelled order']
    """
    check_choice("returns", returns, ("drop", "net"))
    check_choice("duplicates", duplicates, ("keep", "drop"))
    check_list("service_codes", service_codes, "codes")
    frame: Any = check_frame("transactions", transactions)
    _check_columns(frame)
    moment = None if as_of is None else naive_timestamp("as_of", as_of)

    if not_sold is not None and not isinstance(not_sold, str):
        not_sold = tuple(not_sold)  # it is read more than once
    lines = _normalise(_with_windows(frame), tuple(service_codes), moment, not_sold)
    if duplicates == "drop":
        lines = evaluated(_with_copies_counted(lines))
    columns = lines.collect_schema().names()
    rules = cancelled_numbers(lines, cancelled), adjustment_numbers(lines, adjustments)
    once = duplicates == "drop"
    lines = lines.with_columns(_rule=first_reason(nw.col(_OWN_REASON), once, rules))

    kept, rejected = lines.filter(nw.col("_rule") == 0), lines.filter(nw.col("_rule") != 0)
    asked = ("_rule", CUSTOMER_ID, AMOUNT, *ASIDE)  # all that the audit needs; the rest takes memory
    lines = lines.select(*(c for c in asked if c in lines.collect_schema()))
    give_back()
    kept, rejected = kept.with_columns(PRICE_KEY), rejected.with_columns(PRICE_KEY)
    back = evaluated(rejected.filter(came_back(moment, columns)))
    matched = evaluated(matched_returns(kept, back))
    audit = audit_table(lines, matched, REASONS, netted=returns == "net", not_sold=not_sold)
    del lines
    rule = first_reason(nw.col(_OWN_REASON), once, rules, whoever=True)
    anonymous = _sold_to_nobody_known(rejected, rule, came_back(moment, columns), net=returns == "net")
    returned = {}
    if returns == "net":
        returned = {"returned": taken_back(matched)}
        kept, gone = netted(kept, matched)
        rejected = nw.concat([rejected, gone.with_columns(nw.lit(place("returned")).alias("_rule"))])

    give_back()
    names = canonical_names(kept)
    anonymous = with_names(anonymous, names, canonical_names(anonymous))
    kept = with_names(kept, names)  # the larger one last, when less is in memory twice
    notes = [*getattr(transactions, "attrs", {}).get("notes", ()), *(rule.reason for rule in rules)]
    cleaned = CleanedTransactions(
        transactions=_finished(kept, frame, evaluate=True),
        rejected=_finished(with_reasons(rejected), frame),
        audit=audit,
        unmatched_returns=_finished(unmatched_returns(matched), frame),
        notes=tuple(note for note in notes if note),
        without_customer=_finished(anonymous, frame, evaluate=True),
        **returned,
    )
    give_back()
    rows = audit.set_index("rule")["rows"]
    logger.info("Cleaning kept %s of %s lines.", f"{rows[KEPT]:,}", f"{rows[READ]:,}")
    return cleaned


def _with_windows(frame: Any) -> Any:
    """Return an Arrow table as a pandas frame, since Arrow has no running sums over groups."""
    is_arrow = frame.implementation.is_pyarrow()
    return nw.from_native(frame.to_native().to_pandas()) if is_arrow else frame


def _check_columns(frame: FrameT) -> None:
    schema = frame.collect_schema()
    missing = [c for c in REQUIRED if c not in schema and not (c == UNIT_PRICE and AMOUNT in schema)]
    if missing:
        raise ValueError(
            f"transactions lacks the column(s) {', '.join(missing)}; it has {', '.join(schema)}. "
            "Read the orders with read_transactions(source, columns={...}) first."
        )
    hint = "Read the orders with read_transactions, which settles types."
    for name, dtype in schema.items():
        if name in TEXT and dtype not in (nw.String, nw.Categorical, nw.Enum, nw.Unknown):
            raise TypeError(f"transactions[{name!r}] must be text; it is {dtype}. {hint}")
        if name in (QUANTITY, UNIT_PRICE, AMOUNT, *DISCOUNTS) and not (
            dtype.is_numeric() or dtype == nw.Unknown
        ):
            raise TypeError(f"transactions[{name!r}] must be numeric; it is {dtype}. {hint}")
        if (
            name == ORDERED_AT
            and not (isinstance(dtype, nw.Datetime) and dtype.time_zone is None)
            and dtype != nw.Date
        ):
            raise TypeError(
                f"transactions[{name!r}] must be a timestamp without a time zone; it is {dtype}. {hint}"
            )


def _normalise(
    frame: FrameT,
    service_codes: Collection[str],
    as_of: pd.Timestamp | None,
    not_sold: Iterable[str] | None,
) -> FrameT:
    """Trim ids, compute price or amount from the other, find the reasons against lines, and find charges."""
    frame = with_floats(frame, (QUANTITY, UNIT_PRICE, AMOUNT, *DISCOUNTS))
    schema = frame.collect_schema()
    ids = [nw.col(c).cast(nw.String).str.strip_chars() for c in (ORDER_ID, PRODUCT_ID, CUSTOMER_ID)]
    moment = nw.col(ORDERED_AT).cast(nw.Datetime("us"))
    frame = frame.with_columns(
        *(nw.when(i != "").then(i) for i in ids),  # a blank id is missing
        within_time(moment).alias(ORDERED_AT),
        _far_date=~moment.is_null() & within_time(moment).is_null(),
        _far_price=nw.any_horizontal(
            *(is_out_of_range(nw.col(c)) for c in (UNIT_PRICE, AMOUNT) if c in schema), ignore_nulls=True
        ),
    )
    quantity = _number(QUANTITY)
    if AMOUNT in schema:
        of_one = nw.when(quantity != 0).then(_number(AMOUNT) / quantity)
        price = nw.coalesce(nw.col(UNIT_PRICE).cast(nw.Float64), of_one) if UNIT_PRICE in schema else of_one
        frame = frame.with_columns(price.alias(UNIT_PRICE))
    computed = quantity * _number(UNIT_PRICE)
    amount = (nw.coalesce(_number(AMOUNT), computed) if AMOUNT in schema else computed).alias(AMOUNT)
    columns = list(dict.fromkeys([*frame.collect_schema().names(), AMOUNT]))
    unsold, priced = not_sold_lines(columns, not_sold), UNIT_PRICE in schema
    own = own_reason(columns, as_of, unsold, priced=priced).alias(_OWN_REASON)
    frame = with_letters(frame.with_columns(amount).with_columns(own).drop("_far_date", "_far_price"))
    if isinstance(frame, nw.LazyFrame) and AMOUNT not in schema:
        frame = evaluated(frame.drop(AMOUNT)).with_columns(amount)  # cheaper to multiply again than to store
    else:
        frame = evaluated(frame)
    sold = names_of_codes(frame)
    frame = with_one_spelling(frame, sold)
    frame = frame.with_columns((~is_service_of(sold, service_codes)).alias(IS_PRODUCT))
    if isinstance(frame, nw.DataFrame):
        frame = frame.with_row_index(ROW)
    return frame


def _number(name: str) -> nw.Expr:
    """Return the column as a float; NaN, infinity and amounts beyond all money become null."""
    return within_range(nw.col(name))


def _with_copies_counted(lines: FrameT) -> FrameT:
    """Count equal lines in ``_copy``: 1 for the first, 2 for its first repetition…"""
    columns = lines.collect_schema()
    named = [c for c in (*REQUIRED, *OPTIONAL) if c in columns]
    content = nw.concat_str(*(nw.col(c).cast(nw.String).fill_null("") for c in named), separator="\x1f")
    order = next(c for c in (ROW, SOURCE_LINE, ORDERED_AT) if c in columns)
    return lines.with_columns(_content=content, _copy=nw.lit(1)).with_columns(
        nw.col("_copy").cum_sum().over("_content", order_by=order)
    )


def _sold_to_nobody_known(rejected: FrameT, rule: nw.Expr, back: nw.Expr, *, net: bool) -> FrameT:
    """Return the sales among the lines without a customer, less returns if returns are netted."""
    unknown = rejected.filter(nw.col("_rule") == place("missing customer"))
    unknown = unknown.with_columns(nw.lit("").alias(CUSTOMER_ID)).with_columns(_rule=rule)  # as one customer
    sold = unknown.filter(nw.col("_rule") == 0)
    if net:
        sold, _ = netted(sold, evaluated(matched_returns(sold, unknown.filter(back))))
    return sold.with_columns(nw.lit(None, nw.String).alias(CUSTOMER_ID))


def _finished(lines: FrameT, source: Any, *, evaluate: bool = False) -> Any:
    """Put lines back into their original order, if the engine has one, and drop helper columns.

    A mere selection from lines that are stored already need not be evaluated and stored again.
    """
    columns = lines.collect_schema().names()
    finished = lines.sort(ROW) if ROW in columns else lines
    bare = finished.drop(*(c for c in columns if c.startswith("_")))
    native = (evaluated(bare) if evaluate else bare).to_native()
    index = nw.maybe_get_index(source)
    if index is not None:  # pandas: the label is that of the caller's row
        native.index = index[finished[ROW].to_numpy()]
    if source.implementation.is_pyarrow():
        unlabelled = nw.from_native(native.reset_index(drop=True), eager_only=True)
        return nw.DataFrame.from_arrow(unlabelled, backend="pyarrow").to_native()
    return native
