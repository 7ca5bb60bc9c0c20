import dataclasses

import ipywidgets as widgets
import pytest
import traitlets

from shopper_widgets.panels.limits import LIMITS, LimitTraits, countries, limit_controls
from shopper_widgets.recommend.assortment import assortment


class Limited(LimitTraits):
    def __init__(self, model, **state):
        self.model = model
        super().__init__(**state)


def test_without_a_limit_all_is_allowed(small_model):
    assert Limited(small_model).allowed() is None


def test_what_is_allowed_is_the_assortment(small_model):
    country = countries(small_model)[0]
    limited = Limited(small_model, country=country, lowest_price=1, highest_price=9, sold_within_days=28)
    wanted = assortment(
        small_model.sales, country=country, lowest_price=1, highest_price=9, sold_within_days=28
    )
    assert limited.allowed() == wanted
    assert limited.allowed() is limited.allowed()
    limited.highest_price = 0
    assert set(limited.allowed() or ()) >= set(wanted or ())


def test_a_highest_price_below_the_lowest_allows_nothing(small_model):
    assert Limited(small_model, lowest_price=5, highest_price=4).allowed() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "Atlantis"),
        ("lowest_price", -1.0),
        ("highest_price", float("inf")),
        ("sold_within_days", 3),
    ],
)
def test_what_makes_no_sense_is_refused(small_model, name, value):
    with pytest.raises(traitlets.TraitError):
        Limited(small_model, **{name: value})


def test_there_is_a_labelled_control_for_each_limit(small_model):
    controls = limit_controls(small_model)
    assert tuple(sorted(controls)) == tuple(sorted(LIMITS))
    assert all(control.description for control in controls.values())
    assert isinstance(controls["country"], widgets.Dropdown)


def test_one_country_is_no_choice(small_model):
    one = dataclasses.replace(small_model, sales=small_model.sales.assign(country="France"))
    assert "country" not in limit_controls(one)
