"""The docstring of each public function names the columns of the table that it returns."""

import inspect
import re
from collections.abc import Callable

import pandas as pd
import pytest

from shopper_widgets.customers.alerts import alerts
from shopper_widgets.customers.cadence import customer_cadence, overdue_customers, value_at_risk
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_power import minimum_detectable_effect
from shopper_widgets.customers.campaign_result import measure_campaign
from shopper_widgets.customers.cohort_value import cohort_value, payback_table, value_curve
from shopper_widgets.customers.cohorts import cohort_table
from shopper_widgets.customers.flows import movements, transitions
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.journeys.entry import entry_products
from shopper_widgets.customers.journeys.replenishment import due_customers, replenished_products
from shopper_widgets.customers.journeys.steps import product_steps
from shopper_widgets.customers.lifetime.histories import purchase_histories
from shopper_widgets.customers.lifetime.outlook import holdout_calibration
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.tables import (
    customers_table,
    lines_table,
    orders_table,
    products_table,
    purchases_table,
    sales_table,
)
from shopper_widgets.products.buyers import bought_by, buyers_by_segment
from shopper_widgets.products.discount_budget import assumed_response, budget_sensitivity, split_budget
from shopper_widgets.products.discounts import cheapest_test, discount_table, order_rates
from shopper_widgets.products.markdown import markdown_plan
from shopper_widgets.products.prices import price_table, price_variance, quantity_breaks
from shopper_widgets.recommend.base import Recommender
from shopper_widgets.recommend.evaluation.baskets import evaluate_recommenders
from shopper_widgets.recommend.evaluation.evaluate import evaluate_both
from shopper_widgets.recommend.evaluation.next_orders import evaluate_next_orders
from shopper_widgets.recommend.evidence import hubs
from shopper_widgets.recommend.for_customers import customer_suggestions
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.segments.comparison import compare_segmenters
from shopper_widgets.segments.gaps import customer_gaps, order_gaps
from shopper_widgets.segments.mix import segment_mix
from shopper_widgets.segments.rfm import RFMScorer, rfm_table
from shopper_widgets.segments.stability import stability


def _moved(how: Callable[..., pd.DataFrame], model: ShopperModel) -> pd.DataFrame:
    history = segment_history(model)
    return how(history, history["date"].min(), history["date"].max())


def _discounts(model: ShopperModel) -> pd.DataFrame:
    rates = order_rates(segment_history(model), model.orders)
    return discount_table(rates, model.customers, margin=0.4, discount=0.1)


def _split(model: ShopperModel) -> pd.DataFrame:
    curve = assumed_response(_discounts(model), 2.0)
    return split_budget(_discounts(model), curve, budget=1e6, margin=0.4)


def _measured(model: ShopperModel) -> pd.DataFrame:
    selected = Campaign(hold_out=0.3).select(model)
    return measure_campaign(selected, model.orders, sent_at=model.orders["ordered_at"].min()).table


def _bought(model: ShopperModel) -> str:
    return str(model.products["product_id"].iloc[0])


#: Function → how to call it with a model and the lines that it was fitted to.
TABLES: dict[Callable[..., object], Callable[[ShopperModel, pd.DataFrame], pd.DataFrame | None]] = {
    orders_table: lambda model, lines: orders_table(lines.assign(amount=1.0)),
    products_table: lambda model, lines: products_table(lines.assign(amount=1.0, is_product=True)),
    purchases_table: lambda model, lines: purchases_table(lines.assign(amount=1.0)),
    sales_table: lambda model, lines: sales_table(lines.assign(amount=1.0)),
    customers_table: lambda model, lines: customers_table(model.orders),
    lines_table: lambda model, lines: lines_table(lines.assign(amount=1.0, is_product=True)),
    order_rates: lambda model, lines: order_rates(segment_history(model), model.orders),
    discount_table: lambda model, lines: _discounts(model),
    cheapest_test: lambda model, lines: cheapest_test(_discounts(model), discount=0.1),
    assumed_response: lambda model, lines: assumed_response(_discounts(model), 1.2),
    split_budget: lambda model, lines: _split(model),
    budget_sensitivity: lambda model, lines: budget_sensitivity(
        _discounts(model), assumed_response(_discounts(model), 2.0), _split(model), margin=0.4
    ),
    buyers_by_segment: lambda model, lines: buyers_by_segment(model.lines, model.customers),
    bought_by: lambda model, lines: bought_by(model.lines, model.customers["customer_id"]),
    price_table: lambda model, lines: price_table(model.lines),
    quantity_breaks: lambda model, lines: quantity_breaks(model.lines),
    price_variance: lambda model, lines: price_variance(model.lines),
    markdown_plan: lambda model, lines: markdown_plan(
        pd.DataFrame({"product_id": ["P"], "on_hand": [9], "weekly_rate": [1.0], "price": [2.0]}),
        weeks=4,
        margin=0.4,
    ),
    make_transactions: lambda model, lines: lines,
    segment_mix: lambda model, lines: segment_mix(model.lines, model.customers, "country"),
    rfm_table: lambda model, lines: rfm_table(model.orders),
    RFMScorer.transform: lambda model, lines: (
        RFMScorer().fit(model.customers).transform(rfm_table(model.orders))
    ),
    order_gaps: lambda model, lines: order_gaps(model.orders),
    customer_gaps: lambda model, lines: customer_gaps(model.orders, model.customers),
    compare_segmenters: lambda model, lines: compare_segmenters(model.customers, n_bootstraps=2),
    stability: lambda model, lines: stability(model.customers, n_bootstraps=2),
    customer_cadence: lambda model, lines: customer_cadence(model),
    overdue_customers: lambda model, lines: overdue_customers(model),
    value_at_risk: lambda model, lines: value_at_risk(model, overdue_customers(model)),
    Campaign.select: lambda model, lines: Campaign(n_recommendations=2, hold_out=0.1).select(model),
    minimum_detectable_effect: lambda model, lines: minimum_detectable_effect(model, model.customers),
    measure_campaign: lambda model, lines: _measured(model),
    cohort_table: lambda model, lines: cohort_table(model.orders),
    alerts: lambda model, lines: alerts(model, "2024-05-01"),
    cohort_value: lambda model, lines: cohort_value(cohort_table(model.orders)),
    value_curve: lambda model, lines: value_curve(model.orders),
    payback_table: lambda model, lines: payback_table(cohort_value(cohort_table(model.orders)), 9),
    entry_products: lambda model, lines: entry_products(model.lines, days=30),
    product_steps: lambda model, lines: product_steps(model.lines, days=30),
    replenished_products: lambda model, lines: replenished_products(model.lines),
    due_customers: lambda model, lines: due_customers(model.lines, model.as_of),
    segment_history: lambda model, lines: segment_history(model),
    movements: lambda model, lines: _moved(movements, model),
    transitions: lambda model, lines: _moved(transitions, model),
    purchase_histories: lambda model, lines: purchase_histories(model.orders),
    holdout_calibration: lambda model, lines: holdout_calibration(model.orders),
    evaluate_both: lambda model, lines: model.evaluation,
    Recommender.recommend: lambda model, lines: model.recommender.recommend(basket=[_bought(model)]),
    Recommender.recommend_all: lambda model, lines: model.recommender.recommend_all(2),
    Recommender.recommend_baskets: lambda model, lines: model.recommender.recommend_baskets(
        [[_bought(model)]]
    ),
    Recommender.search: lambda model, lines: model.recommender.search("lantern"),
    Recommender.similar_by_name: lambda model, lines: model.recommender.similar_by_name("lantern"),
    NeighborRecommender.similar: lambda model, lines: model.recommender.similar(_bought(model)),
    NeighborRecommender.similar_to_all: lambda model, lines: model.recommender.similar_to_all(2),
    hubs: lambda model, lines: hubs(model.recommender.similar_to_all(10)),
    customer_suggestions: lambda model, lines: customer_suggestions(model.recommender, ["12020"]),
}


#: Functions to whose columns docstrings may refer.
KNOWN = (*TABLES, evaluate_recommenders, evaluate_next_orders)


def _told(function: Callable[..., object]) -> set[str]:
    """Return the code words of a docstring's Returns section, and of the functions that it refers to."""
    section = re.split(r"\n\n\w+\n---", (inspect.getdoc(function) or "").partition("Returns\n-------")[2])[0]
    words = set(re.findall(r"\w+", " ".join(re.findall(r"``([^`]*)``", section))))
    others = {name.rpartition(".")[2] for name in re.findall(r"(?<!`)`~?([\w.]+)`(?!`)", section)}
    return words.union(*(_told(one) for one in KNOWN if one.__name__ in others and one is not function))


@pytest.mark.parametrize("function", TABLES, ids=lambda function: function.__qualname__)
def test_the_docstring_names_each_column(function, small_model, small_shop):
    table = TABLES[function](small_model, small_shop)
    assert table is not None
    # Of numbered recommendations, the docstring names the first.
    assert {re.sub("_[2-9]", "_1", str(name)) for name in table} <= _told(function)
