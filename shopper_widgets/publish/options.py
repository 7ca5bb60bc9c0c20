"""The options of a report, defined once for the notebook's parameters, the command and the docs.

Examples
--------
>>> [parameter.name for parameter in PARAMETERS][:3]
['data', 'engine', 'columns']
>>> print(parameters_cell().splitlines()[10])
top_n: int = 10  # rows in the tables of top products and customers
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopper_widgets._support.locale import ENGLISH, check_locale, locales
from shopper_widgets.orders.assumed import ASSUMED
from shopper_widgets.orders.discounts import DISCOUNTS
from shopper_widgets.orders.files.engines import ENGINES
from shopper_widgets.orders.mapped_columns import MAPPABLE


@dataclass(frozen=True)
class Option:
    """One option of the command: a parameter of the notebook, or an entry of such a parameter.

    Attributes
    ----------
    name : str
        The name in Python: that of ``--top-n`` is ``top_n``.
    help : str
        What the option is.
    default : object
        The default in the notebook; None for an entry of another parameter.
    otherwise : str
        What happens without the option.
    flag : mapping or None
        The arguments for argparse; None if the command has no such option.
    """

    name: str
    help: str
    default: Any = None
    otherwise: str = ""
    flag: Mapping[str, Any] | None = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The line in the notebook's cell of parameters, with type and comment, which papermill reads."""
        comment = self.help + (f"; empty: {self.otherwise}" if self.otherwise and not self.default else "")
        written = f'"{self.default}"' if isinstance(self.default, str) else repr(self.default)
        return f"{self.name}: {type(self.default).__name__} = {written}  # {comment}"

    def add_to(self, group: argparse._ActionsContainer) -> None:
        """Add the option to a command; if it is not given there, the notebook's default applies."""
        if self.flag is None:
            return
        told = f"{self.help} (default: {self.otherwise})" if self.otherwise else self.help
        group.add_argument(f"--{self.name.replace('_', '-')}", help=told.replace("%", "%%"), **self.flag)


def _pair(text: str) -> tuple[str, str]:
    name, equals, header = text.partition("=")
    if not equals or (not header and name not in ASSUMED) or name not in MAPPABLE:
        raise argparse.ArgumentTypeError(f"{text!r} isn't NAME=HEADER with a name of {', '.join(MAPPABLE)}")
    return name, header


def _rate(text: str) -> tuple[str, float]:
    code, _, worth = text.partition("=")
    try:
        return code, float(worth)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} isn't CODE=WORTH, such as EUR=1.17") from None


def classes_once(value: Any) -> Any:
    """Return the text of service levels, or raise ValueError if it has a class twice: ``A=0.98,a=0.9``.

    Examples
    --------
    >>> classes_once("A=0.98,B=0.95")
    'A=0.98,B=0.95'
    >>> classes_once({"A": 0.98, "a": 0.9})
    Traceback (most recent call last):
    ValueError: service must name each class once; it names 'A' and 'a'.
    """
    names: list[str] = []
    if isinstance(value, Mapping):
        names = [str(name) for name in value]
    elif isinstance(value, str) and "=" in value:
        names = [pair.partition("=")[0] for pair in value.split(",")]
    elif isinstance(value, str) and value.strip().startswith("{"):
        with contextlib.suppress(ValueError):
            names = [name for name, _ in json.loads(value, object_pairs_hook=list)]
    first: dict[str, str] = {}
    for name in map(str.strip, names):
        if name.upper() in first:
            raise ValueError(
                f"service must name each class once; it names {first[name.upper()]!r} and {name!r}."
            )
        first[name.upper()] = name
    return value


def _service(text: str) -> float | dict[str, float]:
    try:
        classes_once(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    pairs = [pair.partition("=") for pair in text.split(",")]
    try:
        return {name: float(level) for name, _, level in pairs} if "=" in text else float(text)
    except ValueError:
        told = f"{text!r} isn't a share such as 0.95, nor shares of classes such as A=0.98,B=0.95"
        raise argparse.ArgumentTypeError(told) from None


def a_locale(text: str) -> str:
    """Return a locale for an argument of a command.

    Raises
    ------
    argparse.ArgumentTypeError
        There is none of that name.

    Examples
    --------
    >>> a_locale("de_CH")
    'de-CH'
    """
    try:
        return check_locale(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _several(metavar: str, **more: Any) -> dict[str, Any]:
    return {"nargs": "+", "action": "extend", "metavar": metavar, **more}


_SHARE: dict[str, Any] = {"type": float, "metavar": "SHARE"}

#: The parameters of ``report.ipynb``, in the order in which its first cell has them.
PARAMETERS = (
    Option("data", "file, folder or pattern of orders", "", "the sample shop", flag=None),
    Option(
        "engine",
        "engine for Parquet files; auto: duckdb above 5 million lines, else pandas",
        "auto",
        flag={"choices": ENGINES},
    ),
    Option(
        "columns",
        "headers of an unknown layout, canonical name -> header; an empty header: no such column",
        {},
        flag=_several("NAME=HEADER", type=_pair),
    ),
    Option(
        "reading", 'how the file is read where it is ambiguous, such as {"dayfirst": true}', {}, flag=None
    ),
    Option(
        "cleaning",
        'what counts as sold where it is ambiguous, such as {"not_sold": ["refunded"]}',
        {},
        flag=None,
    ),
    Option(
        "keep",
        "headers of further columns that the model keeps, such as channel",
        [],
        flag=_several("HEADER"),
    ),
    Option(
        "as_of",
        "day to which recency is counted, such as 2011-12-10",
        "",
        "the day after the last order",
        flag={"metavar": "DATE"},
    ),
    Option(
        "returns",
        "net: subtract returned goods from their sales; drop: keep these sales",
        "net",
        flag={"choices": ["drop", "net"]},
    ),
    Option("n_clusters", "number of segments, 1 to 10, or auto", "auto", flag={"metavar": "N"}),
    Option(
        "stability_budget",
        "bootstrap samples to refit segments on, to measure their stability; 0: none",
        20,
        flag={"type": int, "metavar": "N"},
    ),
    Option(
        "top_n", "rows in the tables of top products and customers", 10, flag={"type": int, "metavar": "N"}
    ),
    Option(
        "stock",
        "stock on hand (product_id, on_hand): a CSV file, or a database URL or file",
        "",
        flag={"metavar": "FILE"},
    ),
    Option("stock_query", "query to read, if the stock is in a database", "", flag={"metavar": "SQL"}),
    Option("stock_table", "table to read, if the stock is in a database", "", flag={"metavar": "NAME"}),
    Option(
        "stock_decimal",
        "decimal mark of the stock's numbers, if they do not prove it",
        "",
        flag={"choices": [".", ","]},
    ),
    Option("stock_encoding", "encoding of the stock file, such as cp1252, if its text does not show it", ""),
    Option(
        "stock_budget",
        "the most to spend on this order",
        0.0,
        "no limit",
        flag={"type": float, "metavar": "MONEY"},
    ),
    Option(
        "stock_space",
        "the most space for this order, in the unit of unit_space",
        0.0,
        "no limit",
        flag={"type": float, "metavar": "SPACE"},
    ),
    Option("lead_time", "lead time: days from order to delivery", 14, flag={"type": int, "metavar": "DAYS"}),
    Option("review", "review period: days between two orders", 7, flag={"type": int, "metavar": "DAYS"}),
    Option(
        "service",
        # papermill would read an equals sign in a comment as a value
        "service level: share of order cycles in which stock lasts; one for all, or by class",
        0.95,
        flag={"type": _service, "metavar": "SHARE|CLASS=SHARE,…"},
    ),
    Option("margin", "assumed share of the price left after the cost of goods", 0.4, flag=_SHARE),
    Option("discount", "share of the price taken off, for the break-even", 0.1, flag=_SHARE),
    Option(
        "acquisition_cost",
        "cost of acquiring one customer, for the payback",
        0.0,
        "not known",
        flag={"type": float, "metavar": "MONEY"},
    ),
    Option("currency", "currency sign or code shown with money, such as £", ""),
    Option(
        "locale",
        f"language of words, numbers and dates: {' or '.join(locales())}, with a region or without (de-AT)",
        ENGLISH,
        flag={"type": a_locale, "metavar": "LOCALE"},
    ),
    Option("title", "heading of the report", ""),
    Option(
        "previous",
        "earlier model, such as out/model: the report opens with what changed since",
        "",
        flag={"metavar": "MODEL"},
    ),
    Option(
        "pseudonymous",
        "pseudonyms for customer ids; the secret is read from SHOPPER_PSEUDONYM_KEY",
        False,
        flag={"action": "store_true", "default": None},
    ),
    Option(
        "campaign",
        "file of a campaign's definition (JSON): its list is written to OUT as CSV",
        "",
        flag={"metavar": "FILE"},
    ),
    Option("out", "folder for the model, and for the command's page and notebook", "out"),
)

#: Options of ``read_transactions`` that decide what a file leaves open: the notebook's ``reading``.
READING = (
    # The order of day and month has two flags in the command: see `add_reading`.
    Option("dayfirst", "whether 03/04/2024 is 3 April", flag=None),
    Option("date_format", "format of dates, such as %d.%m.%Y", flag={"metavar": "FORMAT"}),
    Option("decimal", "decimal mark of numbers", flag={"choices": [".", ","]}),
    Option(
        "timezone",
        "time zone of the shop, such as Europe/Berlin, whose days count",
        otherwise="UTC",
        flag={"metavar": "ZONE"},
    ),
    Option("encoding", "encoding of text files, such as cp1252"),
    Option("sheet", "name or position (from 0) of a workbook's sheet"),
    Option(
        "rates",
        "worth of one unit of each currency, such as EUR=1.17 GBP=1, if orders are in several",
        flag=_several("CODE=WORTH", type=_rate),
    ),
    Option(
        "guests",
        "customer ids shared by many people, such as guests; none: no such ids",
        flag={"nargs": "*", "metavar": "ID"},
    ),
    Option("query", "query to read, if ORDERS is a database URL", flag={"metavar": "SQL"}),
    Option("table", "table to read, if ORDERS is a database URL", flag={"metavar": "NAME"}),
    Option(
        "max_bytes",
        "largest size of a file when unpacked, in bytes",
        otherwise="4 GiB",
        flag={"type": int, "metavar": "N"},
    ),
    Option("discounts", "meaning of a column of discounts", otherwise="auto", flag={"choices": DISCOUNTS}),
)

#: Options of ``clean_transactions`` that decide what was sold: the notebook's ``cleaning``.
CLEANING = (
    Option("cancelled", "order numbers of cancellations, such as ^RMA, or none", flag={"metavar": "PATTERN"}),
    Option("adjustments", "order numbers of account adjustments, or none", flag={"metavar": "PATTERN"}),
    Option(
        "duplicates",
        "identical lines: keep all, or drop all but one",
        otherwise="keep",
        flag={"choices": ["keep", "drop"]},
    ),
    Option(
        "not_sold",
        "statuses that mean “nothing was sold”, instead of the usual ones",
        flag=_several("STATUS"),
    ),
)


def parameters_cell() -> str:
    """Return the notebook's cell of parameters, which papermill may replace, with types and comments."""
    return "\n".join(option.line for option in PARAMETERS)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add all options to the report's command."""
    for option in PARAMETERS:
        option.add_to(command)
    doubts = command.add_argument_group("how the file is read, where it is ambiguous")
    dates = doubts.add_mutually_exclusive_group()
    dates.add_argument("--dayfirst", action="store_true", default=None, help="03/04/2024 is 3 April")
    dates.add_argument("--monthfirst", action="store_false", dest="dayfirst", help="03/04/2024 is 4 March")
    for option in READING:
        option.add_to(doubts)
    sold = command.add_argument_group("what counts as sold, where order numbers and statuses are ambiguous")
    for option in CLEANING:
        option.add_to(sold)


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the options given on the command line as parameters of the notebook, which has the defaults."""

    def told(options: tuple[Option, ...]) -> dict[str, Any]:
        found = {option.name: getattr(arguments, option.name, None) for option in options}
        # Pairs of a name and a value become a mapping.
        pairs = {name: dict(found[name] or ()) for name in ("columns", "rates") if found.get(name)}
        return {name: value for name, value in (found | pairs).items() if value is not None}

    within = {"reading": told(READING), "cleaning": told(CLEANING)}
    return told(PARAMETERS) | {name: options for name, options in within.items() if options}
