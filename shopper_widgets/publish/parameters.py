"""What the report's notebook is told: checked, cast and used in one place."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import pandas as pd

from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.bundle import check_place
from shopper_widgets.model.privacy import checked_key, pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.campaigns import readable, summarize
from shopper_widgets.words.customers import since

logger = logging.getLogger(__name__)

_RETURNS = ("drop", "net")
_EXAMPLES = {
    "columns": {"customer_id": "Kundennr"},
    "reading": {"dayfirst": True},
    "cleaning": {"not_sold": ["refunded"]},
    "rates": {"EUR": 1.17},
}
_MOST_CLUSTERS, _MOST_ROWS, _MOST_REFITS = 10, 50, 1000
#: Where the key of the pseudonyms is read from.
KEY_VARIABLE = "SHOPPER_PSEUDONYM_KEY"
_READING = (
    *("date_format", "dayfirst", "timezone", "decimal", "encoding", "sheet", "rates", "discounts"),
    *("guests", "query", "table", "max_bytes"),
)
_CLEANING = ("cancelled", "adjustments", "not_sold", "duplicates")


@dataclass(frozen=True)
class ReportParameters:
    """The parameters of ``report.ipynb``, checked and cast.

    Attributes
    ----------
    data : str
        File, folder or pattern of orders; empty for the sample.
    columns : dict of str to str or None
        Canonical name → header, for layouts that are not known.
    reading : dict
        Other options of :func:`~shopper_widgets.read_transactions`: ``dayfirst``,
        ``date_format``, ``decimal``, ``encoding``, ``sheet``, ``rates``, ``discounts``.
    cleaning : dict
        Other options of :func:`~shopper_widgets.clean_transactions`: ``cancelled``, ``adjustments``,
        ``not_sold``, ``duplicates``.
    as_of : Timestamp or None
    returns : {"drop", "net"}
    n_clusters : int or "auto"
    stability_budget : int
        How many times segments are sought again among customers drawn anew; 0 for not at all.
    top_n : int
        Rows of the tables of best products and customers.
    currency, title : str
    previous : Path or None
        An earlier bundle of the same shop.
    campaign : Campaign or None
        Whose list is written.
    pseudonymous : bool
        Whether customer ids are replaced by pseudonyms in the report and in the bundle. Their key is the
        environment variable ``SHOPPER_PSEUDONYM_KEY``: a parameter would stay readable in the notebook.
    out : Path
        Folder that the bundle is written to, as ``model``.
    """

    data: str
    columns: dict[str, str] | None
    reading: dict[str, Any]
    cleaning: dict[str, Any]
    as_of: pd.Timestamp | None
    returns: Literal["drop", "net"]
    n_clusters: int | Literal["auto"]
    stability_budget: int
    top_n: int
    currency: str
    title: str
    previous: Path | None
    campaign: Campaign | None
    pseudonymous: bool
    out: Path

    @classmethod
    def check(
        cls,
        *,
        data: Any,
        columns: Any,
        reading: Any,
        as_of: Any,
        returns: Any,
        n_clusters: Any,
        stability_budget: Any,
        top_n: Any,
        currency: Any,
        title: Any,
        previous: Any,
        campaign: Any,
        pseudonymous: Any,
        out: Any,
        cleaning: Any = "",
    ) -> Self:
        """Check and cast what a notebook was given: papermill hands over text, numbers or lists as it likes.

        Parameters
        ----------
        data, columns, reading, as_of, returns, n_clusters, stability_budget, top_n, currency, title, \
        previous, campaign, pseudonymous, out, cleaning
            As the attributes, or as text: ``"4"`` for 4, ``""`` for nothing, JSON for the columns; of a
            campaign the file of its definition.

        Returns
        -------
        ReportParameters

        Raises
        ------
        ValueError
            A parameter cannot be what it says; it is named, with what is expected and what was found.

        Examples
        --------
        >>> checked = ReportParameters.check(
        ...     data="", columns="", reading="", as_of="", returns="net", n_clusters="4",
        ...     stability_budget=20, top_n=10, currency="£", title="", previous="", campaign="",
        ...     pseudonymous=False, out="out")
        >>> checked.n_clusters, checked.as_of, checked.title
        (4, None, 'Customers and products')
        """
        return cls(
            data=_data(data),
            columns={k: str(v) for k, v in _mapping("columns", columns).items()} or None,
            reading=_reading(reading),
            cleaning=_cleaning(cleaning),
            as_of=None if _text(as_of) == "" else naive_timestamp("as_of", as_of),
            returns=_returns(returns),
            n_clusters=_n_clusters(n_clusters),
            stability_budget=_refits(stability_budget),
            top_n=_whole("top_n", top_n, 1, _MOST_ROWS),
            currency=_text(currency),
            title=_text(title) or "Customers and products",
            previous=_bundle(_text(previous)),
            campaign=Campaign.load(_text(campaign)) if _text(campaign) else None,
            pseudonymous=_pseudonymous(pseudonymous),
            out=_place(_text(out) or "out"),
        )

    @property
    def model_folder(self) -> Path:
        """Where the bundle goes."""
        return self.out / "model"

    def fit(self) -> ShopperModel:
        """Read the orders and fit the model, recommendations evaluated.

        Returns
        -------
        ShopperModel

        Raises
        ------
        ValueError, OSError
            What :func:`~shopper_widgets.read_transactions` and ``ShopperModel.fit`` raise.
        """
        currency = self.currency
        if self.data:
            from shopper_widgets.orders.reading import read_transactions

            with _told_in_the_report():
                transactions = read_transactions(self.data, columns=self.columns, **self.reading)
            layout = transactions.attrs["layout"]
            source = {
                "name": Path(urlsplit(self.data).path).name if "://" in self.data else Path(self.data).name,
                "layout": layout["name"],
                "columns": layout["columns"],
                "reading": self.reading,
                "unread": transactions.attrs.get("unread", []),
            }
        else:
            from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample

            transactions, source = load_sample(), ABOUT_SAMPLE["source"]
            currency = currency or ABOUT_SAMPLE["currency"]
        model = ShopperModel.fit(
            transactions,
            returns=self.returns,
            **self.cleaning,
            as_of=self.as_of,
            n_clusters=self.n_clusters,
            stability_budget=self.stability_budget,
            currency=currency,
            source=source,
            evaluate=True,
            progress=False,  # papermill shows the progress of cells, and a page has no place for bars
        )
        return pseudonymous(model, _key()) if self.pseudonymous else model

    def changes(self, model: ShopperModel) -> list[str]:
        """Say what changed since the earlier bundle; empty without one."""
        if self.previous is None:
            return []
        before = ShopperModel.load(self.previous)
        known = before.customers[CUSTOMER_ID].isin(model.customers[CUSTOMER_ID]).any()
        # An earlier bundle may have been made before there were pseudonyms.
        return since(pseudonymous(before, _key()) if self.pseudonymous and not known else before, model)

    def run_campaign(self, model: ShopperModel) -> tuple[pd.DataFrame, list[str]]:
        """Write the campaign's list as CSV into `out`, and say who is on it.

        Parameters
        ----------
        model : ShopperModel

        Returns
        -------
        customers : DataFrame
            The first `top_n` of the list, to read; empty where nobody is on it, or there is no campaign.
        sentences : list of str

        Raises
        ------
        ValueError, KeyError
            What :meth:`~shopper_widgets.customers.campaign.Campaign.select` raises.
        """
        if self.campaign is None:
            return pd.DataFrame(), []
        selected = self.campaign.select(model)
        path = self.out / f"{self.campaign.filename}.csv"
        # With a byte order mark, so that Excel reads it as what it is.
        write_whole(path, to_csv(selected).encode("utf-8-sig"))
        names = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME].to_dict()
        said = summarize(self.campaign, selected, model.currency, names)
        said.append(f"The whole list is in {path.name}, beside this report.")
        return readable(selected).head(self.top_n), said


@contextlib.contextmanager
def _told_in_the_report() -> Iterator[None]:
    """Keep what reading notes off the notebook's cells: it stands in the report, among the findings."""
    log = logging.getLogger("shopper_widgets.orders.reading")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _bundle(folder: str) -> Path | None:
    if folder and not Path(folder).is_dir():
        raise ValueError(
            f"previous must be the folder of an earlier model, such as out/model; got {folder!r}."
        )
    return Path(folder) if folder else None


def _flag(name: str, value: Any) -> bool:
    """Cast a yes or no: papermill's command line passes ``-p dry_run true`` as text."""
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}
    text = _text(value).lower()
    if text not in known:
        raise ValueError(f"{name} must be true or false; got {value!r}.")
    return known[text]


def _pseudonymous(value: Any) -> bool:
    wanted = _flag("pseudonymous", value)
    if wanted:
        checked_key(_key())  # a weak one is told now, not after the fit
    return wanted


def _key() -> str:
    key = os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise ValueError(
            f"pseudonymous needs a secret in the environment variable {KEY_VARIABLE}, of 16 characters or "
            "more; it is not set. Keep it: only the same secret gives the same pseudonyms."
        )
    return key


def _place(out: str) -> Path:
    check_place(Path(out) / "model")  # told now, not after the minute that a fit of many orders takes
    return Path(out)


def _returns(value: Any) -> Literal["drop", "net"]:
    text = _text(value)
    if text not in _RETURNS:
        raise ValueError(f"returns must be 'drop' or 'net'; got {value!r}.")
    return "net" if text == "net" else "drop"


def _n_clusters(value: Any) -> int | Literal["auto"]:
    if _text(value).lower() == "auto":
        return "auto"
    return _whole("n_clusters", value, 1, _MOST_CLUSTERS, " or 'auto'")


def _refits(value: Any) -> int:
    # An interval takes two.
    return 0 if _text(value) == "0" else _whole("stability_budget", value, 2, _MOST_REFITS, " or 0")


def _whole(name: str, value: Any, low: int, high: int, more: str = "") -> int:
    try:
        number = float(_text(value))
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or number not in range(low, high + 1):
        raise ValueError(f"{name} must be a whole number from {low} to {high}{more}; got {value!r}.")
    return int(number)


def _mapping(name: str, value: Any) -> dict[str, Any]:
    """Return a mapping, given as one, as JSON text, or as nothing."""
    if isinstance(value, str) and value.strip():
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if not value or (isinstance(value, str) and not value.strip()):
        return {}
    if not isinstance(value, Mapping):
        example = _EXAMPLES[name]
        raise ValueError(f"{name} must be a mapping such as {json.dumps(example)}; got {value!r}.")
    return {str(key): item for key, item in value.items()}


def _data(value: Any) -> str:
    text = _text(value)
    if "://" in text and urlsplit(text).password:
        raise ValueError(
            "data must not hold a password, which would stay in the notebook: leave it out of the URL, and "
            "give it where the database's driver looks for it, such as PGPASSWORD or ~/.pgpass."
        )
    return text


def _reading(value: Any) -> dict[str, Any]:
    options = _options("reading", value, _READING, "read_transactions")
    if str(options.get("sheet", "")).isdecimal():
        options["sheet"] = int(options["sheet"])  # a position: papermill and the command line pass text
    if str(options.get("max_bytes", "")).isdecimal():
        options["max_bytes"] = int(options["max_bytes"])
    if "rates" in options:
        try:
            options["rates"] = {c: float(r) for c, r in _mapping("rates", options["rates"]).items()}
        except (TypeError, ValueError) as error:
            raise ValueError(f'rates must be a mapping such as {{"EUR": 1.17}}: {error}.') from None
    return options


def _cleaning(value: Any) -> dict[str, Any]:
    options = _options("cleaning", value, _CLEANING, "clean_transactions")
    for name in ("cancelled", "adjustments"):
        if _text(options.get(name, "auto")).lower() in ("none", "false", ""):
            options[name] = None
    if isinstance(options.get("not_sold"), str):
        options["not_sold"] = [word.strip() for word in options["not_sold"].split(",") if word.strip()]
    return options


def _options(name: str, value: Any, known: Sequence[str], function: str) -> dict[str, Any]:
    options = _mapping(name, value)
    if unknown := set(options) - set(known):
        raise ValueError(
            f"{name} must hold only options of {function}, {', '.join(known)}; got {min(unknown)!r}."
        )
    return options
