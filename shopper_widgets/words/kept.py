"""Further columns of the orders, such as channel: their values, and how segments differ in them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from scipy.stats import norm

from shopper_widgets._support.formatting import count_of, format_count, format_share
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import SEGMENT
from shopper_widgets.customers.kept import value_name
from shopper_widgets.model.once import once_per_model
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments.mix import OTHERS, segment_mix
from shopper_widgets.words.html import html_table, paragraph
from shopper_widgets.words.labels import Column

#: A column with more values than this identifies orders, not kinds of orders.
MOST_VALUES = 50
#: Segments with fewer customers are not said to differ, nor are shares with a smaller difference.
FEWEST, _MORE = 30, 0.05
EVERYONE, NOT_KNOWN = N_("All customers"), N_("not known")
#: These two are not values of the column, and come last.
_LAST = (OTHERS, NOT_KNOWN)


@dataclass(frozen=True)
class Mix:
    """How segments differ in one column.

    Attributes
    ----------
    column : str
        Its header in the orders.
    table : DataFrame
        A row per segment, and one for everyone: first ``segment``, then the share of spend on each value.
        These columns have the names of the values, which may be any text, even ``segment``.
    sentence : str
        The largest difference, or why there is no table.
    """

    column: str
    table: pd.DataFrame
    sentence: str

    @property
    def columns(self) -> list[Column]:
        """The labels of the table's columns, by position."""
        names = list(map(str, self.table))[1:]
        return [
            Column("0", gettext("Segment"), gettext, "sw-whole"),
            *(
                Column(str(place), gettext(name) if name in _LAST else name, format_share, "sw-number")
                for place, name in enumerate(names, 1)
            ),
        ]

    @property
    def caption(self) -> str:
        """The caption of the table."""
        return gettext("Share of spend by {column}", column=self.column)


@once_per_model
def mixes(model: ShopperModel) -> list[Mix]:
    """Return how segments differ in each column that the model was told to keep."""
    kept = [name for name in model.parameters.get("keep", ()) if name in model.lines]
    return [_mix(model, name) for name in kept]


def mixes_html(model: ShopperModel) -> Markup:
    """Write a table and a sentence for each column that was kept; nothing if none was."""
    found = Markup("")
    for mix in mixes(model):
        if len(mix.table):
            columns = mix.columns
            by_place = mix.table.set_axis([column.name for column in columns], axis=1)
            found += html_table(by_place, columns, caption=mix.caption, row_header=columns[0].name)
        found += paragraph(mix.sentence)
    return found


def _mix(model: ShopperModel, column: str) -> Mix:
    values = model.lines[column]
    n_values, filled = int(values.nunique()), int(values.notna().sum())
    if not 1 < n_values <= MOST_VALUES:
        why = (
            gettext("{column} is the same everywhere.", column=column)
            if n_values
            else gettext("{column} is empty everywhere.", column=column)
        )
        if n_values == 1 and filled < len(values):
            why = gettext(
                "{column} is {value} in {filled} of {lines} and empty in all others: nothing to compare "
                "segments by.",
                column=column,
                value=value_name(values.dropna().iloc[0]),
                filled=format_count(filled),
                lines=count_of(len(values), "line"),
            )
        if n_values > MOST_VALUES:
            why = gettext(
                "{column} has {number} different values: too many to compare segments by.",
                column=column,
                number=format_count(n_values),
            )
        return Mix(column, pd.DataFrame(), why)
    found = segment_mix(model.lines, model.customers, column)
    # Values with the same name, such as 1 and True, are added up.
    named = found.assign(value=[NOT_KNOWN if pd.isna(v) else value_name(v) for v in found["value"]])
    everyone = named.groupby("value", sort=False)["revenue"].sum()
    if found["usual_share"].isna().all():
        return Mix(
            column,
            pd.DataFrame(),
            gettext("{column}: returns leave no spend to compare segments by.", column=column),
        )
    shares = named.pivot_table(
        index=SEGMENT, columns="value", values="revenue", aggfunc="sum", fill_value=0.0, observed=True
    )
    order = [name for name in model.segments[SEGMENT] if name in shares.index]
    order_of = [n for n in everyone.sort_values(ascending=False, kind="stable").index if n not in _LAST]
    order_of += [name for name in _LAST if name in everyone.index]
    shares = shares.loc[order, order_of]
    total = shares.sum(axis=1).round(9)
    shares = shares.div(total.where(total > 0), axis=0)
    shares.loc[EVERYONE] = (everyone / everyone.sum())[order_of]
    table = shares.rename_axis(SEGMENT).reset_index(allow_duplicates=True).rename_axis(columns=None)
    return Mix(column, table, _largest_difference(model, column, found))


def _largest_difference(model: ShopperModel, column: str, found: pd.DataFrame) -> str:
    """Say which share of a segment's spend exceeds that of all customers most, if by more than chance."""
    sizes = found[SEGMENT].map(model.customers[SEGMENT].value_counts())
    large = found[(sizes >= FEWEST) & found["value"].notna() & (found["value"] != OTHERS)]
    ahead = large["revenue_share"] - large["usual_share"]
    # By chance, any of the shares lies beyond this in at most 5 of 100 columns (Bonferroni).
    beyond = norm.ppf(1 - 0.025 / max(len(large), 1)) * large["error"]
    sure = large[(ahead > _MORE) & (ahead > beyond)]
    if sure.empty:
        return gettext(
            "{column}: no segment of {customers} or more surely differs from the others.",
            column=column,
            customers=count_of(FEWEST, "customer"),
        )
    row = sure.loc[[ahead[sure.index].idxmax()]].to_dict("records")[0]
    return gettext(
        "{column}: the largest difference is {value}, with {revenue_share} of the spend of {segment} "
        "customers and {usual_share} of the spend of all customers.",
        column=column,
        value=value_name(row["value"]),
        revenue_share=format_share(row["revenue_share"]),
        segment=gettext(row[SEGMENT]),
        usual_share=format_share(row["usual_share"]),
    )
