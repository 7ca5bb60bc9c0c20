"""Columns whose words distinguish returns from sales, where the units of both have no sign."""

from __future__ import annotations

import logging
from typing import Any

import narwhals as nw

from shopper_widgets._support.formatting import count_of
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.columns import AMOUNT, QUANTITY, UNIT_PRICE
from shopper_widgets.orders.known_layouts import KIND, OTHER_TOTAL
from shopper_widgets.orders.layouts import Layout
from shopper_widgets.orders.order_money import counted, one_row
from shopper_widgets.orders.statuses import plain_status

logger = logging.getLogger(__name__)

#: Words for a line or a document that takes goods back, in the spelling of `plain_status`. "Credit" is not
#: one: a credit sale is paid later.
RETURNS = (
    *("return", "returns", "returned", "sale return", "sales return", "sales returns", "customer return"),
    *("return sale", "return receipt", "refund", "refunds", "refunded", "cash refund", "refund receipt"),
    *("credit note", "credit notes", "creditnote", "sales credit note", "credit memo", "credit memos"),
    *("creditmemo", "sales credit memo", "credit invoice", "cn", "reversal", "sale reversal"),
    *("gutschrift", "rechnungskorrektur", "stornorechnung", "storno", "retoure", "rückgabe", "erstattung"),
    *("rückerstattung", "warenrücknahme", "avoir", "facture d'avoir", "retour", "remboursement"),
    *("devolución", "devolucion", "devoluciones", "nota de crédito", "nota de credito", "nota crédito"),
    *("factura rectificativa", "abono", "reembolso", "nota di credito", "nota credito", "reso", "rimborso"),
    *("devolução", "devolucao", "estorno", "creditnota", "creditfactuur", "terugbetaling", "zwrot"),
    *("korekta", "faktura korygująca", "faktura korygujaca", "iade", "iade faturası", "kreditnota"),
    *("kreditfaktura", "retur", "возврат", "退货", "退款", "返品", "返金", "반품", "환불"),
)
#: Words for a line or a document that sells: without any of them, the column may be about journeys, single or
#: return.
SALES = (
    *("sale", "sales", "sold", "invoice", "invoices", "sales invoice", "tax invoice", "order", "orders"),
    *("sales order", "purchase", "payment", "receipt", "sales receipt", "cash sale", "credit sale", "charge"),
    *("pos sale", "standard", "regular", "normal", "rechnung", "verkauf", "kassenbon", "bon", "faktura"),
    *("facture", "vente", "venta", "factura", "boleta", "ticket", "vendita", "fattura", "scontrino"),
    *("venda", "fatura", "nota fiscal", "verkoop", "factuur", "sprzedaż", "sprzedaz", "paragon"),
    *("faktura vat", "satış", "satis", "salg", "försäljning", "продажа", "销售", "売上", "판매"),
)
#: Single letters count as such words only if the column holds these two and nothing else.
_SALE, _RETURN = "s", "r"
#: The words by which notes about this are recognized.
RETURNS_BY_WORD = ("says which lines are returns", "these are too many for that")
#: The most returns per sale: beyond it, the words mean something else, such as journeys, and the letters
#: something such as small and regular.
_MOST_BY_WORDS, _MOST_BY_LETTERS = 1.0, 0.5


def with_returns_signed(frame: Any, layout: Layout, notes: list[str]) -> Any:
    """Make units and money of lines negative that a column calls returns, if none of them has a sign.

    Parameters
    ----------
    frame : Narwhals frame
        Canonical columns, numbers read; `KIND` where the layout knows one.
    layout : Layout
        Has the header of the column.
    notes : list of str
        Collects notes.

    Returns
    -------
    Narwhals frame
        The same lines, without the column.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({"line_kind": ["Sale", "Return"], "quantity": [2, 1], "unit_price": [9.0, 9.0]})
    >>> layout = Layout("usual headers", {}, checked={"line_kind": "Type"})
    >>> notes = []
    >>> with_returns_signed(nw.from_native(lines), layout, notes)["quantity"].to_list()
    [2, -1]
    >>> notes
    ["'Type' says which lines are returns, and none has a sign: the units of 1 line count as returned."]
    """
    schema = frame.collect_schema()
    if KIND not in schema:
        return frame
    word = plain_status(nw.col(KIND)).fill_null("")
    letters = one_row(frame, others=counted(~word.is_in([_SALE, _RETURN, ""])))["others"] == 0
    is_return = word == _RETURN if letters else word.is_in(RETURNS)
    is_sale = word == _SALE if letters else word.is_in(SALES)
    numbers = [name for name in (QUANTITY, UNIT_PRICE, AMOUNT, OTHER_TOTAL) if name in schema]
    has_sign = nw.any_horizontal(*(nw.col(name) < 0 for name in numbers), ignore_nulls=True)
    found = one_row(
        frame,
        returns=counted(is_return),
        sales=counted(is_sale),
        blank=counted(word == ""),
        signed=counted(is_return & has_sign.fill_null(False)),
    )
    if found["returns"] and found["sales"] and not found["signed"]:
        most = (found["sales"] + found["blank"]) * (_MOST_BY_LETTERS if letters else _MOST_BY_WORDS)
        are_few = found["returns"] <= most
        said = gettext(
            N_(
                "{header} says which lines are returns, and none has a sign: the units of {lines} count as "
                "returned."
            )
            if are_few
            else N_(
                "{header} may call {lines} returns, but these are too many for that: they count as sold. If "
                "they are returns, write their units with a minus sign."
            ),
            header=repr(layout.checked[KIND]),
            lines=count_of(int(found["returns"]), "line"),
        )
        notes.append(said)
        logger.warning("%s", said)
        if not are_few:
            return frame.drop(KIND)
        frame = frame.with_columns(
            nw.when(is_return).then(0 - nw.col(name)).otherwise(nw.col(name)).alias(name)
            for name in numbers
            if name != UNIT_PRICE
        )
    return frame.drop(KIND)
