"""The campaign's result: what was sent, the orders since, and the difference."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.formatting import count_of, format_count, format_day
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets._support.retelling import retold_refusal
from shopper_widgets.charts import campaign_effect_chart
from shopper_widgets.columns import AMOUNT, CUSTOMER_ID, ORDERED_AT, RECENCY, SEGMENT
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_files import list_from_text, orders_from_text
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_result import CampaignResult, measure_campaign
from shopper_widgets.panels.base import Panel, field, guarded, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.date_box import DateBox
from shopper_widgets.panels.days import Day, day_refusal
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, WholeNumber
from shopper_widgets.panels.upload import Upload
from shopper_widgets.words.campaign_results import result_rows, result_sentences
from shopper_widgets.words.html import bullets, html_table, paragraph, paragraphs, status
from shopper_widgets.words.labels import describe

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

FIGURES = {N_("Revenue"): "revenue", N_("Buyers"): "buyers", N_("Orders"): "orders"}
#: Figure → its name, its unit, and the past that predicts it, for the headings of the table.
COUNTED = {
    "revenue": (N_("spend per customer"), N_("per customer"), N_("spend")),
    "buyers": (N_("buyers per 100"), N_("per 100"), N_("orders")),
    "orders": (N_("orders per 100"), N_("per 100"), N_("orders")),
}
NOTHING_SENT = N_(
    "Upload the list that was sent, as downloaded from the Campaign tab, or its definition. The customers "
    "held out show what would have happened anyway: if 42 of 100 contacted and 35 of 100 held out order, "
    "the campaign brought 7 buyers per 100; the interval says how sure that is."
)
NO_ORDERS = N_(
    "The definition selects customers by the orders of this page, which end before the sending. "
    "Upload the orders since."
)
ORDERS_SINCE = N_(
    "Orders since: a CSV file with customer_id, ordered_at and amount, or order lines as the page reads "
    "them. Without it, the orders of this page count."
)
NOBODY_HELD_OUT = N_(
    "Nobody on this list is held out, so what would have happened anyway is unknown. Hold out a "
    "share before the next sending: the Campaign tab says how many."
)
DRAWN_LATER = N_(
    "This list was drawn from orders up to {last}, after the list was sent: customers who had been silent "
    "until then are on it for that reason, so the effect can't be measured. Upload the list that was sent."
)
#: If this share of the list is as silent as today, the list was made today.
_ALIKE = 0.9
_LATEST = dt.timedelta(days=730)


class CampaignResultPanel(Panel):
    r"""Show the effect of a campaign: customers contacted against those held out, on the orders since.

    Parameters
    ----------
    model : ShopperModel
        Selects the customers of a definition, and has the orders where none are uploaded.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    sent : str
        The list that was sent, as the text of its CSV file, or its definition, as JSON; ``""`` for none.
    orders : str
        What came after it, as the text of a CSV file; ``""`` for the model's own orders.
    sent_at : datetime.date
        The day on which it was sent, from which orders count.
    days : int
        For how long they count.
    figure : {"revenue", "buyers", "orders"}
        What is shown first: money, who ordered, or orders.
    campaign_log : CampaignLog or None
        Campaigns that were sent, to choose from instead of uploading a file.

    Examples
    --------
    >>> from shopper_widgets import Campaign, ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> model = ShopperModel.fit(load_sample())
    >>> sent = Campaign(segments=["High-Value"], hold_out=0.3).to_csv(model)
    >>> day = dt.date(2024, 12, 1)
    >>> panel = CampaignResultPanel(model, sent=sent, sent_at=day)
    >>> panel.selection.loc[0, ["contacted", "held_out"]].tolist()
    [144, 62]
    """

    heading = N_("Did the campaign work?")
    state = ("sent", "orders", "sent_at", "days", "figure")
    uploaded = ("sent", "orders")
    where_unfiltered = N_("This view covers all customers of the campaign, whatever the filters.")

    sent = traitlets.Unicode()
    orders = traitlets.Unicode()
    sent_at = Day(N_("Sent on"))
    days = WholeNumber(Limits(N_("Days for which orders count"), least=1, most=365))
    figure = traitlets.Enum(list(FIGURES.values()), default_value="revenue")
    campaign_log = traitlets.Instance(CampaignLog, allow_none=True)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        first = model.orders[ORDERED_AT].min().date()
        self._days = first, (model.as_of + _LATEST).date()
        self._result: CampaignResult | None = None
        # The uploaded files are read once, however often they are used.
        self._list = functools.lru_cache(maxsize=1)(self._listed)
        self._later = functools.lru_cache(maxsize=1)(orders_from_text)
        super().__init__(model, **state)

    @property
    def result(self) -> CampaignResult | None:
        """The measured result; None if nothing was measured."""
        return self._result

    def _selected(self) -> pd.DataFrame:
        """Return the table of :func:`~shopper_widgets.measure_campaign`'s result, or an empty one."""
        return self._result.table.copy() if self._result else pd.DataFrame()

    @traitlets.default("days")
    def _days_of_shop(self) -> int:
        return self.model.reply_days

    @traitlets.default("sent_at")
    def _present(self) -> dt.date:
        return self.model.as_of.date()

    @traitlets.validate("sent_at")
    def _possible_day(self, proposal: dict[str, Any]) -> dt.date:
        day: dt.date = proposal["value"]
        if refusal := day_refusal(proposal["trait"].label, day, *self._days):
            raise traitlets.TraitError(refusal)
        return day

    @traitlets.validate("sent")
    def _readable_list(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"].strip()
        try:
            if text:
                self._list(text)
        except (TypeError, ValueError, LookupError) as error:
            raise traitlets.TraitError(retold_refusal(error)) from error
        return text

    @traitlets.validate("orders")
    def _readable_orders(self, proposal: dict[str, Any]) -> str:
        text: str = proposal["value"].strip()
        try:
            if text:
                self._later(text)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(retold_refusal(error)) from error
        return text

    def _listed(self, text: str) -> pd.DataFrame:
        if text.startswith("{"):
            return Campaign.from_json(text).select(self.model)
        return list_from_text(text)

    def _build(self) -> list[widgets.Widget]:
        uploads = [
            Upload(
                self,
                text,
                kinds,
                functools.partial(setattr, self, name),
                refused,
            )
            for name, text, kinds, refused in (
                (
                    "sent",
                    gettext("List or definition that was sent (CSV, JSON)"),
                    ".csv,.json",
                    gettext("can't be read as a list or a definition"),
                ),
                ("orders", gettext("Orders since (CSV)"), ".csv", gettext("can't be read as orders")),
            )
        ]
        figure = widgets.Dropdown(
            description=gettext("Figure"), options=[(gettext(label), name) for label, name in FIGURES.items()]
        )
        #: The name of each campaign → its list and its day.
        self._logged: dict[str, tuple[str, dt.date | None]] = {gettext("Choose one"): ("", None)}
        if self.campaign_log is not None:
            for one in self.campaign_log.table().iloc[::-1].to_dict("records"):
                called = f"{one['name'] or gettext('Untitled')}, {format_day(one['sent_at'])}"
                self._logged[called] = (
                    to_csv(self.campaign_log.selected(one["path"])).strip(),
                    one["sent_at"].date(),
                )
        self._choice = widgets.Dropdown(
            description=gettext("Logged campaign"), options=list(self._logged.items())
        )
        self._choice.observe(self._on_choice, "value")
        self._said, self._table, self._chart = widgets.HTML(), widgets.HTML(), ChartView()
        self._received = widgets.HTML()
        return [
            row(*([field(self._choice)] if self.campaign_log else []), *uploads, self._reset_button()),
            widgets.HTML(paragraph(gettext(ORDERS_SINCE), "sw-note")),
            self._received,
            row(
                field(self._bind(DateBox(gettext(self.traits()["sent_at"].label), *self._days), "sent_at")),
                field(self._bind(number_box(self.traits()["days"]), "days")),
                field(self._bind(figure, "figure")),
            ),
            self._said,
            self._chart,
            self._table,
        ]

    @guarded
    def _on_choice(self, change: dict[str, Any]) -> None:
        sent, day = change["new"]
        if day is not None:
            self._take(sent=sent, sent_at=day)

    def _draw(self) -> None:
        chosen = (self.sent, self.sent_at)
        self._choice.value = chosen if chosen in self._logged.values() else ("", None)
        self._result = None
        self._chart.chart, self._table.value = None, ""
        self._received.value = status(paragraphs(self._receipts(), "sw-note"))
        if why_not := self._why_not():
            self._said.value = status(paragraph(why_not, "sw-empty"))
            return
        currency = self.model.currency
        name = Campaign.from_json(self.sent).name if self._is_definition else ""
        self._result = measure_campaign(
            self._list(self.sent),
            self._orders_since(),
            sent_at=pd.Timestamp(self.sent_at),
            days=self.days,
            name=name,
        )
        self._said.value = status(bullets([*self._drawn_later(), *result_sentences(self._result, currency)]))
        self._chart.chart = campaign_effect_chart(self._result.table, figure=self.figure, currency=currency)
        rows = result_rows(self._result, self.figure, currency)
        did, per, past = map(gettext, COUNTED[self.figure])
        shown = describe(
            rows.columns,
            contacted="Contacted",
            contacted_mean=gettext("Contacted: {did}", did=did),
            held_out_mean=gettext("Held out: {did}", did=did),
            effect=gettext("Effect {per}", per=per),
            adjusted=gettext("Effect adjusted for past {past}", past=past),
            total=gettext("Total effect"),
        )
        self._table.value = html_table(
            rows,
            [
                dataclasses.replace(column, css="sw-number" if i else column.css)
                for i, column in enumerate(shown)
            ],
            caption=gettext("Effect of the campaign, with 95 % intervals"),
            row_header=SEGMENT,
        ) + download_link(self._result.table, "campaign-result.csv", "row")

    def _drawn_later(self) -> list[str]:
        """Warn if the list has the silence of today, although it was sent earlier."""
        sent, last = self._list(self.sent), self.model.orders[ORDERED_AT].max()
        if self._is_definition or RECENCY not in sent or not pd.Timestamp(self.sent_at) < last.normalize():
            return []
        now = sent[CUSTOMER_ID].map(self.model.customers.set_index(CUSTOMER_ID)[RECENCY]).dropna()
        if not (pd.to_numeric(sent[RECENCY], errors="coerce")[now.index] == now).mean() > _ALIKE:
            return []
        return [gettext(DRAWN_LATER, last=format_day(last))]

    @property
    def _is_definition(self) -> bool:
        return self.sent.startswith("{")

    def _orders_since(self) -> pd.DataFrame:
        if self.orders:
            return self._later(self.orders)
        return self.model.orders[[CUSTOMER_ID, ORDERED_AT, AMOUNT]]

    def _receipts(self) -> list[str]:
        """Say what the uploaded files hold."""
        said = []
        if self.sent:
            listed = self._list(self.sent)
            said.append(
                gettext(
                    "The list has {customers}, {held_out} of them held out.",
                    customers=count_of(len(listed), "customer"),
                    held_out=format_count(int(listed["is_held_out"].sum())),
                )
            )
        if self.orders:
            later = self._later(self.orders)
            said.append(
                gettext(
                    "The file of orders has {rows}, from {first} to {last}.",
                    rows=count_of(len(later), "row"),
                    first=format_day(later[ORDERED_AT].min()),
                    last=format_day(later[ORDERED_AT].max()),
                )
            )
        return said

    def _why_not(self) -> str:
        """Say what is missing for a measurement; ``""`` if nothing is."""
        if not self.sent:
            return gettext(NOTHING_SENT)
        if not self._list(self.sent)["is_held_out"].any():
            return gettext(NOBODY_HELD_OUT)
        sent_at, known = pd.Timestamp(self.sent_at), self.model.orders[ORDERED_AT].max()
        if self._is_definition and known >= sent_at:
            return gettext(
                "This page has orders up to {known}, by which the definition would now select "
                "other customers. Upload the list that was sent (CSV) instead, or choose a later "
                "day.",
                known=format_day(known),
            )
        if self._is_definition and not self.orders:
            return gettext(NO_ORDERS)
        last = self._orders_since()[ORDERED_AT].max()
        if not last >= sent_at:
            return gettext(
                "The orders end on {last}, before the sending. Upload the orders since.",
                last=format_day(last),
            )
        return ""
