import dataclasses
from typing import ClassVar

import ipywidgets as widgets
import pandas as pd
import pytest
from panel_contract import HOSTILE, PanelContract, everything, find, html, message, refuses

from shopper_widgets.panels import EvaluationPanel
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid


class TestEvaluationPanel(PanelContract):
    panel = EvaluationPanel
    # The shop whose texts are attacks was not evaluated.
    states: ClassVar = [{"metric": lambda model: "" if model.evaluation is None else "ndcg@10"}]


def measured(model, *rows):
    columns = ["method", "metric", "value", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).assign(cut_date=pd.Timestamp("2011-09-01"))
    return dataclasses.replace(model, evaluation=table)


@pytest.fixture
def panel(small_model):
    return EvaluationPanel(small_model)


def charts(panel):
    return [w.chart for w in everything(panel) if isinstance(w, ChartView) and w.chart is not None]


def test_it_starts_with_what_is_easiest_to_read(panel, small_model):
    assert panel.metric == "hit_rate@10"
    table = small_model.evaluation
    wanted = table[table["metric"] == "hit_rate@10"].reset_index(drop=True)
    pd.testing.assert_frame_equal(panel.selection, wanted)
    assert find(panel, Grid).total == len(wanted)
    assert find(panel, Grid).rows[0][2] == f"{wanted['value'].iloc[0]:.3f}"
    assert "the share of lists of 10 that name at least one right product" in html(panel)
    assert "Learning only from orders before " in html(panel)
    [chart] = charts(panel)
    assert "does best: Hit rate at 10 of " in chart.to_dict()["title"]["text"][0]


def test_another_metric_can_be_chosen(panel):
    choice = find(panel, widgets.Dropdown, "Measured by")
    choice.set_state({"index": [key for _, key in choice.options].index("recall@10")})
    assert panel.metric == "recall@10"
    assert set(panel.selection["metric"]) == {"recall@10"}
    assert find(panel, Grid).caption == "Recall at 10 of every method"


def test_what_was_not_measured_is_refused(panel):
    refuses(panel, "metric", "luck@10", "The methods were not measured by 'luck@10'; there are: hit_rate@10")
    refuses(panel, "metric", "coverage", "'coverage'")


def test_buying_again_and_something_new_stand_apart_where_they_were_scored_apart(small_model):
    rows = [
        (method, f"{part}ndcg@{n}", value, value - 0.01, value + 0.01)
        for method, value in (("ours", 0.3), ("GP-TopFreq", 0.2))
        for part in ("", "repeat_", "explore_")
        for n in (5, 10)
    ]
    panel = EvaluationPanel(measured(small_model, *rows))
    assert panel.metrics == ["ndcg@5", "ndcg@10"]
    assert panel.metric == "ndcg@10"
    titles = [chart.to_dict()["title"]["text"][0] for chart in charts(panel)]
    assert [title.split(" of ")[0] for title in titles] == [
        "ours does best: NDCG at 10",
        "ours does best: NDCG at 10, bought before",
        "ours does best: NDCG at 10, new to the customer",
    ]
    assert set(panel.selection["metric"]) == {"ndcg@10", "repeat_ndcg@10", "explore_ndcg@10"}
    assert "told who orders next" in html(panel)


def test_what_only_describes_the_lists_is_told_in_a_table(small_model):
    rows = [("ours", "ndcg@10", 0.3, 0.2, 0.4), ("ours", "coverage", 0.91, None, None)]
    text = html(EvaluationPanel(measured(small_model, *rows, ("ours", "novelty@10", 6.5, 6, 7))))
    assert "Share of all products that come up" in text
    assert '<td class="sw-number">91 %</td><td class="sw-number">6.50</td>' in text
    assert "What is suggested" not in html(EvaluationPanel(measured(small_model, rows[0])))


@pytest.mark.parametrize(
    "evaluation", [None, pd.DataFrame(columns=["method", "cut_date", "metric", "value"])]
)
def test_a_model_that_was_not_evaluated_says_so(small_model, evaluation):
    panel = EvaluationPanel(dataclasses.replace(small_model, evaluation=evaluation))
    assert (panel.metric, len(panel.selection), charts(panel)) == ("", 0, [])
    assert "was not measured for this model" in html(panel)
    assert "Download" not in html(panel)
    assert message(panel) == ""


def test_the_name_of_a_method_stays_text(small_model):
    rows = [(HOSTILE, "ndcg@10", 0.3, 0.2, 0.4), (HOSTILE, "coverage", 0.9, None, None)]
    panel = EvaluationPanel(measured(small_model, *rows))
    assert "<img" not in html(panel)
    assert "&lt;img" in html(panel)
