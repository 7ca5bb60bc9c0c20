"""Fading stock in a table and sentences: how long it lasts, and what a price cut must bring to clear it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_money,
    format_number,
    format_share,
)
from shopper_widgets._support.locale import N_, gettext, ngettext
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.products.markdown import markdown_plan
from shopper_widgets.words.demand import Demand

#: The columns that are shown of each product.
CLEARING = (
    *(PRODUCT_ID, PRODUCT_NAME, "trend", "on_hand", "weeks_of_cover", "left_if_held"),
    *("lift_to_clear", "lift_break_even", "clearing_pays"),
)
#: Trends of products whose stock may have to be cleared.
FADING = ("fading", "stopped")
NO_STOCK = N_(
    "Upload the stock on hand to see how long the stock of fading products lasts, and what it takes to "
    "clear it."
)


@dataclass(frozen=True)
class MarkdownTerms:
    """The assumptions about a price cut.

    Attributes
    ----------
    weeks : int
        The weeks in which the stock is to be cleared.
    margin : float
        Share of today's price that is left after the cost of goods.
    discount : float
        Share of today's price that is taken off.
    """

    weeks: int = 8
    margin: float = 0.4
    discount: float = 0.2

    @property
    def break_even(self) -> float | None:
        """The factor by which sales must rise if unsold goods keep their cost; None if no rise is enough."""
        left = self.margin - self.discount
        return self.margin / left if left > 1e-9 else None

    @property
    def break_even_worthless(self) -> float:
        """The factor by which sales must rise if unsold goods are worth nothing."""
        return 1 / (1 - self.discount)


@dataclass(frozen=True)
class MarkdownCase:
    """The stock to clear.

    Attributes
    ----------
    table : DataFrame
        Fading products whose stock lasts for longer than the weeks, most money first: the columns of
        `CLEARING`, and ``left_amount``, at today's price.
    sentences : list of str
        What to say about it, or why there is nothing to clear.
    """

    table: pd.DataFrame
    sentences: list[str]


def markdown_case(
    demand: Demand, plan: pd.DataFrame, terms: MarkdownTerms, currency: str = ""
) -> MarkdownCase:
    """Say which fading products have too much stock, and when a cut that clears it pays.

    Parameters
    ----------
    demand : Demand
        Gives the fading products, and the sales of each.
    plan : pandas.DataFrame
        As :func:`~shopper_widgets.words.stock.plan_of` gives it, with what is on hand.
    terms : MarkdownTerms
        Weeks, margin and discount.
    currency : str, default ""
        Sign or code of the money.
    """
    empty = pd.DataFrame(columns=[*CLEARING, "left_amount"])
    if not plan["on_hand"].notna().any():
        return MarkdownCase(empty, [gettext(NO_STOCK)])
    if demand.trends.empty:
        return MarkdownCase(
            empty, [gettext("These orders cover too few weeks to tell which products are fading.")]
        )
    stock = _fading(demand, plan)
    if stock.empty:
        return MarkdownCase(empty, [gettext("No fading product has stock on hand.")])
    kept, lost = (
        markdown_plan(stock, weeks=terms.weeks, margin=terms.margin, left_value=left, cuts=[terms.discount])
        for left in (None, 0.0)
    )
    table = kept.assign(
        **stock[[PRODUCT_NAME, "trend"]],
        left_amount=kept["left_if_held"] * kept["price"],
        clearing_pays=np.select(
            [kept["is_clearing_worth_it"], lost["is_clearing_worth_it"]],
            [N_("yes"), N_("only if what is left is worth nothing")],
            N_("no"),
        ),
        # How long stock lasts is not known if nothing of it sells.
        **{name: kept[name].replace(np.inf, np.nan) for name in ("weeks_of_cover", "lift_to_clear")},
    )
    over = table[table["left_if_held"] > 0.5]
    ranked = over.sort_values(["left_amount", PRODUCT_ID], ascending=[False, True], ignore_index=True)
    return MarkdownCase(ranked[[*CLEARING, "left_amount"]], _told(ranked, len(stock), terms, currency))


def _fading(demand: Demand, plan: pd.DataFrame) -> pd.DataFrame:
    """Return fading products with stock on hand, with their rate and price."""
    trends = demand.trends.set_index(PRODUCT_ID)["trend"]
    prices = pd.Series(demand.forecaster.recent_prices(), index=demand.forecaster.products_)
    stock = plan.assign(
        trend=plan[PRODUCT_ID].map(trends),
        price=plan[PRODUCT_ID].map(prices),
        weekly_rate=plan["level"],
    )
    wanted = stock["trend"].isin(FADING) & (stock["on_hand"] > 0) & (stock["price"] > 0)
    return stock[wanted & stock["weekly_rate"].notna()].reset_index(drop=True)


def _told(table: pd.DataFrame, n_fading: int, terms: MarkdownTerms, currency: str) -> list[str]:
    weeks, off = count_of(terms.weeks, "week"), format_share(terms.discount)
    if table.empty:
        return [
            ngettext(
                "The {number} fading product with stock sells out within {weeks}.",
                "The {number} fading products with stock all sell out within {weeks}.",
                n_fading,
                number=format_count(n_fading),
                weeks=weeks,
            )
        ]
    said = [
        ngettext(
            "{number} of {all} fading products with stock has more than sells in {weeks}: {units} would be "
            "left, worth {money} at today's prices.",
            "{number} of {all} fading products with stock have more than sells in {weeks}: {units} would be "
            "left, worth {money} at today's prices.",
            len(table),
            number=format_count(len(table)),
            all=format_count(n_fading),
            weeks=weeks,
            units=count_of(round(table["left_if_held"].sum()), "unit"),
            money=format_money(table["left_amount"].sum(), currency),
        )
    ]
    lifts = table["lift_to_clear"].dropna()
    if len(lifts):
        said.append(
            gettext(
                "To clear it in {weeks}, sales of these products must be {times} times today's (median).",
                weeks=weeks,
                times=format_number(lifts.median()),
            )
        )
    worthless = format_number(terms.break_even_worthless)
    if terms.break_even is None:
        said.append(
            gettext(
                "Break-even: at {off} off, each sale loses money, so the cut pays only where what is left "
                "loses its value; if what is left is worth nothing, {worthless} times today's sales are "
                "enough.",
                off=off,
                worthless=worthless,
            )
        )
    else:
        said.append(
            gettext(
                "Break-even: {off} off brings no less than today's price at {break_even} times today's "
                "sales or more, if what is left keeps its cost; at {worthless} times or more, if what is "
                "left is worth nothing.",
                off=off,
                break_even=format_number(terms.break_even),
                worthless=worthless,
            )
        )
    pays = int((table["clearing_pays"] == "yes").sum())
    said.append(
        gettext(
            "If the cut just clears the stock, it pays for {pays} of {products}, provided that what is left "
            "keeps its cost.",
            pays=format_count(pays),
            products=count_of(len(table), "product"),
        )
    )
    said.append(
        gettext("These orders don't show what a price cut does to sales, and nothing is assumed about it.")
    )
    return said
