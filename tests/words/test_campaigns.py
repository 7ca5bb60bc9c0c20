"""A campaign's audience in words, with every filter."""

import dataclasses

import pandas as pd

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.flows import NEW
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.campaigns import reach, readable, summarize

EVERY = Campaign(
    name="<b>All</b>", segments=("Regular", "At-Risk"), flows=((NEW, "Regular"), ("Regular", "At-Risk")),
    flow_start="2024-01-31", flow_end="2024-02-29", min_overdue=1.5, max_overdue=9, min_silence=60,
    min_orders=3, countries=("France",), min_spend=100, max_spend=1e6, bought=("TEA",),
    recommended=("MUG",), n_recommendations=2, hold_out=0.25, seed=3,
)  # fmt: skip
#: The fields that change who is on the list.
FILTERS = (
    *("segments", "flows", "min_overdue", "max_overdue", "min_silence", "min_orders", "countries"),
    *("min_spend", "max_spend", "bought", "recommended", "hold_out"),
)


def test_every_filter_is_said() -> None:
    selected = pd.DataFrame({"monetary": [10.0], "is_held_out": [False]})
    said = summarize(EVERY, selected, "£")
    assert said[1] == (
        "Audience: segment Regular or At-Risk; country France; bought TEA; would be recommended MUG; silent "
        "for more than 1.5 times their usual gap; silent for at most 9 times their usual gap; silent for "
        "more than 60 days; at least 3 orders; spent at least £100.00; spent at most £1,000,000.00; moved "
        "from 31 Jan 2024 to 29 Feb 2024, new to Regular or Regular to At-Risk."
    )
    for name in FILTERS:
        changed = dataclasses.replace(EVERY, **{name: getattr(Campaign(), name)})
        assert summarize(changed, selected, "£") != said, name


def test_the_counts_are_those_of_the_list(small_model: ShopperModel) -> None:
    campaign = Campaign("Spring", hold_out=0.2)
    selected = campaign.select(small_model)
    counted = reach(selected)
    first, asked, last = summarize(campaign, selected)
    assert first.startswith(f"Campaign “Spring”: {len(small_model.customers)} customers, who have spent ")
    assert asked == "Audience: everyone."
    assert last.startswith(f"{counted['contacted']} to contact, and {counted['held_out']} held out")


def test_a_list_to_read_names_its_suggestions(small_model: ShopperModel) -> None:
    selected = Campaign(n_recommendations=2, hold_out=0.5).select(small_model)
    shown = readable(selected)
    first = selected.iloc[0]
    assert (
        shown["suggestions"].iloc[0] == f"{first['recommendation_1_name']}, {first['recommendation_2_name']}"
    )
    assert shown.columns.tolist()[-2:] == ["action", "suggestions"]
    assert shown.columns.tolist()[:3] == ["customer_id", "segment", "monetary"]
    assert readable(selected.head(0)).empty
    assert "suggestions" not in readable(Campaign().select(small_model))
