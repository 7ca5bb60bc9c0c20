"""Objects show a short summary of themselves, and text in it never runs as code."""

import pytest
from IPython.core.formatters import DisplayFormatter

import shopper_widgets as sw
from shopper_widgets._support.card import Card
from shopper_widgets.columns import RFM
from shopper_widgets.segments import RuleSegmenter

HOSTILE = "<script>alert(1)</script>"


def test_no_text_is_code():
    html = Card(HOSTILE, {HOSTILE: HOSTILE}, (HOSTILE,)).html
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 4


@pytest.fixture(params=["model", "segmenter", "rules", "campaign", "cleaned"])
def shown(request, small_model, small_shop):
    """Return the objects that analysts show at the end of a cell."""
    rules = RuleSegmenter()
    return {
        "model": lambda: small_model,
        "segmenter": lambda: small_model.segmenter,
        "rules": lambda: rules.fit(small_model.customers[[*RFM]]),
        "campaign": lambda: sw.Campaign("Thanks", segments=("High-Value",), hold_out=0.25),
        "cleaned": lambda: sw.clean_transactions(small_shop),
    }[request.param]()


def test_objects_show_a_few_facts_as_text_and_as_a_card(shown):
    formats, _ = DisplayFormatter().format(shown)
    assert len(formats["text/plain"]) < 400
    assert formats["text/html"].startswith("<div><strong>")
    assert len(formats["text/html"]) < 3_000
    # Some notebooks send the value as it is, and take a subclass of str for an object.
    assert type(formats["text/html"]) is str


def test_the_facts_are_those_of_the_tables(small_model, small_shop):
    text = repr(small_model)
    assert f"Customers {len(small_model.customers)}; Orders {len(small_model.orders)} worth £" in text
    assert all(name in text for name in small_model.segments["segment"])
    cleaned = sw.clean_transactions(small_shop)
    assert f"Kept {len(cleaned.transactions):,} of {len(small_shop):,} lines" in repr(cleaned)
    missing = (cleaned.rejected["reason"] == "missing customer").sum()
    assert f"{missing} missing customer" in repr(cleaned)


def test_a_campaigns_text_makes_it_again():
    campaign = sw.Campaign("Thanks", segments=("High-Value",), min_spend=10.5, actions=(("Regular", "call"),))
    assert eval(repr(campaign), {"Campaign": sw.Campaign}) == campaign
    assert "max_spend" not in repr(campaign)


def test_a_segmenter_without_segments_is_shown_as_scikit_learn_does():
    formats, _ = DisplayFormatter().format(sw.CustomerSegmenter(n_clusters=4))
    assert "sk-" in formats["text/html"]
