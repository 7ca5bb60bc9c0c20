import numpy as np
import pandas as pd
import pytest

from shopper_widgets.customers.newcomers import FEWEST, SPAN, compare_newcomers
from shopper_widgets.segments.rhythm import SHORT_SILENCE as FOLLOWED

AS_OF = pd.Timestamp("2025-01-01")


def shop(before: float, now: float, *, n: int = 400, seed: int = 0) -> pd.DataFrame:
    """Return orders of old and new customers; these shares come back, before and since a quarter ago."""
    draw = np.random.default_rng(seed)
    old = pd.DataFrame({"customer_id": "old", "ordered_at": pd.date_range("2024-01-01", AS_OF, freq="7D")})
    end = AS_OF - pd.Timedelta(days=FOLLOWED)
    parts = [old]
    for quarter, share in ((2, before), (1, now)):
        first = end - pd.to_timedelta(SPAN * quarter - draw.integers(SPAN, size=n), unit="D")
        new = pd.DataFrame({"customer_id": [f"{quarter}-{i}" for i in range(n)], "ordered_at": first})
        again = new[draw.random(n) < share]
        late = new[~new["customer_id"].isin(again["customer_id"])]
        parts += [
            new,
            new.assign(ordered_at=new["ordered_at"] + pd.Timedelta(hours=2)),  # the same day doesn't count
            again.assign(ordered_at=again["ordered_at"] + pd.Timedelta(days=FOLLOWED)),
            late.assign(ordered_at=late["ordered_at"] + pd.Timedelta(days=FOLLOWED + 1)),
        ]
    return pd.concat(parts, ignore_index=True).assign(amount=5.0)


def test_a_planted_fall_is_found_and_counted() -> None:
    told = compare_newcomers(shop(0.5, 0.3), AS_OF)
    assert told is not None
    assert (told.before, told.now) == (400, 400)
    assert told.back_before == pytest.approx(200, abs=30) and told.back_now == pytest.approx(120, abs=30)
    assert told.low < told.back_now / 400 - told.back_before / 400 < told.high < 0
    assert told.end - told.middle == told.middle - told.start == pd.Timedelta(days=SPAN)


def test_nothing_that_is_not_there_is_found_more_often_than_promised() -> None:
    found = [compare_newcomers(shop(0.4, 0.4, n=60, seed=seed), AS_OF) for seed in range(120)]
    assert sum(told is None or told.high < 0 or told.low > 0 for told in found) <= 12


@pytest.mark.parametrize("rhythm", [0.1, 4.0])
def test_a_shop_is_compared_by_its_own_rhythm(rhythm: float) -> None:
    """The result is the same if customers come back after a tenth of the days, or four times as many."""
    orders = shop(0.5, 0.3)
    first = orders.groupby("customer_id")["ordered_at"].transform("min")
    new = orders["customer_id"] != "old"
    followed = round(FOLLOWED * rhythm)
    gap = np.ceil((orders["ordered_at"] - first).dt.days * rhythm)
    moved = first + pd.to_timedelta(gap, unit="D") - pd.Timedelta(days=followed - FOLLOWED)
    slow = orders.assign(ordered_at=orders["ordered_at"].mask(new, moved))
    slow = pd.concat([slow, slow.query("customer_id == 'old'").assign(ordered_at=pd.Timestamp("2023-01-01"))])
    told, usual = compare_newcomers(slow, AS_OF, followed=followed), compare_newcomers(orders, AS_OF)
    assert told is not None and usual is not None and told.followed == followed
    assert (told.before, told.back_before, told.now, told.back_now) == (
        (usual.before, usual.back_before, usual.now, usual.back_now)
    )
    if rhythm > 1:  # within sixty days, no customer of a slow shop has come back
        early = compare_newcomers(slow, AS_OF)
        assert early is None or early.back_now == 0


def test_too_few_or_perhaps_old_customers_are_not_compared() -> None:
    assert compare_newcomers(shop(0.5, 0.3, n=FEWEST - 1), AS_OF) is None
    orders = shop(0.5, 0.3)
    assert compare_newcomers(orders[orders["ordered_at"] >= "2024-06-01"], AS_OF) is None
