"""Recency, frequency and monetary value come in; named segments go out: why, how sure, and what to do."""

from shopper_widgets.segments.choice import CHOOSING_RULE
from shopper_widgets.segments.comparison import compare_segmenters
from shopper_widgets.segments.explanation import Explanation, explain
from shopper_widgets.segments.flips import Flip
from shopper_widgets.segments.naming import NAMING_RULE, name_segments
from shopper_widgets.segments.naming_claims import CLAIMS, segment_facts
from shopper_widgets.segments.rule_explanation import RuleExplanation
from shopper_widgets.segments.rules import RULES, RULES_IN_WORDS, RuleSegmenter
from shopper_widgets.segments.segmenter import CustomerSegmenter, FewerSegmentsWarning, OutOfRangeWarning
from shopper_widgets.segments.stability import stability
from shopper_widgets.segments.transform import TRANSFORMS

__all__ = [
    "CHOOSING_RULE",
    "CLAIMS",
    "NAMING_RULE",
    "RULES",
    "RULES_IN_WORDS",
    "TRANSFORMS",
    "CustomerSegmenter",
    "Explanation",
    "FewerSegmentsWarning",
    "Flip",
    "OutOfRangeWarning",
    "RuleExplanation",
    "RuleSegmenter",
    "compare_segmenters",
    "explain",
    "name_segments",
    "segment_facts",
    "stability",
]
