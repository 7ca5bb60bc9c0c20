"""Whom to write to: filters, a live count, what to do for each segment, and the list to take away."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets.cadence import MIN_OVERDUE, MIN_SILENCE, customer_cadence
from shopper_widgets.campaign import Campaign
from shopper_widgets.campaign_selection import moved_between, select, suggested_action
from shopper_widgets.campaign_summary import reach
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, MONETARY, PRODUCT_NAME, RFM, SEGMENT
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.history import NEW
from shopper_widgets.panels.base import Panel, columns, field, guarded, heading, paragraph, row
from shopper_widgets.panels.download import definition_link
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.moments import comparable_moments, written
from shopper_widgets.panels.tables import describe, figures

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

#: Best sellers that the boxes for products offer; any other can be typed.
OFFERED = 200
MOST_SUGGESTIONS = 10
SHOWN = (CUSTOMER_ID, SEGMENT, COUNTRY, *RFM, "action")
LIMITS = ("min_overdue", "min_silence", "min_orders", "min_spend", "max_spend")
#: What the button for valuable and overdue customers asks for beside the spend of the top quartile.
VALUABLE_AND_OVERDUE = {"min_overdue": MIN_OVERDUE, "min_silence": MIN_SILENCE, "min_orders": 3}
TOP_QUARTILE = 0.75


class CampaignPanel(Panel):
    """Choose whom to write to, see how many they are, and take the list and its definition away.

    The definition, as JSON, gives the same list again: ``Campaign.from_json(text).select(model)``.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, what they bought, their rhythm, and the fitted recommender.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    name : str
    segments, countries : tuple of str
        Any of these; ``()`` for all.
    start, end : str
        Days between which customers moved, such as ``"2011-10-31"``: month-ends, and the model's present.
    from_segment, to_segment : str
        Where they moved from and to; ``""`` for any. With both empty, moves don't matter.
    min_overdue : float
        Silent for more than so many usual gaps; 0 for everyone.
    min_silence : int
        Days since the last order, more than so many; 0 for everyone.
    min_orders : int
        At least so many.
    min_spend, max_spend : float
        Past spend; 0 for no limit.
    bought, recommended : str
        A product's code or exact name: customers who bought it, or find it among their suggestions.
    n_recommendations : int
        How many suggestions to attach to each customer, up to 10.
    hold_out : float
        Share that is not written to, from 0 to below 1, for measuring the effect.
    seed : int
        Draws who is held out.
    actions : dict
        What to do, by segment, where it differs from what is suggested.
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

    heading = "Whom to write to?"
    state = (
        *("name", "segments", "countries", "start", "end", "from_segment", "to_segment"),
        *("min_overdue", "min_silence", "min_orders", "min_spend", "max_spend", "bought", "recommended"),
        *("n_recommendations", "hold_out", "seed", "actions", CUSTOMER_ID),
    )

    name = traitlets.Unicode("Campaign")
    segments = traitlets.Tuple()
    countries = traitlets.Tuple()
    start = traitlets.Unicode()
    end = traitlets.Unicode()
    from_segment = traitlets.Unicode()
    to_segment = traitlets.Unicode()
    min_overdue = traitlets.Float(0.0)
    min_silence = traitlets.Int(0)
    min_orders = traitlets.Int(1)
    min_spend = traitlets.Float(0.0)
    max_spend = traitlets.Float(0.0)
    bought = traitlets.Unicode()
    recommended = traitlets.Unicode()
    n_recommendations = traitlets.Int(0)
    hold_out = traitlets.Float(0.0)
    seed = traitlets.Int(0)
    actions = traitlets.Dict()
    customer_id = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        self._moments = comparable_moments(model)
        self._countries = sorted({str(name) for name in model.customers[COUNTRY].dropna().unique()} - {""})
        try:
            self._cadence: pd.DataFrame | None = customer_cadence(model)
        except TooLittleDataError:
            self._cadence = None
        # Filters beside the two dates don't change who moved between them.
        self._moved = functools.lru_cache(maxsize=1)(functools.partial(moved_between, model))
        self._list = pd.DataFrame()
        super().__init__(model, **state)

    @property
    def selection(self) -> pd.DataFrame:
        """The campaign's list: what ``campaign.select(model)`` returns. Empty where no list can be made."""
        return self._list.copy()

    @property
    def campaign(self) -> Campaign:
        """The definition on show."""
        return Campaign(
            name=self.name,
            segments=self.segments,
            flows=tuple(self._flows()),
            flow_start=str(self._moments[self.start]) if self._flows() else None,
            flow_end=str(self._moments[self.end]) if self._flows() else None,
            min_overdue=self.min_overdue or None,
            min_silence=self.min_silence or None,
            min_orders=self.min_orders if self.min_orders > 1 else None,
            countries=self.countries,
            min_spend=self.min_spend or None,
            max_spend=self.max_spend or None,
            bought=(self.bought.strip(),) if self.bought.strip() else (),
            recommended=(self.recommended.strip(),) if self.recommended.strip() else (),
            n_recommendations=self.n_recommendations,
            hold_out=self.hold_out,
            seed=self.seed,
            actions=tuple(self.actions.items()),
        )

    @traitlets.default("start")
    def _last_but_one(self) -> str:
        return list(self._moments)[-2:][0]

    @traitlets.default("end")
    def _last(self) -> str:
        return list(self._moments)[-1]

    @traitlets.validate("start", "end")
    def _known_day(self, proposal: dict[str, Any]) -> str:
        return self._one_of(proposal["value"], list(self._moments), "date")

    @traitlets.validate("from_segment", "to_segment")
    def _known_segment(self, proposal: dict[str, Any]) -> str:
        return self._one_of(proposal["value"], ["", *self._names(proposal["trait"].name)], "segment")

    @traitlets.validate("segments")
    def _known_segments(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(self._one_of(name, self._names(), "segment") for name in proposal["value"])

    @traitlets.validate("countries")
    def _known_countries(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        return tuple(self._one_of(name, self._countries, "country") for name in proposal["value"])

    @traitlets.validate(*LIMITS, "n_recommendations", "hold_out")
    def _possible_number(self, proposal: dict[str, Any]) -> float:
        name, value = proposal["trait"].name, proposal["value"]
        most = {"n_recommendations": MOST_SUGGESTIONS, "hold_out": 0.9}.get(name, 1e12)
        if not math.isfinite(value) or not 0 <= value <= most:
            raise traitlets.TraitError(f"{name} must be from 0 to {most:,.10g}, not {value:,.10g}.")
        number: float = value
        return number

    @traitlets.validate("actions")
    def _texts_by_segment(self, proposal: dict[str, Any]) -> dict[str, str]:
        given: dict[str, str] = proposal["value"]
        return {self._one_of(segment, self._names(), "segment"): str(text) for segment, text in given.items()}

    def _one_of(self, value: Any, known: list[str], what: str) -> str:
        if value not in known:
            raise traitlets.TraitError(f"There is no {what} {value!r}; there are: {', '.join(known[:20])}.")
        return str(value)

    def _names(self, side: str = "") -> list[str]:
        names = list(self.model.segments[SEGMENT])
        return [*names, NEW] if side == "from_segment" else names

    def _flows(self) -> list[tuple[str, str]]:
        """Pairs that the two choices mean: who stayed counts only where both name the same segment."""
        if not self.from_segment and not self.to_segment:
            return []
        before = [self.from_segment] if self.from_segment else self._names("from_segment")
        after = [self.to_segment] if self.to_segment else self._names()
        both = bool(self.from_segment and self.to_segment)
        return [(a, b) for a in before for b in after if a != b or both]

    def _build(self) -> list[widgets.Widget]:
        currency = self.model.currency
        unit = f" ({currency})" if currency else ""
        overdue = widgets.Button(description="Valuable and overdue", icon="bell")
        overdue.on_click(self._on_valuable_and_overdue)
        self._status = widgets.HTML()
        self._grid = Grid(
            describe(self._shown(), currency=currency, recency="Days since"),
            key=CUSTOMER_ID,
            sortable=False,
            what="customers",
            empty="No customer passes all filters: take one away.",
        )
        self._bind(self._grid, CUSTOMER_ID, "chosen")
        self._definition = widgets.HTML()
        rhythm = [self._box(widgets.FloatText, "Overdue by (usual gaps)", "min_overdue", step=0.5)]
        return [
            row(self._reset_button("Everyone"), *([overdue] if self._cadence is not None else [])),
            row(
                self._several("Segments (none: all)", "segments", self._names()),
                *([self._several("Countries (none: all)", "countries", self._countries)]
                  if len(self._countries) > 1 else []),
            ),
            row(
                *(rhythm if self._cadence is not None else []),
                self._box(widgets.IntText, "Silent for more than (days)", "min_silence"),
                self._box(widgets.IntText, "Orders, at least", "min_orders"),
                self._box(widgets.FloatText, f"Spent at least{unit}", "min_spend", step=10),
                self._box(widgets.FloatText, f"Spent at most{unit} (0: any)", "max_spend", step=10),
            ),
            row(self._product("Bought", "bought"), self._product("Would be recommended", "recommended")),
            row(*self._moves()),
            self._status,
            columns(
                widgets.VBox([widgets.HTML(heading("What to do", 3)), *self._action_boxes()]),
                widgets.VBox(
                    [
                        widgets.HTML(heading("What goes with the list", 3)),
                        row(
                            self._box(widgets.Text, "Name", "name"),
                            self._box(widgets.IntText, "Suggestions each", "n_recommendations"),
                            self._box(widgets.FloatText, "Hold out (share)", "hold_out", step=0.05),
                            self._box(widgets.IntText, "Draw of the hold-out", "seed"),
                        ),
                        self._definition,
                    ]
                ),
            ),
            self._grid,
        ]  # fmt: skip

    def _shown(self) -> list[str]:
        return [name for name in SHOWN if name != COUNTRY or len(self._countries) > 1]

    def _box(self, kind: type[widgets.Widget], label: str, name: str, **options: Any) -> widgets.Widget:
        return field(self._bind(kind(description=label, continuous_update=False, **options), name))

    def _several(self, label: str, name: str, options: list[str]) -> widgets.Widget:
        rows = min(max(len(options), 2), 5)
        return field(self._bind(widgets.SelectMultiple(description=label, options=options, rows=rows), name))

    def _product(self, label: str, name: str) -> widgets.Widget:
        goods = self.model.products.query("is_product").head(OFFERED)
        box = widgets.Combobox(
            description=label,
            placeholder="name or code; empty: any",
            options=tuple(dict.fromkeys(str(text) for text in goods[PRODUCT_NAME].dropna() if text)),
            continuous_update=False,
        )
        return field(self._bind(box, name), "sw-wide")

    def _moves(self) -> list[widgets.Widget]:
        """Controls for moves between segments; none where the orders reach one date only."""
        if len(self._moments) < 2:
            return []
        days = [(written(day), day) for day in self._moments]
        choices = [
            (label, side, [("Any segment", ""), *((name, name) for name in self._names(side))])
            for label, side in (("Moved from", "from_segment"), ("Moved to", "to_segment"))
        ]
        return [
            field(self._bind(widgets.Dropdown(description=label, options=options), name))
            for label, name, options in (*choices, ("Between", "start", days), ("And", "end", days))
        ]

    def _action_boxes(self) -> list[widgets.Widget]:
        self._texts = {
            segment: widgets.Textarea(description=segment, rows=2, continuous_update=False)
            for segment in self._names()
        }
        for segment, box in self._texts.items():
            box.observe(lambda change, segment=segment: self._on_action(segment, change.new), "value")
        return [field(box, "sw-wide") for box in self._texts.values()]

    def _on_action(self, segment: str, text: str) -> None:
        others = {name: action for name, action in self.actions.items() if name != segment}
        self._take("actions", others if text == suggested_action(segment) else {**others, segment: text})

    @guarded
    def _on_valuable_and_overdue(self, _: widgets.Button) -> None:
        spend = float(self.model.customers[MONETARY].quantile(TOP_QUARTILE))
        with self.hold_trait_notifications():
            for name, value in {**VALUABLE_AND_OVERDUE, "min_spend": spend}.items():
                setattr(self, name, value)

    def _draw(self) -> None:
        for segment, box in self._texts.items():
            box.value = self.actions.get(segment, suggested_action(segment))
        filename = "".join(c if c.isalnum() else "-" for c in self.name.lower()).strip("-") or "campaign"
        self._grid.filename = f"{filename}.csv"
        try:
            campaign = self.campaign
            moved = self._moved(campaign.flow_start, campaign.flow_end) if campaign.flows else None
            self._list = select(campaign, self.model, cadence=self._cadence, moved=moved)
        except (ValueError, KeyError) as error:
            # What is typed may be no product, or limits may exclude each other: that is told, not logged.
            why_not = str(error.args[0] if error.args else error)
            self._list = pd.DataFrame({name: [] for name in [*SHOWN, "is_held_out"]})
            self._status.value = f'<div role="status">{paragraph(why_not, "sw-empty")}</div>'
            self._definition.value = ""
        else:
            self._status.value = f'<div role="status">{self._headline()}</div>'
            self._definition.value = definition_link(campaign.to_json(), f"{filename}.json")
        self._grid.show(self._list, caption="The list, most past spend first")

    def _headline(self) -> str:
        counted = pd.Series(reach(self._list))
        labels = describe(
            ["customers", "contacted", "held_out", "revenue"], currency=self.model.currency, exact=False,
            revenue="Their past revenue",
        )  # fmt: skip
        return figures(counted, labels)
