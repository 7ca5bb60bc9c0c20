"""Clearing fading stock: the part of the report's stock section that needs the stock on hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopper_widgets import charts
from shopper_widgets._support.formatting import format_share
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import PRODUCT_NAME
from shopper_widgets.publish.notebook import ShownChart, ShownMarkup, points, show, table
from shopper_widgets.words.demand import demand_of
from shopper_widgets.words.markdown import CLEARING, MarkdownTerms, markdown_case

if TYPE_CHECKING:
    import pandas as pd

    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.parameters import ReportParameters


def clearing(
    model: ShopperModel, settings: ReportParameters, plan: pd.DataFrame
) -> list[ShownChart | ShownMarkup]:
    """Show what would clear fading stock, at the same discount as in the report's section on discounts.

    `plan` is the result of :func:`~shopper_widgets.words.stock.plan_of` with the stock on hand.
    """
    terms = MarkdownTerms(margin=settings.margin, discount=settings.discount)
    case = markdown_case(demand_of(model), plan, terms, model.currency)
    blocks: list[ShownChart | ShownMarkup] = [points(*case.sentences)]
    if len(case.table):
        drawn = charts.markdown_chart(
            case.table,
            weeks=terms.weeks,
            discount=terms.discount,
            break_even=terms.break_even,
            break_even_worthless=terms.break_even_worthless,
            n=settings.top_n,
        )
        blocks += [
            show(drawn),
            table(
                case.table[list(CLEARING)].head(settings.top_n),
                caption=gettext(
                    "Fading stock, and what a cut of {discount} must do to clear it",
                    discount=format_share(terms.discount),
                ),
                currency=model.currency,
                row_header=PRODUCT_NAME,
            ),
        ]
    return blocks
