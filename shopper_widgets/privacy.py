"""Personal data: a model under pseudonyms, and a model without those who asked to be forgotten."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import hmac
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from shopper_widgets.columns import (
    CUSTOMER_ID,
    IS_CANCELLED,
    IS_PRODUCT,
    OPTIONAL,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    REASON,
    REQUIRED,
    SOURCE_FILE,
    SOURCE_LINE,
)

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel
    from shopper_widgets.neighbour_recommender import NeighbourRecommender

#: The least length of a key, in bytes: shorter ones can be guessed (NIST SP 800-107, 5.3.4: 112 bits).
SHORTEST_KEY = 16
#: Hexadecimal digits of a pseudonym: any two of a million customers share one less than once in 10 million.
_DIGITS = 16
#: Tables with a customer in each row, and the order in which the model keeps them.
_ORDER: dict[str, list[str]] = {
    "customers": [CUSTOMER_ID],
    "orders": [ORDERED_AT, ORDER_ID, CUSTOMER_ID],
    "purchases": [CUSTOMER_ID, PRODUCT_ID],
    "rejected": [],
}
#: Other columns of rejected lines came in unasked and may name people.
_REJECTED_COLUMNS = {*REQUIRED, *OPTIONAL, IS_CANCELLED, IS_PRODUCT, REASON, SOURCE_LINE, SOURCE_FILE}


def pseudonymous(model: ShopperModel, key: bytes | str) -> ShopperModel:
    """Return the model with pseudonyms in place of customer ids, for pages and reports that others read.

    The same id and key give the same pseudonym, in every model and at every time. Without the key nobody can
    tell whose it is, nor check a guess. The key is not stored with the model: keep it apart.

    Parameters
    ----------
    model : ShopperModel
        Stays as it is.
    key : bytes or str
        A secret of at least 16 bytes, such as ``secrets.token_bytes(32)``.

    Returns
    -------
    ShopperModel
        With pseudonyms such as ``p3f0c9a…`` in ``customers``, ``orders``, ``purchases``, ``rejected`` and the
        recommender, sorted by them: places tell nothing either. Of rejected lines only the known columns are
        kept.

    Raises
    ------
    TypeError, ValueError
        `key` is neither bytes nor text, or too short.

    Notes
    -----
    HMAC-SHA256 (RFC 2104), cut to 64 bits. What customers bought, when and where stays, and so do order ids:
    someone who has the shop's own orders can still find a person by them. Pseudonyms are personal data.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> hidden = pseudonymous(model, key=b"only the shop knows this")
    >>> set(hidden.customers["customer_id"]) & set(model.customers["customer_id"])
    set()
    >>> bool(hidden.customers["monetary"].sum().round(2) == model.customers["monetary"].sum().round(2))
    True
    """
    secret = _checked_key(key)
    known = {who: _pseudonym(who, secret) for who in _everybody(model)}
    if len(set(known.values())) < len(known):
        raise ValueError("Two customers would share a pseudonym with this key; choose another key.")

    def renamed(name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name == "rejected":
            table = table[[column for column in table if column in _REJECTED_COLUMNS]]
        table = table.assign(**{CUSTOMER_ID: table[CUSTOMER_ID].map(known)})
        return table.sort_values(_ORDER[name], ignore_index=True) if _ORDER[name] else table

    tables = {name: renamed(name, getattr(model, name)) for name in _ORDER}
    labels = np.argsort(model.customers[CUSTOMER_ID].map(known).to_numpy(dtype=str), kind="stable")
    pseudonyms = np.array([known[who] for who in model.recommender.customer_ids_.tolist()], dtype=str)
    by_name = np.argsort(pseudonyms, kind="stable")
    recommender = model.recommender.of_customers(by_name, pseudonyms[by_name])
    return _replaced(model, tables, labels, recommender)


def forget(
    model: ShopperModel, customer_ids: Iterable[str], *, missing: Literal["raise", "ignore"] = "raise"
) -> ShopperModel:
    """Return the model without some customers: see :meth:`ShopperModel.forget`."""
    if isinstance(customer_ids, str):
        raise TypeError(f"customer_ids must be a list of ids; write [{customer_ids!r}].")
    if missing not in ("raise", "ignore"):
        raise ValueError(f"missing must be 'raise' or 'ignore'; got {missing!r}.")
    gone = set(customer_ids)
    unknown = sorted(gone - _everybody(model), key=str)
    if unknown and missing == "raise":
        listed = ", ".join(map(repr, unknown[:5])) + (" …" if len(unknown) > 5 else "")
        raise ValueError(
            f"customer_ids: {len(unknown)} are not in the model ({listed}), and nobody was removed. Ids are "
            "text as in the orders; missing='ignore' lets a list that serves several models through."
        )
    kept = (~model.customers[CUSTOMER_ID].isin(gone)).to_numpy()
    rows = np.flatnonzero(~np.isin(model.recommender.customer_ids_, [str(who) for who in gone]))
    if not kept.any() or not len(rows):
        raise ValueError(
            "customer_ids holds every customer: nothing would be left. Delete the bundle instead."
        )
    tables = {name: _without(getattr(model, name), gone) for name in _ORDER}
    recommender = model.recommender.of_customers(rows, model.recommender.customer_ids_[rows])
    return _replaced(model, tables, np.flatnonzero(kept), recommender.relearn())


def _checked_key(key: bytes | str) -> bytes:
    if not isinstance(key, bytes | str):
        raise TypeError(f"key must be bytes or text; got {type(key).__name__}.")
    secret = key.encode() if isinstance(key, str) else key
    if len(secret) < SHORTEST_KEY:
        raise ValueError(
            f"key must have at least {SHORTEST_KEY} bytes; it has {len(secret)}. "
            "secrets.token_bytes(32) makes one."
        )
    return secret


def _pseudonym(customer_id: str, key: bytes) -> str:
    # With a letter in front: a spreadsheet would read some hexadecimal numbers as powers of ten.
    return "p" + hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _everybody(model: ShopperModel) -> set[str]:
    """Ids of all who are in the model, if only by lines that were rejected."""
    tables = {who for name in _ORDER for who in getattr(model, name)[CUSTOMER_ID].dropna()}
    return tables | set(model.recommender.customer_ids_.tolist())


def _without(table: pd.DataFrame, gone: Collection[str]) -> pd.DataFrame:
    return table[~table[CUSTOMER_ID].isin(gone)].reset_index(drop=True)


def _replaced(
    model: ShopperModel,
    tables: dict[str, pd.DataFrame],
    labels: np.ndarray,
    recommender: NeighbourRecommender,
) -> ShopperModel:
    """Return the model with other tables, those labels of its segmenter, in that order, and a recommender."""
    segmenter = copy.copy(model.segmenter)
    segmenter.labels_ = segmenter.labels_[labels]
    return dataclasses.replace(
        model,
        customers=tables["customers"],
        orders=tables["orders"],
        purchases=tables["purchases"],
        rejected=tables["rejected"],
        segmenter=segmenter,
        recommender=recommender,
    )
