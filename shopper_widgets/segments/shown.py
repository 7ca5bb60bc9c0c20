"""How a fitted segmenter shows itself at the end of a notebook's cell."""

from __future__ import annotations

from typing import Any

from shopper_widgets._support.card import Card
from shopper_widgets._support.estimator import PlainStateEstimator
from shopper_widgets._support.formatting import count_of, format_share
from shopper_widgets._support.locale import ENGLISH, in_locale
from shopper_widgets.columns import SEGMENT


class ShownSegmenter(PlainStateEstimator):
    """A segmenter that shows its segments once it is fitted, and scikit-learn's diagram before.

    Attributes
    ----------
    profiles_ : DataFrame
        One row per segment, best first.
    """

    @in_locale(ENGLISH)
    def _repr_html_(self) -> str:
        profiles = getattr(self, "profiles_", None)
        if profiles is None:
            plain: str = super()._repr_html_()
            return plain
        customers = zip(profiles[SEGMENT], profiles["customers"], profiles["share"], strict=True)
        facts = {name: f"{count_of(n, 'customer')}, {format_share(share)}" for name, n, share in customers}
        steps = ("segmenter.profiles_", "segmenter.predict(rfm)", "segmenter.explain(customer_id, rfm)")
        return str(Card(repr(self), facts, steps).html)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}
