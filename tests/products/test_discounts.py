"""The break-even of a discount: rates from past dates, sums by hand, and the size of a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.history import segment_history
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.discounts import cheapest_test, customers_per_arm, discount_table, order_rates
from shopper_widgets.segments import CustomerSegmenter


def shop(
    rates: dict[str, float], n: int = 200, dates: int = 3, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a history and orders: after each date, customers order for 10 within 30 days at these rates."""
    draw = np.random.default_rng(seed)
    ends = pd.date_range("2024-01-31 23:59:59", periods=dates, freq="35D")
    who = [(f"{segment}-{i}", segment, chance) for segment, chance in rates.items() for i in range(n)]
    history = pd.DataFrame(
        [(name, segment, end, False) for end in ends for name, segment, _ in who],
        columns=["customer_id", "segment", "date", "is_partial"],
    )
    orders = [
        (name, end + pd.Timedelta(days=int(draw.integers(1, 29))), 10.0)
        for end in ends
        for name, _, chance in who
        if draw.random() < chance
    ]
    orders.append(("someone else", ends[-1] + pd.Timedelta(days=40), 10.0))
    return history, pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"])


def test_rates_are_those_of_the_past_dates_with_an_interval_that_holds_the_truth() -> None:
    planted, held = {"A": 0.5, "B": 0.1}, []
    for seed in range(60):
        rates = order_rates(*shop(planted, seed=seed)).set_index("segment")
        assert list(rates.index) == ["A", "B"] and (rates["basket"] == 10).all()
        held += [rates["rate_low"][s] <= chance <= rates["rate_high"][s] for s, chance in planted.items()]
    assert 0.89 <= np.mean(held) <= 0.99


def test_a_customer_who_is_seen_on_several_dates_is_one() -> None:
    history, orders = shop({"A": 0.3}, dates=1)
    ends = history["date"].unique()
    again = pd.concat([history.assign(date=end) for end in [*ends, ends[0] + pd.Timedelta(seconds=1)]])
    once, twice = order_rates(history, orders), order_rates(again, orders)
    assert twice["seen"].item() == 2 * once["seen"].item()
    for column in ("rate", "rate_low", "rate_high"):
        assert twice[column].item() == pytest.approx(once[column].item())


def test_only_dates_with_whole_months_and_enough_days_after_them_count() -> None:
    history, orders = shop({"A": 0.4}, dates=8)
    assert order_rates(history, orders)["dates"].item() == 6
    marked = history.assign(is_partial=history["date"] != history["date"].max())
    assert order_rates(marked, orders)["seen"].item() == 200
    with pytest.raises(TooLittleDataError, match="so no month-end has 300 days of orders after it"):
        order_rates(history, orders, days=300)


def test_orders_count_from_after_the_date_to_the_last_of_the_days() -> None:
    history, _ = shop({"A": 0.0}, n=40, dates=1)
    end = history["date"].iloc[0]
    moments = [end, end + pd.Timedelta(seconds=1), end + pd.Timedelta(days=30), end + pd.Timedelta("30D 1s")]
    orders = pd.DataFrame({"customer_id": [f"A-{i}" for i in range(4)], "ordered_at": moments, "amount": 5.0})
    assert order_rates(history, orders)["rate"].item() == 2 / 40


def test_rates_of_few_are_missing_and_those_of_none_have_an_interval() -> None:
    history, orders = shop({"A": 0.0}, n=29, dates=1)
    assert order_rates(history, orders)[["rate", "rate_low"]].isna().all(axis=None)
    history, orders = shop({"A": 0.0}, n=30, dates=1)
    rate = order_rates(history, orders)
    assert rate[["rate", "rate_low", "rate_high"]].to_numpy().tolist() == [[0.0, 0.0, 0.1]]
    customers = pd.DataFrame({"customer_id": ["a"], "segment": ["A"]})
    table = discount_table(rate, customers, margin=0.4, discount=0.1)
    assert table[["break_even", "per_arm"]].isna().all(axis=None)  # without orders there is no basket


@pytest.fixture
def customers() -> pd.DataFrame:
    return pd.DataFrame({"customer_id": map(str, range(300)), "segment": ["A"] * 200 + ["B"] * 100})


RATES = pd.DataFrame(
    {"segment": ["A", "B"], "rate": [0.5, 0.2], "rate_low": 0.1, "rate_high": 0.6, "basket": [100.0, 50.0]}
)


def test_at_the_break_even_the_discount_brings_nothing_and_costs_nothing(customers: pd.DataFrame) -> None:
    table = discount_table(RATES, customers, margin=0.4, discount=0.1, contact_cost=1.0)
    before = table["customers"] * table["rate"] * table["basket"] * 0.4
    after = table["customers"] * (table["break_even"] * table["basket"] * 0.3 - 1.0)
    assert after.to_numpy() == pytest.approx(before.to_numpy())
    for segment, lift in table.set_index("segment")["lift_needed"].items():
        guessed = discount_table(RATES, customers, margin=0.4, discount=0.1, contact_cost=1.0, guess=lift)
        assert guessed.set_index("segment")["result_guess"][str(segment)] == pytest.approx(0, abs=1e-9)


def test_without_a_lift_it_costs_what_is_given_away_and_the_contacts(customers: pd.DataFrame) -> None:
    table = discount_table(RATES, customers, margin=0.4, discount=0.1, contact_cost=2.0, guess=1.0)
    assert table["given_away"].tolist() == [200 * 0.5 * 100 * 0.1, 100 * 0.2 * 50 * 0.1]
    assert table["result_no_lift"].tolist() == [-1000 - 400, -100 - 200]
    assert table["result_guess"].to_numpy() == pytest.approx(table["result_no_lift"].to_numpy())
    assert (table["result_no_lift_low"] <= table["result_no_lift"]).all()
    assert (table["result_no_lift"] <= table["result_no_lift_high"]).all()


@pytest.mark.parametrize(("margin", "discount"), [(0.1, 0.1), (0.1, 0.3), (0.4, 0.35)])
def test_where_more_than_everybody_would_have_to_order_it_never_pays(
    customers: pd.DataFrame, margin: float, discount: float
) -> None:
    table = discount_table(RATES, customers, margin=margin, discount=discount).set_index("segment")
    assert np.isnan(table["break_even"]["A"]) and np.isnan(table["waves"]["A"])
    assert "A" not in set(cheapest_test(table.reset_index(), discount=discount)["segment"])


def test_a_test_needs_so_many_that_four_in_five_see_the_effect() -> None:
    draw = np.random.default_rng(0)
    before, after = 0.2, 0.3
    n = int(customers_per_arm(pd.Series([before]), pd.Series([after])).item())
    assert n == 291
    ordered = draw.binomial(n, [[before], [after]], size=(2, 20_000)) / n
    error = np.sqrt((ordered * (1 - ordered)).sum(axis=0) / n)
    assert np.mean((ordered[1] - ordered[0]) / error > 1.96) == pytest.approx(0.8, abs=0.02)
    surer = customers_per_arm(pd.Series([before]), pd.Series([after]), power=0.9)
    assert surer.item() > n


def test_waves_and_the_cheapest_test(customers: pd.DataFrame) -> None:
    table = discount_table(RATES, customers, margin=0.4, discount=0.1)
    by = table.set_index("segment")
    assert by["arm"].to_dict() == {"A": 100, "B": 50}
    assert by["waves"].to_dict() == {s: np.ceil(by["per_arm"][s] / by["arm"][s]) for s in "AB"}
    tests = cheapest_test(table, discount=0.1, contact_cost=1.0)
    assert tests["cost"].is_monotonic_increasing
    first = tests.iloc[0]
    row = by.loc[first["segment"]]
    assert first["cost"] == pytest.approx(row["per_arm"] * (row["break_even"] * row["basket"] * 0.1 + 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [("margin", 0), ("margin", 1.1), ("discount", 0), ("discount", 1), ("contact_cost", -1), ("guess", -0.1),
     ("power", 1), ("margin", True), ("discount", np.nan)],
)  # fmt: skip
def test_what_can_not_be_is_refused_by_name(customers: pd.DataFrame, name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        discount_table(RATES, customers, **{"margin": 0.4, "discount": 0.1, name: value})


def test_the_published_table_comes_out_for_the_members_it_was_made_of(
    online_retail_lines: pd.DataFrame,
) -> None:
    """The table was published before this code existed: segments by the soft transform, returns dropped."""
    model = ShopperModel.fit(
        online_retail_lines,
        returns="drop",
        segmenter=CustomerSegmenter(n_clusters=4, transform="soft"),
        progress=False,
    )
    rates = order_rates(segment_history(model), model.orders)
    table = discount_table(rates, model.customers, margin=0.4, discount=0.1).set_index("customers")
    assert (table["rate"] * 100).round(1).to_dict() == {1429: 54.1, 691: 27.4, 1143: 21.3, 1075: 12.5}
    assert (table["break_even"] * 100).round(1).to_dict() == {1429: 72.1, 691: 36.5, 1143: 28.3, 1075: 16.6}
    published = {1429: 109, 691: 405, 1143: 580, 1075: 1128}
    assert table["per_arm"].to_dict() == pytest.approx(published, abs=1)  # made from rounded shares
    assert table["arm"].to_dict() == {1429: 714, 691: 345, 1143: 571, 1075: 537}
    half_off = discount_table(rates, model.customers, margin=0.4, discount=0.2).set_index("customers")
    assert np.isnan(half_off["break_even"][1429]) and half_off["break_even"].notna().sum() == 3


def test_the_table_of_the_segments_of_today(online_retail_model: ShopperModel) -> None:
    rates = order_rates(segment_history(online_retail_model), online_retail_model.orders)
    table = discount_table(rates, online_retail_model.customers, margin=0.4, discount=0.1)
    by = table.set_index("segment")
    assert (by["rate"] * 100).round(1).to_dict() == {
        "High-Value": 52.7,
        "At-Risk": 33.2,
        "Regular": 20.8,
        "Occasional": 12.1,
    }
    assert by["per_arm"].to_dict() == {"High-Value": 117, "At-Risk": 301, "Regular": 598, "Occasional": 1170}
