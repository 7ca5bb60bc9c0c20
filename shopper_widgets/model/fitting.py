"""From order lines to the parts of a `ShopperModel`: clean, sum up, segment, learn, evaluate."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_choice, check_list, check_text, plain
from shopper_widgets._support.formatting import OF_UNITS
from shopper_widgets._support.progress import progress_bar, progress_shown
from shopper_widgets.columns import (
    AMOUNT,
    CUSTOMER_ID,
    IS_PRODUCT,
    OPTIONAL,
    ORDERED_AT,
    REASON,
    REQUIRED,
    RFM,
    SEGMENT,
    UNIT_PRICE,
    USUAL_GAP,
)
from shopper_widgets.orders.assumed import ASSUMED
from shopper_widgets.orders.cells.currencies import told_currency
from shopper_widgets.orders.cells.exchanged_dates import only_first_days
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.order_numbers import Numbers
from shopper_widgets.orders.reasons import REASONS
from shopper_widgets.orders.tables import (
    customers_table,
    lines_table,
    orders_table,
    products_table,
    purchases_table,
    sales_table,
)
from shopper_widgets.recommend.evaluation import evaluate_both
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.segments import CustomerSegmenter, RuleSegmenter
from shopper_widgets.segments.gaps import customer_gaps
from shopper_widgets.segments.rfm import RFMScorer, rfm_table
from shopper_widgets.segments.rhythm import with_short_silence

if TYPE_CHECKING:
    import datetime as dt

logger = logging.getLogger(__name__)

#: How many rejected lines of each reason the model keeps to show.
REJECTED_SHOWN = 1_000


@dataclass(frozen=True)
class FitOptions:
    """The options of ``ShopperModel.fit``, which says what each one means."""

    returns: Literal["drop", "net"]
    duplicates: Literal["keep", "drop"]
    as_of: str | dt.date | pd.Timestamp | None
    service_codes: Iterable[str]
    cancelled: Numbers | Literal["auto", False]
    adjustments: Numbers | Literal["auto", False]
    not_sold: list[str] | None
    segmenter: CustomerSegmenter | RuleSegmenter
    recommender: NeighborRecommender
    currency: str
    source: Mapping[str, Any]
    keep: Sequence[str]
    evaluate: bool
    random_state: int

    def __post_init__(self) -> None:
        _check_estimator("segmenter", self.segmenter, CustomerSegmenter, RuleSegmenter)
        # Other recommenders learn nothing that the page shows, and could not be saved.
        _check_estimator("recommender", self.recommender, NeighborRecommender)
        if not isinstance(self.source, Mapping):
            raise TypeError(
                f"source must be a mapping, such as {{'name': 'Shop'}}; got {plain(self.source)!r}."
            )
        if not isinstance(self.currency, str):
            raise TypeError(f"currency must be text, such as '£'; got {plain(self.currency)!r}.")
        check_list("keep", self.keep, "columns")
        check_choice("evaluate", self.evaluate, (True, False))


def fitted_parts(transactions: Any, options: FitOptions, *, progress: bool) -> dict[str, Any]:
    """Fit all that a `ShopperModel` holds; parameters and errors are those of its ``fit``.

    Returns
    -------
    dict
        Attribute of the model → value.
    """
    from sklearn.base import clone

    with progress_shown(progress), progress_bar(total=5, desc="Cleaning", leave=False) as bar:
        cleaned = clean_transactions(
            transactions,
            returns=options.returns,
            duplicates=options.duplicates,
            as_of=options.as_of,
            service_codes=options.service_codes,
            cancelled=options.cancelled,
            adjustments=options.adjustments,
            not_sold=options.not_sold,
        )
        _check_something_is_left(cleaned.audit)
        _check_kept(options.keep, cleaned.transactions)
        lines = cleaned.transactions
        _step(bar, "Summing up")
        orders = orders_table(lines)
        rfm = rfm_table(lines, as_of=options.as_of)
        moment = rfm.attrs["as_of"]
        _step(bar, "Segmenting")
        scorer = RFMScorer().fit(rfm)
        gaps = customer_gaps(orders, rfm)
        known = with_short_silence(rfm, gaps["own_gap"].to_numpy())
        segments = clone(options.segmenter).fit(known.assign(**{USUAL_GAP: gaps["expected_gap"]}))
        customers = customers_table(orders).merge(scorer.transform(rfm), on=CUSTOMER_ID, validate="1:1")
        customers[SEGMENT] = segments.predict(customers[list(RFM)])
        _step(bar, "Learning what goes together")
        suggestions = clone(options.recommender).fit(lines)
        _step(bar, "Evaluating")
        evaluation = (
            evaluate_both(lines, suggestions, random_state=options.random_state) if options.evaluate else None
        )
        _step(bar, "Done")
        if exchanged := only_first_days(orders[ORDERED_AT]):
            logger.warning("%s", exchanged)
        doubts = [said for said in (rfm.attrs["doubt"], exchanged) if said]
        notes = [*options.source.get("notes", ()), *cleaned.notes, *doubts]
        return {
            "customers": customers,
            "products": products_table(lines),
            "orders": orders,
            "sales": sales_table(lines),
            "purchases": purchases_table(lines),
            "lines": lines_table(cleaned.all_sales, options.keep),
            "audit": cleaned.audit,
            "rejected": _first_per_reason(cleaned.rejected),
            "evaluation": evaluation,
            "returned": cleaned.returned,
            "segmenter": segments,
            "scorer": scorer,
            "recommender": suggestions,
            "as_of": moment,
            "currency": options.currency
            or (OF_UNITS if ASSUMED[UNIT_PRICE] in notes else told_currency(notes)),
            "parameters": {
                "returns": options.returns,
                "duplicates": options.duplicates,
                "as_of": None if options.as_of is None else str(moment),
                "cancelled": _remembered(options.cancelled),
                "adjustments": _remembered(options.adjustments),
                "not_sold": options.not_sold,
                "keep": list(options.keep),
                "n_clusters": getattr(options.segmenter, "n_clusters", segments.n_clusters_),
                "stability_budget": getattr(options.segmenter, "stability_budget", 0),
                "random_state": options.random_state,
            },
            "source": {
                **options.source,
                "rows": int(cleaned.audit["rows"].iloc[0]),
                "first_order": str(orders[ORDERED_AT].min()),
                "last_order": str(orders[ORDERED_AT].max()),
                "fingerprint": _fingerprint(orders),
                "notes": notes,
            },
        }


def _check_estimator(parameter: str, value: object, *kinds: type) -> None:
    if not isinstance(value, kinds):
        named = f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
        wanted = {"segmenter": "CustomerSegmenter() or RuleSegmenter()"}.get(
            parameter, "BlendRecommender() or ItemRecommender()"
        )
        raise TypeError(f"{parameter} must be an estimator that is not yet fitted: {wanted}; got {named}.")


def _step(bar: Any, what: str) -> None:
    bar.update()
    bar.set_description(what)


def _remembered(numbers: Any) -> str | None:
    """Return a rule for order numbers as JSON can hold it: a pattern, or the name of a function."""
    if callable(numbers):
        return f"function {getattr(numbers, '__name__', '')}".strip()
    return numbers or None


def _check_something_is_left(audit: pd.DataFrame) -> None:
    rows = audit.set_index("rule")["rows"]
    if rows["kept"]:
        return
    taken = rows[list(REASONS)].loc[lambda r: r > 0]
    why = "; ".join(f"{count:,} {rule}" for rule, count in taken.items()) or "there were none"
    raise ValueError(
        f"transactions has no line left after cleaning, of {rows.iloc[0]:,} read: {why}. "
        "Check the columns with detect_layout(source), and the options returns, as_of, cancelled, not_sold."
    )


def _check_kept(keep: Sequence[str], transactions: Any) -> None:
    present = nw.from_native(transactions).collect_schema().names()
    own = {*REQUIRED, *OPTIONAL, IS_PRODUCT}
    for name in keep:
        check_text("keep", name)
        if name.startswith("_"):
            raise ValueError(f"keep names {name!r}, which this package uses itself: rename that column.")
        if name not in present:
            raise ValueError(
                f"keep names {name!r}, which the orders don't have; they have {', '.join(present)}. Read "
                f"them with read_transactions(source, keep=[{name!r}])."
            )
        if name in own:
            raise ValueError(f"keep names {name!r}, which is kept anyway: leave it out.")


def _first_per_reason(rejected: Any) -> pd.DataFrame:
    lines = nw.from_native(rejected)
    lines = lines.lazy() if isinstance(lines, nw.DataFrame) else lines
    reasons = lines.select(REASON).unique().collect().to_pandas()[REASON].sort_values()
    parts = [lines.filter(nw.col(REASON) == r).head(REJECTED_SHOWN).collect().to_pandas() for r in reasons]
    if not parts:
        return pd.DataFrame(lines.head(0).collect().to_pandas())
    shown: pd.DataFrame = pd.concat(parts, ignore_index=True)
    # Rejected lines have all columns of the source, and a file can hold one type of cell per column.
    odd = [str(name) for name in shown if pd.api.types.infer_dtype(shown[name]).startswith("mixed")]
    return shown.assign(**{name: shown[name].map(str, na_action="ignore") for name in odd})


def _fingerprint(orders: pd.DataFrame) -> str:
    """Hash the orders, the same on every engine and platform: money to the cent, times to the second."""
    stable = orders.assign(
        amount=(orders[AMOUNT] * 100).round(), ordered_at=orders[ORDERED_AT].astype("datetime64[s]")
    )
    digest = hashlib.sha256(",".join(map(str, stable)).encode())
    for name in stable:
        values = stable[name]
        if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_dtype(values):
            digest.update(values.to_numpy().astype("<i8").tobytes())
        else:
            # Lengths are hashed too, so that "1", "23" differs from "12", "3"; that of a missing text is -1.
            texts = [None if pd.isna(text) else str(text).encode() for text in values.tolist()]
            lengths = [-1 if text is None else len(text) for text in texts]
            digest.update(np.array(lengths, dtype="<i8").tobytes() + b"".join(filter(None, texts)))
    return digest.hexdigest()
