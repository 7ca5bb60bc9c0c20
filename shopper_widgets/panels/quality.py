"""What cleaning did to the orders: how much was left out, why, and which rows."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.formatting import count_of, format_money, format_share
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets._support.retelling import retold
from shopper_widgets.charts import cleaning_waterfall
from shopper_widgets.columns import (
    AMOUNT,
    COUNTRY,
    CUSTOMER_ID,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
    REASON,
    SOURCE_LINE,
    UNIT_PRICE,
)
from shopper_widgets.panels.base import Panel, columns, field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.grid import Grid
from shopper_widgets.words.html import bullets, html_table, paragraph
from shopper_widgets.words.labels import describe
from shopper_widgets.words.shop import DETAILS, audit_parts, notes
from shopper_widgets.words.unusual_prices import prices_to_check

MISSING_CUSTOMER = "missing customer"
SHOWN = [
    SOURCE_LINE,
    REASON,
    ORDER_ID,
    PRODUCT_ID,
    PRODUCT_NAME,
    CUSTOMER_ID,
    COUNTRY,
    ORDERED_AT,
    QUANTITY,
    UNIT_PRICE,
    AMOUNT,
]


class QualityPanel(Panel):
    """Show the audit of the cleaning, and the rejected rows of any reason.

    Parameters
    ----------
    model : ShopperModel
        Gives the audit and, of each reason, the first 1,000 rejected rows.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    reason : str
        Why rows were rejected; ``""`` shows every reason.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> panel = QualityPanel(ShopperModel.fit(load_sample()))
    >>> panel.reason = "missing customer"
    >>> set(panel.selection["reason"])
    {'missing customer'}
    """

    heading = N_("What was left out, and why?")
    state = (REASON,)

    reason = traitlets.Unicode()

    def _selected(self) -> pd.DataFrame:
        """Return the rejected rows with the reason: at most the first 1,000 of each reason."""
        rejected = self.model.rejected
        return rejected[rejected[REASON] == self.reason].copy() if self.reason else rejected.copy()

    @property
    def reasons(self) -> list[str]:
        """The reasons that occur, in the order in which cleaning applied them."""
        return list(dict.fromkeys(self.model.rejected[REASON]))

    @traitlets.validate("reason")
    def _occurring(self, proposal: dict[str, Any]) -> str:
        reason: str = proposal["value"]
        if reason and reason not in self.reasons:
            raise traitlets.TraitError(
                gettext(
                    "No row was rejected for {reason}; the reasons are: {reasons}.",
                    reason=repr(plain(reason)),
                    reasons=", ".join(self.reasons) or gettext("none"),
                )
            )
        return reason

    def _build(self) -> list[widgets.Widget]:
        audit, currency = self.model.audit, self.model.currency
        lines, details = audit_parts(self.model)
        tables = [
            html_table(
                told.assign(rule=[_sentence_case(retold(rule)) for rule in told["rule"]]),
                describe(["rule", "rows", "customers", AMOUNT], currency=currency),
                caption=caption,
                row_header="rule",
            )
            for told, caption in ((lines, gettext("Audit of the cleaning")), (details, gettext(DETAILS)))
            if len(told)
        ]
        options = [
            (gettext("All reasons"), ""),
            *((_sentence_case(gettext(reason)), reason) for reason in self.reasons),
        ]
        choice = self._bind(widgets.Dropdown(description=gettext("Reason"), options=options), REASON)
        shown = [name for name in SHOWN if name in self.model.rejected]
        self._grid = Grid(
            describe(shown, currency=currency),
            empty=gettext("No row was rejected."),
            filename="rejected-rows.csv",
            what="rejected row",
        )
        return [
            widgets.HTML(
                paragraph(self._anonymous()) + bullets([*prices_to_check(self.model), *notes(self.model)])
            ),
            columns(
                ChartView(cleaning_waterfall(audit, currency=currency)),
                widgets.VBox([*map(widgets.HTML, tables)]),
            ),
            row(field(choice), self._reset_button(gettext("All reasons"))),
            self._grid,
        ]

    def _draw(self) -> None:
        caption = (
            gettext("Rejected rows: {reason}", reason=gettext(self.reason))
            if self.reason
            else gettext("Rejected rows")
        )
        self._grid.show(
            self.selection, caption=gettext("{caption} (at most the first 1,000 per reason)", caption=caption)
        )

    def _anonymous(self) -> str:
        """Say how much revenue has no customer: all figures about customers leave it out."""
        audit = self.model.audit.set_index("rule")
        if MISSING_CUSTOMER not in audit.index:
            return ""
        rows = int(audit["rows"][MISSING_CUSTOMER])
        if not rows:
            return gettext("Every sale has a customer id: none is left out for lack of one.")
        # As everywhere else, sales are what was sold less what was returned.
        lines, currency = self.model.lines, self.model.currency
        unknown, total = lines.loc[lines[CUSTOMER_ID].isna(), AMOUNT].sum(), lines[AMOUNT].sum()
        share = (
            gettext(", {unknown} of all sales", unknown=format_share(unknown / total)) if total > 0 else ""
        )
        read = format_money(audit[AMOUNT][MISSING_CUSTOMER], currency)
        return gettext(
            "Sales without a customer id, {unknown}{share}, count as demand, but not for any customer or "
            "segment. In the audit, which counts returns and adjustments too, their {rows} come to {read}.",
            unknown=format_money(unknown, currency),
            share=share,
            rows=count_of(rows, "row"),
            read=read,
        )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
