"""Cast the values that papermill passes (text, numbers, lists) for the report, or say why not."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import ENGLISH, check_locale, gettext, in_locale
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.errors import AmbiguousDecimalError
from shopper_widgets.model.bundle import check_place
from shopper_widgets.model.privacy import checked_key
from shopper_widgets.orders.files.database_files import is_database as is_database_file
from shopper_widgets.orders.files.database_urls import has_password, masked
from shopper_widgets.orders.files.engines import ENGINES
from shopper_widgets.products.service import check_levels
from shopper_widgets.products.stock_levels import read_stock
from shopper_widgets.publish.options import CLEANING, READING, Option
from shopper_widgets.words.brand import USUAL_TITLE

_RETURNS = ("drop", "net")
_EXAMPLES = {
    "columns": {"customer_id": "Kundennr"},
    "reading": {"dayfirst": True},
    "cleaning": {"not_sold": ["refunded"]},
    "rates": {"EUR": 1.17},
    "service": {"A": 0.98, "B": 0.95},
}
_MOST_CLUSTERS, _MOST_ROWS, _MOST_REFITS = 10, 50, 1000
#: The environment variable with the key of the pseudonyms.
KEY_VARIABLE = "SHOPPER_PSEUDONYM_KEY"


def as_text(value: Any) -> str:
    """Cast to text without blanks around it; None becomes empty text."""
    return "" if value is None else str(value).strip()


def as_bundle(value: Any) -> Path | None:
    """Check that an earlier model exists; None if none is given."""
    folder = as_text(value)
    if folder and not Path(folder).is_dir():
        raise ValueError(
            f"previous must be the folder of an earlier model, such as out/model; got {plain(folder)!r}."
        )
    return Path(folder) if folder else None


def as_flag(name: str, value: Any) -> bool:
    """Cast a truth value: papermill's command line passes ``-p dry_run true`` as text."""
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
    text = as_text(value).lower()
    if text not in known:
        raise ValueError(f"{name} must be true or false; got {plain(value)!r}.")
    return known[text]


def as_pseudonymous(value: Any) -> bool:
    """Cast a truth value, and check the key."""
    wanted = as_flag("pseudonymous", value)
    if wanted:
        checked_key(pseudonym_key())  # a weak key is refused now, not after the fit
    return wanted


def pseudonym_key() -> str:
    """Return the key of the pseudonyms from the environment."""
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise ValueError(
            f"pseudonymous needs a secret in the environment variable {KEY_VARIABLE}, of 16 characters or "
            "more; it is not set. Keep it: only the same secret gives the same pseudonyms."
        )
    return key


def as_place(value: Any) -> Path:
    """Check that a model can be saved in a folder."""
    out = as_text(value) or "out"
    check_place(Path(out) / "model")  # now, not after a fit that takes a minute
    return Path(out)


def as_returns(value: Any) -> Literal["drop", "net"]:
    """Cast the treatment of returns."""
    text = as_text(value)
    if text not in _RETURNS:
        raise ValueError(f"returns must be 'drop' or 'net'; got {plain(value)!r}.")
    return "net" if text == "net" else "drop"


def as_engine(value: Any) -> str:
    """Cast the name of an engine."""
    text = as_text(value) or "auto"
    if text not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(map(repr, ENGINES))}; got {plain(value)!r}.")
    return text


def as_locale(value: Any) -> str:
    """Cast the name of a locale."""
    return check_locale(as_text(value) or ENGLISH)


def as_n_clusters(value: Any) -> int | Literal["auto"]:
    """Cast the number of segments."""
    if as_text(value).lower() == "auto":
        return "auto"
    return as_whole("n_clusters", value, 1, _MOST_CLUSTERS, " or 'auto'")


def as_refits(value: Any) -> int:
    """Cast the number of refits for stability."""
    # An interval needs at least two refits.
    return 0 if as_text(value) == "0" else as_whole("stability_budget", value, 2, _MOST_REFITS, " or 0")


def as_whole(name: str, value: Any, low: int, high: int, more: str = "") -> int:
    """Cast a whole number between two limits."""
    try:
        number = float(as_text(value))
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or number not in range(low, high + 1):
        raise ValueError(f"{name} must be a whole number from {low} to {high}{more}; got {plain(value)!r}.")
    return int(number)


def as_share(name: str, value: Any) -> float:
    """Cast a share above 0 and below 1."""
    try:
        share = float(as_text(value))
    except ValueError:
        share = float("nan")
    if isinstance(value, bool) or not 0 < share < 1:
        raise ValueError(f"{name} must be a share between 0 and 1, such as 0.4; got {plain(value)!r}.")
    return share


def as_amount(name: str, value: Any, *, of: str = "money") -> float:
    """Cast an amount of money or of anything else, 0 or more."""
    try:
        amount = float(as_text(value) or 0)
    except ValueError:
        amount = float("nan")
    if isinstance(value, bool) or not 0 <= amount < float("inf"):
        raise ValueError(f"{name} must be an amount of {of}, 0 or more; got {plain(value)!r}.")
    return amount


def as_days(name: str, least: int, value: Any) -> int:
    """Cast a number of days, up to half a year."""
    return as_whole(name, value, least, 180)


def as_service(value: Any) -> float | dict[str, float]:
    """Cast a service level: one for all products, or by class, as a mapping or as ``A=0.98,B=0.95``."""
    if isinstance(value, str) and "=" in value:
        pairs = (pair.partition("=") for pair in value.split(","))
        value = {name.strip(): level.strip() for name, _, level in pairs}
    elif isinstance(value, str) and value.strip().startswith("{"):
        value = as_mapping("service", value)
    if not isinstance(value, Mapping):
        return as_share("service", value)
    levels = {str(name).upper(): as_share(f"service of {name}", level) for name, level in value.items()}
    return check_levels("service", levels)


def as_stock(value: Any) -> Path | str | None:
    """Check that the file of stock on hand exists; None if none is given."""
    path = as_text(value)
    if not path:
        return None
    if "://" in path:
        return _without_password("stock", path)
    if not Path(path).is_file():
        raise ValueError(
            f"stock must be a CSV file with product_id and on_hand; there is no {plain(path)!r}."
        )
    return Path(path)


def read_on_hand(
    stock: Path | str | None,
    query: str,
    table: str,
    decimal: Literal[".", ","] | None,
    encoding: str,
) -> pd.DataFrame | None:
    """Read the stock on hand; check its columns, and that a query comes with a database."""
    is_database = isinstance(stock, str) or (stock is not None and is_database_file(stock))
    if not is_database and (query or table):
        raise ValueError(
            "stock_query and stock_table are for a database: stock must be its URL or file; got "
            f"{str(stock or '')!r}."
        )
    if stock is None:
        return None
    if is_database and not query and not table:
        raise ValueError(f"{masked(str(stock))!r} is a database: give stock_query or stock_table with it.")
    try:
        frame = read_stock(
            stock, query=query or None, table=table or None, decimal=decimal, encoding=encoding or None
        )
    except AmbiguousDecimalError as error:
        raise ValueError(
            f"stock_decimal must say how the numbers of stock are written: {error.example!r} is "
            f"{error.point:.15g} with a decimal point, {error.comma:.15g} with a decimal comma, and no other "
            "number proves which holds. Give '.' or ','."
        ) from error
    except ValueError as error:
        raise ValueError(f"stock can't be read: {error}") from error
    if missing := {"product_id", "on_hand"} - set(frame):
        what = (
            "what a database gives as product_id and on_hand; its answer"
            if is_database
            else f"a CSV file with product_id and on_hand; {stock}"
        )
        raise ValueError(f"stock must be {what} lacks {', '.join(sorted(missing))}.")
    return frame


def as_mark(name: str, value: Any) -> Literal[".", ","] | None:
    """Cast a decimal mark; None if none is given."""
    text = as_text(value)
    if text not in ("", ".", ","):
        raise ValueError(f"{name} must be '.' or ','; got {plain(value)!r}.")
    return "," if text == "," else "." if text else None


def check_limits(stock: pd.DataFrame | None, budget: float, space: float) -> None:
    """Check that there is an order to limit, and that its space is known."""
    for name, limit in (("stock_budget", budget), ("stock_space", space)):
        if limit and stock is None:
            raise ValueError(
                f"{name} limits an order, which needs the stock on hand: give stock, too; got {limit:g} "
                "alone."
            )
    if space and stock is not None and "unit_space" not in stock:
        raise ValueError(
            "stock_space needs the column unit_space in stock, the space that one unit of each product "
            f"takes; it has {', '.join(map(str, stock.columns))}."
        )


def as_mapping(name: str, value: Any) -> dict[str, Any]:
    """Return a mapping that is given as one, as JSON text, or not at all."""
    if isinstance(value, str) and value.strip():
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if not value or (isinstance(value, str) and not value.strip()):
        return {}
    if not isinstance(value, Mapping):
        example = _EXAMPLES[name]
        raise ValueError(f"{name} must be a mapping such as {json.dumps(example)}; got {plain(value)!r}.")
    return {str(key): item for key, item in value.items()}


def as_data(value: Any) -> str:
    """Cast the place of the orders, which must not contain a password."""
    return _without_password("data", as_text(value))


def _without_password(name: str, text: str) -> str:
    if has_password(text):
        raise ValueError(
            f"{name} must not hold a password, which would stay in the notebook: leave it out of the URL, "
            "and give it where the database's driver looks for it, such as PGPASSWORD or ~/.pgpass."
        )
    return text


def as_reading(value: Any) -> dict[str, Any]:
    """Cast the options of reading."""
    options = as_options("reading", value, READING, "read_transactions")
    if str(options.get("sheet", "")).isdecimal():
        options["sheet"] = int(options["sheet"])  # a position: papermill and the command line pass text
    if str(options.get("max_bytes", "")).isdecimal():
        options["max_bytes"] = int(options["max_bytes"])
    if "rates" in options:
        try:
            options["rates"] = {c: float(r) for c, r in as_mapping("rates", options["rates"]).items()}
        except (TypeError, ValueError) as error:
            raise ValueError(f'rates must be a mapping such as {{"EUR": 1.17}}: {error}.') from None
    return options


def as_cleaning(value: Any) -> dict[str, Any]:
    """Cast the options of cleaning."""
    options = as_options("cleaning", value, CLEANING, "clean_transactions")
    for name in ("cancelled", "adjustments"):
        if as_text(options.get(name, "auto")).lower() in ("none", "false", ""):
            options[name] = None
    if isinstance(options.get("not_sold"), str):
        options["not_sold"] = [word.strip() for word in options["not_sold"].split(",") if word.strip()]
    return options


def as_options(name: str, value: Any, known: Sequence[Option], function: str) -> dict[str, Any]:
    """Cast a mapping of options, all of which must be known."""
    options = as_mapping(name, value)
    names = [option.name for option in known]
    if unknown := set(options) - set(names):
        raise ValueError(
            f"{name} must hold only options of {function}, {', '.join(names)}; got {plain(min(unknown))!r}."
        )
    return options


def as_headers(value: Any) -> tuple[str, ...]:
    """Cast headers: a list, also as JSON text, or text with commas; empty if none are given."""
    if isinstance(value, str) and value.strip().startswith("["):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    several = value.split(",") if isinstance(value, str) else value or ()
    if not isinstance(several, Sequence):
        raise ValueError(f"keep must be a list of headers such as ['channel']; got {plain(value)!r}.")
    return tuple(text for text in map(as_text, several) if text)


def as_moment(value: Any) -> pd.Timestamp | None:
    """Cast the day from which recency counts; None if none is given."""
    return None if as_text(value) == "" else naive_timestamp("as_of", value)


def as_columns(value: Any) -> dict[str, str | None] | None:
    """Cast a mapping of canonical names to headers or to None; None if none is given."""
    return {name: as_text(header) or None for name, header in as_mapping("columns", value).items()} or None


def as_campaign(value: Any) -> Campaign | None:
    """Read the definition of a campaign; None if none is given."""
    return Campaign.load(as_text(value)) if as_text(value) else None


def as_top_n(value: Any) -> int:
    """Cast the number of rows of tables."""
    return as_whole("top_n", value, 1, _MOST_ROWS)


def as_title(value: Any, locale: str = "") -> str:
    """Cast the title of the report; the default title is in the language of the report."""
    with in_locale(locale):
        return as_text(value) or gettext(USUAL_TITLE)
