"""One object for a shop: its customers, segments and recommendations, fitted together and saved together."""

from __future__ import annotations

import io
import logging
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import pandas as pd

from shopper_widgets._support.card import Card
from shopper_widgets._support.checks import as_path
from shopper_widgets._support.formatting import format_count, format_day, format_money, format_share
from shopper_widgets._support.locale import ENGLISH, in_locale
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import AMOUNT, ORDERED_AT, SEGMENT
from shopper_widgets.model import bundle, privacy
from shopper_widgets.model.answers import ModelAnswers
from shopper_widgets.model.fitting import FitOptions, fitted_parts
from shopper_widgets.orders.order_numbers import Numbers
from shopper_widgets.orders.service_codes import SERVICE_CODES
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.segments import CustomerSegmenter, RuleSegmenter

if TYPE_CHECKING:
    import datetime as dt

logger = logging.getLogger(__name__)


@dataclass(repr=False)
class ShopperModel(ModelAnswers):
    """Customers, segments and recommendations of one shop.

    Made by :meth:`fit` from order lines, or by :meth:`load` from a bundle. All tables are pandas frames.

    Attributes
    ----------
    customers : DataFrame
        ``customer_id, country, first_order, last_order, recency, frequency, monetary, r_score, f_score,
        m_score, segment``; one row per customer.
    products : DataFrame
        ``product_id, product_name, is_product, orders, customers, quantity, revenue``; most revenue first.
    orders : DataFrame
        ``order_id, customer_id, ordered_at, country, lines, amount``; one row per order, in order of time.
    sales : DataFrame
        ``date, country, product_id, orders, quantity, amount``; one row per day, country and product.
    purchases : DataFrame
        ``customer_id, product_id, orders, quantity, amount, last_order``; one row per customer and product.
    lines : DataFrame
        Every sold line, net of returns: ``order_id, customer_id`` (missing where unknown), ``ordered_at,
        country, product_id, product_name, is_product, quantity, unit_price, amount`` and the columns named by
        ``keep``. Only this table includes sales without a customer id, and so do the tables made from it:
        ``all_orders``, ``all_sales`` and ``all_products``, with the columns of the tables above.
    audit : DataFrame
        ``rule, rows, customers, amount``: see :class:`~shopper_widgets.CleanedTransactions`.
    rejected : DataFrame
        The first 1,000 rejected lines of each reason.
    evaluation : DataFrame or None
        What :func:`~shopper_widgets.recommend.evaluation.evaluate_both` found, where it was asked for.
    returned : DataFrame or None
        ``customer_id, order_id, ordered_at, returned_at, amount``: what netting took from each order, and
        when it came back; None in bundles that were saved before it was kept.
    segmenter : CustomerSegmenter or RuleSegmenter
        Fitted on ``customers``; it names segments, and assigns customers with other figures to them.
    scorer : RFMScorer
        Fitted likewise; its edges give the scores of ``customers``.
    recommender : BlendRecommender
        Or the `NeighborRecommender` that was given to :meth:`fit`.
    as_of : Timestamp
        The moment to which recency is counted.
    currency : str
        A sign or code, for display.
    parameters : dict
        The options of :meth:`fit`.
    source : dict
        Where the orders came from, as told to :meth:`fit`, with ``rows``, ``first_order``, ``last_order`` and
        a ``fingerprint`` of the orders that were kept, and ``notes``: sentences on how they were read.

    Examples
    --------
    >>> from shopper_widgets.datasets import load_sample
    >>> model = ShopperModel.fit(load_sample(), progress=False)
    >>> model.customers.loc[0, "segment"] in set(model.segments["segment"])
    True
    """

    @classmethod
    @in_locale(ENGLISH)
    def fit(
        cls,
        transactions: Any,
        *,
        returns: Literal["drop", "net"] = "net",
        duplicates: Literal["keep", "drop"] = "keep",
        as_of: str | dt.date | pd.Timestamp | None = None,
        service_codes: Iterable[str] = SERVICE_CODES,
        cancelled: Numbers | Literal["auto", False] = "auto",
        adjustments: Numbers | Literal["auto", False] = "auto",
        not_sold: Iterable[str] | None = None,
        n_clusters: int | Literal["auto"] = "auto",
        stability_budget: int = 0,
        segmenter: CustomerSegmenter | RuleSegmenter | None = None,
        recommender: NeighborRecommender | None = None,
        currency: str = "",
        source: Mapping[str, Any] | None = None,
        keep: Iterable[str] = (),
        evaluate: bool = False,
        random_state: int = 0,
        progress: bool = True,
    ) -> Self:
        """Clean the orders, segment the customers, learn which products go together.

        Parameters
        ----------
        transactions : frame
            Order lines as :func:`~shopper_widgets.read_transactions` gives them, on any engine.
        returns : {"net", "drop"}, default "net"
            ``"net"`` subtracts returned goods from their sales, so that they affect no ranking, segment or
            recommendation; ``"drop"``, the default of ``clean_transactions``, keeps these sales.
        duplicates, as_of, service_codes, cancelled, adjustments, not_sold : optional
            See :func:`~shopper_widgets.clean_transactions`.
        n_clusters : int or "auto", default "auto"
            How many segments; not used when a segmenter is given.
        stability_budget : int, default 0
            Bootstrap samples of the customers to refit the segments on, for their stability (20 take some
            seconds): see :class:`~shopper_widgets.CustomerSegmenter`. Not used when a segmenter is given.
        segmenter, recommender : estimator, optional
            Estimators that are not fitted yet, for options that this method lacks; they are cloned.
        currency : str, default ""
            A sign or code, for display; nothing is converted.
        source : mapping, optional
            The origin of the orders, to be remembered: names and numbers that JSON can hold.
        keep : iterable of str
            Further columns of `transactions` that ``lines`` is to have, such as ``["channel"]``: numbers,
            truth values, dates or text.
        evaluate : bool, default False
            Also measure how good the recommendations are, on the last weeks of the data (adds some seconds).
        random_state : int, default 0
            Seed of the segments' clustering, when no segmenter is given, and of the evaluation.
        progress : bool, default True
            Show a progress bar.

        Returns
        -------
        ShopperModel
            A new model; `transactions` stay as they are.

        Raises
        ------
        ValueError
            No line is left after cleaning, or an option is out of range.

        Examples
        --------
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> model.segments["segment"].tolist()
        ['High-Value', 'New', 'Occasional', 'At-Risk']
        """
        options = FitOptions(
            returns=returns,
            duplicates=duplicates,
            as_of=as_of,
            service_codes=service_codes,
            cancelled=cancelled,
            adjustments=adjustments,
            not_sold=not_sold if not_sold is None else list(not_sold),
            segmenter=segmenter
            or CustomerSegmenter(
                n_clusters=n_clusters, random_state=random_state, stability_budget=stability_budget
            ),
            recommender=recommender or BlendRecommender(),
            currency=currency,
            source=source or {},
            keep=keep if isinstance(keep, str) else tuple(dict.fromkeys(keep)),
            evaluate=evaluate,
            random_state=random_state,
        )
        return cls(**fitted_parts(transactions, options, progress=progress))

    def save(self, folder: str | Path) -> Path:
        """Write the model as a folder of Parquet, skops, CSV and JSON files.

        The folder appears whole or not at all: a save that is cut short leaves the earlier bundle, or none
        where there was none. What it had written by then stays in a hidden folder beside it
        (``.NAME.unfinished-…``) until the next save. A second save of the same folder waits for the first.

        Parameters
        ----------
        folder : path
            Created when needed. A bundle in it is replaced; nothing else ever is.

        Returns
        -------
        Path
            `folder`.

        Raises
        ------
        FileExistsError
            The folder holds something that is not part of a bundle, which the message names; or it is a file;
            or another process keeps saving there for more than a minute.
        """
        return bundle.save(self, as_path("folder", folder))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read a bundle that :meth:`save` wrote. Nothing is unpickled.

        Parameters
        ----------
        folder : path
            A bundle: what :meth:`save` was given.

        Returns
        -------
        ShopperModel
            The model as it was saved.

        Raises
        ------
        shopper_widgets.model.bundle.BundleError
            A ValueError that says in words what is wrong: no bundle, damaged, cut short, or of another
            version.
        """
        return cls(**bundle.load(as_path("folder", folder)))

    @in_locale(ENGLISH)
    def forget(
        self, customer_ids: Iterable[str], *, missing: Literal["raise", "ignore"] = "raise"
    ) -> ShopperModel:
        """Return the model without customers who asked to be forgotten.

        They disappear from ``customers``, ``orders``, ``purchases``, ``lines``, ``rejected``, ``returned``
        and the recommender, which learns again what goes together, and so from what is saved or exported
        afterwards; this model and files written before stay as they are. Figures of the whole shop
        (``products``, ``sales``, ``audit``, ``evaluation``, the segments' profiles and centers) name nobody,
        and still count these customers: ``source["forgotten"]`` of the result says with how many orders and
        how much money, and its ``says`` says it in words. To exclude them from these figures too, fit a new
        model.

        There may be copies elsewhere: earlier bundles, reports and executed notebooks, ``.joblib`` files,
        lists of campaigns and other downloads, the orders themselves; and after a save that was killed, a
        hidden folder ``.NAME.unfinished-…`` beside the bundle, until the next save there.

        Parameters
        ----------
        customer_ids : iterable of str
            Ids as in ``customers``; repetitions count once.
        missing : {"raise", "ignore"}, default "raise"
            What to do about ids that are not in the model.

        Returns
        -------
        ShopperModel
            A new model without them.

        Raises
        ------
        TypeError, ValueError
            `customer_ids` is one text instead of several, holds an unknown id, or names everybody.

        Examples
        --------
        >>> from shopper_widgets.datasets import make_transactions
        >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
        >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
        >>> someone = model.customers["customer_id"].iloc[0]
        >>> someone in set(model.forget([someone]).orders["customer_id"])
        False
        """
        return privacy.forget(self, customer_ids, missing=missing)

    @in_locale(ENGLISH)
    def _card(self) -> Card:
        """The summary that a notebook shows of the model."""
        days, revenue = self.orders[ORDERED_AT], float(self.orders[AMOUNT].sum())
        shares = zip(self.segments[SEGMENT], self.segments["share"], strict=True)
        return Card(
            "ShopperModel",
            {
                "Customers": format_count(len(self.customers)),
                "Orders": f"{format_count(len(self.orders))} worth {format_money(revenue, self.currency)}, "
                f"{format_day(days.min())} to {format_day(days.max())}",
                "Products": format_count(len(self.products)),
                "Segments": ", ".join(f"{name} {format_share(share)}" for name, share in shares),
            },
            ("model.customers", "model.segments", "model.recommend(customer_id)", "Dashboard(model)"),
        )

    def __repr__(self) -> str:
        return self._card().text

    def _repr_html_(self) -> str:
        return str(self._card().html)

    def export_joblib(self, path: str | Path) -> Path:
        """Write segmenter, recommender and manifest as one ``.joblib`` or ``.pkl`` file, for older scripts.

        .. warning::
            Whoever can write such a file can run any program on the machine that loads it. Load only files
            that you made yourself; pass models on as bundles (:meth:`save`), which hold no code.

        Parameters
        ----------
        path : path
            The file; its folder must exist.

        Returns
        -------
        Path
            ``joblib.load(path)``, or ``pickle.load`` for a ``.pkl``, gives a dict of ``segmenter``,
            ``recommender`` and ``manifest``.

        Raises
        ------
        TypeError
            `path` is not a path.
        """
        import joblib

        path = as_path("path", path)
        parts = {
            "segmenter": self.segmenter,
            "recommender": self.recommender,
            "manifest": bundle.description(self),
        }
        content = io.BytesIO()
        if path.suffix in (".pkl", ".pickle"):
            pickle.dump(parts, content)  # pickle.load can't read joblib's own layout
        else:
            joblib.dump(parts, content, compress=3)
        write_whole(path, content.getvalue())
        logger.warning("%s can run code when loaded: load only such files as you made yourself.", path.name)
        return path
