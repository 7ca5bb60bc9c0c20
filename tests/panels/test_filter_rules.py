"""The filters that a panel has, and values that a shop doesn't have."""

import pytest

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignPanel, OverduePanel, SalesPanel
from shopper_widgets.panels.filter_rules import filters_of, hold, known, told, traits_of
from shopper_widgets.panels.period import covered_days


def test_dates_of_a_campaign_are_not_a_period(small_model: ShopperModel) -> None:
    assert traits_of(CampaignPanel(small_model)) == {"country": ("countries",), "segment": ("segments",)}
    assert traits_of(OverduePanel(small_model)) == {"country": ("country",), "segment": ("segment",)}


def test_a_panel_holds_what_it_can_and_shows_all_of_the_rest(small_model: ShopperModel) -> None:
    panel = SalesPanel(small_model, country="France")
    several = {"country": ("France", "Germany"), "period": ("2024-03-01", "2024-04-30"), "segment": ("New",)}
    hold(panel, several)
    assert filters_of(panel) == {"period": ("2024-03-01", "2024-04-30"), "segment": ("New",)}
    hold(panel, {})
    assert panel.changed() == {}


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("2024-03-01", "2024-04-30"), ("2024-03-01", "2024-04-30")),
        (("2024-03-01",), ("2024-03-01", "2024-03-01")),
        (("20240301", "2024-04-30"), ("2024-03-01", "2024-04-30")),
        # Each view reports days in the wrong order itself.
        (("2024-04-30", "2024-03-01"), ("2024-04-30", "2024-03-01")),
        ((), ()),
    ],
)
def test_a_period_is_two_days(small_model: ShopperModel, days: tuple[str, ...], found: tuple[str]) -> None:
    assert known(small_model, {"period": days}) == ({"period": found} if found else {}, "")


def test_all_days_are_no_period(small_model: ShopperModel) -> None:
    assert known(small_model, {"period": tuple(map(str, covered_days(small_model)))}) == ({}, "")


@pytest.mark.parametrize(
    "days", [("soon",), ("2023-01-01", "2024-03-01"), ("2024-03-01", "2024-03-02", "2024-03-03"), ("", "x")]
)
def test_what_is_no_period_is_told(small_model: ShopperModel, days: tuple[str, ...]) -> None:
    found, problem = known(small_model, {"period": days, "country": ("France",)})
    assert found == {"country": ("France",)}
    assert problem.startswith("A period is two days from 2024-01-01 to 2024-07-18, not ")


def test_only_filters_that_are_set_are_told_of(small_model: ShopperModel) -> None:
    whole = "This view is worked out from the whole shop."
    assert told(small_model, {}, {}) == []
    assert told(small_model, {"country": ("France",)}, {}) == [whole]
    # A view without the filter of a period says which time its figures are of.
    first, said = told(small_model, {"period": ("2024-03-01", "2024-04-30"), "segment": ("New",)}, {})
    assert first == whole
    assert said.endswith("All else is as of 19 Jul 2024.")
