import pandas as pd
import pyarrow as pa
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend import purchases
from shopper_widgets.recommend.blend import BlendRecommender
from shopper_widgets.recommend.evaluation import (
    BASKETS,
    NEXT_ORDERS,
    default_cut_dates,
    evaluate_both,
    evaluate_next_orders,
    next_order_methods,
)
from shopper_widgets.recommend.evaluation.splitting import usual_horizon
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.words.evaluation import how_measured
from tests.basket_shops import SHOPS, lines_of


def test_both_questions_stand_in_one_table(small_model):
    table = small_model.evaluation
    assert table["task"].unique().tolist() == [BASKETS, NEXT_ORDERS]
    ours = table[table["method"] == "ours"]
    assert ours["difference"].eq(0).all()
    apart = {metric for metric in table["metric"] if metric.startswith(("repeat_", "explore_"))}
    assert set(table.loc[table["metric"].isin(apart), "task"]) == {NEXT_ORDERS}
    assert table.groupby("task")["cut_date"].apply(lambda dates: dates.isna().any()).all()
    assert table["days"].eq(28).all()


def test_the_figures_are_those_of_each_question_asked_alone(small_shop, small_model):
    lines = clean_transactions(small_shop, returns="net").transactions
    methods = {k: v for k, v in next_order_methods().items() if k in ("ours", "GP-TopFreq")}
    alone = evaluate_next_orders(lines, methods, cut_dates=default_cut_dates(lines), n=(5, 10))
    both = small_model.evaluation.merge(alone, on=["method", "cut_date", "metric"], suffixes=("", "_alone"))
    both = both[both["task"] == NEXT_ORDERS]
    assert len(both) == len(alone)
    for name in ("value", "low", "high", "questions"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_alone"], check_names=False)


def test_a_shop_of_very_many_products_is_asked_about_after_its_last_date(small_shop, monkeypatch):
    lines = clean_transactions(small_shop, returns="net").transactions
    monkeypatch.setattr("shopper_widgets.recommend.evaluation.evaluate.MOST_PRODUCTS", 20)
    table = evaluate_both(lines, ItemRecommender())
    assert table is not None
    assert table["cut_date"].dropna().unique().tolist() == default_cut_dates(lines)[-1:]
    assert how_measured(table)[0].endswith("and was tested on the 28 days after it.")


def test_a_small_slow_shop_is_evaluated_over_longer_horizons():
    lines = lines_of(SHOPS["small and slow"])
    assert usual_horizon(lines) == 224  # 8 × 28; 56 days would cover hardly a third of its 92 customers
    table = evaluate_both(lines, ItemRecommender())
    assert table["days"].eq(224).all()
    assert table["cut_date"].dropna().nunique() == 3
    asked = table.query("task == 'next_order' and metric == 'ndcg@10' and method == 'ours'")
    four_weeks = evaluate_next_orders(lines, {"ours": BlendRecommender()}, cut_dates=default_cut_dates(lines))
    by_four_weeks = four_weeks.query("metric == 'ndcg@10'")["questions"].max()
    assert asked["questions"].max() > 3 * by_four_weeks


def test_a_horizon_is_no_longer_than_shows_more_customers_and_leaves_three():
    daily = pd.date_range("2022-01-01", periods=1000, freq="D")
    lines = pd.DataFrame({"customer_id": [i % 99 for i in range(1000)], "ordered_at": daily})
    assert usual_horizon(lines) == 112  # 99 of 99: twice as long covers no more
    assert usual_horizon(lines.assign(customer_id=range(1000))) == 28  # no customer was known before
    lines["customer_id"] = [i % 400 for i in range(1000)]
    assert usual_horizon(lines) == 112
    assert usual_horizon(lines.tail(500)) == 56  # 3 × 112 days are more than half of 500


def test_where_nobody_is_known_the_horizon_is_four_weeks():
    daily = pd.date_range("2022-01-01", periods=100, freq="D")
    lines = pd.DataFrame({"customer_id": pd.Series([None] * 100, dtype="str"), "ordered_at": daily})
    for nobody in (lines, lines.head(0), pa.Table.from_pandas(lines), pa.Table.from_pandas(lines.head(0))):
        assert usual_horizon(nobody) == 28


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("ns"), pa.timestamp("s")])
def test_a_horizon_is_that_of_days_as_of_moments(kind):
    daily = pd.date_range("2022-01-01", periods=1000, freq="D")
    lines = pd.DataFrame({"customer_id": [f"c{i % 150}" for i in range(1000)], "ordered_at": daily})
    table = pa.Table.from_pandas(lines)
    days = table.set_column(1, "ordered_at", table["ordered_at"].cast(kind))
    assert usual_horizon(days) == usual_horizon(lines) == 112
    assert default_cut_dates(days, horizon_days=112) == default_cut_dates(lines, horizon_days=112)
    assert usual_horizon(days.slice(0, 0)) == 28


def test_a_question_without_answers_is_left_out(small_shop):
    one_product_an_order = clean_transactions(small_shop.drop_duplicates("order_id")).transactions
    table = evaluate_both(one_product_an_order, BlendRecommender())
    assert table["task"].unique().tolist() == [NEXT_ORDERS]
    strangers = one_product_an_order.assign(customer_id=one_product_an_order["order_id"])
    assert evaluate_both(strangers, BlendRecommender()) is None


def test_two_months_are_enough_and_one_is_not(small_shop):
    lines = clean_transactions(small_shop).transactions
    age = lines["ordered_at"].max() - lines["ordered_at"]
    assert evaluate_both(lines[age < pd.Timedelta(days=60)], BlendRecommender()) is not None
    assert evaluate_both(lines[age < pd.Timedelta(days=40)], BlendRecommender()) is None


def test_of_very_many_customers_some_are_drawn(small_shop, small_model, monkeypatch):
    assert not small_model.evaluation["sampled"].any()
    assert not any("drawn at random" in said for said in how_measured(small_model.evaluation))
    monkeypatch.setattr("shopper_widgets.recommend.evaluation.evaluate.MOST_TO_EVALUATE", 80)
    lines = clean_transactions(small_shop).transactions
    table = evaluate_both(lines, BlendRecommender())
    assert table is not None and table["sampled"].all()
    assert table["customers"].max() <= 80 < lines["customer_id"].nunique()
    assert any("drawn at random" in said for said in how_measured(table))
    again = evaluate_both(lines, BlendRecommender())
    assert again is not None
    pd.testing.assert_frame_equal(table, again)


def test_each_cut_is_read_once_for_all_methods(small_shop, monkeypatch):
    lines = clean_transactions(small_shop).transactions
    read, counted = purchases._read_history, []

    def counting(them):
        counted.append(len(them))
        return read(them)

    monkeypatch.setattr(purchases, "_read_history", counting)
    table = evaluate_both(lines, BlendRecommender())
    assert len(counted) == table["cut_date"].nunique() > 1
    assert len(set(counted)) == len(counted)
