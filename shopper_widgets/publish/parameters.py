"""The parameters of the report's notebook: checked, cast and used in one place."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import pandas as pd

from shopper_widgets._support.csv import csv_file
from shopper_widgets._support.locale import gettext
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_selection import to_carry_out
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model import bundle
from shopper_widgets.model.privacy import pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish import casts
from shopper_widgets.publish.options import PARAMETERS, classes_once
from shopper_widgets.words.brand import USUAL_TITLE
from shopper_widgets.words.campaigns import readable, summarize
from shopper_widgets.words.demand import demand_of
from shopper_widgets.words.since import since
from shopper_widgets.words.stock import stock_sentences
from shopper_widgets.words.stock_limits import limited_plan
from shopper_widgets.words.value import ValueTerms

logger = logging.getLogger(__name__)

#: Types of values that papermill writes into a notebook.
_PLAIN = (str, int, float, list, dict, type(None))

#: Parameter → the function that checks and casts it.
_CASTS: dict[str, Callable[[Any], Any]] = {
    "data": casts.as_data,
    "engine": casts.as_engine,
    "columns": casts.as_columns,
    "reading": casts.as_reading,
    "cleaning": casts.as_cleaning,
    "keep": casts.as_headers,
    "as_of": casts.as_moment,
    "returns": casts.as_returns,
    "n_clusters": casts.as_n_clusters,
    "stability_budget": casts.as_refits,
    "top_n": casts.as_top_n,
    "stock": casts.as_stock,
    "stock_query": casts.as_text,
    "stock_table": casts.as_text,
    "stock_decimal": partial(casts.as_mark, "stock_decimal"),
    "stock_encoding": casts.as_text,
    "stock_budget": partial(casts.as_amount, "stock_budget"),
    "stock_space": partial(casts.as_amount, "stock_space", of="room"),
    "lead_time": partial(casts.as_days, "lead_time", 0),
    "review": partial(casts.as_days, "review", 1),
    "service": lambda value: casts.as_service(classes_once(value)),
    "margin": partial(casts.as_share, "margin"),
    "discount": partial(casts.as_share, "discount"),
    "acquisition_cost": partial(casts.as_amount, "acquisition_cost"),
    "currency": casts.as_text,
    "locale": casts.as_locale,
    "title": casts.as_title,
    "previous": casts.as_bundle,
    "campaign": casts.as_campaign,
    "pseudonymous": casts.as_pseudonymous,
    "out": casts.as_place,
}


@dataclass(frozen=True)
class ReportParameters:
    """The parameters of ``report.ipynb``, checked and cast.

    Attributes
    ----------
    data : str
        File, folder or pattern of orders; empty for the sample.
    engine : {"auto", "pandas", "duckdb", "polars", "spark"}
        The engine for Parquet files.
    columns : dict of str to str or None
        Canonical name → header, for unknown layouts.
    reading : dict
        Other options of :func:`~shopper_widgets.read_transactions`: those of ``options.READING``.
    cleaning : dict
        Other options of :func:`~shopper_widgets.clean_transactions`: those of ``options.CLEANING``.
    keep : tuple of str
        Headers of further columns that the model keeps in its lines.
    as_of : Timestamp or None
        Lines after it are left out. None: the present is the day after the last order.
    returns : {"drop", "net"}
        Whether returns are deducted from their sales: see :func:`~shopper_widgets.clean_transactions`.
    n_clusters : int or "auto"
        How many segments.
    stability_budget : int
        How many bootstrap samples of the customers the segments are refitted on; 0 for not at all.
    top_n : int
        Rows of the tables of best products and customers.
    stock : Path, str or None
        A CSV file of the stock on hand, or the URL of a database.
    stock_query, stock_table : str
        What to read from that database: one of them.
    stock_decimal : {".", ","} or None
        The decimal mark of its numbers; None: the numbers prove it.
    stock_encoding : str
        The encoding of the file; empty: its letters show it.
    stock_budget, stock_space : float
        The most to spend on the order, and the most space that it may take; 0 for no limit.
    lead_time, review : int
        Days from order to delivery, and between two orders.
    service : float or dict of str to float
        The share of such periods in which stock is to last, for all products or by class: see
        :func:`~shopper_widgets.service_levels`.
    margin, discount : float
        Shares of the price: what is left after the cost of goods, and what would be taken off.
    acquisition_cost : float
        The cost of winning one customer; 0 where it isn't known.
    currency : str
        Sign or code of the currency; ``""`` for that of the sample, or none.
    locale : {"en", "de"}
        The language of words, numbers and dates.
    title : str
        The title of the report.
    previous : Path or None
        An earlier bundle of the same shop.
    campaign : Campaign or None
        The campaign whose list is written.
    pseudonymous : bool
        Whether customer ids are replaced by pseudonyms in the report and in the bundle. Their key is the
        environment variable ``SHOPPER_PSEUDONYM_KEY``: a parameter would stay readable in the notebook.
    out : Path
        The folder into which the bundle is written, as ``model``.
    """

    data: str
    engine: str
    columns: dict[str, str | None] | None
    reading: dict[str, Any]
    cleaning: dict[str, Any]
    keep: tuple[str, ...]
    as_of: pd.Timestamp | None
    returns: Literal["drop", "net"]
    n_clusters: int | Literal["auto"]
    stability_budget: int
    top_n: int
    stock: Path | str | None
    stock_query: str
    stock_table: str
    stock_decimal: Literal[".", ","] | None
    stock_encoding: str
    stock_budget: float
    stock_space: float
    lead_time: int
    review: int
    service: float | dict[str, float]
    margin: float
    discount: float
    acquisition_cost: float
    currency: str
    locale: str
    title: str
    previous: Path | None
    campaign: Campaign | None
    pseudonymous: bool
    out: Path

    @classmethod
    def check(cls, **given: Any) -> Self:
        """Check and cast a notebook's parameters: papermill passes text, numbers or lists for the same one.

        Parameters
        ----------
        **given
            As the attributes, or as text: ``"4"`` for 4, ``""`` for nothing, JSON for a mapping; of a
            campaign the file of its definition. What is left out is as in the notebook.

        Returns
        -------
        ReportParameters

        Raises
        ------
        TypeError
            There is no such parameter.
        ValueError
            A parameter has a wrong value; the message names it, the expected and the given value.

        Examples
        --------
        >>> checked = ReportParameters.check(n_clusters="4", currency="£")
        >>> checked.n_clusters, checked.as_of, checked.title
        (4, None, 'Customers and products')
        """
        usual = {option.name: option.default for option in PARAMETERS}
        if unknown := sorted(set(given) - set(usual)):
            raise TypeError(f"A report has no parameter {unknown[0]!r}; it has {', '.join(usual)}.")
        cast = {name: _CASTS[name](value) for name, value in (usual | given).items()}
        cast["title"] = casts.as_title(given.get("title"), cast["locale"])
        checked = cls(**cast)
        casts.check_limits(checked._on_hand(), checked.stock_budget, checked.stock_space)
        return checked

    @classmethod
    def of(cls, names: Mapping[str, Any]) -> Self:
        """Check and cast a notebook's parameters, by name: ``ReportParameters.of(globals())``.

        Raises
        ------
        TypeError, ValueError
            As `check`. A plain value of another name was passed to papermill, but isn't a parameter of the
            report (``-p orders shop.csv`` for ``data``): it would go unnoticed.

        Examples
        --------
        >>> ReportParameters.of({"top_n": 5, "orders": "shop.csv", "In": [""]})
        Traceback (most recent call last):
        TypeError: A report has no parameter 'orders'; it has data, engine, columns, ...
        """
        known = {option.name for option in PARAMETERS}
        told = {name: value for name, value in names.items() if _is_told(name, value)}
        return cls.check(**{name: names[name] for name in names if name in known} | told)

    @property
    def model_folder(self) -> Path:
        """The folder of the bundle."""
        return self.out / "model"

    def fit(self) -> ShopperModel:
        """Read the orders, fit the model and evaluate its recommendations.

        Returns
        -------
        ShopperModel
            The model, with the source of the orders and the evaluation.

        Raises
        ------
        ValueError, OSError
            The errors of :func:`~shopper_widgets.read_transactions` and ``ShopperModel.fit``.
        """
        currency = self.currency
        if self.data:
            transactions, source = self._read()
        else:
            from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample

            transactions, source = load_sample(), ABOUT_SAMPLE["source"]
            currency = currency or ABOUT_SAMPLE["currency"]
        if self.acquisition_cost:
            source = source | {"value_terms": asdict(ValueTerms(self.margin, self.acquisition_cost))}
        model = ShopperModel.fit(
            transactions,
            returns=self.returns,
            **self.cleaning,
            as_of=self.as_of,
            n_clusters=self.n_clusters,
            stability_budget=self.stability_budget,
            currency=currency,
            source=source,
            keep=self.keep,
            evaluate=True,
            progress=False,  # papermill shows the progress of cells, and a page can't show bars
        )
        return pseudonymous(model, casts.pseudonym_key()) if self.pseudonymous else model

    def _read(self) -> tuple[Any, dict[str, Any]]:
        """Return the orders, and what the model keeps of their source."""
        from shopper_widgets.orders.files.engines import opened_on
        from shopper_widgets.orders.layouts import detect_layout
        from shopper_widgets.orders.reading import read_transactions, read_with_notes

        options = {"columns": self.columns, "keep": self.keep, **self.reading}
        source: dict[str, Any] = {
            "name": Path(self.data.partition("?")[0] if "://" in self.data else self.data).name,
            # The default title is kept in English: the page shows it in its own language.
            "title": self.title if self.title != casts.as_title("", self.locale) else USUAL_TITLE,
            "reading": self.reading,
        }
        with _told_in_the_report():
            notes: list[str] = []
            frame = opened_on(self.engine, self.data, notes)
            if frame is not None:
                transactions, of_reading = read_with_notes(frame, **options)
                known = detect_layout(frame, columns=self.columns)
                found = {"layout": known.name, "columns": dict(known.columns), "unread": []}
                return transactions, source | found | {"notes": notes + of_reading}
            transactions = read_transactions(self.data, **options)
        layout = transactions.attrs["layout"]
        unread = transactions.attrs.get("unread", [])
        return transactions, source | {
            "layout": layout["name"],
            "columns": layout["columns"],
            "unread": unread,
        }

    def plan_stock(self, model: ShopperModel) -> tuple[pd.DataFrame, list[str]]:
        """Write the order list as CSV into `out` and into the bundle there, and say its totals.

        Returns
        -------
        plan : DataFrame
            As :func:`~shopper_widgets.words.stock.plan_of` gives it; empty where the orders can't tell.
        sentences : list of str
            The totals of the order, or why the orders can't tell; and where the file is.
        """
        try:
            demand = demand_of(model)
        except TooLittleDataError as error:
            return pd.DataFrame(), [gettext("Demand can't be forecast: {error}", error=error)]
        plan, of_limits = limited_plan(
            demand,
            self._on_hand(),
            budget=self.stock_budget or None,
            space=self.stock_space or None,
            currency=model.currency,
            lead_time=self.lead_time,
            review=self.review,
            service_level=None if isinstance(self.service, dict) else self.service,
            service_by_class=self.service if isinstance(self.service, dict) else None,
        )
        content = csv_file(plan)
        write_whole(self.out / "stock_plan.csv", content)
        if self.model_folder.is_dir():
            bundle.add(self.model_folder, "stock_plan.csv", content)
        said = stock_sentences(plan, lead_time=self.lead_time, currency=model.currency)
        said += of_limits
        return plan, [*said, gettext("The full plan is in stock_plan.csv, in the folder of this report.")]

    def _on_hand(self) -> pd.DataFrame | None:
        """Return the stock on hand, as the file or the database gives it."""
        return casts.read_on_hand(
            self.stock, self.stock_query, self.stock_table, self.stock_decimal, self.stock_encoding
        )

    def changes(self, model: ShopperModel) -> list[str]:
        """Say what changed since the earlier bundle; nothing without one."""
        if self.previous is None:
            return []
        before = ShopperModel.load(self.previous)
        known = before.customers[CUSTOMER_ID].isin(model.customers[CUSTOMER_ID]).any()
        # The earlier bundle may have no pseudonyms yet.
        return since(
            pseudonymous(before, casts.pseudonym_key()) if self.pseudonymous and not known else before, model
        )

    def run_campaign(self, model: ShopperModel) -> tuple[pd.DataFrame, list[str]]:
        """Write the campaign's list as CSV into `out`, and say who is on it.

        Parameters
        ----------
        model : ShopperModel
            Gives the customers.

        Returns
        -------
        customers : DataFrame
            The first `top_n` of the list, for readers; empty if nobody is on it, or there is no campaign.
        sentences : list of str
            The audience, its size, and where the file is; empty without a campaign.

        Raises
        ------
        ValueError, KeyError
            What :meth:`~shopper_widgets.customers.campaign.Campaign.select` raises.
        """
        if self.campaign is None:
            return pd.DataFrame(), []
        selected = self.campaign.select(model)
        path = self.out / f"{self.campaign.filename}.csv"
        # A byte order mark tells Excel the encoding.
        write_whole(path, csv_file(to_carry_out(selected)))
        names = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME].to_dict()
        said = summarize(self.campaign, selected, model.currency, names)
        said.append(gettext("The full list is in {file}, in the folder of this report.", file=path.name))
        return readable(selected).head(self.top_n), said


@contextlib.contextmanager
def _told_in_the_report() -> Iterator[None]:
    """Keep warnings of reading out of the notebook's cells: the report has them among the findings."""
    log = logging.getLogger("shopper_widgets.orders.reading")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _is_told(name: str, value: Any) -> bool:
    """Return whether papermill can have written a notebook's variable, and not Jupyter itself."""
    return not name.startswith("_") and name not in ("In", "Out") and isinstance(value, _PLAIN)
