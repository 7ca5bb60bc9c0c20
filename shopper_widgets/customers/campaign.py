"""A campaign as a definition that gives the same list every time it is run."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from shopper_widgets._support.card import Card
from shopper_widgets._support.checks import plain
from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.excel import to_excel
from shopper_widgets._support.locale import gettext
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import ORDERED_AT
from shopper_widgets.customers.campaign_definition import MAPPINGS, CampaignDefinition
from shopper_widgets.customers.campaign_result import CampaignResult, measure_campaign
from shopper_widgets.customers.campaign_selection import select, to_carry_out

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

FORMAT, VERSION = "shopper-widgets campaign", 1

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, repr=False)
class Campaign(CampaignDefinition):
    """Which customers to contact, what to do for them, and how many to hold out to measure the effect.

    Filters that are not set let everybody pass; a customer has to pass all that are set.

    Parameters
    ----------
    name : str, default "Campaign"
        What it is called, in lists and file names.
    segments : tuple of str
        Present segments, any of them.
    flows : tuple of (str, str)
        Moves between segments from `flow_start` to `flow_end`, any of them; ``"No orders yet"`` is where
        new customers come from. See :func:`~shopper_widgets.movements`.
    flow_start, flow_end : str, optional
        Dates as text, for `flows`; a bare date is its midnight.
    min_overdue, max_overdue : float, optional
        Silence in expected gaps, see :func:`~shopper_widgets.customer_cadence`: more than the least, at most
        the greatest. Only customers who ordered on two days or more have a rhythm, and can be overdue.
    min_silence, max_silence : int, optional
        Days since the last order: more than the least, at most the greatest.
    min_orders, max_orders : int, optional
        Both ends included.
    countries : tuple of str
        Any of them.
    kept : mapping of str to str, or pairs
        Kept column → value: customers who have an order line with this value; where several are given, one
        line must have all of them.
    min_spend, max_spend : float, optional
        Past spend, both ends included.
    bought : tuple of str
        Product ids or exact names: customers who bought any of them.
    recommended : tuple of str
        Product ids or exact names: customers to whom any of them is recommended.
    due : tuple of str
        Product ids or exact names: customers who are due to buy any of them again, see
        :func:`~shopper_widgets.due_customers`.
    n_recommendations : int, default 0
        How many recommendations to attach to each customer.
    hold_out : float, default 0
        Share of the list, from 0 to below 1, that is not contacted, so that the effect can be measured.
    seed : int, default 0
        Seed of the draw of who is held out. When the list changes a little, the same people are held out as
        far as possible; under pseudonyms, others are.
    actions : mapping of str to str, or pairs
        What to do, by segment, in place of what ``customers.actions.customer_actions`` says.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> campaign = Campaign("Thanks", segments=("High-Value",), hold_out=0.25)
    >>> chosen = campaign.select(model)
    >>> set(chosen["segment"])
    {'High-Value'}
    >>> Campaign.from_json(campaign.to_json()) == campaign
    True
    """

    def __repr__(self) -> str:
        told = [f"{name}={value!r}" for name, value in self._told().items()]
        return f"Campaign({', '.join([repr(self.name), *told])})"

    def _repr_html_(self) -> str:
        card = Card(
            f"Campaign: {self.name}",
            {name: str(value) for name, value in self._told().items()},
            ("campaign.select(model)", "campaign.to_csv(model)"),
        )
        return str(card.html)

    def _told(self) -> dict[str, object]:
        """Return the fields that differ from their defaults, by name."""
        fields = dataclasses.fields(self)[1:]
        return {f.name: value for f in fields if (value := getattr(self, f.name)) != f.default}

    @property
    def filename(self) -> str:
        """A name for files, without an ending.

        Examples
        --------
        >>> Campaign("Back in stock: 50 % off!").filename
        'back-in-stock-50-off'
        """
        # File names may have 255 bytes, and a letter takes up to four.
        return re.sub(r"[\W_]+", "-", self.name.lower())[:60].strip("-") or "campaign"

    def select(self, model: ShopperModel) -> pd.DataFrame:
        """Return the customers of the campaign.

        Parameters
        ----------
        model : ShopperModel
            Gives the customers, what they bought and what to recommend to them.

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
            The model has no such segment, country or kept value, or a flow's dates are out of order.
        UnknownProductError, AmbiguousProductError
            There is no such product, or several have this name.
        TooLittleDataError
            Overdue is asked for, but nobody ordered on two different days.
        """
        return select(self, model)

    def measure(
        self,
        model: ShopperModel,
        orders_after: Any,
        *,
        sent_at: Any = None,
        days: int = 30,
        random_state: int = 0,
    ) -> CampaignResult:
        """Measure the effect of the campaign: customers contacted against those held out.

        Parameters
        ----------
        model : ShopperModel
            The one that gave the list. To measure with a newer one, hand the list that was sent to
            :func:`~shopper_widgets.measure_campaign`.
        orders_after : frame
            Orders or order lines that came after it: see :func:`~shopper_widgets.measure_campaign`.
        sent_at : date-like, optional
            When it was sent. Default: the model's ``as_of``.
        days : int, default 30
            For how long orders count.
        random_state : int, default 0
            Seed of the draws behind the intervals.

        Returns
        -------
        CampaignResult
            The effect per customer contacted: see :func:`~shopper_widgets.measure_campaign`.

        Raises
        ------
        ValueError
            The model knows orders from after the campaign was sent, so it would choose another list; nobody
            is held out; or a column or parameter is not what it should be.
        TooLittleDataError
            No order is as late as the day on which the campaign was sent.

        Examples
        --------
        >>> from shopper_widgets.datasets import make_transactions
        >>> from shopper_widgets.model.shopper_model import ShopperModel
        >>> orders = make_transactions(n_customers=300, n_products=30, n_days=200, random_state=0)
        >>> earlier = orders[orders["ordered_at"] < "2024-06-01"]
        >>> model = ShopperModel.fit(earlier, n_clusters=4, progress=False)
        >>> result = Campaign(hold_out=0.3).measure(model, orders, sent_at="2024-06-01")
        >>> result.row("buyers")[["contacted", "held_out"]].astype(int).tolist()
        [172, 74]
        >>> bool(result.row("buyers")["effect_low"] < 0 < result.row("buyers")["effect_high"])
        True
        """
        start = model.as_of if sent_at is None else naive_timestamp("sent_at", sent_at)
        last = model.orders[ORDERED_AT].max()
        if last >= start:
            raise ValueError(
                f"sent_at must lie after the orders of the model, which reach {last:%Y-%m-%d}; got "
                f"{start:%Y-%m-%d}. Take the model that gave the list, fit one with as_of, or hand the list "
                "that was sent to measure_campaign."
            )
        return measure_campaign(
            self.select(model),
            orders_after,
            sent_at=start,
            days=days,
            name=self.name,
            random_state=random_state,
        )

    def to_csv(self, model: ShopperModel, *, byte_order_mark: bool = False) -> str:
        """Write the list as CSV for spreadsheets: see :func:`~shopper_widgets._support.csv.to_csv`.

        Parameters
        ----------
        model : ShopperModel
            Gives the list: see :meth:`select`.
        byte_order_mark : bool, default False
            Begin with a byte order mark; without it, Excel does not recognize UTF-8.

        Returns
        -------
        str
            Headers, then a line per customer.

        Raises
        ------
        ValueError, UnknownProductError, AmbiguousProductError, TooLittleDataError
            As :meth:`select`.
        """
        return (_BYTE_ORDER_MARK if byte_order_mark else "") + to_csv(to_carry_out(self.select(model)))

    def to_excel(self, model: ShopperModel) -> bytes:
        """Write the list as an Excel workbook: see `shopper_widgets._support.excel`.

        Parameters
        ----------
        model : ShopperModel
            Gives the list: see :meth:`select`.

        Returns
        -------
        bytes
            The content of an ``.xlsx`` file.

        Raises
        ------
        ValueError, UnknownProductError, AmbiguousProductError, TooLittleDataError
            As :meth:`select`; ValueError, too, where a sheet holds fewer rows.
        """
        return to_excel(to_carry_out(self.select(model)))

    def to_json(self) -> str:
        """Write the definition as JSON text: the same definition gives the same text.

        Returns
        -------
        str
            All fields, defaults too, with the format's version.
        """
        mappings = {name: dict(getattr(self, name)) for name in MAPPINGS}
        whole = {"format": FORMAT, "version": VERSION, **dataclasses.asdict(self), **mappings}
        return json.dumps(whole, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a definition that :meth:`to_json` wrote; fields that are absent keep their defaults.

        Parameters
        ----------
        text : str
            JSON, without a byte order mark.

        Returns
        -------
        Campaign
            Equal to the one that was written.

        Raises
        ------
        TypeError, ValueError
            The text is not a campaign, is of another version, or names an unknown field; or a field has an
            impossible value.
        """
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(
                gettext("A campaign must be JSON; the text can't be read ({error}).", error=error)
            ) from error
        if not isinstance(whole, dict) or whole.pop("format", None) != FORMAT:
            raise ValueError(
                gettext(
                    "A campaign must be JSON with the format {format}; the text is something else.",
                    format=repr(FORMAT),
                )
            )
        if (version := whole.pop("version", None)) != VERSION:
            raise ValueError(
                gettext(
                    "This version of shopper-widgets reads campaigns of version {version}; got {given}. Save "
                    "the campaign anew on the Campaign tab.",
                    version=VERSION,
                    given=repr(plain(version)),
                )
            )
        known = [field.name for field in dataclasses.fields(cls)]
        unknown = sorted(set(whole) - set(known))
        if unknown:
            raise ValueError(
                gettext(
                    "A campaign has no {unknown}; it has {names}.",
                    unknown=", ".join(unknown),
                    names=", ".join(known),
                )
            )
        return cls(**whole)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a file that holds what :meth:`to_json` wrote.

        Parameters
        ----------
        path : path
            The file; a byte order mark before the text is skipped.

        Returns
        -------
        Campaign
            Equal to the one that was written.

        Raises
        ------
        ValueError
            There is no such file, or it does not hold a campaign; the message names it.
        """
        try:
            # Some editors put a byte order mark before the text.
            return cls.from_json(Path(path).read_text(encoding="utf-8-sig"))
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"{path} must be the definition of a campaign, as JSON. {error}") from error
