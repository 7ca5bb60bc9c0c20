"""Personal data: a model with pseudonyms, and a model without customers who asked to be forgotten."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import hmac
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import Any, Literal, TypeVar, cast

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_list, check_text, plain
from shopper_widgets._support.formatting import count_of, format_money
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import (
    AMOUNT,
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
from shopper_widgets.model.guessing import guess_digits
from shopper_widgets.model.parts import ModelParts
from shopper_widgets.recommend.neighbors_base import NeighborRecommender

Model = TypeVar("Model", bound=ModelParts)

#: The least length of a key, in bytes: shorter keys can be guessed (NIST SP 800-107, 5.3.4: 112 bits).
SHORTEST_KEY = 16
#: The least number of different bytes in a key: "aaaaaaaaaaaaaaaa" is long, but guessed at once.
FEWEST_BYTES = 6
#: A key must withstand 10 to this power guesses: at a tenth of a second each, a thousand machines then need
#: three years. Only this many characters of a long key are examined, which is proof enough.
FEWEST_GUESS_DIGITS, _LOOKED_AT = 12, 200
#: How a key is stretched before it is used, so that a guess takes a tenth of a second and not a millionth:
#: scrypt (RFC 7914) at the cost that its author recommends for logins. The salt is fixed, because the same
#: key has to give the same pseudonyms everywhere.
SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_SALT, _KEY_BYTES = b"shopper-widgets pseudonyms 1", 32
#: Hexadecimal digits of a pseudonym: the chance that any two of a million customers share one is below 1 in
#: 10 million.
_DIGITS = 16
#: A key with this many different steps between its bytes or fewer is a run, such as "abcdefghijklmnop".
_STEPS_OF_A_RUN = 3
#: Parts of the model that stay as they were, and still count customers who are forgotten.
WHOLE_SHOP = ("products", "sales", "audit", "evaluation", "segment profiles")
#: Tables with a customer in each row, and the columns by which the model sorts them.
_ORDER: dict[str, list[str]] = {
    "customers": [CUSTOMER_ID],
    "orders": [ORDERED_AT, ORDER_ID, CUSTOMER_ID],
    "purchases": [CUSTOMER_ID, PRODUCT_ID],
    "lines": [ORDERED_AT, ORDER_ID, PRODUCT_ID],
    "rejected": [],
    "returned": ["returned_at", CUSTOMER_ID, ORDER_ID, ORDERED_AT],
}
#: A column that the user kept stays in a model with pseudonyms if this many customers share each of its
#: values.
SHARED_BY = 10
#: The columns of rejected lines that stay: others came in unasked and may name people.
_REJECTED_COLUMNS = {*REQUIRED, *OPTIONAL, IS_CANCELLED, IS_PRODUCT, REASON, SOURCE_LINE, SOURCE_FILE}


def pseudonymous(model: Model, key: bytes | str) -> Model:
    """Return the model with pseudonyms in place of customer ids, for pages and reports that others read.

    The same id and key give the same pseudonym, in every model and at every time. Without the key nobody can
    tell whose it is, nor check a guess. The key is not stored with the model: keep it apart.

    Parameters
    ----------
    model : ShopperModel
        Stays as it is.
    key : bytes or str
        A secret of at least 16 bytes, such as ``secrets.token_bytes(32)``; text counts as its UTF-8 bytes.

    Returns
    -------
    ShopperModel
        With pseudonyms such as ``p3f0c9a…`` in ``customers``, ``orders``, ``purchases``, ``lines``,
        ``rejected``, ``returned`` and the recommender, sorted by them, so that positions tell nothing either.
        Of rejected lines only the known columns stay, and of columns that `fit` was told to keep, only those
        in which at least 10 customers share each value: others could name people, and are listed in
        ``source["pseudonyms"]["left_out"]``. ``source["pseudonyms"]`` says how they were made, and so does
        the manifest of a bundle.

    Raises
    ------
    TypeError, ValueError
        `key` is neither bytes nor text, or one that is easily guessed: too short, of too few different bytes,
        a repetition, a run such as "abcdefgh…", or made of common words, dates and runs on a keyboard.

    Notes
    -----
    HMAC-SHA256 (RFC 2104) under the key stretched by scrypt (RFC 7914), cut to 64 bits. What customers
    bought, when and where stays, and so do order ids: someone who has the shop's own orders can still find a
    person by them. Pseudonyms are personal data.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> hidden = pseudonymous(model, key=b"only the shop knows this")
    >>> set(hidden.customers["customer_id"]) & set(model.customers["customer_id"])
    set()
    >>> bool(hidden.customers["monetary"].sum().round(2) == model.customers["monetary"].sum().round(2))
    True
    """
    secret = hashlib.scrypt(checked_key(key), salt=_SALT, maxmem=2**26, dklen=_KEY_BYTES, **SCRYPT)
    telling = _telling(model)
    known = {who: _pseudonym(who, secret) for who in _everybody(model)}
    if len(set(known.values())) < len(known):
        raise ValueError("Two customers would share a pseudonym with this key; choose another key.")

    def renamed(name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name == "rejected":
            table = table[[column for column in table if column in _REJECTED_COLUMNS]]
        if name == "lines":
            table = table.drop(columns=telling)
        hidden: Any = table[CUSTOMER_ID].map(known)
        if hidden.dtype == "category":
            hidden = hidden.cat.set_categories(sorted(hidden.cat.categories))  # the old order would tell, too
        table = table.assign(**{CUSTOMER_ID: hidden})
        return table.sort_values(_ORDER[name], ignore_index=True) if _ORDER[name] else table

    tables = {name: renamed(name, table) for name, table in _tables(model).items()}
    labels = np.argsort(model.customers[CUSTOMER_ID].map(known).to_numpy(dtype=str), kind="stable")
    pseudonyms = np.array([known[who] for who in model.recommender.customer_ids_.tolist()], dtype=str)
    by_name = np.argsort(pseudonyms, kind="stable")
    recommender = model.recommender.of_customers(by_name, pseudonyms[by_name])
    hidden = _replaced(model, tables, labels, recommender)
    how: dict[str, Any] = {
        "made_by": f"HMAC-SHA256, {4 * _DIGITS} bits",
        "key_stretched_by": {"scrypt": SCRYPT},
    }
    if telling:
        how["left_out"] = telling
    return dataclasses.replace(hidden, source={**model.source, "pseudonyms": how})


def forget(
    model: Model, customer_ids: Iterable[str], *, missing: Literal["raise", "ignore"] = "raise"
) -> Model:
    """Return the model without some customers: see :meth:`ShopperModel.forget`."""
    check_list("customer_ids", customer_ids, "ids")
    if missing not in ("raise", "ignore"):
        raise ValueError(f"missing must be 'raise' or 'ignore'; got {plain(missing)!r}.")
    gone = set(customer_ids)
    for who in gone:
        check_text("customer_ids", who)  # 10000 is not "10000": the person would stay in some tables
    unknown = sorted(gone - _everybody(model), key=str)
    if unknown and missing == "raise":
        listed = ", ".join(map(repr, unknown[:5])) + (" …" if len(unknown) > 5 else "")
        raise ValueError(
            f"customer_ids: {len(unknown)} are not in the model ({listed}), and nobody was removed. Ids are "
            "text as in the orders; missing='ignore' accepts a list that serves several models."
        )
    kept = (~model.customers[CUSTOMER_ID].isin(gone)).to_numpy()
    rows = np.flatnonzero(~np.isin(model.recommender.customer_ids_, [str(who) for who in gone]))
    if not kept.any() or not len(rows):
        raise ValueError(
            "customer_ids holds every customer: nothing would be left. Delete the bundle instead."
        )
    tables = {name: _without(table, gone) for name, table in _tables(model).items()}
    recommender = model.recommender.of_customers(rows, model.recommender.customer_ids_[rows])
    left = _replaced(model, tables, np.flatnonzero(kept), recommender.relearn())
    return dataclasses.replace(left, source={**model.source, "forgotten": _what_still_shows(model, gone)})


def _what_still_shows(model: ModelParts, gone: Collection[str]) -> dict[str, Any]:
    """Say what the figures of the whole shop still count of customers who are forgotten."""
    earlier = model.source.get("forgotten", {})
    theirs = model.orders[model.orders[CUSTOMER_ID].isin(gone)]
    customers = earlier.get("customers", 0) + int(model.customers[CUSTOMER_ID].isin(gone).sum())
    orders = earlier.get("orders", 0) + len(theirs)
    amount = earlier.get("amount", 0.0) + float(theirs[AMOUNT].sum())
    return {
        "customers": customers,
        "orders": orders,
        "amount": amount,
        "counted_in": list(WHOLE_SHOP),
        "says": what_still_shows(customers, orders, amount, model.currency),
    }


def what_still_shows(customers: int, orders: int, amount: float, currency: str) -> str:
    """Say, in the language in force, what figures of the whole shop still hold of forgotten customers.

    Examples
    --------
    >>> print(what_still_shows(2, 3, 45.0, "£"))
    2 customers forgotten. Figures of the whole shop (...) still count their 3 orders, £45.00: products ...
    """
    return gettext(
        "{customers} forgotten. Figures of the whole shop ({tables}) still count their {orders}, {money}: "
        "products that hardly anybody else bought can still be seen there. A model fitted without their "
        "lines is free of them.",
        customers=count_of(customers, "customer"),
        tables=", ".join(WHOLE_SHOP),
        orders=count_of(orders, "order"),
        money=format_money(amount, currency),
    )


def checked_key(key: bytes | str) -> bytes:
    """Return a key's bytes, or say what is weak about it: see :func:`pseudonymous`."""
    if not isinstance(key, bytes | str):
        raise TypeError(f"key must be bytes or text; got {type(key).__name__}.")
    secret = key.encode() if isinstance(key, str) else key
    weakness = ""
    if len(secret) < SHORTEST_KEY:
        weakness = f"have at least {SHORTEST_KEY} bytes; it has {len(secret)}"
    elif len(set(secret)) < FEWEST_BYTES:
        weakness = f"have at least {FEWEST_BYTES} different bytes; it has {len(set(secret))}"
    elif secret in (secret + secret)[1:-1]:
        weakness = "be no repetition of a shorter one"
    elif len({(b - a) % 256 for a, b in pairwise(secret)}) <= _STEPS_OF_A_RUN:
        weakness = "be no run of neighboring characters"
    elif guess_digits(_as_text(secret)[:_LOOKED_AT]) < FEWEST_GUESS_DIGITS:
        weakness = (
            "not be made of common words, dates, runs on a keyboard or repetitions, which are soon guessed"
        )
    if weakness:
        raise ValueError(f"key must {weakness}. secrets.token_bytes(32) makes one.")
    return secret


def _as_text(secret: bytes) -> str:
    try:
        return secret.decode()
    except UnicodeDecodeError:  # bytes that were drawn at random, not typed
        return secret.decode("latin-1")


def _pseudonym(customer_id: str, key: bytes) -> str:
    # A letter comes first, because a spreadsheet would read some hexadecimal numbers as powers of ten.
    return "p" + hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _tables(model: ModelParts) -> dict[str, pd.DataFrame]:
    """Return the tables with a customer in each row, by name; bundles of earlier versions lack one."""
    tables = {name: getattr(model, name) for name in _ORDER}
    return {name: table for name, table in tables.items() if table is not None}


def _everybody(model: ModelParts) -> set[str]:
    """Return the ids of all customers in the model, even those with rejected lines only."""
    tables = {who for table in _tables(model).values() for who in table[CUSTOMER_ID].dropna().unique()}
    return tables | set(model.recommender.customer_ids_.tolist())


def _without(table: pd.DataFrame, gone: Collection[str]) -> pd.DataFrame:
    left = table[~table[CUSTOMER_ID].isin(gone)].reset_index(drop=True)
    # A category that no row has any more would still be written.
    for name in left.select_dtypes("category"):
        left[name] = left[name].cat.remove_unused_categories()
    return left


def _telling(model: ModelParts) -> list[str]:
    """Return the kept columns in which a value is shared by too few customers."""
    kept = [name for name in model.parameters.get("keep", ()) if name in model.lines]
    customers = {name: model.lines.groupby(name, observed=True)[CUSTOMER_ID].nunique() for name in kept}
    return [name for name, count in customers.items() if (count < SHARED_BY).any()]


def _replaced(
    model: Model,
    tables: dict[str, pd.DataFrame],
    labels: np.ndarray,
    recommender: NeighborRecommender,
) -> Model:
    """Return the model with other tables, the labels of its segmenter at `labels`, and a recommender."""
    segmenter = copy.copy(model.segmenter)
    segmenter.labels_ = segmenter.labels_[labels]
    return dataclasses.replace(
        model,
        **cast("dict[str, Any]", tables),
        segmenter=segmenter,
        recommender=recommender,
    )
