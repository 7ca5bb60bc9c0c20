"""ChartView without a browser: the state in Python, and messages as a browser sends them."""

import altair as alt
import pandas as pd
import pytest
import traitlets

from shopper_widgets.panels.chart_view import ChartView, VegaRuntime

FRAME = pd.DataFrame({"segment": ["Regular", "At-Risk"], "frequency": [3, 1], "monetary": [30.0, 10.0]})


def bars(title: str = "Segments") -> alt.Chart:
    pick = alt.selection_point(name="pick", fields=["segment"])
    return alt.Chart(FRAME, title=title).mark_bar().encode(x="frequency", y="segment").add_params(pick)


def points() -> alt.Chart:
    brush = alt.selection_interval(name="brush")
    return alt.Chart(FRAME).mark_point().encode(x="frequency", y="monetary").add_params(brush)


def test_selections_start_empty_and_come_from_the_browser() -> None:
    view = ChartView(alt.layer(points(), bars()))
    assert view.selections == {"pick": [], "brush": {}}
    seen: list[dict] = []
    view.observe(lambda change: seen.append(change["new"]), "selections")
    view.set_state({"selections": {"pick": [{"segment": "Regular"}], "brush": {"frequency": [1, 2]}}})
    assert seen == [{"pick": [{"segment": "Regular"}], "brush": {"frequency": [1, 2]}}]
    view.reset()
    assert view.selections == {"pick": [], "brush": {}}
    assert len(seen) == 2


def test_updating_equals_creating() -> None:
    view = ChartView(points())
    view.selections = {"brush": {"frequency": [1, 2], "monetary": [5, 20]}}
    view.chart = bars("Two segments")
    created = ChartView(bars("Two segments"))
    for trait in ("spec", "selections", "description"):
        assert getattr(view, trait) == getattr(created, trait)
    view.chart = None
    assert (view.spec, view.selections) == ({}, {})


def test_the_browser_sets_selections_of_the_shown_chart_and_nothing_else() -> None:
    view = ChartView(bars())
    spec = view.spec
    view.set_state({"spec": {"mark": "bar"}, "description": "x", "selections": {"old": {}, "pick": "bad"}})
    assert view.spec == spec
    assert view.description == "Segments"
    assert view.selections == {"pick": []}


def test_wrong_selections_from_python_are_named() -> None:
    view = ChartView(bars())
    with pytest.raises(traitlets.TraitError, match="no 'brush'; it has: pick"):
        view.selections = {"brush": {}}
    with pytest.raises(traitlets.TraitError, match=r"must be a list of \{field: value\}"):
        view.selections = {"pick": {"segment": "Regular"}}
    assert view.selections == {"pick": []}


def test_description_is_stated_or_found() -> None:
    assert ChartView(bars(), description="Said").description == "Said"
    assert ChartView(bars().properties(description="Told")).description == "Told"
    assert ChartView(bars().properties(title=alt.TitleParams(["Two", "lines"]))).description == "Two lines"
    assert ChartView(points()).description == "Chart"


def test_one_vega_for_every_chart() -> None:
    views = [ChartView(bars()), ChartView(points()), ChartView()]
    assert len({view._runtime.model_id for view in views}) == 1
    assert all(len(view.get_state()["_esm"]) < 10_000 for view in views)
    VegaRuntime.shared().close()
    assert ChartView()._runtime.comm is not None


def test_a_chart_holds_more_rows_than_altair_allows() -> None:
    frame = pd.DataFrame({"x": range(6_000)})
    spec = ChartView(alt.Chart(frame).mark_tick().encode(x="x")).spec
    assert [len(rows) for rows in spec["datasets"].values()] == [6_000]
