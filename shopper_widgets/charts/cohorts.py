"""Cohorts: how many customers come back, by the month of their first order."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from shopper_widgets.charts.theme import INK, SHADES, WHITE_FROM, finish, nothing_to_show
from shopper_widgets.formatting import format_count, format_money, format_share

#: With more months than these, the cells have no room for figures.
_MOST_WRITTEN = 15
_WORDS = {"retention": "share of the cohort that ordered", "customers": "customers", "revenue": "revenue"}


def cohort_heatmap(
    cohorts: pd.DataFrame,
    *,
    values: Literal["retention", "customers", "revenue"] = "retention",
    currency: str = "",
) -> alt.Chart:
    """Show, for customers who first ordered in the same month, what they did in the months after.

    Parameters
    ----------
    cohorts : pandas.DataFrame
        One row per cohort and month since: ``cohort, months_since, customers, revenue, cohort_size,
        retention, is_partial, is_left_censored``.
    values : {"retention", "customers", "revenue"}, default "retention"
        What is shown. The first month of a cohort shows its customers, where shares are shown.
    currency : str, default ""
        Sign or code of the money.

    Returns
    -------
    altair.Chart
        Months that the data don't cover whole have an asterisk, cohorts that hold older customers a dagger.

    Raises
    ------
    ValueError
        `values` is none of these.

    Examples
    --------
    >>> cohorts = pd.DataFrame({"cohort": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-02-01"]),
    ...     "months_since": [0, 1, 0], "customers": [4, 1, 2], "revenue": [40.0, 10.0, 20.0],
    ...     "cohort_size": [4, 4, 2], "retention": [1.0, 0.25, 1.0], "is_partial": False,
    ...     "is_left_censored": False})
    >>> cohort_heatmap(cohorts).to_dict()["title"]["text"]
    ['25 % of customers return in the month after their first order']
    """
    if values not in _WORDS:
        raise ValueError(f"values must be 'retention', 'customers' or 'revenue'; got {values!r}.")
    if cohorts.empty:
        return nothing_to_show("There are no cohorts.")
    shown = cohorts.assign(
        month=[
            f"{cohort:%b %Y}{' †' if old else ''}"
            for cohort, old in zip(cohorts["cohort"], cohorts["is_left_censored"], strict=True)
        ]
    )
    shares = values == "retention"
    counted = ~(shares & (shown["months_since"] == 0))
    most = float(shown.loc[counted, values].max()) if counted.any() else 1.0
    shown["shade"] = (shown[values] / (most or 1.0)).where(counted, 0.0)
    shown["value"] = [
        _write(values, value, currency) if is_counted else format_count(size)
        for value, size, is_counted in zip(shown[values], shown["cohort_size"], counted, strict=True)
    ]
    shown["text"] = shown["value"] + shown["is_partial"].map({True: "*", False: ""})
    shown["money"] = [format_money(money, currency) for money in shown["revenue"]]
    shown["share"] = [format_share(share) for share in shown["retention"]]
    months = list(dict.fromkeys(shown.sort_values("cohort")["month"]))
    drawn = ["month", "months_since", "customers", "cohort_size", "shade", "text", "share", "money"]
    base = alt.Chart(shown[drawn]).encode(
        x=alt.X("months_since:O", title="Months since the first order",
                axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)),
        y=alt.Y("month:N", sort=months, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )  # fmt: skip
    chart: Any = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color("shade:Q", scale=alt.Scale(range=SHADES, domain=[0, 1]), legend=None),
        tooltip=[
            alt.Tooltip("month:N", title="First order in"),
            alt.Tooltip("months_since:O", title="Months since"),
            alt.Tooltip("customers:Q", title="Customers who ordered", format=","),
            alt.Tooltip("cohort_size:Q", title="Customers of the cohort", format=","),
            alt.Tooltip("share:N", title="Share"),
            alt.Tooltip("money:N", title="Revenue"),
        ],
    )
    if shown["months_since"].nunique() <= _MOST_WRITTEN:
        ink = alt.condition(f"datum.shade > {WHITE_FROM}", alt.value("white"), alt.value(INK))
        chart += base.mark_text(fontSize=11).encode(text="text:N", color=ink)
    return finish(chart, _title(cohorts), subtitle=_subtitle(cohorts, values), height=30 * len(months))


def _write(values: str, value: float, currency: str) -> str:
    if values == "retention":
        return format_share(value)
    return format_count(value) if values == "customers" else format_money(value, currency)


def _title(cohorts: pd.DataFrame) -> str:
    next_month = cohorts[(cohorts["months_since"] == 1) & ~cohorts["is_partial"].astype(bool)]
    if next_month.empty:
        return "No cohort has a whole month behind it yet"
    share = next_month["customers"].sum() / next_month["cohort_size"].sum()
    return f"{format_share(share)} of customers return in the month after their first order"


def _subtitle(cohorts: pd.DataFrame, values: str) -> str:
    first = "the first column counts its customers" if values == "retention" else "darker is more"
    notes = [f"Shown: {_WORDS[values]}; {first}."]
    if cohorts["is_partial"].any():
        notes.append("* Month not covered whole.")
    if cohorts["is_left_censored"].any():
        notes.append("† Holds customers from before the data begin.")
    return " ".join(notes)
