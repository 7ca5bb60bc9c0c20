"""Why there are this many segments, how they are made, and the limits of the data, in sentences."""

from __future__ import annotations

from shopper_widgets._support.locale import gettext
from shopper_widgets._support.retelling import retold
from shopper_widgets.columns import RFM, SEGMENT
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments import CHOOSING_RULE, CustomerSegmenter
from shopper_widgets.segments.choice import describe_choice, why_so_many
from shopper_widgets.segments.limits import data_limits
from shopper_widgets.segments.naming import describe_names
from shopper_widgets.segments.rules import rules_in_words, why_by_rules
from shopper_widgets.segments.stability import describe_stability


def limits(model: ShopperModel) -> list[str]:
    """Return the limits of the data, one sentence each."""
    return data_limits(
        model.customers[list(RFM)].to_numpy(dtype=float), list(model.segments[SEGMENT]), model.short_silence
    )


def why_these_segments(model: ShopperModel) -> list[str]:
    """Say why there are this many segments: in plain words, how stable they are if known, then in figures."""
    segmenter = model.segmenter
    if not isinstance(segmenter, CustomerSegmenter):
        return [reason(model)]
    plain = describe_choice(segmenter.diagnostics_, segmenter.n_clusters, segmenter.min_share)
    stable = describe_stability(segmenter.diagnostics_, segmenter.stability_budget)
    return [*filter(None, [plain, stable]), reason(model)]


def reason(model: ShopperModel) -> str:
    """Say why there are this many segments, in the language in force; `segmenter.reason_` is English."""
    segmenter = model.segmenter
    n_customers = int(segmenter.profiles_["customers"].sum())
    if not isinstance(segmenter, CustomerSegmenter):
        return why_by_rules(segmenter.n_clusters_, n_customers)
    if segmenter.n_clusters == "auto" and segmenter.n_clusters_ == 1:
        # The reason depends on all customers of the fit, of whom some may have been forgotten since.
        return retold(segmenter.reason_)
    return why_so_many(
        segmenter.diagnostics_,
        segmenter.n_clusters_,
        n_customers,
        asked=segmenter.n_clusters,
        min_share=segmenter.min_share,
    )


def how_segments_are_made(model: ShopperModel) -> list[str]:
    """Say which rule chose the number of segments, if one did, and which rule gave the names."""
    segmenter = model.segmenter
    if not isinstance(segmenter, CustomerSegmenter):
        return [rules_in_words()]
    named = describe_names(model.segments[SEGMENT].tolist())
    return [gettext(CHOOSING_RULE), named] if segmenter.n_clusters == "auto" else [named]
