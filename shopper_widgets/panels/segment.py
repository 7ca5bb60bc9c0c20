"""The segments, and the customers in them."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from markupsafe import Markup

from shopper_widgets._support.formatting import count_of, format_money
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import cluster_diagnostics, segment_map, segment_shares
from shopper_widgets.columns import COUNTRY, CUSTOMER_ID, MONETARY, RFM, SEGMENT
from shopper_widgets.customers.actions import segment_action
from shopper_widgets.panels.base import columns, guarded, row
from shopper_widgets.panels.brushed_map import BRUSH, BrushedMapPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.customer_list import CustomerListPanel
from shopper_widgets.panels.fold import Fold
from shopper_widgets.panels.kept import KEPT
from shopper_widgets.words.html import bullets, heading, html_table, paragraph, paragraphs, status
from shopper_widgets.words.kept import mixes_html
from shopper_widgets.words.labels import describe
from shopper_widgets.words.why_segments import how_segments_are_made, limits, why_these_segments

#: The width of the diagnostics, in pixels.
DIAGNOSTICS_PX = 760
PICK, CLICK = "pick", N_("Click a segment's bar above to list its customers; double-click to list all.")
SHOWN = (CUSTOMER_ID, SEGMENT, COUNTRY, *RFM)
PROFILE = (
    SEGMENT,
    "customers",
    "share",
    "recency_median",
    "frequency_median",
    "monetary_median",
    "revenue",
    "revenue_share",
)


class SegmentPanel(BrushedMapPanel):
    """Show the segments, why there are so many, and the customers in any part of their map.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, the segments' profiles and the fitted segmenter.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    segment : str
        ``""`` for all segments.
    country : str
        Whose customers are listed; ``""`` for all. The segments stay those of the whole shop.
    kept : dict of str to str
        Who is listed: see `ListedPanel`.
    brush : dict
        The part of the map that is marked: ``{"recency": [low, high], "monetary": [low, high]}`` with any of
        recency, frequency and monetary; ``{}`` for all of it.
    customer_id, sort_by, descending : str, str, bool
        The list: see `CustomerListPanel`.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = SegmentPanel(ShopperModel.fit(load_sample()))
    >>> panel.brush = {"recency": [0, 30]}
    >>> bool(panel.selection["recency"].max() <= 30)
    True
    """

    heading = N_("Which customer segments are there?")
    measured = RFM
    state = (SEGMENT, COUNTRY, KEPT, BRUSH, *CustomerListPanel.list_state)

    segment = traitlets.Unicode()
    sort_by = traitlets.Enum(SHOWN, default_value=MONETARY)

    def _build(self) -> list[widgets.Widget]:
        model = self.model
        names = list(model.segments[SEGMENT])
        profiles = html_table(
            model.segments,
            describe(PROFILE, currency=model.currency),
            caption=gettext("Segments"),
            row_header=SEGMENT,
        )
        # A segmenter by rules doesn't try numbers of segments.
        clusters = hasattr(model.segmenter, "diagnostics_")
        told = Markup("")
        if found := limits(model):
            told = heading(gettext("Limits of these orders"), 3) + bullets(found)
        why = [widgets.HTML(paragraphs([*why_these_segments(model), *how_segments_are_made(model)]))]
        if clusters:
            why.append(ChartView(cluster_diagnostics(model.segmenter.diagnostics_, width=DIAGNOSTICS_PX)))
        actions = pd.DataFrame(
            {SEGMENT: names, "action": [segment_action(self.model, name) for name in names]}
        )
        to_do = html_table(
            actions,
            describe([SEGMENT, "action"]),
            caption=gettext("What to do for each segment"),
            row_header=SEGMENT,
        )
        self._shares = ChartView(segment_shares(model.segments, currency=model.currency))
        self._shares.observe(self._on_pick, "selections")
        self._build_map()
        shown = [c for c in SHOWN if c != COUNTRY or model.customers[COUNTRY].nunique() > 1]
        self._build_list(
            describe(shown, currency=model.currency, recency=gettext("Days since last order")),
            empty=gettext("No customer is in this part of the map. Mark a larger part, or reset."),
        )
        return [
            widgets.HTML(profiles + mixes_html(model) + told),
            columns(self._shares, widgets.HTML(to_do)),
            Fold(
                gettext(
                    "Why {segments}, and how segments are found and named",
                    segments=count_of(len(names), "segment"),
                ),
                *why,
            ),
            widgets.HTML(
                heading(gettext("Customers of the segments"), 3) + paragraph(gettext(CLICK), "sw-note")
            ),
            row(
                self._segment_control(),
                *self._country_controls(),
                *self._kept_controls(),
                self._reset_button(gettext("All customers")),
            ),
            columns(self._map, widgets.VBox([self._status, self._grid])),
        ]

    def _draw(self) -> None:
        of_segment = self._narrowed(self.model.customers)
        self._draw_map(
            (self.segment, self.country, self.kept),
            lambda: segment_map(of_segment, currency=self.model.currency),
        )
        if PICK in self._shares.selections:
            self._shares.selections = {PICK: [{SEGMENT: self.segment}] if self.segment else []}
        chosen = self._marked(of_segment)
        self._status.value = status(paragraph(self._told(chosen)))
        self._grid.show(
            chosen,
            caption=gettext(
                "Customers{where}: {segment}",
                where=self._where,
                segment=gettext(self.segment or N_("all segments")),
            ),
        )

    @guarded
    def _on_pick(self, change: dict[str, Any]) -> None:
        """List the customers of the segment whose bar is clicked; all customers after a double-click."""
        picked = change["new"].get(PICK) or [{}]
        self._take(segment=picked[-1].get(SEGMENT, ""))

    def _told(self, chosen: pd.DataFrame) -> str:
        money = format_money(float(chosen[MONETARY].sum()), self.model.currency)
        return gettext(
            "{counted}{where}, who spent {money}.{hint}",
            counted=self._counted(chosen),
            where=self._where,
            money=money,
            hint=self._hint,
        )
