"""The campaign panel: filters, a live count, what to do for each segment, and the list to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from markupsafe import Markup

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import (
    COUNTRY,
    CUSTOMER_ID,
    PRODUCT_ID,
    PRODUCT_NAME,
    RFM,
    SEGMENT,
)
from shopper_widgets.customers.actions import segment_action
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_power import past_windows
from shopper_widgets.customers.campaign_selection import select
from shopper_widgets.panels.base import WORKING, columns, field, guarded, row, slim
from shopper_widgets.panels.campaign_state import CampaignState
from shopper_widgets.panels.choices import Choices
from shopper_widgets.panels.download import definition_link
from shopper_widgets.panels.file_format import FileFormat
from shopper_widgets.panels.fold import Fold
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.product_picker import ProductPicker
from shopper_widgets.panels.typed_box import LONGEST_ENTRY, MORE_OR_LESS, tell_order
from shopper_widgets.panels.upload import Upload
from shopper_widgets.panels.words_box import WordsBox
from shopper_widgets.words.campaign_power import overlap_sentences, what_would_show
from shopper_widgets.words.campaigns import asked_for, held_out_sentences, reach
from shopper_widgets.words.html import figures, heading, paragraph, paragraphs, status
from shopper_widgets.words.labels import Column, describe
from shopper_widgets.words.to_do import valuable_and_overdue

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: The most characters of the action for a segment.
MOST_IN_ACTION = 1_000
SPENDS = ("min_spend", "max_spend")
#: Segments of valuable customers who have become silent.
SILENT = ("At-Risk", "At Risk")
#: The columns that the list shows if it has them; the names of the suggestions follow.
SHOWN = (CUSTOMER_ID, SEGMENT, COUNTRY, "from", "to", *RFM, "overdue", "action")


class CampaignPanel(CampaignState):
    """Choose which customers to contact, see how many they are, and download the list and its definition.

    The definition, as JSON, gives the same list again: ``Campaign.from_json(text).select(model)``, or
    ``shopper-widgets report --campaign``. ``panel.load(text)`` shows it again, to be changed.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, what they bought, their rhythm, and the fitted recommender.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    name : str
        What the campaign is called, in lists and file names.
    segments, countries : tuple of str
        Any of these; ``()`` for all.
    kept : dict of str to str
        Kept column → a value that an order line of the customer has.
    start, end : str
        Days between which customers moved, such as ``"2011-10-31"``: month-ends, and the model's present.
    from_segment, to_segment : str
        Where they moved from and to; ``""`` for any. With both empty, moves don't matter.
    min_overdue : float
        Silent for more than so many usual gaps; 0 for everyone.
    min_silence, max_silence : int
        Days since the last order, more than so many, and at most so many; 0 for everyone.
    min_orders, max_orders : int
        At least so many, and at most so many; 0 for no limit.
    min_spend, max_spend : float
        Past spend; 0 for no limit.
    bought, due, recommended : list of str
        Products, by code or exact name: customers who bought any of them, who are due to buy any of them
        again, or to whom any of them is recommended.
    n_recommendations : int
        How many recommendations to attach to each customer, up to 10.
    hold_out : float
        Share that is not contacted, from 0 to 0.9, for measuring the effect.
    seed : int
        Draws who is held out.
    actions : dict
        What to do, by segment, where it differs from what is suggested.
    campaign_log : CampaignLog or None
        Campaigns that were sent before, so that the panel says who on the list is still in another one.
    customer_id : str
        The customer chosen from the list, ``""`` for none. Link it to another panel's `customer_id`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> model = ShopperModel.fit(load_sample())
    >>> panel = CampaignPanel(model, segments=("At-Risk",), hold_out=0.1)
    >>> set(panel.selection["segment"])
    {'At-Risk'}
    >>> panel.selection.equals(panel.campaign.select(model))
    True
    """

    heading = N_("Which customers should be contacted?")

    campaign_log = traitlets.Instance(CampaignLog, allow_none=True)

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._list = pd.DataFrame()
        self._dates: list[widgets.Dropdown] = []
        self._reply = model.reply_days
        self._past = past_windows(model, self._reply)
        self._called = model.products.set_index(PRODUCT_ID)[PRODUCT_NAME].to_dict()
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the list of ``campaign.select(model)``; empty where no list can be made."""
        return self._list.copy()

    def _build(self) -> list[widgets.Widget]:
        overdue = widgets.Button(description=gettext("Valuable and overdue"), icon="bell")
        overdue.on_click(self._on_valuable_and_overdue)
        once = widgets.Button(
            description=gettext(
                "One order, {first}–{last} days ago", first=self._reply, last=2 * self._reply
            ),
            icon="leaf",
        )
        once.on_click(self._on_one_order)
        back = widgets.Button(description=gettext("Back after silence"), icon="reply")
        back.on_click(self._on_back)
        self._status, self._definition, self._shows = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._grid = Grid(
            [],
            key=CUSTOMER_ID,
            sortable=False,
            what="customer",
            empty=gettext("No customer passes all filters: remove one."),
            excel=True,
        )
        self._bind(self._grid, CUSTOMER_ID, "chosen")
        self._format = FileFormat(self.model)
        self._format.observe(self._describe_file, "value")
        self._grid.prepare = lambda listed: self._format.of(listed, self.name)
        upload = Upload(
            self, gettext("Load a saved campaign (JSON)"), ".json", self.load, gettext("can't be loaded")
        )
        self._spends = {name: self._number(name, 10, self.model.currency) for name in SPENDS}
        several = [self._several(gettext("Segments"), "segments", self._names())]
        if len(self._countries) > 1:
            several.append(self._several(gettext("Countries"), "countries", self._countries))
        moves = self._moves()
        return [
            row(
                self._reset_button(gettext("Everyone")),
                *([overdue] if self._cadence is not None else []),
                once,
                *([back] if self._silent() else []),
                upload,
            ),
            *several,
            slim(
                *self._kept_controls(),
                *([self._number("min_overdue", 0.5)] if self._cadence is not None else []),
                self._number("min_silence"),
                self._number("max_silence"),
                self._number("min_orders"),
                self._number("max_orders"),
                *self._spends.values(),
            ),
            *self._products_and(moves),
            self._extras(),
            self._shows,
            self._status,
            # The list comes before the controls that may still change it, so that it is visible at once.
            field(self._format, "sw-wide"),
            self._grid,
            self._definition,
            widgets.HTML(heading(gettext("What to do"), 3)),
            row(*self._action_boxes()),
        ]

    def _describe_file(self, _: object = None) -> None:
        """Name the file, and count its customers where they are fewer than those of the list."""
        self._grid.filename = self._format.filename(Campaign(name=self.name).filename)
        self._grid.in_file = self._format.count(self._list)

    def _number(
        self, name: str, step: float = 1, currency: str | None = None, **options: Any
    ) -> widgets.Widget:
        box = number_box(self.traits()[name], step=step, currency=currency, **options)
        return field(self._bind(box, name))

    def _several(self, label: str, name: str, options: list[str]) -> widgets.Widget:
        return self._bind(Choices(gettext("{label} (none ticked: all)", label=label), options), name)

    def _moves(self) -> list[widgets.Widget]:
        """Make the controls for moves between segments; none if the orders reach one date only."""
        if len(self._moments) < 2:
            return []
        choices = [
            (
                label,
                side,
                [(gettext("Any segment"), ""), *((gettext(name), name) for name in self._names(side))],
            )
            for label, side in ((gettext("Moved from"), "from_segment"), (gettext("Moved to"), "to_segment"))
        ]
        days = self._days()
        *sides, start, end = (
            self._bind(widgets.Dropdown(description=label, options=options), name)
            for label, name, options in (
                *choices,
                (gettext("Between"), "start", days),
                (gettext("And"), "end", days),
            )
        )
        self._dates = [start, end]
        return [field(control) for control in (*sides, start, end)]

    def _products_and(self, moves: list[widgets.Widget]) -> list[widgets.Widget]:
        """Fold away what few visitors need: products, if the orders name them, and moves."""
        if not self.model.names_products:
            return [Fold(gettext("By movement between segments"), row(*moves))] if moves else []
        of_products = (
            (gettext("Bought"), "bought"),
            (gettext("Due to buy again"), "due"),
            (gettext("Recommended"), "recommended"),
        )
        pickers = [
            self._bind(ProductPicker(label, self.model), name, "chosen") for label, name in of_products
        ]
        title = N_("By product and by movement between segments") if moves else N_("By product")
        return [Fold(gettext(title), columns(*pickers), row(*moves))]

    def _action_boxes(self) -> list[widgets.Widget]:
        self._texts = {
            segment: WordsBox(gettext(segment), gettext("no action"), most=MOST_IN_ACTION, lines=True)
            for segment in self._names()
        }
        for segment, box in self._texts.items():
            box.observe(lambda change, segment=segment: self._on_action(segment, change.new), "value")
        return [field(box, "sw-wide") for box in self._texts.values()]

    def _extras(self) -> widgets.Widget:
        name = WordsBox(gettext("Name of the campaign"), gettext("untitled"), most=LONGEST_ENTRY)
        others = widgets.Button(
            description=gettext("Redraw the hold-out"),
            icon="random",
            tooltip=gettext("Draw other customers to hold out"),
        )
        others.on_click(self._on_others)
        return row(
            field(self._bind(name, "name")),
            *([self._number("n_recommendations")] if self.model.names_products else []),
            self._number("hold_out", 5, slider=(0, 90)),
            others,
        )

    def _suggested(self, segment: str) -> str:
        return gettext(segment_action(self.model, segment))

    @guarded
    def _on_action(self, segment: str, text: str) -> None:
        others = {name: action for name, action in self.actions.items() if name != segment}
        own = {} if text == self._suggested(segment) else {segment: text}
        self._take(actions={**others, **own})

    @guarded
    def _on_valuable_and_overdue(self, _: widgets.Button) -> None:
        if self._cadence is not None:
            self._take(**valuable_and_overdue(self.model, self._cadence))

    @guarded
    def _on_others(self, _: widgets.Button) -> None:
        self._take(seed=self.seed + 1)

    @guarded
    def _on_one_order(self, _: widgets.Button) -> None:
        # “More than 29” days and “at most 60” are the limits of the button's days, 30–60.
        self._take(min_orders=1, max_orders=1, min_silence=self._reply - 1, max_silence=2 * self._reply)

    @guarded
    def _on_back(self, _: widgets.Button) -> None:
        self._take(from_segment=self._silent(), to_segment="", start=self._last_but_one(), end=self._last())

    def _silent(self) -> str:
        """Return the segment of valuable customers who became silent; ``""`` if nobody can have returned."""
        late = [name for name in self._names() if name in SILENT]
        return late[0] if late and len(self._moments) > 1 else ""

    def _redraw(self) -> None:
        # The dates of a definition are offered while it is shown, and must be there before they are chosen.
        self._drawing = True
        for box in self._dates:
            box.options = self._days()
        super()._redraw()

    def _draw(self) -> None:
        for segment, box in self._texts.items():
            box.value = self.actions.get(segment, self._suggested(segment))
        tell_order(*self._spends.values(), crossed=self.spend_crossed, words=MORE_OR_LESS)
        filename = Campaign(name=self.name).filename
        if why_not := self._impossible():
            nobody: dict[str, Any] = {name: [] for name in (CUSTOMER_ID, SEGMENT, "action")}
            self._list = pd.DataFrame(nobody | {"is_held_out": pd.Series(dtype="bool")})
            self._definition.value = ""
            told = paragraph(why_not, "sw-empty")
        else:
            campaign = self.campaign
            if campaign.flows or campaign.due or campaign.recommended or campaign.n_recommendations:
                # With many customers this takes seconds: the page says so and doesn't seem to hang.
                self._tell(paragraph(gettext(WORKING), "sw-note"))
            moved = self._moved(campaign.flow_start, campaign.flow_end) if campaign.flows else None
            self._list = select(campaign, self.model, cadence=self._cadence, moved=moved)
            self._definition.value = definition_link(campaign.to_json(), f"{filename}.json")
            told = self._headline() + paragraph(
                asked_for(campaign, self.model.currency, self._called), "sw-note"
            )
        self._tell(told)
        self._format.offer(held_out=bool(self.hold_out))
        shows = [*held_out_sentences(self._list), *self._overlaps()]
        shows += what_would_show(self.model, self._list, self.hold_out, days=self._reply, past=self._past)
        self._shows.value = paragraphs(shows, "sw-note")
        self._grid.show(
            self._list, caption=gettext("The list, highest past spend first"), columns=self._columns()
        )
        self._describe_file()

    def _overlaps(self) -> list[str]:
        if self.campaign_log is None or self._list.empty:
            return []
        return overlap_sentences(
            self.campaign_log.written_to(self._list, at=self.model.as_of, days=self._reply)
        )

    def _tell(self, told: Markup) -> None:
        self._status.value = status(told)

    def _headline(self) -> Markup:
        counted = pd.Series(reach(self._list))
        labels = describe(
            ["customers", "contacted", "held_out", "revenue"], currency=self.model.currency, exact=False,
            revenue=gettext("Past revenue"),
        )  # fmt: skip
        return figures(counted, labels)

    def _columns(self) -> list[Column]:
        listed = [str(name) for name in self._list]
        hidden = set() if len(self._countries) > 1 else {COUNTRY}
        suggested = [name for name in listed if name.startswith("recommendation_") and name.endswith("_name")]
        names = [name for name in SHOWN if name in listed and name not in hidden]
        labels: dict[str, Any] = {
            name: gettext("Recommendation {number}", number=i) for i, name in enumerate(suggested, 1)
        }
        return describe(
            [*names, *suggested],
            currency=self.model.currency,
            recency=gettext("Days since last order"),
            **labels,
        )
