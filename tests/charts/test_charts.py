"""Charts show what the data say, for any frame, including empty and hostile ones."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from shopper_widgets import charts
from shopper_widgets._support.locale import in_locale
from shopper_widgets.charts.theme import SEGMENT_COLORS, order_segments, to_spec

HOSTILE = "<img src=x onerror=alert(1)>\"'\\]} + datum['x']"


def orders() -> pd.DataFrame:
    when = pd.date_range("2010-12-01 08:26", "2011-12-09 12:50", periods=400)
    frame = pd.DataFrame({"ordered_at": when, "amount": np.linspace(10, 90, 400)})
    frame["order_id"] = [str(i) for i in range(400)]
    frame["customer_id"] = [f"c{i % 37}" for i in range(400)]
    frame["country"] = ["United Kingdom", "France", "EIRE", "Spain"] * 100
    return frame


def customers(n: int = 50) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "recency": rng.integers(0, 300, n),
            "frequency": rng.integers(1, 60, n),
            "monetary": rng.gamma(1, 500, n),
            "segment": rng.choice(["High-Value", "Regular", "Occasional", "At-Risk"], n),
        }
    )


def products() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "product_id": ["POST", "A", "B", HOSTILE],
            "product_name": ["POSTAGE", "MUG", "MUG", HOSTILE],
            "orders": [9, 3, 2, 1],
            "customers": [9, 3, 2, 1],
            "quantity": [9, 30, 20, 10],
            "revenue": [900.0, 60.0, 30.0, 10.0],
            "is_product": [False, True, True, True],
        }
    )


def profiles() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment": ["High-Value", "Regular", "At-Risk"],
            "customers": [13, 27, 60],
            "share": [0.13, 0.27, 0.6],
            "recency_median": [8.0, 57.0, 174.5],
            "frequency_median": [10.0, 4.0, 1.0],
            "monetary_median": [3739.2, 1352.4, 297.4],
            "revenue": [630.0, 240.0, 130.0],
            "revenue_share": [0.63, 0.24, 0.13],
        }
    )


def diagnostics() -> pd.DataFrame:
    tried = pd.DataFrame({"n_clusters": range(2, 6), "inertia": [9.0, 6.0, 4.0, 3.5]})
    tried["silhouette"] = [0.44, 0.34, 0.34, 0.32]
    tried["smallest_share"] = [0.4, 0.2, 0.16, 0.05]
    tried["is_elbow"] = tried["is_chosen"] = tried["n_clusters"] == 4
    return tried


def steady_diagnostics() -> pd.DataFrame:
    steady = {"stability": 0.9, "stability_low": 0.85, "stability_high": 0.95}
    return diagnostics().assign(**steady)


def evaluation() -> pd.DataFrame:
    rows = [
        (method, cut, metric, value, value - 0.01, value + 0.01)
        for method, value in (("popularity", 0.08), ("binary cosine", 0.22))
        for cut in ("2011-09-01", "2011-10-01")
        for metric in ("NDCG@10", "recall@10")
    ]
    return pd.DataFrame(rows, columns=["method", "cut_date", "metric", "value", "low", "high"])


def audit() -> pd.DataFrame:
    rules = [
        "lines read",
        "missing customer",
        "cancelled order",
        "never happened",
        "kept",
        "effect of netting",
    ]
    frame = pd.DataFrame({"rule": rules, "rows": [100, 20, 7, 0, 73, 5]})
    return frame.assign(customers=[9, 0, 3, 0, 8, 1], amount=[1e3, 200.0, -50.0, 0.0, 850.0, 10.0])


def flows() -> pd.DataFrame:
    rows = [
        ("No orders yet", "Occasional", "new", 12, 0.0, 90.0),
        ("At-Risk", "Regular", "returned", 2, 60.0, 40.0),
        ("Regular", "At-Risk", "moved", 3, 80.0, 0.0),
        ("Regular", HOSTILE, "moved", 1, 30.0, 5.0),
        ("Regular", "Regular", "stayed", 20, 900.0, 300.0),
        ("At-Risk", "At-Risk", "returned", 1, 10.0, 2.0),
        ("At-Risk", "At-Risk", "stayed", 9, 70.0, 0.0),
    ]
    columns = ["from", "to", "kind", "customers", "revenue_before", "revenue_between"]
    return pd.DataFrame(rows, columns=columns).assign(is_partial=True)


def cohorts() -> pd.DataFrame:
    frame = pd.DataFrame({"months_since": [0, 1, 2, 0, 1], "customers": [10, 4, 2, 5, 1]})
    frame["cohort"] = pd.to_datetime(["2024-01-01"] * 3 + ["2024-02-01"] * 2)
    frame["cohort_size"] = [10, 10, 10, 5, 5]
    frame["retention"] = frame["customers"] / frame["cohort_size"]
    frame["is_left_censored"] = frame["cohort"] == frame["cohort"].min()
    return frame.assign(revenue=frame["customers"] * 10.0, is_partial=[False, False, True, False, True])


def value() -> pd.DataFrame:
    frame = pd.DataFrame({"months_since": [0, 1, 2], "customers": [90, 60, 30], "value": [20.0, 30.0, 36.0]})
    return frame.assign(low=frame["value"] * 0.9, high=frame["value"] * 1.2)


def entry() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"product_id": ["A", "B"], "product_name": [HOSTILE, HOSTILE], "customers": [40, 30]}
    )
    spent = {"later_value": [80.0, 60.0], "value_low": [60.0, np.nan], "value_high": [110.0, np.nan]}
    return frame.assign(came_back=[0.5, 0.0], **spent)


def steps() -> pd.DataFrame:
    frame = pd.DataFrame({"product_id": ["A", "A", "B"], "next_id": ["B", "C", "B"], "support": [10, 5, 9]})
    frame = frame.assign(product_name=["MUG", "MUG", HOSTILE], next_name=[HOSTILE, "TEA", HOSTILE])
    frame = frame.assign(customers=40, share=frame["support"] / 40, other_share=0.01)
    return frame.assign(lift=9.0, days_between=31.0)


def again() -> pd.DataFrame:
    frame = pd.DataFrame({"product_id": ["A", "B"], "product_name": [HOSTILE, "SOAP"], "customers": [40, 30]})
    return frame.assign(again=[0.4, 1.0], median_gap=30.0, gap_low=[20.0, 30.0], gap_high=[55.0, 30.0])


def gaps() -> pd.DataFrame:
    return pd.DataFrame({"customer_id": ["ann"] * 90 + ["ben"] * 10, "gap": [*range(1, 91), *[700] * 10]})


def cadence(n: int = 40) -> pd.DataFrame:
    frame = customers(n).rename(columns={"recency": "silence"})
    overdue = frame["silence"] / 40
    return frame.assign(expected_gap=40.0, overdue=overdue, is_overdue=overdue > 1.5)


def calibration() -> pd.DataFrame:
    frame = pd.DataFrame({"repeats": ["0", "1", "2+"], "customers": [30, 10, 10], "expected": [0.5, 1, 2]})
    return frame.assign(actual=[0.6, 1.5, 3], low=[0.5, 1, 2], high=[0.7, 2, 4], horizon_days=93)


def weeks_sold() -> pd.DataFrame:
    weeks = pd.date_range("2024-01-07", periods=5, freq="7D")
    return pd.DataFrame({"week": weeks, "quantity": [3.0, 0.0, 5.0, 2.0, 9.0]})


def plan() -> pd.DataFrame:
    frame = pd.DataFrame({"product_id": ["A", "B", "C"], "product_name": ["MUG", HOSTILE, "NEW"]})
    return frame.assign(
        expected=[8.0, 2.0, float("nan")], order_up_to=[14.0, 6.0, float("nan")], on_hand=[3.0, 0.0, 1.0]
    )


def clearing() -> pd.DataFrame:
    frame = pd.DataFrame({"product_id": ["A", "B", HOSTILE], "product_name": ["MUG", HOSTILE, "OLD"]})
    return frame.assign(on_hand=[90.0, 40.0, 10.0], lift_to_clear=[3.0, 1.5, float("nan")])


def estimates() -> pd.DataFrame:
    frame = pd.DataFrame({"term": ["panel", "corrected", "shuffled", "lead", "naive"]})
    frame["estimate"] = [-0.7, -0.9, 0.0, -0.3, -3.4]
    return frame.assign(low=frame["estimate"] - 0.1, high=frame["estimate"] + 0.1)


def break_evens() -> pd.DataFrame:
    frame = pd.DataFrame({"segment": ["High-Value", HOSTILE, "Lost"], "rate": [0.53, 0.2, 0.1]})
    ends = {"rate_low": frame["rate"] - 0.05, "rate_high": frame["rate"] + 0.05}
    return frame.assign(**ends, break_even=[0.7, 0.27, float("nan")])


def tornado() -> pd.DataFrame:
    frame = pd.DataFrame({"segment": ["High-Value", HOSTILE], "assumption": ["lift", "rate"]})
    return frame.assign(gain_low=[-50.0, 10.0], gain_high=[900.0, 20.0])


def brought() -> pd.DataFrame:
    frame = pd.DataFrame({"segment": ["All segments", HOSTILE, "Lost"] * 2, "figure": "revenue"})
    frame["method"] = ["plain"] * 3 + ["adjusted"] * 3
    frame["effect"] = [4.0, 6.0, float("nan")] * 2
    return frame.assign(effect_low=1.0, effect_high=9.0, contacted=150, held_out=50)


MATRIX = pd.DataFrame([[1, 0.4, 0.1], [0.4, 1, 0.2], [0.1, 0.2, 1]], index=list("ABC"), columns=list("ABC"))
DRAWN: dict[str, tuple[Any, pd.DataFrame, dict[str, Any]]] = {
    "revenue": (charts.revenue_over_time, orders(), {"currency": "£"}),
    "orders": (charts.orders_over_time, orders(), {"period": "week"}),
    "country": (charts.revenue_by_country, orders(), {"n": 2}),
    "products": (charts.top_products, products(), {"currency": "£"}),
    "heatmap": (charts.similarity_heatmap, MATRIX, {"names": {"A": HOSTILE}}),
    "rfm": (charts.rfm_distributions, customers(), {"currency": "EUR"}),
    "history": (charts.customer_history, orders().head(7), {"customer": HOSTILE}),
    "diagnostics with stability": (charts.cluster_diagnostics, steady_diagnostics(), {}),
    "diagnostics": (charts.cluster_diagnostics, diagnostics(), {"reason": "The elbow."}),
    "map": (charts.segment_map, customers(), {}),
    "map of orders": (charts.segment_map, customers(), {"x": "frequency"}),
    "profile": (charts.segment_profile, profiles(), {}),
    "shares": (charts.segment_shares, profiles(), {}),
    "audit": (charts.cleaning_waterfall, audit(), {}),
    "evaluation": (charts.evaluation_comparison, evaluation(), {}),
    "flows": (charts.segment_flows, flows(), {"currency": "£", "start": "30 Sep", "end": "31 Oct 2011"}),
    "transitions": (charts.transition_matrix, flows(), {"currency": "£"}),
    "retention": (charts.cohort_heatmap, cohorts(), {}),
    "cohort revenue": (charts.cohort_heatmap, cohorts(), {"values": "revenue", "currency": "£"}),
    "value": (
        charts.cohort_value_chart,
        value(),
        {"cohorts": cohorts().assign(value=25.0), "acquisition_cost": 25, "currency": "£"},
    ),
    "entry": (charts.entry_chart, entry(), {"days": 90, "usual": 50.0, "currency": "£"}),
    "journeys": (charts.journey_flows, steps(), {}),
    "repurchase": (charts.repurchase_chart, again(), {"days": 180}),
    "gaps": (charts.order_gap_histogram, gaps(), {}),
    "overdue": (charts.overdue_map, cadence(), {"currency": "£"}),
    "demand": (charts.demand_over_time, weeks_sold(), {"name": HOSTILE, "horizon": 2, "expected": 9.0}),
    "stock": (charts.stock_chart, plan(), {"weeks": 3}),
    "prices": (charts.price_response_chart, estimates(), {"supported": False}),
    "break-even": (charts.break_even_chart, break_evens(), {"discount": 0.1}),
    "markdown": (
        charts.markdown_chart,
        clearing(),
        {"weeks": 8, "discount": 0.2, "break_even": 2.0, "break_even_worthless": 1.25},
    ),
    "tornado": (charts.budget_tornado, tornado(), {"gain": 15.0, "currency": "£"}),
    "campaign": (charts.campaign_effect_chart, brought(), {"currency": "£"}),
    "calibration": (charts.calibration_chart, calibration(), {"note": "It knows no season."}),
}


def _data(chart: alt.Chart) -> list[list[dict[str, Any]]]:
    return list(charts.to_spec(chart)["datasets"].values())


def rows(chart: alt.Chart) -> list[dict[str, Any]]:
    """Return all rows of a chart's only data set."""
    (data,) = charts.to_spec(chart)["datasets"].values()
    return data


def title(chart: alt.Chart) -> str:
    return " ".join(charts.to_spec(chart)["title"]["text"])


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_draws_and_leaves_its_frame_alone(name: str) -> None:
    draw, frame, options = DRAWN[name]
    before = frame.copy(deep=True)
    chart = draw(frame, **options)
    chart.to_dict()  # checked against Vega-Lite's schema, which pages don't do again
    svg = vl_convert.vegalite_to_svg(charts.to_spec(chart))
    assert "undefined" not in svg and "NaN" not in svg
    assert "<img" not in svg
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("name", DRAWN)
def test_an_empty_frame_says_that_there_is_nothing_to_show(name: str) -> None:
    draw, frame, options = DRAWN[name]
    chart = draw(frame.head(0), **options)
    assert title(chart) == "Nothing to show"
    assert vl_convert.vegalite_to_svg(charts.to_spec(chart))


@pytest.mark.parametrize("name", DRAWN)
def test_no_title_is_wider_than_a_page_of_700_pixels(name: str) -> None:
    draw, frame, options = DRAWN[name]
    heading = charts.to_spec(draw(frame, **options))["title"]
    assert all(len(line) <= 64 for line in heading["text"])
    assert all(len(line) <= 88 for line in heading.get("subtitle", []))
    assert len(heading["text"]) <= 3


def test_a_period_is_whole_when_the_data_cover_its_first_and_last_day() -> None:
    shown = {row["label"]: row["whole"] for row in rows(charts.revenue_over_time(orders()))}
    assert len(shown) == 13
    assert [label for label, whole in shown.items() if not whole] == ["Dec 2011"]


def test_the_peak_is_looked_for_among_whole_periods() -> None:
    frame = orders()
    frame.loc[len(frame) - 1, "amount"] = 1e6
    assert title(charts.revenue_over_time(frame)).startswith("Revenue peaked in Nov 2011")


def test_a_filter_may_state_what_the_data_cover() -> None:
    frame = orders().query("ordered_at >= '2011-03-04' and ordered_at < '2011-05-01'")
    stated = charts.revenue_over_time(
        frame, period="month", start=pd.Timestamp("2011-03-01"), end=pd.Timestamp("2011-04-30 23:59")
    )
    assert all(row["whole"] for row in rows(stated))
    assert not all(row["whole"] for row in rows(charts.revenue_over_time(frame, period="month")))


def test_quiet_periods_are_zeros_not_gaps() -> None:
    frame = pd.DataFrame({"ordered_at": pd.to_datetime(["2011-01-31", "2011-04-01"]), "amount": [1.0, 2.0]})
    shown = rows(charts.revenue_over_time(frame, period="month"))
    assert [row["value"] for row in shown] == [1, 0, 0, 2]


@pytest.mark.parametrize(("days", "adverb"), [(10, "Daily."), (120, "Weekly."), (400, "Monthly.")])
def test_the_period_follows_the_span(days: int, adverb: str) -> None:
    frame = pd.DataFrame({"ordered_at": pd.date_range("2011-01-03", periods=days), "amount": 1.0})
    assert charts.to_spec(charts.revenue_over_time(frame))["title"]["subtitle"][0].startswith(adverb)


def test_countries_beyond_n_are_one_bar_and_nothing_is_lost() -> None:
    frame = orders()
    shown = rows(charts.revenue_by_country(frame, n=2))
    assert [row["kind"] for row in shown] == ["country", "country", "other"]
    assert shown[-1]["country"] == "2 other countries"
    assert sum(row["revenue"] for row in shown) == pytest.approx(frame["amount"].sum())


def test_what_is_no_product_is_not_ranked_and_equal_names_stay_two_products() -> None:
    shown = rows(charts.top_products(products()))
    assert [row["product_id"] for row in shown] == ["A", "B", HOSTILE]
    assert title(charts.top_products(products(), n=1)) == "The top product of 3 brings 60 % of revenue"


def test_the_heatmap_leaves_the_diagonal_out() -> None:
    cells = rows(charts.similarity_heatmap(MATRIX))
    assert len(cells) == 6
    assert all(cell["row"] != cell["column"] for cell in cells)


@pytest.mark.parametrize("x", ["recency", "frequency"])
def test_the_map_hands_out_a_brush_in_the_units_of_the_data(x: Literal["recency", "frequency"]) -> None:
    spec = charts.to_spec(charts.segment_map(customers(), x=x))
    assert {param["name"] for param in spec["params"]} == {"brush", "pick"}
    assert (spec["encoding"]["x"]["field"], spec["encoding"]["y"]["field"]) == (x, "monetary")
    assert {row["customer_id"] for row in rows(charts.segment_map(customers(), x=x))} == set(
        customers()["customer_id"]
    )


def test_a_large_map_is_sampled_says_so_and_draws_the_same_again() -> None:
    many = customers(300)
    chart = charts.segment_map(many, max_points=100)
    assert len(rows(chart)) == 100
    assert "A sample of 100 of 300 customers." in charts.to_spec(chart)["title"]["subtitle"][0]
    assert rows(chart) == rows(charts.segment_map(many, max_points=100))


def test_customers_a_log_axis_cannot_hold_are_counted() -> None:
    frame = customers()
    frame.loc[0, "monetary"] = 0.0
    assert (
        "Left out: customers without spend (1)."
        in charts.to_spec(charts.segment_map(frame))["title"]["subtitle"][0]
    )
    with pytest.raises(ValueError, match="x must be one of 'recency', 'frequency'; got 'country'"):
        charts.segment_map(frame, x="country")  # type: ignore[arg-type]


def test_a_choice_that_there_is_not_is_named_with_those_there_are() -> None:
    for chart in (charts.revenue_over_time, charts.orders_over_time):
        with pytest.raises(ValueError, match=r"period must be one of 'auto', .*; got 'year'"):
            chart(orders(), period="year")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"figure must be one of 'revenue', .*; got 'profit'"):
        charts.campaign_effect_chart(brought(), figure="profit")


def test_a_segment_keeps_its_colour_whichever_others_are_shown() -> None:
    def colours(frame: pd.DataFrame) -> dict[str, str]:
        scale = charts.to_spec(charts.segment_map(frame))["encoding"]["color"]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    few = customers().query("segment != 'Regular'")
    assert colours(few)["At-Risk"] == colours(customers())["At-Risk"] == SEGMENT_COLORS["At-Risk"]
    numbered = colours(customers().replace({"segment": {"Regular": "At-Risk Two"}}))
    assert len(set(numbered.values())) == len(numbered)
    unknown = customers().assign(segment=[f"Occasional {i}" for i in range(50)])
    assert len(colours(unknown)) == 50


def test_segments_are_listed_best_first() -> None:
    listed = ["Else", "Regular Two", "At-Risk", "High-Value", "Regular"]
    assert order_segments(listed) == ["High-Value", "Regular", "Regular Two", "At-Risk", "Else"]


def test_the_profile_shades_recency_the_other_way_round() -> None:
    shades = {(r["segment"], r["measure"]): r["shade"] for r in rows(charts.segment_profile(profiles()))}
    assert shades["High-Value", "Days since last order"] == shades["High-Value", "Orders"] == 1
    assert shades["At-Risk", "Days since last order"] == shades["At-Risk", "Orders"] == 0


def test_the_waterfall_adds_up_and_stops_at_what_was_kept() -> None:
    shown = rows(charts.cleaning_waterfall(audit()))
    assert [row["rule"] for row in shown] == ["lines read", "missing customer", "cancelled order", "kept"]
    assert [(row["low"], row["high"]) for row in shown] == [(0, 100), (80, 100), (73, 80), (0, 73)]


def test_histograms_count_every_customer_once() -> None:
    frame = customers()
    datasets = charts.to_spec(charts.rfm_distributions(frame))["datasets"].values()
    assert [sum(row["customers"] for row in data) for data in datasets] == [len(frame)] * 3


def test_one_customer_and_one_order_are_enough() -> None:
    for chart in (
        charts.rfm_distributions(customers(1)),
        charts.segment_map(customers(1)),
        charts.customer_history(orders().head(1)),
        charts.revenue_over_time(orders().head(1)),
    ):
        assert "NaN" not in vl_convert.vegalite_to_svg(charts.to_spec(chart))


def test_evaluation_shows_the_best_first_and_names_what_it_was_asked_for() -> None:
    chart = charts.evaluation_comparison(evaluation(), metric="recall@10")
    assert title(chart) == "binary cosine does best: 22 %, against 8 % for popularity"
    assert charts.to_spec(chart)["title"]["subtitle"][0].startswith("recall@10. Lines are intervals.")
    assert [row["value_text"] for row in rows(chart)] == ["8 %", "8 %", "22 %", "22 %"]
    with pytest.raises(ValueError, match="metric must be one of 'NDCG@10', 'recall@10'; got 'lift'"):
        charts.evaluation_comparison(evaluation(), metric="lift")


def test_specs_are_json_without_addresses() -> None:
    for draw, frame, options in DRAWN.values():
        text = json.dumps(charts.to_spec(draw(frame, **options)), allow_nan=False)
        assert '"url"' not in text and '"href"' not in text


@pytest.mark.parametrize("name", DRAWN)
def test_figures_are_written_as_in_the_text(name: str) -> None:
    draw, frame, options = DRAWN[name]
    svg = vl_convert.vegalite_to_svg(charts.to_spec(draw(frame, **options)))
    written = re.findall(r"<text[^>]*>([^<]+)</text>", svg)
    assert written
    assert not [text for text in written if re.search(r"\d(%|[kMGm]$)", text)]


def test_axes_round_as_the_text_does_from_pennies_to_billions() -> None:
    frame = customers().assign(monetary=np.geomspace(0.02, 5e9, 50))
    svg = vl_convert.vegalite_to_svg(charts.to_spec(charts.segment_map(frame, currency="£")))
    assert {"£0.1", "£1", "£100", "£1 k", "£100 k", "£1 M", "£1 bn"} <= set(
        re.findall(r">([^<]+)</text>", svg)
    )
    svg = vl_convert.vegalite_to_svg(charts.to_spec(charts.segment_shares(profiles())))
    assert {"0 %", "20 %", "60 %"} <= set(re.findall(r">([^<]+)</text>", svg))


@pytest.mark.parametrize("spend", [[500.0], [300.0, 390.0], [150.0, 700.0], [1.3, 1.3]])
def test_customers_who_spent_alike_have_figures_on_the_axis_too(spend: list[float]) -> None:
    axis = charts.segment_map(customers().head(len(spend)).assign(monetary=spend)).to_dict()
    upwards = axis["layer"][0]["encoding"]["y"] if "layer" in axis else axis["encoding"]["y"]
    low, high = upwards["scale"]["domain"]
    assert upwards["axis"]["values"]
    assert all(low < value < high for value in upwards["axis"]["values"])


def test_countries_of_returns_only_are_drawn_from_nothing() -> None:
    chart = charts.revenue_by_country(orders().assign(amount=-5.0), n=2).to_dict()
    low, high = chart["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < high and high == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", ["country", "products", "shares", "audit", "evaluation"])
def test_figures_beside_marks_have_room_on_a_phone(name: str) -> None:
    draw, frame, options = DRAWN[name]
    svg = vl_convert.vegalite_to_svg(charts.to_spec(draw(frame, **options)) | {"width": 330})

    def texts(node: ElementTree.Element, x: float) -> Iterator[tuple[float, str]]:
        x += float((re.findall(r"translate\((-?[\d.]+)", node.get("transform", "")) or [0])[0])
        if node.tag.endswith("}text") and node.get("text-anchor", "start") == "start" and node.text:
            yield x, node.text
        for child in node:
            yield from texts(child, x)

    placed = list(texts(ElementTree.fromstring(svg), 0))
    assert placed
    assert not [(x, text) for x, text in placed if x + 6.5 * len(text) > 331 and x > 100]


def test_every_flow_is_as_wide_as_its_customers_are_many_and_none_overlap() -> None:
    datasets = list(charts.to_spec(charts.segment_flows(flows()))["datasets"].values())
    ribbons = pd.DataFrame(next(d for d in datasets if "strength" in d[0]))
    widths = ribbons.groupby(["from", "to"])["high"].first() - ribbons.groupby(["from", "to"])["low"].first()
    assert widths.round(6).to_dict() == flows().groupby(["from", "to"])["customers"].sum().to_dict()
    for x in (0, 1):
        ends = ribbons[ribbons["x"] == x].sort_values("low")
        assert (ends["low"].to_numpy()[1:] >= ends["high"].to_numpy()[:-1] - 1e-6).all()


@pytest.mark.parametrize("draw", [charts.segment_flows, charts.transition_matrix])
def test_a_flow_can_be_clicked_and_hands_out_where_from_and_where_to(draw: Any) -> None:
    (pick,) = charts.to_spec(draw(flows()))["params"]
    assert (pick["name"], pick["select"]["fields"]) == ("pick", ["from", "to"])


def test_movements_are_counted_without_the_new_and_partial_months_are_said() -> None:
    heading = charts.to_spec(charts.segment_flows(flows()))["title"]
    told = "6 of 36 customers moved to another segment; 12 ordered for the first time"
    assert " ".join(heading["text"]) == told
    assert "is not complete" in " ".join(heading["subtitle"])
    dated = title(charts.segment_flows(flows(), start="30 Sep 2011", end="31 Oct 2011"))
    assert dated.startswith("From 30 Sep 2011 to 31 Oct 2011, 6 of 36 customers moved")
    whole = flows().assign(is_partial=False)
    assert "is not complete" not in " ".join(charts.to_spec(charts.segment_flows(whole))["title"]["subtitle"])


def test_the_matrix_shares_each_row() -> None:
    cells = pd.DataFrame(rows(charts.transition_matrix(flows())))
    assert cells.groupby("from")["share"].sum().tolist() == pytest.approx([1, 1, 1])


def larger(frame: pd.DataFrame, times: float = 10) -> pd.DataFrame:
    counts = ["customers", "cohort_size"]
    return frame.assign(**{name: (times * frame[name]).astype(int) for name in counts})


def test_retention_marks_partial_months_and_cohorts_of_old_customers() -> None:
    cells = {(r["month"], r["months_since"]): r["text"] for r in rows(charts.cohort_heatmap(cohorts()))}
    assert cells == {
        ("Jan 2024 †", 0): "10",
        ("Jan 2024 †", 1): "40 %",
        ("Jan 2024 †", 2): "20 %*",
        ("Feb 2024", 0): "5",
        ("Feb 2024", 1): "20 %*",
    }
    assert title(charts.cohort_heatmap(larger(cohorts()))).startswith("40 % of 100 customers come back in")


def test_a_narrow_page_has_room_for_the_numbers_of_cohorts_alone():
    drawn = rows(charts.cohort_heatmap(cohorts()))
    assert [r["brief"] for r in drawn] == [r["text"].replace(" %", "") for r in drawn]
    layers = [len(charts.cohort_heatmap(cohorts(), values=v).layer) for v in ("retention", "revenue")]
    assert layers == [3, 2]  # amounts of money are too long for a small cell


def test_cohorts_show_what_is_asked_for():
    with pytest.raises(ValueError, match=r"values must be one of 'retention', .*; got 'x'"):
        charts.cohort_heatmap(cohorts(), values="x")  # type: ignore[arg-type]


def test_the_overdue_map_counts_whom_it_marks_and_hands_out_a_brush() -> None:
    frame = cadence()
    frame["is_overdue"] = frame["overdue"] > 2
    late = frame[frame["is_overdue"]]
    spec = charts.to_spec(charts.overdue_map(frame, currency="£", min_overdue=2, max_points=10))
    assert " ".join(spec["title"]["text"]).startswith(
        f"{len(late)} of 40 valuable customers are overdue, and have spent £"
    )
    assert [param["name"] for param in spec["params"]] == ["brush"]
    longer = late[late["silence"] > 200]
    chart = charts.overdue_map(frame.assign(is_overdue=frame.index.isin(longer.index)), min_silence=200)
    assert title(chart).startswith(f"{len(longer)} of 40 valuable customers") and len(longer) < len(late)
    assert "A sample of 10 of 40 customers." in " ".join(spec["title"]["subtitle"])


def test_calibration_weighs_by_customers() -> None:
    assert title(charts.calibration_chart(calibration())) == (
        "Expected 0.90 orders per customer over 93 days, actual 1.26"
    )


def test_days_between_orders_lose_none_in_silence() -> None:
    chart = charts.order_gap_histogram(gaps())
    assert title(chart) == (
        "Half of the repeat orders come within 50 days of the previous order, nine in ten within 90"
    )
    bars, marks = charts.to_spec(chart)["datasets"].values()
    assert [bar["days"] for bar in bars[:2]] == ["1 to 28", "29 to 56"]
    assert sum(bar["orders"] for bar in bars) == 100
    assert [mark["begin"] for mark in marks] == [50, 90]
    few_late = pd.concat([gaps().head(90)] * 3)
    few_late.iloc[-1, 1] = 700
    chart = charts.order_gap_histogram(few_late)
    assert "Not drawn: 1 after more than" in charts.to_spec(chart)["description"]


def test_days_between_few_orders_are_counted_and_tell_no_share() -> None:
    few = gaps().assign(gap=[*range(1, 17)] * 6 + [1] * 4).head(19)
    spec = charts.to_spec(charts.order_gap_histogram(few))
    told = "Too few repeat orders to tell how soon customers come back: 19"
    assert title(charts.order_gap_histogram(few)) == told
    bars, marks = spec["datasets"].values()
    assert (len(bars), len(marks)) == (16, 0)
    across = spec["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert across == [*range(1, 17)], "whole days"
    many = charts.to_spec(charts.order_gap_histogram(gaps()))["layer"][0]["encoding"]["x"]["axis"]["values"]
    assert many == [56 * n for n in range(1, len(many) + 1)]
    assert title(charts.order_gap_histogram(gaps().head(20))).startswith("Half of the repeat orders")


def test_cohorts_are_titled_by_new_customers_where_there_are_some() -> None:
    frame = larger(cohorts()).assign(is_partial=False)
    assert title(charts.cohort_heatmap(frame)).startswith("20 % of 50 new customers come back")
    old = charts.cohort_heatmap(frame.assign(is_left_censored=True))
    assert title(old).startswith("33 % of 150 customers come back")
    # A cohort of 17 says little by itself: the others count, too.
    seventeen = larger(frame, times=0.35)
    assert title(charts.cohort_heatmap(seventeen)).startswith("33 % of 52 customers come back")
    few = cohorts().assign(is_partial=False)
    assert title(charts.cohort_heatmap(few)).startswith("Too few customers to tell how many come back")
    assert title(charts.cohort_heatmap(frame, values="revenue")).startswith("32 % of revenue comes in months")


def test_who_can_t_be_told_apart_is_named_beside_the_best() -> None:
    table = pd.DataFrame(
        {
            "method": ["ours", "habits", "popularity"],
            "cut_date": pd.NaT,
            "metric": "hit_rate@10",
            "value": [0.77, 0.76, 0.4],
            "low": [0.75, 0.74, 0.38],
            "high": [0.79, 0.78, 0.42],
            "difference_low": [0, -0.02, -0.4],
            "difference_high": [0, 0.001, -0.3],
        }
    )
    assert title(charts.evaluation_comparison(table)).startswith(
        "ours does best, but is not clearly ahead of habits: 77 %"
    )
    alike = table.assign(difference_low=[0, -0.02, -0.4], difference_high=[0, 0.01, 0.1])
    assert "not clearly ahead of habits and popularity: " in title(charts.evaluation_comparison(alike))
    clear = table.assign(difference_high=[0, -0.001, -0.3])
    assert title(charts.evaluation_comparison(clear)).startswith("ours does best: ")
    wrong = table.assign(value=0.0, low=0.0, high=0.03, difference_low=0, difference_high=0)
    assert title(charts.evaluation_comparison(wrong)) == "No method is right"


def test_a_discount_is_titled_with_what_it_must_bring() -> None:
    apart = break_evens().assign(rate=[0.5, 0.2, 0.1], break_even=[0.7, 0.27, 0.13])
    said = title(charts.break_even_chart(apart, discount=0.1))
    assert said == "10 % off pays only if 30 % to 40 % more customers order"
    double = break_evens().assign(break_even=lambda t: t["rate"] * 2)
    assert "pays only if twice as many customers order" in title(
        charts.break_even_chart(double, discount=0.2)
    )
    never = break_evens().assign(break_even=float("nan"))
    assert "never pays" in title(charts.break_even_chart(never, discount=0.4))
    nobody = charts.break_even_chart(never.assign(rate=0.0), discount=0.4)
    assert title(nobody) == "Nobody orders anyway, so the break-even of 40 % off is unknown"
    assert {row["needed"] for row in rows(nobody)} == {"nobody ordered"}


def test_clearing_is_titled_with_what_it_takes_and_lines_say_from_where_on_it_pays() -> None:
    terms: dict[str, Any] = {"weeks": 1, "discount": 0.5, "break_even_worthless": 2.0}
    never = charts.markdown_chart(clearing(), break_even=None, **terms)
    assert title(never) == "Clearing 2 fading products in 1 week takes 2.25 times today's sales"
    lines = {row["kind"]: row["at"] for data in _data(never) for row in data if "at" in row}
    assert lines == {"Break-even: what is left is worth nothing": 2.0}
    nothing = clearing().assign(lift_to_clear=float("nan"))
    assert title(charts.markdown_chart(nothing, break_even=4.0, **terms)) == "Nothing to show"


def test_a_tornado_says_whether_money_may_be_lost_and_on_what_it_hangs() -> None:
    assert title(charts.budget_tornado(tornado(), gain=15.0, currency="£")) == (
        "Between a loss of £50.00 and a gain of £900, depending most on how many more High-Value customers "
        "order"
    )
    sure = tornado().assign(assumption="rate", gain_low=[10.0, 11.0])
    assert title(charts.budget_tornado(sure, gain=15.0)) == (
        "Gain of 10.00 to 900, depending most on how many High-Value customers order anyway"
    )


def test_demand_is_titled_with_what_is_expected_and_stock_with_what_it_takes() -> None:
    drawn = charts.demand_over_time(weeks_sold(), name="MUG", horizon=1, expected=8.4, most=14)
    assert title(drawn) == "MUG: about 8 units in the next week"
    assert "14 units would be enough in 95 of 100" in drawn.to_dict()["description"]
    new = charts.demand_over_time(weeks_sold(), name="MUG", horizon=1, expected=float("nan"))
    assert title(new) == "MUG: too new for a forecast"
    assert title(charts.stock_chart(plan(), weeks=1)) == "Stock for 1 week: 2.0 times the expected sales"


def test_a_step_is_as_wide_as_its_customers_are_many_and_can_be_clicked() -> None:
    spec = charts.to_spec(charts.journey_flows(steps()))
    assert (spec["params"][0]["name"], spec["params"][0]["select"]["fields"]) == ("pick", ["from", "to"])
    outlines = pd.DataFrame(next(d for d in spec["datasets"].values() if "took" in d[0]))
    wide = (outlines["high"] - outlines["low"]).groupby([outlines["from"], outlines["to"]]).first()
    assert wide.round(6).to_dict() == {("A", "B"): 10, ("A", "C"): 5, ("B", "B"): 9}
    again_title = title(charts.journey_flows(steps().tail(1)))
    assert "buy it again next (9 of 40), compared with 1 % of others" in again_title


def test_a_product_that_is_only_bought_again_says_so_on_its_second_side() -> None:
    of_b = steps().tail(1)
    for drawn, texts in ((of_b, {HOSTILE, f"{HOSTILE} (again)"}), (steps(), {"MUG", "TEA", HOSTILE})):
        data = charts.to_spec(charts.journey_flows(drawn))["datasets"].values()
        assert {row["text"] for table in data for row in table if "text" in row} == texts


def test_products_called_alike_are_told_apart_by_their_codes() -> None:
    shown = next(d for d in charts.to_spec(charts.repurchase_chart(
        again().assign(product_name="SOAP"), days=90))["datasets"].values())  # fmt: skip
    assert [row["label"] for row in shown] == ["A SOAP", "B SOAP"]


def test_what_a_customer_costs_is_paid_back_in_the_title() -> None:
    assert title(charts.cohort_value_chart(value(), acquisition_cost=29, currency="£")) == (
        "An acquisition cost of £29.00 is paid back after 1 month, on average"
    )
    assert title(charts.cohort_value_chart(value(), acquisition_cost=99)).startswith(
        "An acquisition cost of 99.00 is not paid back within 1 month"
    )
    assert title(charts.cohort_value_chart(value())) == (
        "A new customer brings 30.00 of revenue within 1 month of the first order"
    )


def test_in_german_moments_and_lines_of_a_file_have_words_of_their_own() -> None:
    with in_locale("de"):
        matrix = charts.transition_matrix(flows(), start="1. Mai 2024", end="1. Juni 2024").to_dict()
        audited = charts.cleaning_waterfall(audit()).to_dict()
        spent = charts.to_spec(charts.segment_map(customers(), currency="£"))
    axes = matrix["layer"][0]["encoding"]
    assert (axes["y"]["title"], axes["x"]["title"]) == ("Am 1. Mai 2024", "Am 1. Juni 2024")
    assert audited["layer"][0]["encoding"]["x"]["title"] == "Zeilen"
    assert "Ausgaben (£)" in json.dumps(spent, ensure_ascii=False)


def test_a_product_that_has_only_a_number_is_called_a_product_in_titles() -> None:
    numbered = products().assign(product_name=["POSTAGE", "501", "502", "503"])
    assert (
        title(charts.top_products(numbered)) == "Product 501 brings 60 % of revenue, the most of 3 products"
    )
    begun = title(charts.journey_flows(steps().assign(product_name="501", next_name="502")))
    assert "start with product 501 buy product 502 next" in begun


def test_orders_within_a_few_days_have_one_label_for_each_day() -> None:
    few = orders().head(2).assign(ordered_at=pd.to_datetime(["2024-06-10 15:22", "2024-06-10 15:28"]))
    svg = vl_convert.vegalite_to_svg(to_spec(charts.customer_history(few)) | {"width": 700})
    labels = re.findall(r">(\d+ Jun 2024)<", svg)
    assert labels == ["9 Jun 2024", "10 Jun 2024", "11 Jun 2024", "12 Jun 2024"]
