import dataclasses
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_share
from shopper_widgets.panels import EvaluationPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.words import evaluation as wording
from tests.panel_contract import HOSTILE, PanelContract, everything, find, html, message, refuses


def unless_unmeasured(value):
    # The shop with hostile texts has no evaluation.
    return lambda model: "" if model.evaluation is None else value


class TestEvaluationPanel(PanelContract):
    panel = EvaluationPanel
    states: ClassVar = [
        {"metric": unless_unmeasured("ndcg@10")},
        {"task": unless_unmeasured("next_order"), "metric": unless_unmeasured("recall@10")},
    ]


@pytest.fixture
def panel(small_model):
    return EvaluationPanel(small_model)


def charts(panel):
    return [w.chart for w in everything(panel) if isinstance(w, ChartView) and w.chart is not None]


def test_it_starts_with_what_is_easiest_to_read(panel, small_model):
    assert (panel.task, panel.metric) == ("basket", "hit_rate@10")
    table = small_model.evaluation
    wanted = table[(table["task"] == "basket") & (table["metric"] == "hit_rate@10")]
    pd.testing.assert_frame_equal(panel.selection, wanted.reset_index(drop=True))
    text = html(panel)
    ours = wanted[wanted["cut_date"].isna()].iloc[0]
    assert (
        f'<th scope="row">Shopper Spectrum</th><td class="sw-whole">{100 * ours["value"]:.1f} of 100</td>'
        in text
    )
    assert f"in {100 * ours['value']:.0f} of 100 cases" in text
    assert "the share of lists of 10 with at least one right product" in text
    assert "Every method learned only from orders before " in text
    [chart] = charts(panel)
    assert chart.to_dict()["title"]["subtitle"][0].startswith("Hit rate of lists of 10. Lines ")


def test_another_metric_can_be_chosen(panel):
    choice = find(panel, widgets.Dropdown, "Metric")
    choice.set_state({"index": [key for _, key in choice.options].index("recall@10")})
    assert panel.metric == "recall@10"
    assert set(panel.selection["metric"]) == {"recall@10"}
    assert "Variety of lists of 10" in html(panel)
    panel.metric = "precision@5"
    assert "Precision of lists of 5: the share of a list of 5 that was bought" in html(panel)
    coverage = panel.model.evaluation.query("metric == 'coverage@5' and cut_date.isna() and task == 'basket'")
    assert f'">{format_share(coverage["value"].iloc[0])}</td>' in html(panel)


def test_what_was_not_measured_is_refused(panel):
    refuses(panel, "metric", "luck@10", "The methods were not measured by 'luck@10'; there are: hit_rate@10")
    refuses(panel, "metric", "coverage", "'coverage'")
    refuses(panel, "task", "fortune", "The question 'fortune' was not asked; there are: basket, next_order")


def test_of_the_next_order_buying_again_and_something_new_stand_apart(panel):
    question = find(panel, widgets.Dropdown, "Question")
    assert [name for name, _ in question.options] == ["What goes with a product", "A customer's next order"]
    question.set_state({"index": 1})
    assert set(panel.selection["metric"]) == {"hit_rate@10", "repeat_hit_rate@10", "explore_hit_rate@10"}
    [chart] = charts(panel)
    [data] = chart.to_dict()["datasets"].values()
    assert {mark["part"] for mark in data} == {"Any product", "Bought before", "New to the customer"}
    text = html(panel)
    assert "Given only the customer" in text
    assert "Where an order holds products new to the customer" in text
    assert '<th scope="row">GP-TopFreq</th>' in text


def test_differences_are_told_beside_every_method(panel, small_model):
    compared = wording.comparison(small_model.evaluation, "basket", "hit_rate@10").set_index("method")
    for method in ("Popularity", "Random", "Cosine on quantities"):
        assert compared.loc[method, "ahead"] in html(panel)


def test_products_that_are_suggested_everywhere_are_told(panel, small_model):
    lists = small_model.recommender.similar_to_all(10)
    most = lists.groupby("product_name")["to_product_id"].nunique().max()
    assert f"in {most} of {lists['to_product_id'].nunique()}" in html(panel)


@pytest.mark.parametrize(
    "evaluation", [None, pd.DataFrame(columns=["method", "cut_date", "metric", "value"])]
)
def test_a_model_that_was_not_evaluated_says_so(small_model, evaluation):
    panel = EvaluationPanel(dataclasses.replace(small_model, evaluation=evaluation))
    assert (panel.task, panel.metric, len(panel.selection), charts(panel)) == ("", "", 0, [])
    assert "The recommendations were not evaluated. A report evaluates them" in html(panel)
    assert "Download" not in html(panel)
    assert message(panel) == ""


def test_the_name_of_a_method_stays_text(small_model):
    table = small_model.evaluation.replace({"method": {"Random": HOSTILE}})
    panel = EvaluationPanel(dataclasses.replace(small_model, evaluation=table))
    assert "<img" not in html(panel)
    assert "&lt;img" in html(panel)
