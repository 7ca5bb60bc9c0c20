import numpy as np
import pandas as pd
import pytest

from shopper_widgets.products.unusual_weeks import BEFORE, FEWEST, unusual_week


def lines(weeks: int, factor: float = 1.0, seed: int = 0) -> pd.DataFrame:
    """Return lines of whole weeks and a Monday, with the last whole week's amounts times a factor."""
    days = pd.date_range("2024-01-01", periods=7 * weeks + 1, freq="D")
    amounts = 100 + 20 * np.random.default_rng(seed).random(len(days))
    amounts[-8:-1] *= factor
    return pd.DataFrame({"ordered_at": days + pd.Timedelta(hours=12), "amount": amounts})


@pytest.mark.parametrize("factor", [0.5, 1.8])
def test_a_planted_week_is_found_with_its_figures(factor: float) -> None:
    shop = lines(40, factor)
    week = unusual_week(shop)
    assert week is not None
    assert week.start == shop["ordered_at"].iloc[-8].normalize() and week.start.weekday() == 0
    assert week.revenue == pytest.approx(shop["amount"].iloc[-8:-1].sum())
    assert week.share == pytest.approx(factor, rel=0.1)
    assert 0.8 < week.least < 1 < week.most < 1.2 and week.weeks == 40 - BEFORE - 1


def test_ordinary_weeks_are_found_as_often_as_chance_says() -> None:
    found = sum(unusual_week(lines(48, seed=seed)) is not None for seed in range(200))
    assert found <= 25  # of 200, 2 in 40 are expected, which is 10


def test_a_week_that_is_not_over_and_a_young_shop_say_nothing() -> None:
    shop = lines(40, 0.5)
    assert unusual_week(shop[shop["ordered_at"] < shop["ordered_at"].iloc[-1].normalize()]) is None
    assert unusual_week(lines(BEFORE + FEWEST, 0.5)) is None
    assert unusual_week(lines(BEFORE + FEWEST + 1, 0.5)) is not None
    assert unusual_week(shop.tail(3)) is None


@pytest.mark.parametrize(("a_year_ago", "is_told"), [(1.0, True), (0.9, True), (0.6, False), (1.7, True)])
def test_what_the_season_did_a_year_ago_it_does_again(a_year_ago: float, is_told: bool) -> None:
    shop = lines(100, 0.5)
    shop.loc[shop.index[-8 - 52 * 7 : -1 - 52 * 7], "amount"] *= a_year_ago
    assert (unusual_week(shop) is not None) == is_told


def test_a_steady_shop_a_closed_week_and_a_week_of_returns() -> None:
    steady = lines(40).assign(amount=100.0)
    steady.loc[steady.index[-3], "amount"] = 101.0
    assert unusual_week(steady) is None
    closed = lines(100, 0.0)
    assert unusual_week(closed) is not None
    closed.loc[closed.index[-8 - 52 * 7 : -1 - 52 * 7], "amount"] *= 0.1
    assert unusual_week(closed) is None
    assert unusual_week(lines(40, -1.0)) is None


def test_some_lines_of_a_shop_are_looked_at_in_its_weeks() -> None:
    shop = lines(40)
    stopped = shop[shop["ordered_at"] < shop["ordered_at"].iloc[-8].normalize()]
    assert unusual_week(stopped) is None
    week = unusual_week(stopped, shop=shop)
    assert week is not None and week.revenue == 0 and week.start == shop["ordered_at"].iloc[-8].normalize()
    assert unusual_week(shop, shop=shop) == unusual_week(shop)
    assert unusual_week(shop.iloc[:0], shop=shop) is None
