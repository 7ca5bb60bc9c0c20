"""Customer segments: fitting, choosing how many, and naming them."""

from shopper_widgets.segments.choosing import CHOOSING_RULE
from shopper_widgets.segments.naming import NAMING_RULE, name_segments
from shopper_widgets.segments.segmenter import CustomerSegmenter, FewerSegmentsWarning, OutOfRangeWarning

__all__ = [
    "CHOOSING_RULE",
    "NAMING_RULE",
    "CustomerSegmenter",
    "FewerSegmentsWarning",
    "OutOfRangeWarning",
    "name_segments",
]
