"""The plan adds up, reaches its service level, and reports what is unknown."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from shopper_widgets import DemandForecaster, critical_ratio, stock_plan
from shopper_widgets.products.stock_levels import stock_levels
from tests.demand_shops import SHOPS, as_demand, shop
from tests.order_tables import ENGINES


def _fitted(name: str = "a quarter") -> DemandForecaster:
    return DemandForecaster().fit(shop(name))


def _stock(forecaster: DemandForecaster, **columns: Any) -> pd.DataFrame:
    n = len(forecaster.products_)
    found = pd.DataFrame({"product_id": forecaster.products_, "on_hand": np.arange(n) % 9})
    return found.assign(**columns)


def test_what_is_ordered_fills_up_to_the_level() -> None:
    forecaster = _fitted()
    plan = stock_plan(forecaster, _stock(forecaster, on_order=2), lead_time=14, review=7)
    position = plan["on_hand"] + plan["on_order"]
    expected = np.maximum(plan["order_up_to"] - position, 0)
    assert plan["order_quantity"].tolist() == expected.tolist()
    assert (plan["order_up_to"] == np.ceil(plan["order_up_to"])).all()
    quantile = forecaster.predict_quantiles([0.95], horizon=3)["q0.95"]
    assert ((plan["order_up_to"] >= quantile - 1e-9) & (plan["order_up_to"] < quantile + 1)).all()
    assert plan["days_of_cover"].to_numpy() == pytest.approx((7 * position / plan["level"]).to_numpy())


def test_enough_stock_asks_for_no_order_not_for_minus_zero_packs() -> None:
    forecaster = _fitted()
    plan = stock_plan(forecaster, _stock(forecaster, on_hand=1e6, pack=6), lead_time=14)
    known = plan["order_quantity"].dropna()
    assert len(known) and not known.any() and not np.signbit(known.to_numpy()).any()


def test_packs_and_minimums() -> None:
    forecaster = _fitted()
    plain = stock_plan(forecaster, _stock(forecaster), lead_time=14)["order_quantity"]
    plan = stock_plan(forecaster, _stock(forecaster, pack=6, minimum=20), lead_time=14)["order_quantity"]
    assert (plan % 6 == 0).all()
    assert set(plan[plain == 0]) <= {0}
    assert (plan[plain > 0] >= np.maximum(plain[plain > 0], 20)).all()
    assert (plan[plain > 0] < np.maximum(plain[plain > 0], 20) + 6).all()


@pytest.mark.parametrize("name", ["a quarter", "five products", "wholesale spikes"])
def test_a_higher_promise_is_never_cheaper(name: str) -> None:
    forecaster = _fitted(name)
    stock = _stock(forecaster)
    plans = [stock_plan(forecaster, stock, lead_time=7, service_level=p) for p in (0.5, 0.8, 0.95, 0.99)]
    for column, sign in (
        ("reorder_point", 1),
        ("order_up_to", 1),
        ("order_quantity", 1),
        ("expected_leftover", 1),
        ("leftover_amount", 1),
        ("expected_shortage", -1),
        ("shortage_amount", -1),
    ):
        steps = np.diff([plan[column].dropna() for plan in plans], axis=0)
        assert (sign * steps >= -1e-9).all(), column


def test_money_adds_up() -> None:
    """Demand is stock plus shortage less leftover; each amount is that of its units."""
    forecaster = _fitted()
    plan = stock_plan(forecaster, _stock(forecaster, unit_cost=0.25), lead_time=14)
    held = plan["on_hand"] + plan["order_quantity"]
    demand = held + plan["expected_shortage"] - plan["expected_leftover"]
    other = stock_plan(forecaster, lead_time=14, service_level=0.5)
    again = other["order_up_to"] + other["expected_shortage"] - other["expected_leftover"]
    np.testing.assert_allclose(demand, again)
    np.testing.assert_allclose(demand, plan["expected"])
    np.testing.assert_allclose(plan["leftover_amount"], 0.25 * plan["expected_leftover"])
    np.testing.assert_allclose(plan["order_amount"], 0.25 * plan["order_quantity"])
    np.testing.assert_allclose(plan["shortage_amount"], plan["expected_shortage"])


def test_margin_says_what_pays() -> None:
    forecaster = _fitted()
    plan = stock_plan(forecaster, _stock(forecaster), lead_time=14, margin=0.4, holding_cost=0.25)
    assert set(plan["service_level"]) == {critical_ratio(0.4, 0.25, 3)}
    np.testing.assert_allclose(plan["order_amount"], 0.6 * plan["order_quantity"])
    np.testing.assert_allclose(plan["shortage_amount"], 0.4 * plan["expected_shortage"])
    low = stock_plan(forecaster, lead_time=14, service_level={"p0003": 0.5})
    assert low["service_level"].value_counts().to_dict() == {0.95: 79, 0.5: 1}
    with pytest.raises(ValueError, match=r"products of the forecast, not 'A', 'p3'\. .*service_levels"):
        stock_plan(forecaster, lead_time=14, service_level={"p0003": 0.5, "A": 0.9, "p3": 0.9})
    with pytest.raises(ValueError, match="service_level or margin"):
        stock_plan(forecaster, lead_time=14, margin=0.4, service_level=0.9)


def test_a_budget_is_kept_and_spent_where_it_saves_most() -> None:
    forecaster = _fitted()
    stock = _stock(forecaster, unit_cost=1.0)
    full = stock_plan(forecaster, stock, lead_time=14)
    total, last = full["order_amount"].sum(), np.inf
    for share in (0.0, 0.1, 0.4, 0.8, 1.0):
        plan = stock_plan(forecaster, stock, lead_time=14, budget=share * total)
        assert plan["order_amount"].sum() <= share * total + 1e-9
        assert (plan["order_quantity"] <= full["order_quantity"]).all()
        assert plan["shortage_amount"].sum() <= last
        last = plan["shortage_amount"].sum()
        evenly = np.floor(full["order_quantity"] * share)
        short = _shortage(forecaster, stock["on_hand"] + evenly)
        assert last <= short + 1e-9
    assert plan["order_quantity"].tolist() == full["order_quantity"].tolist()


def test_what_a_limit_leaves_out_is_told_in_units_money_and_sales() -> None:
    forecaster = _fitted()
    stock = _stock(forecaster, unit_cost=0.5)
    full = stock_plan(forecaster, stock, lead_time=14)
    assert "limits" not in full.attrs and not full["left_out"].any()
    budget = 0.4 * full["order_amount"].sum()
    plan = stock_plan(forecaster, stock, lead_time=14, budget=budget)
    assert (plan["order_quantity"] + plan["left_out"]).tolist() == full["order_quantity"].tolist()
    limits = plan.attrs["limits"]
    assert limits["amount"] == pytest.approx(0.5 * plan["left_out"].sum())
    lost = plan["shortage_amount"].sum() - full["shortage_amount"].sum()
    assert limits["lost"] == pytest.approx(lost)
    # A budget larger by a unit's cost fits one more unit, unless the best product is ordered by twos.
    more = stock_plan(forecaster, stock, lead_time=14, budget=plan["order_amount"].sum() + 0.5)
    saved = plan["shortage_amount"].sum() - more["shortage_amount"].sum()
    assert limits["worth"] == {"budget": pytest.approx(saved / 0.5, rel=0.01)}


def test_a_limit_that_is_not_reached_changes_nothing_whatever_is_promised() -> None:
    forecaster = _fitted("wholesale spikes")
    stock = _stock(forecaster, unit_space=1.0)
    terms = {"lead_time": 14, "service_level": 0.999}
    full = stock_plan(forecaster, stock, **terms)
    plan = stock_plan(forecaster, stock, **terms, budget=1e9, space=1e9)
    assert plan["order_quantity"].tolist() == full["order_quantity"].tolist()
    assert plan.attrs["limits"] == {"amount": 0.0, "lost": 0.0, "worth": {"budget": 0.0, "space": 0.0}}


def test_a_space_limit_is_kept_and_given_to_what_sells_most_per_room() -> None:
    forecaster = _fitted()
    n = len(forecaster.products_)
    stock = _stock(forecaster, unit_cost=1.0, unit_space=np.where(np.arange(n) % 2, 3.0, 0.5))
    full = stock_plan(forecaster, stock, lead_time=14)
    assert full["order_space"].tolist() == (full["order_quantity"] * stock["unit_space"]).tolist()
    room, last = full["order_space"].sum(), np.inf
    for share in (0.0, 0.2, 0.6, 1.0):
        plan = stock_plan(forecaster, stock, lead_time=14, space=share * room)
        assert plan["order_space"].sum() <= share * room + 1e-9
        assert plan["shortage_amount"].sum() <= last
        last = plan["shortage_amount"].sum()
        assert (
            last <= _shortage(forecaster, stock["on_hand"] + np.floor(full["order_quantity"] * share)) + 1e-9
        )
    assert plan["order_quantity"].tolist() == full["order_quantity"].tolist()
    # A budget that doesn't bind changes nothing; one that binds is kept together with the space.
    half = stock_plan(forecaster, stock, lead_time=14, space=room / 2)
    spent = half["order_amount"].sum()
    same = stock_plan(forecaster, stock, lead_time=14, space=room / 2, budget=spent)
    assert same["order_quantity"].tolist() == half["order_quantity"].tolist()
    both = stock_plan(forecaster, stock, lead_time=14, space=room / 2, budget=0.7 * spent)
    assert both["order_amount"].sum() <= 0.7 * spent and both["order_space"].sum() <= room / 2
    assert both["shortage_amount"].sum() >= half["shortage_amount"].sum()


def test_an_order_within_a_space_saves_what_linear_programming_saves_less_a_pack() -> None:
    """Each unit of each product is a variable, with the expected sales that it saves, and its space."""
    forecaster = _fitted()
    n = len(forecaster.products_)
    room = np.where(np.arange(n) % 3 == 0, 2.0, 0.7)
    stock = _stock(forecaster, on_hand=0, unit_space=room)
    full = stock_plan(forecaster, stock, lead_time=14)
    space = 0.4 * float(full["order_space"].sum())
    plan = stock_plan(forecaster, stock, lead_time=14, space=space)
    demand = _demands(forecaster)
    most = int(full["order_quantity"].max())
    short = np.maximum(demand[:, :, None] - np.arange(most + 1), 0).mean(axis=1)
    saved = -np.diff(short, axis=1) * forecaster.recent_prices()[:, None]
    allowed = np.arange(most) < full["order_quantity"].to_numpy()[:, None]
    best = -linprog(
        -saved[allowed],
        A_ub=[np.broadcast_to(room[:, None], saved.shape)[allowed]],
        b_ub=[space],
        bounds=(0, 1),
    ).fun
    nothing = (short[:, 0] * forecaster.recent_prices()).sum()
    won = nothing - plan["shortage_amount"].sum()
    # Orders of more than 50 units grow by two at a time.
    assert best - 2 * saved.max() <= won <= best + 1e-6
    assert won > 1.05 * (nothing - _shortage(forecaster, np.floor(0.4 * full["order_quantity"])))


def test_unknown_space_is_none_and_known_of_nothing_is_refused() -> None:
    forecaster = _fitted()
    room = np.where(np.arange(len(forecaster.products_)) < 40, 1.0, np.nan)
    stock = _stock(forecaster, unit_space=room)
    full, plan = (stock_plan(forecaster, stock, lead_time=14, space=space) for space in (None, 0.0))
    assert not plan["order_quantity"][:40].any()
    assert plan["order_quantity"][40:].tolist() == full["order_quantity"][40:].tolist()
    with pytest.raises(ValueError, match="space needs the column unit_space in on_hand"):
        stock_plan(forecaster, _stock(forecaster), lead_time=14, space=5)


def _demands(forecaster: DemandForecaster) -> np.ndarray:
    """Equally likely demands of each product: its quantiles, with the mean that is expected."""
    levels = (np.arange(200) + 0.5) / 200
    demand = forecaster.predict_quantiles(levels, horizon=3).drop(columns="product_id").to_numpy()
    expected = forecaster.predict(horizon=3)["expected"].to_numpy()
    return demand * (expected / demand.mean(axis=1))[:, None]


def _shortage(forecaster: DemandForecaster, held: "pd.Series[float]") -> float:
    """Expected units short of everything together."""
    demand = _demands(forecaster)
    return float(np.maximum(demand - held.to_numpy()[:, None], 0).mean(axis=1).sum())


@pytest.mark.parametrize("name", [name for name in SHOPS if name != "five products"])
def test_levels_would_have_lasted_as_often_as_promised(name: str) -> None:
    attrs = stock_plan(_fitted(name), lead_time=14, review=14, service_level=0.9).attrs
    if attrs["tried"]:
        assert attrs["kept"] / attrs["tried"] == pytest.approx(0.9, abs=0.05)
    else:
        assert name == "a quarter"


def test_online_retail_keeps_what_it_promises(online_retail_demand: pd.DataFrame) -> None:
    forecaster = DemandForecaster().fit(online_retail_demand)
    attrs = stock_plan(forecaster, lead_time=14, service_level=0.95).attrs
    assert attrs["weeks"] == 3
    assert attrs["tried"] > 20_000
    assert 0.93 <= attrs["kept"] / attrs["tried"] <= 0.97


def test_few_products_say_that_nothing_was_measured() -> None:
    plan = stock_plan(_fitted("five products"), lead_time=14)
    assert set(plan["basis"]) <= {"measured", "negative_binomial"}
    assert plan["order_up_to"].notna().all()


def test_without_stock_there_are_levels_only() -> None:
    plan = stock_plan(_fitted(), lead_time=0, review=7)
    assert plan[["on_hand", "order_quantity", "days_of_cover"]].isna().all(axis=None)
    assert (plan["reorder_point"] == 0).all()
    assert (plan["order_up_to"] > 0).all()


def test_rows_of_stock_are_kept_or_rejected_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text(
        "product_id,on_hand,pack\n p0001 ,5,2\nP0002,many,2\np0003,3,0\np0004,3,2\np0004,4,2\n"
        ",9,2\nx,1,1\np0005,-2,3\n"
    )
    plan = stock_plan(_fitted(), path, lead_time=7)
    known = plan[plan["on_hand"].notna()].set_index("product_id")["on_hand"]
    assert known.to_dict() == {"p0001": 5, "p0005": -2}
    assert [(row["product_id"], row["reason"]) for row in plan.attrs["rejected"] if row["reason"]][:4] == [
        ("P0002", "unreadable number"),
        ("p0003", "pack of 0"),
        ("p0004", "repeated product"),
        ("p0004", "repeated product"),
    ]
    assert [row["reason"] for row in plan.attrs["rejected"]][4:] == ["missing product", "never sold"]
    short = plan.set_index("product_id").loc["p0005"]
    assert short["order_quantity"] >= short["order_up_to"] + 2


@pytest.mark.parametrize("engine", ENGINES)
def test_stock_comes_from_any_engine_in_any_order(engine: str) -> None:
    forecaster = _fitted()
    stock = _stock(forecaster)
    expected = stock_plan(forecaster, stock, lead_time=14)
    found = stock_plan(forecaster, ENGINES[engine](stock.sample(frac=1, random_state=0)), lead_time=14)
    pd.testing.assert_frame_equal(found, expected)


def test_goods_by_weight_are_not_rounded() -> None:
    demand = as_demand(np.full((2, 20), 4))
    demand["quantity"] = np.where(
        demand["product_id"] == "p0000", demand["quantity"] * 0.37, demand["quantity"]
    )
    plan = stock_plan(DemandForecaster().fit(demand), lead_time=7)
    assert (plan["order_up_to"] % 1 != 0).tolist() == [True, False]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"lead_time": -1}, ValueError, "lead_time must be at least 0"),
        ({"lead_time": 7, "service_level": 95}, ValueError, "service_level must lie between 0 and 1"),
        ({"lead_time": 7, "budget": -5}, ValueError, "budget must be at least 0"),
        ({"lead_time": 7, "space": -5}, ValueError, "space must be at least 0"),
        (
            {"lead_time": 7, "on_hand": pd.DataFrame({"sku": ["a"]})},
            ValueError,
            "product_id and on_hand are missing",
        ),
    ],
)
def test_what_is_wrong_is_said(arguments: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        stock_plan(_fitted(), **arguments)
    with pytest.raises(TypeError, match="fitted DemandForecaster; got str"):
        stock_plan("forecast", lead_time=7)  # type: ignore[arg-type]


def test_a_stock_file_may_be_written_by_any_spreadsheet(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text("Product_ID; On_hand\n007;3\n", encoding="utf-8-sig")
    kept, rejected = stock_levels(path, ["007"])
    assert kept["on_hand"].tolist() == [3.0] and rejected.empty
