"""Three numbers come in; a segment goes out."""

from __future__ import annotations

import warnings

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import FREQUENCY, MONETARY, RECENCY, RFM, SEGMENT
from shopper_widgets.panels.base import Panel, columns, field, row
from shopper_widgets.panels.number_box import number_box
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber
from shopper_widgets.segments import OutOfRangeWarning
from shopper_widgets.words.html import bullets, figures, heading, paragraph, status
from shopper_widgets.words.labels import describe

#: The limits of what can be true of a customer: a century, a million orders.
POSSIBLE = {
    RECENCY: Limits(N_("Days since the last order"), most=36_500),
    FREQUENCY: Limits(N_("Number of orders"), least=1, most=1_000_000),
    MONETARY: Limits(N_("Money spent")),
}


class PredictPanel(Panel):
    """Predict the segment of a customer from recency, frequency and monetary value, at every keystroke.

    Sentences say why it is this segment, and what would change it. It starts at the shop's typical (median)
    customer. Numbers outside the range of the customers that the segments were learned from still get a
    segment, and a note that it is a guess.

    Parameters
    ----------
    model : ShopperModel
        Gives the fitted segmenter and the segments' profiles.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    recency : int
        Days since the last order, 0 or more.
    frequency : int
        Orders, 1 or more.
    monetary : float
        Money spent, 0 or more, in the currency of the data.
    segment : str
        The answer; it can't be set.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = PredictPanel(ShopperModel.fit(load_sample()), recency=5, frequency=12, monetary=900)
    >>> panel.selection[["recency", "frequency", "monetary"]].values.tolist()
    [[5.0, 12.0, 900.0]]
    """

    heading = N_("Which segment is a customer in?")
    state = RFM
    where_unfiltered = N_(
        "The segments are those of the whole shop: the same three numbers give the same answer everywhere."
    )

    recency = WholeNumber(POSSIBLE[RECENCY])
    frequency = WholeNumber(POSSIBLE[FREQUENCY], 1)
    monetary = Number(POSSIBLE[MONETARY])
    segment = traitlets.Unicode(read_only=True)

    def _selected(self) -> pd.DataFrame:
        """Return one row: the three numbers and the segment."""
        numbers = {name: [getattr(self, name)] for name in RFM}
        return pd.DataFrame(numbers | {SEGMENT: [self.segment]})

    @traitlets.default("recency")
    def _typical_recency(self) -> int:
        return int(self.model.customers[RECENCY].median())

    @traitlets.default("frequency")
    def _typical_frequency(self) -> int:
        return max(1, int(self.model.customers[FREQUENCY].median()))

    @traitlets.default("monetary")
    def _typical_monetary(self) -> float:
        return max(0.0, round(float(self.model.customers[MONETARY].median()), 2))

    def _build(self) -> list[widgets.Widget]:
        units = {MONETARY: self.model.currency}
        boxes = {name: number_box(self.traits()[name], currency=units.get(name), live=True) for name in RFM}
        controls = [field(self._bind(box, name)) for name, box in boxes.items()]
        self._answer = widgets.HTML()
        self._why = widgets.HTML()
        self._profile = widgets.HTML()
        reset = self._reset_button(gettext("Back to the typical customer"))
        return [row(*controls, reset), columns(widgets.VBox([self._answer, self._why]), self._profile)]

    def _draw(self) -> None:
        # The old answer is removed first: it must not stay if the new one fails.
        self.set_trait("segment", "")
        self._answer.value = self._why.value = self._profile.value = ""
        numbers = pd.DataFrame({name: [getattr(self, name)] for name in RFM})
        with warnings.catch_warnings():
            # The panel itself says this, in the words of its labels.
            warnings.simplefilter("ignore", OutOfRangeWarning)
            segment = str(self.model.segmenter.predict(numbers)[0])
        self.set_trait("segment", segment)
        self._answer.value = status(
            paragraph(gettext("This customer is {segment}.", segment=gettext(segment)), "sw-answer")
            + paragraph(self._outside(), "sw-note")
        )
        self._why.value = self._explain(tuple(float(getattr(self, name)) for name in RFM))
        self._profile.value = self._describe_segment(segment)

    def _explain(self, numbers: tuple[float, ...]) -> str:
        """Say why this is the segment, and what would change it."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OutOfRangeWarning)
            explained = self.model.segmenter.explain(numbers, currency=self.model.currency)
        return heading(gettext("Why this segment"), 3) + bullets(explained.sentences)

    def _outside(self) -> str:
        """Say which numbers are outside the range of the fitted customers; ``""`` if none are."""
        told = []
        described = describe(RFM, currency=self.model.currency)
        ranges = getattr(self.model.segmenter, "ranges_", None)
        if ranges is None:
            return ""
        for column, least, most in zip(described, *ranges, strict=True):
            if not least <= getattr(self, column.name) <= most:
                words = gettext(POSSIBLE[column.name].label).lower()
                told.append(
                    gettext(
                        "{words} from {least} to {most}",
                        words=words,
                        least=column.cell(least),
                        most=column.cell(most),
                    )
                )
        if not told:
            return ""
        return gettext(
            "The segments were fitted to customers with {ranges}; treat this prediction as a guess.",
            ranges=", ".join(told),
        )

    def _describe_segment(self, segment: str) -> str:
        profiles = self.model.segments
        profile = profiles[profiles[SEGMENT] == segment]
        if profile.empty:  # no customer of the shop has this rule
            return paragraph(
                gettext("The shop has no {segment} customers yet.", segment=gettext(segment)), "sw-empty"
            )
        names = ["customers", "share", "revenue_share", *(f"{name}_median" for name in RFM)]
        return figures(
            profile.iloc[0],
            describe(names, currency=self.model.currency, exact=False),
            gettext("All {segment} customers", segment=gettext(segment)),
        )
