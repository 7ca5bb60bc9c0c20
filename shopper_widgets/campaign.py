"""Whom to write to: a campaign as a definition that gives the same list every time it is run."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from shopper_widgets.cadence import customer_cadence
from shopper_widgets.cleaning import naive_timestamp
from shopper_widgets.columns import (
    COUNTRY,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    PRODUCT_ID,
    RECENCY,
    RFM,
    SEGMENT,
)
from shopper_widgets.errors import check_count
from shopper_widgets.findings import ACTIONS
from shopper_widgets.history import NEW, is_flow, movements, segment_history
from shopper_widgets.spreadsheets import to_csv
from shopper_widgets.suggestions import customer_suggestions, with_suggestions

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

FORMAT, VERSION = "shopper-widgets campaign", 1
#: A product counts as recommended to a customer who finds it among so many suggestions (or more, where more
#: are asked for).
RECOMMENDED_AMONG = 10
#: What stands in place of an action for those who are held out.
HOLD_OUT_ACTION = "Don't write to them: they show what happens without the campaign."

_BYTE_ORDER_MARK = "\ufeff"
_TUPLES = ("segments", "countries", "bought", "recommended")
_RANGES = (("min_overdue", "max_overdue"), ("min_spend", "max_spend"))


@dataclass(frozen=True)
class Campaign:
    """Which customers to write to, what to do for them, and whom to hold out for measuring the effect.

    Filters that are not set let everybody pass; a customer has to pass all that are set.

    Parameters
    ----------
    name : str
    segments : tuple of str
        Present segments, any of them.
    flows : tuple of (str, str)
        Moves between segments from `flow_start` to `flow_end`, any of them; ``"No orders yet"`` is where
        new customers come from. See :func:`~shopper_widgets.history.movements`.
    flow_start, flow_end : str, optional
        Dates as text, for `flows`; a bare date is its midnight.
    min_overdue, max_overdue : float, optional
        Silence in expected gaps, see :func:`~shopper_widgets.cadence.customer_cadence`: more than the least,
        at most the greatest. Only who ordered on two days or more has a rhythm to be behind.
    min_silence : int, optional
        Days since the last order, more than so many.
    min_orders : int, optional
    countries : tuple of str
        Any of them.
    min_spend, max_spend : float, optional
        Past spend, both ends included.
    bought : tuple of str
        Product ids or exact names: customers who bought any of them.
    recommended : tuple of str
        Product ids or exact names: customers who find any of them among their suggestions.
    n_recommendations : int, default 0
        How many suggestions to attach to each customer.
    hold_out : float, default 0
        Share of the list, from 0 to below 1, that is not written to, so that the effect can be measured.
    seed : int, default 0
        Draws who is held out. The same people are, as far as possible, when the list changes a little.
    actions : mapping of str to str, or pairs
        What to do, by segment, in place of ``findings.ACTIONS``.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> campaign = Campaign("Thanks", segments=("High-Value",), hold_out=0.25)
    >>> chosen = campaign.select(model)
    >>> set(chosen["segment"])
    {'High-Value'}
    >>> Campaign.from_json(campaign.to_json()) == campaign
    True
    """

    name: str = "Campaign"
    segments: tuple[str, ...] = ()
    flows: tuple[tuple[str, str], ...] = ()
    flow_start: str | None = None
    flow_end: str | None = None
    min_overdue: float | None = None
    max_overdue: float | None = None
    min_silence: int | None = None
    min_orders: int | None = None
    countries: tuple[str, ...] = ()
    min_spend: float | None = None
    max_spend: float | None = None
    bought: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    n_recommendations: int = 0
    hold_out: float = 0.0
    seed: int = 0
    actions: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in _TUPLES:
            given = getattr(self, name)
            if isinstance(given, str):
                raise TypeError(f"{name} must be a list of texts; write [{given!r}].")
            object.__setattr__(self, name, tuple(str(value) for value in given))
        pairs = tuple((str(before), str(after)) for before, after in self.flows)
        object.__setattr__(self, "flows", pairs)
        actions = self.actions.items() if isinstance(self.actions, Mapping) else self.actions
        object.__setattr__(self, "actions", tuple(sorted((str(s), str(a)) for s, a in actions)))
        self._check()

    def _check(self) -> None:
        for names in _RANGES:
            least, greatest = (getattr(self, name) for name in names)
            for name, value in zip(names, (least, greatest), strict=True):
                if value is not None and not math.isfinite(value):
                    raise ValueError(f"{name} must be a number; got {value!r}.")
            if least is not None and greatest is not None and least > greatest:
                raise ValueError(f"{names[0]} must not exceed {names[1]}; got {least} and {greatest}.")
        if not 0 <= self.hold_out < 1:
            raise ValueError(f"hold_out must be a share from 0 to below 1; got {self.hold_out!r}.")
        if self.n_recommendations != 0:
            check_count("n_recommendations", self.n_recommendations)
        if self.flows and (self.flow_start is None or self.flow_end is None):
            raise ValueError("flows need flow_start and flow_end: the two dates between which people moved.")
        for name in ("flow_start", "flow_end"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, str(naive_timestamp(name, getattr(self, name))))

    def select(self, model: ShopperModel) -> pd.DataFrame:
        """Return the customers of the campaign.

        Parameters
        ----------
        model : ShopperModel

        Returns
        -------
        pandas.DataFrame
            ``customer_id, country, segment, recency, frequency, monetary``, then ``overdue`` where that is
            asked for, ``from, to`` with `flows`, ``action`` (what to do, in plain words), ``is_held_out``,
            and ``recommendation_1, recommendation_1_name, …`` (empty where there is none). Most past spend
            first, then by id: the same definition gives the same list.

        Raises
        ------
        ValueError
            The model has no such segment or country, or a flow's dates are out of order.
        UnknownProductError, AmbiguousProductError
            A product is none, or the name of several.
        TooLittleDataError
            Overdue is asked for, but nobody ordered on two different days.
        """
        found = self._filtered(model)
        if self.flows:
            found = found.merge(self._moved(model), on=CUSTOMER_ID, how="inner", validate="1:1")
        if self.bought:
            wanted = {_product(model, product) for product in self.bought}
            buyers = model.purchases.loc[model.purchases[PRODUCT_ID].isin(wanted), CUSTOMER_ID]
            found = found[found[CUSTOMER_ID].isin(set(buyers))]
        suggestions = None
        if self.recommended or self.n_recommendations:
            n = max(self.n_recommendations, RECOMMENDED_AMONG if self.recommended else 0)
            suggestions = customer_suggestions(model, found[CUSTOMER_ID], n)
        if self.recommended and suggestions is not None:
            wanted = {_product(model, product) for product in self.recommended}
            who = suggestions.loc[suggestions[PRODUCT_ID].isin(wanted), CUSTOMER_ID]
            found = found[found[CUSTOMER_ID].isin(set(who))]
        found = found.sort_values([MONETARY, CUSTOMER_ID], ascending=[False, True], ignore_index=True)
        held_out = self._held_out(found[CUSTOMER_ID])
        found["action"] = found[SEGMENT].map(self._action).where(~held_out, HOLD_OUT_ACTION)
        found["is_held_out"] = held_out
        if self.n_recommendations and suggestions is not None:
            found = with_suggestions(found, suggestions, self.n_recommendations)
        return found

    def to_csv(self, model: ShopperModel, *, byte_order_mark: bool = False) -> str:
        """Write the list as CSV for spreadsheets: see :func:`~shopper_widgets.spreadsheets.to_csv`.

        Parameters
        ----------
        model : ShopperModel
        byte_order_mark : bool, default False
            Begin with one, without which Excel takes the text for another encoding than UTF-8.

        Returns
        -------
        str
        """
        return (_BYTE_ORDER_MARK if byte_order_mark else "") + to_csv(self.select(model))

    def to_json(self) -> str:
        """Write the definition as JSON text: the same definition gives the same text."""
        fields = {name: value for name, value in dataclasses.asdict(self).items() if name != "actions"}
        whole = {"format": FORMAT, "version": VERSION, **fields, "actions": dict(self.actions)}
        return json.dumps(whole, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a definition that :meth:`to_json` wrote; fields that are absent keep their defaults.

        Raises
        ------
        ValueError
            The text is no campaign, of another version, or names a field that there is not.
        """
        try:
            whole = json.loads(text)
        except ValueError as error:
            raise ValueError(f"text must be a campaign as JSON; it can't be read ({error}).") from error
        if not isinstance(whole, dict) or whole.pop("format", None) != FORMAT:
            raise ValueError(f"text must be a campaign as JSON, with the format {FORMAT!r}.")
        if (version := whole.pop("version", None)) != VERSION:
            raise ValueError(
                f"This version of shopper-widgets reads campaigns of version {VERSION}; got {version!r}."
            )
        known = [field.name for field in dataclasses.fields(cls)]
        unknown = sorted(set(whole) - set(known))
        if unknown:
            raise ValueError(f"A campaign has no {', '.join(unknown)}; it has {', '.join(known)}.")
        return cls(**whole)

    def _action(self, segment: str) -> str:
        # Segments beyond the known names are called Occasional Two, Occasional Three, …
        return dict(self.actions).get(segment, ACTIONS.get(segment, ACTIONS["Occasional"]))

    def _filtered(self, model: ShopperModel) -> pd.DataFrame:
        """Customers who pass what the tables of the model tell at once."""
        customers = model.customers
        _check_known("segments", self.segments, set(model.segments[SEGMENT]) | set(customers[SEGMENT]))
        _check_known("countries", self.countries, set(customers[COUNTRY]))
        passes = pd.Series(True, index=customers.index)
        for values, column in ((self.segments, SEGMENT), (self.countries, COUNTRY)):
            if values:
                passes &= customers[column].isin(values)
        if self.min_silence is not None:
            passes &= customers[RECENCY] > self.min_silence
        if self.min_orders is not None:
            passes &= customers[FREQUENCY] >= self.min_orders
        if self.min_spend is not None:
            passes &= customers[MONETARY] >= self.min_spend
        if self.max_spend is not None:
            passes &= customers[MONETARY] <= self.max_spend
        shown = customers[[CUSTOMER_ID, COUNTRY, SEGMENT, *RFM]]
        if self.min_overdue is None and self.max_overdue is None:
            return shown[passes]
        cadence = customer_cadence(model)  # its rows are those of the customers
        passes &= cadence["gaps"] > 0
        if self.min_overdue is not None:
            passes &= cadence["overdue"] > self.min_overdue
        if self.max_overdue is not None:
            passes &= cadence["overdue"] <= self.max_overdue
        return shown.assign(overdue=cadence["overdue"])[passes]

    def _moved(self, model: ShopperModel) -> pd.DataFrame:
        start, end = (naive_timestamp("flow", date) for date in (self.flow_start, self.flow_end))
        if not start < end:
            raise ValueError(f"flow_start must be before flow_end; got {start} and {end}.")
        names = set(model.segmenter.segment_names_) | {NEW}
        _check_known("flows", [name for flow in self.flows for name in flow], names)
        history = segment_history(model, dates=[start, end])
        missing = [date for date in (start, end) if not (history["date"] == date).any()]
        if end in missing:
            raise ValueError(f"flow_end must not lie before the first order; got {end}.")
        if start in missing:
            raise ValueError(f"flow_start must not lie before the first order; got {start}.")
        moved = movements(history, start, end)
        return moved.loc[is_flow(moved, self.flows), [CUSTOMER_ID, "from", "to"]]

    def _held_out(self, customer_ids: pd.Series[Any]) -> np.ndarray:
        """Mark the share whose hashes come first: drawn by the seed, whatever the order of the list."""
        if not self.hold_out:
            return np.zeros(len(customer_ids), dtype=bool)
        digests = [hashlib.sha256(f"{self.seed}:{who}".encode()).digest() for who in customer_ids]
        first = sorted(range(len(digests)), key=digests.__getitem__)[: round(self.hold_out * len(digests))]
        held_out = np.zeros(len(digests), dtype=bool)
        held_out[first] = True
        return held_out


def reach(selected: pd.DataFrame) -> dict[str, float]:
    """Count a campaign's list.

    Parameters
    ----------
    selected : pandas.DataFrame
        What :meth:`Campaign.select` returns.

    Returns
    -------
    dict
        ``customers`` in all: ``contacted`` and ``held_out``; and the past ``revenue`` of them all.

    Examples
    --------
    >>> reach(pd.DataFrame({"monetary": [10.0, 5.0], "is_held_out": [True, False]}))
    {'customers': 2, 'contacted': 1, 'held_out': 1, 'revenue': 15.0}
    """
    held_out = int(selected["is_held_out"].sum())
    return {
        "customers": len(selected),
        "contacted": len(selected) - held_out,
        "held_out": held_out,
        "revenue": float(selected[MONETARY].sum()),
    }


def _check_known(name: str, given: Any, known: set[str]) -> None:
    unknown = [value for value in given if value not in known]
    if unknown:
        listed = ", ".join(sorted(known)[:20])
        raise ValueError(
            f"{name}: there is no {', '.join(map(repr, unknown))} in the model, which has {listed}."
        )


def _product(model: ShopperModel, product: str) -> str:
    """Return the id of a product: charges are known by their code only, goods by name too."""
    code = product.strip().upper()
    if (model.products[PRODUCT_ID] == code).any():
        return code
    catalogue = model.recommender.catalogue_
    return str(catalogue.ids[catalogue.find(product)])
