"""What customers bring from their first order on, by cohort, compared with the acquisition cost."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import OF_UNITS, count_of, format_count, format_money, format_month
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts.colors import BLUE, GREY, INK, VERMILLION
from shopper_widgets.charts.theme import finish, in_currency, money_axis, nothing_to_show

#: Months after which people usually ask what a customer has brought.
_SPOKEN_OF = (0, 1, 3, 6, 12, 24)


def cohort_value_chart(
    curve: pd.DataFrame,
    cohorts: pd.DataFrame | None = None,
    *,
    acquisition_cost: float = 0.0,
    what: str = "revenue",
    currency: str = "",
    height: int = 320,
) -> alt.Chart:
    """Show the value of a new customer by months since the first order, on average and by cohort.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``months_since, customers, value, low, high``.
    cohorts : pandas.DataFrame, optional
        ``cohort, months_since, cohort_size, value, is_partial, is_left_censored``: each a thin line. Months
        that are not whole are not drawn, nor are cohorts that hold old customers, where there are others.
    acquisition_cost : float, default 0
        Of winning one customer: a line marks it.
    what : str, default "revenue"
        What is counted.
    currency : str, default ""
        Sign or code of the money.
    height : int, default 320
        In pixels.

    Returns
    -------
    altair.Chart
        A thick line with a band for the mean and its interval, thin ones for cohorts.

    Examples
    --------
    >>> curve = pd.DataFrame({"months_since": [0, 1], "customers": [90, 40], "value": [20.0, 30.0],
    ...     "low": [18.0, 25.0], "high": [22.0, 35.0]})
    >>> cohort_value_chart(curve, acquisition_cost=25, currency="£").to_dict()["title"]["text"]
    ['An acquisition cost of £25.00 is paid back after 1 month, on', 'average']
    """
    if curve.empty:
        return nothing_to_show(gettext("Too few new customers were followed for a month."))
    shown = curve.assign(
        value_text=[format_money(value, currency) for value in curve["value"]],
        interval=[
            gettext("{low} to {high}", low=format_money(low, currency), high=format_money(high, currency))
            for low, high in zip(curve["low"], curve["high"], strict=True)
        ],
    )
    across = alt.X(
        "months_since:Q",
        title=gettext("Months since the month of the first order"),
        axis=alt.Axis(grid=False, tickMinStep=1, format="d"),
        scale=alt.Scale(nice=False),
    )
    up: dict[str, Any] = {
        "title": in_currency(gettext("{what} per customer so far", what=gettext(what).capitalize()), currency)
    }
    mean = alt.Chart(shown)
    layers: list[alt.Chart] = [
        mean.mark_area(color=BLUE, opacity=0.18).encode(
            x=across, y=alt.Y("low:Q", axis=money_axis(currency), **up), y2=alt.Y2("high:Q")
        )
    ]
    lines = _lines(cohorts, currency)
    if len(lines):
        layers.append(
            alt.Chart(lines)
            .mark_line(color=GREY, strokeWidth=1, point=alt.OverlayMarkDef(size=14, color=GREY))
            .encode(
                x=across,
                y=alt.Y("value:Q"),
                detail=alt.Detail("month:N"),
                tooltip=[
                    alt.Tooltip("month:N", title=gettext("First order in")),
                    alt.Tooltip("customers:N", title=gettext("Customers")),
                    alt.Tooltip("months_since:Q", title=gettext("Months since")),
                    alt.Tooltip("value_text:N", title=gettext("Per customer so far")),
                ],
            )
        )
    layers.append(
        mean.mark_line(color=BLUE, strokeWidth=3, point=alt.OverlayMarkDef(size=36, color=BLUE)).encode(
            x=across,
            y=alt.Y("value:Q"),
            tooltip=[
                alt.Tooltip("months_since:Q", title=gettext("Months since")),
                alt.Tooltip("value_text:N", title=gettext("Per customer so far, on average")),
                alt.Tooltip("interval:N", title=gettext("95 % interval")),
                alt.Tooltip("customers:Q", title=gettext("Customers followed for that long"), format=","),
            ],
        )
    )
    if acquisition_cost:
        layers += _cost(acquisition_cost, currency)
    subtitle = (
        gettext("Thick line: mean of all new customers followed for that long, with its 95 % interval.") + " "
    )
    subtitle += gettext("Thin lines: cohorts by month of the first order.") if len(lines) else ""
    return finish(
        alt.layer(*layers), _title(curve, acquisition_cost, what, currency), subtitle=subtitle, height=height
    )


def _lines(cohorts: pd.DataFrame | None, currency: str) -> pd.DataFrame:
    """Return the points of the cohorts' lines."""
    if cohorts is None or cohorts.empty:
        return pd.DataFrame()
    old = cohorts["is_left_censored"].astype(bool)
    whole = ~cohorts["is_partial"].astype(bool)
    shown = cohorts[whole if old.all() else whole & ~old]
    return pd.DataFrame(
        {
            "month": [format_month(month) for month in shown["cohort"]],
            "months_since": shown["months_since"].to_numpy(),
            "value": shown["value"].to_numpy(),
            "customers": [format_count(size) for size in shown["cohort_size"]],
            "value_text": [format_money(value, currency) for value in shown["value"]],
        }
    )


def _cost(cost: float, currency: str) -> list[alt.Chart]:
    marked = pd.DataFrame(
        {"cost": [cost], "text": [gettext("acquisition cost: {cost}", cost=format_money(cost, currency))]}
    )
    base = alt.Chart(marked).encode(y=alt.Y("cost:Q"))
    words = base.mark_text(align="right", baseline="top", dx=-4, dy=5, color=INK)
    return [
        base.mark_rule(color=VERMILLION, strokeDash=[6, 4], strokeWidth=2),
        words.encode(x=alt.value(alt.expr("width")), text=alt.Text("text:N")),
    ]


def _title(curve: pd.DataFrame, cost: float, what: str, currency: str) -> str:
    spoken_of = curve[curve["months_since"].isin(_SPOKEN_OF)]
    last = (spoken_of if len(spoken_of) else curve).iloc[-1]
    seen = int(last["months_since"])
    if currency == OF_UNITS:
        return gettext(
            N_("A new customer buys {units} within {months} of the first order")
            if seen
            else N_("A new customer buys {units} in the month of the first order"),
            units=format_money(last["value"], currency),
            months=count_of(seen, "month"),
        )
    if not cost:
        return gettext(
            N_("A new customer brings {money} of {what} within {months} of the first order")
            if seen
            else N_("A new customer brings {money} of {what} in the month of the first order"),
            money=format_money(last["value"], currency),
            what=gettext(what),
            months=count_of(seen, "month"),
        )
    back = curve.loc[curve["value"] >= cost, "months_since"]
    if back.empty:
        return gettext(
            "An acquisition cost of {cost} is not paid back within {months}: a new customer brings {money}",
            cost=format_money(cost, currency),
            months=count_of(seen, "month"),
            money=format_money(last["value"], currency),
        )
    month = int(back.iloc[0])
    return gettext(
        N_("An acquisition cost of {cost} is paid back after {months}, on average")
        if month
        else N_("An acquisition cost of {cost} is paid back in the month of the first order, on average"),
        cost=format_money(cost, currency),
        months=count_of(month, "month"),
    )
