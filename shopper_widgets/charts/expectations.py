"""Expectations: who is overdue by their own rhythm, and whether expected orders came."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import format_count, format_money, format_number
from shopper_widgets._support.locale import N_, gettext, ngettext, with_marks
from shopper_widgets.charts.colors import BLUE, FAINT_INK, ORANGE
from shopper_widgets.charts.maps import MOST_POINTS, drawn, spend_axis
from shopper_widgets.charts.theme import (
    finish,
    money_expression,
    nothing_to_show,
    order_segments,
    segment_scale,
    segment_shapes,
    translated,
)
from shopper_widgets.columns import CUSTOMER_ID, MONETARY, SEGMENT

#: The words of the map for customers on the list, and for those who are not.
_MARKS = (N_("overdue"), N_("not overdue"))


def overdue_map(
    cadence: pd.DataFrame,
    *,
    currency: str = "",
    min_overdue: float = 1.5,
    min_silence: int | None = None,
    max_points: int = MOST_POINTS,
    random_state: int = 0,
    height: int = 380,
) -> alt.Chart:
    """Show how overdue each customer is by their own rhythm, and what they have spent.

    Parameters
    ----------
    cadence : pandas.DataFrame
        One row per customer: ``customer_id, segment, expected_gap, silence`` (days), ``overdue`` (silence ÷
        expected gap), ``monetary``, and ``is_overdue`` (bool): who is marked.
    currency : str, default ""
        Sign or code of the money.
    min_overdue : float, default 1.5
        The score from which a customer counts as overdue; a line marks it.
    min_silence : int, optional
        Days of silence within which nobody counts as overdue; the chart says so.
    max_points : int, default 5,000
        With more points, a sample is drawn, and the chart says so.
    random_state : int, default 0
        Seed of the sample.
    height : int, default 380
        In pixels.

    Returns
    -------
    altair.Chart
        An interval selection named ``brush`` over ``overdue`` and ``monetary``.

    Examples
    --------
    >>> cadence = pd.DataFrame({"customer_id": ["ann", "ben"], "segment": ["Regular", "At-Risk"],
    ...     "expected_gap": [30.0, 40.0], "silence": [15, 120], "overdue": [0.5, 3.0],
    ...     "monetary": [90.0, 500.0], "is_overdue": [False, True]})
    >>> overdue_map(cadence, currency="£").to_dict()["title"]["text"]
    ['1 of 2 valuable customers is overdue, and has spent £500']
    """
    needed = [CUSTOMER_ID, SEGMENT, "expected_gap", "silence", "overdue", MONETARY]
    if cadence.empty:
        return nothing_to_show(gettext("No customers in this selection."))
    late = cadence[cadence["is_overdue"]]
    marked = cadence[needed].round(2).assign(mark=np.where(cadence["is_overdue"], *_MARKS))
    shown, notes = drawn(marked, max_points, random_state)
    if shown.empty:
        return nothing_to_show(gettext("No customers in this selection."))
    title = ngettext(
        "{number} of {all} valuable customers is overdue, and has spent {money}",
        "{number} of {all} valuable customers are overdue, and have spent {money}",
        len(late),
        number=format_count(len(late)),
        all=format_count(len(cadence)),
        money=format_money(late[MONETARY].sum(), currency),
    )
    line = gettext(
        N_("Filled: overdue, silent for more than {times} times their usual gap and more than {days} days.")
        if min_silence
        else N_("Filled: overdue, silent for more than {times} times their usual gap."),
        times=with_marks(f"{min_overdue:g}"),
        days=min_silence,
    )
    segments = order_segments(cadence[SEGMENT].unique())
    furthest = max(float(shown["overdue"].max()) * 1.1, min_overdue * 1.5)
    ticks = [tick for tick in (0, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500) if tick <= furthest]
    across = alt.X(
        "overdue:Q", title=gettext("Silence ÷ usual gap (1: on time)"),
        scale=alt.Scale(type="symlog", domain=[0, furthest], nice=False),
        axis=alt.Axis(values=ticks, format="~g", grid=False),
    )  # fmt: skip
    brush = alt.selection_interval(name="brush")
    legend = alt.Legend(columns=3, **translated(segments))
    points = (
        alt.Chart(shown)
        .transform_calculate(spent=money_expression(MONETARY, currency))
        .mark_point(size=26, clip=True, strokeWidth=1)
        .encode(
            x=across,
            y=spend_axis(shown[MONETARY], currency),
            color=alt.Color(f"{SEGMENT}:N", scale=segment_scale(segments), legend=legend),
            shape=alt.Shape(f"{SEGMENT}:N", scale=segment_shapes(segments), legend=legend),
            fill=alt.condition(
                alt.datum["mark"] == _MARKS[0],
                alt.Color(f"{SEGMENT}:N", scale=segment_scale(segments), legend=None),
                alt.value("white"),
            ),
            opacity=alt.condition(brush, alt.value(0.75), alt.value(0.1)),
            tooltip=[
                alt.Tooltip(f"{CUSTOMER_ID}:N", title=gettext("Customer")),
                alt.Tooltip(f"{SEGMENT}:N", title=gettext("Segment")),
                alt.Tooltip("mark:N", title=gettext("Status")),
                alt.Tooltip("silence:Q", title=gettext("Days since the last order"), format=","),
                alt.Tooltip("expected_gap:Q", title=gettext("Usual days between orders"), format=",.0f"),
                alt.Tooltip("spent:N", title=gettext("Spent")),
            ],
        )
        .add_params(brush)
    )
    rule = (
        alt.Chart(pd.DataFrame({"overdue": [min_overdue]}))
        .mark_rule(color=FAINT_INK, strokeDash=[4, 3])
        .encode(x=across)
    )
    return finish(points + rule, title, subtitle=" ".join([line, *notes]), height=height)


def calibration_chart(calibration: pd.DataFrame, *, note: str = "") -> alt.Chart:
    """Show expected and actual orders in held-out weeks.

    Parameters
    ----------
    calibration : pandas.DataFrame
        One row per number of repeats before: ``repeats`` (text), ``customers, expected, actual, low, high``
        (days with orders per customer) and ``horizon_days``.
    note : str, default ""
        The conclusion, in a sentence.

    Returns
    -------
    altair.Chart
        Expected and actual orders beside each other, by number of repeats; vertical lines for the intervals.

    Examples
    --------
    >>> calibration = pd.DataFrame({"repeats": ["0", "1+"], "customers": [10, 10], "expected": [1.0, 2.0],
    ...     "actual": [1.2, 2.4], "low": [0.9, 2.1], "high": [1.5, 2.7], "horizon_days": [90, 90]})
    >>> calibration_chart(calibration).to_dict()["title"]["text"]
    ['Expected 1.50 orders per customer over 90 days, actual 1.80']
    """
    if calibration.empty:
        return nothing_to_show(gettext("There is nothing to compare."))
    means = [
        np.average(calibration[name], weights=calibration["customers"]) for name in ("expected", "actual")
    ]
    days = int(calibration["horizon_days"].iloc[0])
    title = gettext(
        "Expected {expected} orders per customer over {days} days, actual {actual}",
        expected=format_number(means[0]),
        days=days,
        actual=format_number(means[1]),
    )
    rows = pd.concat(
        [
            calibration[["repeats", "customers", "low", "high"]].assign(of=label, orders=calibration[name])
            for name, label in (("expected", "Expected"), ("actual", "Actual"))
        ],
        ignore_index=True,
    )
    rows["text"] = [format_number(orders) for orders in rows["orders"]]
    order = calibration["repeats"].tolist()
    base = alt.Chart(rows).encode(
        x=alt.X("repeats:O", sort=order, title=gettext("Earlier repeat orders"),
                axis=alt.Axis(labelAngle=0, grid=False)),
    )  # fmt: skip
    marks = base.encode(
        y=alt.Y("orders:Q", title=gettext("Days with orders per customer, over {days} days", days=days)),
        color=alt.Color("of:N", scale=alt.Scale(domain=["Expected", "Actual"], range=[ORANGE, BLUE])),
        tooltip=[
            alt.Tooltip("repeats:N", title=gettext("Earlier repeat orders")),
            alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            alt.Tooltip("of:N", title=" "),
            alt.Tooltip("text:N", title=gettext("Days with orders per customer")),
        ],
    )
    lines = marks.mark_line(strokeWidth=1.5, opacity=0.5)
    shapes = alt.Scale(domain=["Expected", "Actual"], range=["diamond", "circle"])
    points = marks.mark_point(size=70, filled=True, opacity=1).encode(shape=alt.Shape("of:N", scale=shapes))
    bounds = (
        base.transform_filter("datum.of === 'Actual'")
        .mark_rule(color=BLUE, strokeWidth=2, opacity=0.5)
        .encode(
            y=alt.Y("low:Q", title=gettext("Days with orders per customer, over {days} days", days=days)),
            y2=alt.Y2("high:Q"),
        )
    )
    note = (
        f"{note} {gettext('Lines are 95 % intervals.')}"
        if note
        else gettext("Vertical lines are 95 % intervals of the actual orders.")
    )
    return finish(alt.layer(bounds, lines, points), title, subtitle=note, height=260)
