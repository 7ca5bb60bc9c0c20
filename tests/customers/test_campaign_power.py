"""The smallest detectable effect, estimated from customers' past windows."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.campaign_effect import effects
from shopper_widgets.customers.campaign_power import (
    advised_hold_out,
    minimum_detectable_effect,
    past_windows,
)
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.campaign_power import detectable, what_would_show


def _shop(model: ShopperModel, rows: list[tuple[str, str, float]], as_of: str) -> ShopperModel:
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"])
    return dataclasses.replace(model, orders=orders, as_of=pd.Timestamp(as_of))


def test_windows_begin_after_the_first_order(small_model):
    rows = [
        ("a", "2024-01-01", 100.0),  # the first order, 90 days ago: three windows of 30 days begin after it
        ("a", "2024-01-05", 10.0),
        ("a", "2024-01-06", 20.0),
        ("a", "2024-03-30", 5.0),
        ("b", "2024-03-20", 50.0),  # ten days ago: no whole window
    ]
    past = past_windows(_shop(small_model, rows, "2024-03-31"), 30)
    assert past.loc["a", ["windows", "orders", "buyers", "revenue"]].tolist() == [3, 3, 2, 35]
    assert past.loc["a", ["orders_square", "revenue_square"]].tolist() == [1 + 4, 25 + 900]
    assert past.loc["b", ["windows", "orders", "revenue"]].tolist() == [0, 0, 0]


def test_a_long_past_counts_by_its_newest_windows(small_model):
    rows = [("a", "2000-01-01", 1.0), ("a", "2022-01-01", 7.0), ("a", "2024-03-30", 5.0)]
    past = past_windows(_shop(small_model, rows, "2024-03-31"), 30)
    assert past.loc["a", ["windows", "revenue"]].tolist() == [12, 5]


def test_the_formula_by_hand(small_model):
    past = past_windows(small_model, 30)
    selected = small_model.customers.head(100)
    table = minimum_detectable_effect(small_model, selected, hold_outs=[0.3]).set_index("figure")
    own = past.reindex(selected["customer_id"])
    n, total, squares = (float(own[name].sum()) for name in ("windows", "revenue", "revenue_square"))
    spread = np.sqrt(squares / n - (total / n) ** 2)
    expected = (1.959964 + 0.841621) * float(spread) * np.sqrt(1 / 70 + 1 / 30)
    assert table.loc["revenue", "smallest"] == pytest.approx(expected, rel=0.01)
    assert table.loc["revenue", "smallest_share"] == pytest.approx(expected / (total / n), rel=0.01)
    rate = float(table["usual"].loc["buyers"])
    assert rate == pytest.approx(own["buyers"].sum() / n)
    assert table.loc["buyers", "smallest"] == pytest.approx(
        2.801585 * np.sqrt(rate * (1 - rate) * (1 / 70 + 1 / 30)), rel=0.01
    )


def test_an_effect_of_that_size_is_seen_so_often():
    """Of 100 campaigns with the effect that shows 4 times in 5 by the formula, about 80 show it."""
    rng, held_out, rate = np.random.default_rng(0), np.arange(300) < 90, 0.3
    smallest = 2.801585 * np.sqrt(rate * (1 - rate) * (1 / 210 + 1 / 90))
    seen = 0
    for seed in range(100):
        ordered = rng.random((300, 1)) < np.where(held_out, rate, rate + smallest)[:, None]
        seen += int(effects(ordered.astype(float), held_out, random_state=seed).low[0] > 0)
    assert 70 <= seen <= 90


def test_more_held_out_shows_less_up_to_half(small_model):
    table = minimum_detectable_effect(small_model, small_model.customers)
    smallest = table.loc[table["figure"] == "revenue", "smallest"].dropna()
    assert len(smallest) == 4 and smallest.is_monotonic_decreasing and advised_hold_out(table) == 0.3
    assert advised_hold_out(table.assign(smallest=np.nan)) is None


def test_too_few_on_a_side_show_nothing(small_model):
    customers = small_model.customers.nlargest(60, "frequency")
    table = minimum_detectable_effect(small_model, customers, hold_outs=[0.15, 0.17, 0.9])
    told = table[table["figure"] == "orders"].set_index("held_out")["smallest"].notna()
    assert told.to_dict() == {9: False, 10: True, 54: False}
    with pytest.raises(TooLittleDataError, match="the past of these customers has 0 windows of 365 days"):
        minimum_detectable_effect(small_model, customers, days=365)


@pytest.mark.parametrize("options", [{"hold_outs": [0.0]}, {"hold_outs": [1]}, {"power": 1.0}, {"days": 0.5}])
def test_what_can_not_be(small_model, options):
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
        minimum_detectable_effect(small_model, small_model.customers, **options)


def test_it_is_said_in_words(small_model):
    customers = small_model.customers
    (enough,) = what_would_show(small_model, customers, 0.3)
    assert enough.startswith("With 45 of 149 held out, the minimum detectable effect (seen 4 times in 5) is ")
    nobody, advice = what_would_show(small_model, customers, 0.0)
    assert nobody == "Nobody is held out, so the effect of the campaign can't be measured."
    assert advice.startswith(
        "Hold out 30 % (45 customers): the minimum detectable effect (seen 4 times in 5) is then "
    )
    assert advice.partition("at least ")[2] == enough.partition("at least ")[2]
    (few,) = what_would_show(small_model, customers.head(15), 0.3)
    assert few.startswith(
        "Whichever share of 15 customers is held out, one group would have fewer than 10, or"
    )
    assert what_would_show(small_model, customers.head(0), 0.3) == []
    (short,) = what_would_show(small_model, customers, 0.3, days=365)
    assert short.startswith("Their order history is too short")
    table = minimum_detectable_effect(small_model, customers.nlargest(45, "frequency"), hold_outs=[0.1, 0.3])
    too_few, _ = detectable(table, 0.1)
    assert too_few == (
        "With 4 of 45 held out, no effect can be measured: each group needs 10 customers, and 3 who order."
    )
