"""Sentences about fading stock agree with the figures."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_money
from shopper_widgets.products.classes import product_classes
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.stock_outs import possible_stock_outs
from shopper_widgets.products.trends import demand_trends
from shopper_widgets.words.demand import Demand
from shopper_widgets.words.markdown import CLEARING, NO_STOCK, MarkdownTerms, markdown_case
from shopper_widgets.words.stock import plan_of
from tests.demand_shops import as_demand

#: Two of 14 products: one that fell from 40 a week to 4, and one that stopped; twelve are steady.
FADING, STOPPED = "p0012", "p0013"


@pytest.fixture(scope="module")
def demand() -> Demand:
    random = np.random.default_rng(5)
    units = random.poisson(20.0, (14, 40))
    units[12] = np.r_[random.poisson(40.0, 27), random.poisson(4.0, 13)]
    units[13, 27:] = 0
    weeks = as_demand(units, prices=np.full(14, 10.0))
    classes = product_classes(weeks)
    return Demand(
        weeks=weeks,
        forecaster=DemandForecaster().fit(weeks),
        classes=classes.assign(group=classes["abc"] + classes["xyz"]),
        names=pd.Series(classes["product_id"].to_numpy(), index=classes["product_id"]),
        trends=demand_trends(weeks),
        gaps=possible_stock_outs(weeks),
    )


def _plan(demand: Demand, **on_hand: float) -> pd.DataFrame:
    stock = pd.DataFrame({"product_id": list(on_hand), "on_hand": list(on_hand.values())})
    return plan_of(demand, stock, lead_time=14)


def test_only_fading_products_with_too_much_stock_are_to_be_cleared(demand: Demand) -> None:
    plan = _plan(demand, p0000=5000, **{FADING: 200, STOPPED: 90})
    case = markdown_case(demand, plan, MarkdownTerms(weeks=8, margin=0.4, discount=0.2), "£")
    assert set(case.table["product_id"]) == {FADING, STOPPED}
    assert [*case.table][:-1] == list(CLEARING)
    row = case.table.set_index("product_id").loc[FADING]
    rate = plan.set_index("product_id")["level"][FADING]
    assert row["left_if_held"] == pytest.approx(200 - 8 * rate)
    assert row["lift_to_clear"] == pytest.approx(200 / 8 / rate)
    assert row["left_amount"] == pytest.approx(10 * row["left_if_held"])
    left = case.table["left_if_held"].sum()
    assert case.sentences[0] == (
        f"2 of 2 fading products with stock have more than sells in 8 weeks: {round(left)} units would be "
        f"left, worth {format_money(10 * left, '£')} at today's prices."
    )
    assert (
        "at 2.00 times today's sales or more" in case.sentences[2]
        and "at 1.25 times or more" in case.sentences[2]
    )


def test_whether_clearing_pays_is_the_break_even_of_the_line(demand: Demand) -> None:
    """Right of the chart's line, a cut that just clears the stock gains at least as much as holding it."""
    weekly = _plan(demand, p0012=1).set_index("product_id")["level"][FADING]
    terms = MarkdownTerms(weeks=10, margin=0.5, discount=0.3)
    assert terms.break_even == pytest.approx(2.5)
    assert terms.break_even_worthless == pytest.approx(1 / 0.7)
    for lift, pays in ((1.2, "no"), (1.6, "only if what is left is worth nothing"), (2.7, "yes")):
        plan = _plan(demand, **{FADING: weekly * 10 * lift})
        (row,) = markdown_case(demand, plan, terms).table.to_dict("records")
        assert row["lift_to_clear"] == pytest.approx(lift)
        assert row["clearing_pays"] == pays


def test_a_cut_beyond_the_margin_never_pays_for_goods_that_keep_their_cost(demand: Demand) -> None:
    terms = MarkdownTerms(margin=0.3, discount=0.4)
    case = markdown_case(demand, _plan(demand, **{FADING: 200}), terms)
    assert terms.break_even is None
    assert "at 40 % off, each sale loses money" in case.sentences[2]
    assert case.table["clearing_pays"].tolist() == ["only if what is left is worth nothing"]
    assert "it pays for 0 of 1 product, provided that what is left keeps its cost" in case.sentences[3]


def test_why_there_is_nothing_to_clear_is_said(demand: Demand) -> None:
    terms = MarkdownTerms()
    assert markdown_case(demand, plan_of(demand, lead_time=14), terms).sentences == [NO_STOCK]
    steady = markdown_case(demand, _plan(demand, p0000=5000), terms)
    assert steady.sentences == ["No fading product has stock on hand."] and steady.table.empty
    soon = markdown_case(demand, _plan(demand, **{FADING: 2}), terms)
    assert soon.sentences == ["The 1 fading product with stock sells out within 8 weeks."]
