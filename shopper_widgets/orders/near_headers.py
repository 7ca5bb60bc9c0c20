"""Headers that are nearly the usual ones: other forms or orders of their words, currencies, typing errors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shopper_widgets.columns import AMOUNT, ORDER_ID, ORDERED_AT, QUANTITY, UNIT_PRICE
from shopper_widgets.orders.cells.currencies import is_code
from shopper_widgets.orders.headers import words_of
from shopper_widgets.orders.known_layouts import PAYMENT_STATUS, STATUS

#: Abbreviations and forms → the word that stands for all of them.
_FORMS = {
    **dict.fromkeys(("no", "nr", "num", "nbr", "nro", "n", "numero", "nummer", "numer"), "number"),
    **dict.fromkeys(("cust", "cst"), "customer"),
    **dict.fromkeys(("prod", "prd"), "product"),
    **dict.fromkeys(("trans", "tran", "txn", "trx"), "transaction"),
    **dict.fromkeys(("inv", "invc"), "invoice"),
    **dict.fromkeys(("ord",), "order"),
    **dict.fromkeys(("desc", "descr"), "description"),
    **dict.fromkeys(("qty", "qnty", "quant", "qtd", "qtde", "qte", "qta", "cant"), "quantity"),
    **dict.fromkeys(("quantidade", "quantite", "quantita", "cantidad"), "quantity"),
    **dict.fromkeys(("cd", "cod", "codigo", "codice", "kod", "kode"), "code"),
    **dict.fromkeys(("cde", "cmd"), "commande"),
    **dict.fromkeys(("kd", "kdnr"), "kunden"),
    **dict.fromkeys(("amt",), "amount"),
    **dict.fromkeys(("dt", "dat", "ymd"), "date"),
    **dict.fromkeys(("ts",), "timestamp"),
}
#: Next to a date, a price or a product, these words name the deed. Alone or next to a number they don't:
#: "Ordered" may mean how many were ordered, or whether they were.
_DEEDS = {"purchased": "purchase", "bought": "purchase", "ordered": "order", "sold": "sale"}
#: Words that are the subject of a header in any position: the date of a purchase is a purchase date.
#: "Number", "total" and "amount" are not: a number of orders is not an order number.
_ABOUT = frozenset({"id", "code", "date", "datetime", "time", "timestamp", "name", "price"})
_FILLERS = frozenset(
    {"of", "the", "s", "ref", "reference", "de", "du", "des", "del", "do", "da", "di", "della", "d", "la"}
)
_NUMBERING = frozenset({"id", "code", "number", "key"})
#: A header with one of these words and one of the next two sets is that of a status. "State" in English is a
#: part of a country.
_STATES = frozenset(
    {"status", "statut", "estado", "stato", "etat", "situacao", "stav", "stan", "stare", "durum", "durumu"}
    | {"статус", "состояние"}
)
_SALES = frozenset(
    {"order", "orders", "sale", "sales", "purchase", "transaction", "booking", "item", "line"}
    | {"bestellung", "auftrag", "verkauf", "kauf", "commande", "vente", "achat", "transaccion", "transacao"}
    | {"pedido", "orden", "venta", "compra", "venda", "encomenda", "ordine", "vendita", "acquisto"}
    | {"bestelling", "verkoop", "zamowienia", "sprzedazy", "transakcji", "objednavky", "comanda", "comenzii"}
    | {"siparis", "satis", "pesanan", "penjualan", "transaksi", "заказа", "продажи"}
)
_PAYMENTS = frozenset(
    {"payment", "zahlung", "paiement", "pago", "pagamento", "betaling", "platnosci", "platby", "plata"}
    | {"odeme", "pembayaran", "bayaran", "оплаты"}
)
_OF_STATES = {STATUS: _SALES, PAYMENT_STATUS: _PAYMENTS}
#: Words next to a date that name its clock.
_CLOCKS = frozenset({"utc", "gmt"})
#: Words next to a quantity that name what is counted.
_COUNTED = frozenset({"pc", "pcs", "piece", "pieces", "unit", "units", "ea", "each"})
_MONEY_WORDS = frozenset({"in", "rs", "dollar", "dollars", "euro", "euros", "pound", "pounds", "rupees"})
#: Words in which a typing error is recognized: they are long, and unlike other words of headers.
_LONG = ("amount", "customer", "description", "invoice", "product", "purchase", "quantity", "transaction")
#: One letter may be added, missing, wrong, or exchanged with the next; "costumer" has two wrong letters.
_SLIPS = {"costumer": "customer", "costumers": "customer"}
#: Words that differ from one of these by a letter, but are words themselves; plurals are mostly counts.
_WORDS = frozenset({"mount", "produce", "amounts", "customers", "invoices", "products", "purchases"})
_WORDS |= {"invoiced", "purchased", "purchaser", "transactions"}


def near_headers(headers: Sequence[str], known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the header that is nearly one of a column's, if no other could be it.

    Parameters
    ----------
    headers : sequence of str
        Headers that aren't used for other columns.
    known : mapping of str to collection of str
        Column → the headers that it may have.

    Examples
    --------
    >>> headers = ["Date of Purchase", "transactions_id", "quantiy", "Price (USD)", "Number of Orders"]
    >>> near_headers(headers, {
    ...     "order_id": ["order_number", "transaction_id"], "ordered_at": ["purchase_date"],
    ...     "quantity": ["quantity"], "unit_price": ["price"],
    ... })  # doctest: +NORMALIZE_WHITESPACE
    {'order_id': 'transactions_id', 'ordered_at': 'Date of Purchase', 'quantity': 'quantiy',
     'unit_price': 'Price (USD)'}
    """
    found: dict[str, str] = {}
    for column, usual in known.items():
        forms = {_form(name, column) for name in usual}
        near = [h for h in headers if h not in found.values() and _form(h, column) in forms]
        if len(near) == 1:
            found[column] = near[0]
    return found


def near_states(headers: Sequence[str]) -> dict[str, str]:
    """Return the headers of order status and payment status, with words in any order.

    Examples
    --------
    >>> near_states(["Sales Status", "estado_pago", "customer status"])
    {'status': 'Sales Status', 'payment_status': 'estado_pago'}
    >>> near_states(["status_venda", "status_compra"])
    {}
    """
    about = {h: {*map(_without_slip, words_of(h))} - {*_FILLERS, "la", "dell", "der"} for h in headers}
    states = {h: words - _STATES for h, words in about.items() if len(words) == 2 and words & _STATES}
    near = {c: [h for h in states if states[h] <= of] for c, of in _OF_STATES.items()}
    return {column: found[0] for column, found in near.items() if len(found) == 1}


def is_number(header: str) -> bool:
    """Return whether a header is that of a number, not of a name or an address.

    Examples
    --------
    >>> [is_number(header) for header in ("id_customer", "Customer No.", "Customer", "E-mail")]
    [True, True, False, False]
    """
    return not _NUMBERING.isdisjoint(_FORMS.get(word, word) for word in words_of(header))


def other_numbers(names: Collection[str]) -> list[str]:
    """Return other names of a number: that of an invoice may also be its id or code.

    Examples
    --------
    >>> other_numbers(["Número de factura", "Factura"])
    ['factura id', 'factura code']
    """
    of = {
        name: [word for word in words_of(name) if word not in _FILLERS and not is_number(word)]
        for name in names
    }
    return [" ".join([*of[name], end]) for name in names if is_number(name) for end in ("id", "code")]


def _form(header: str, column: str) -> tuple[str, ...]:
    """Return the words of a header in one form and order."""
    forms = _FORMS if column == ORDER_ID else _FORMS | _DEEDS
    words = [forms.get(word, word) for word in map(_without_slip, words_of(header))]
    if column in (UNIT_PRICE, AMOUNT):
        words = [word for word in words if not _is_money(word)] or words
    if column == ORDERED_AT:
        words = [word for word in words if word not in _CLOCKS]
    if column == QUANTITY and "quantity" in words:
        words = [word for word in words if word not in _COUNTED]
    about = [word for word in words if word in _ABOUT]
    if len(about) == 1:
        others = [_singular(word) for word in words if word not in (*about, *_FILLERS)]
        words = [*others, *about]
    return tuple(forms.get(word, word) for word in words)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 4 else word


def _is_money(word: str) -> bool:
    return word in _MONEY_WORDS or is_code(word)


def _without_slip(word: str) -> str:
    from rapidfuzz.distance import OSA

    if len(word) < 5 or word in _WORDS:
        return word
    meant = [long for long in _LONG if long[0] == word[0] and OSA.distance(word, long, score_cutoff=1) == 1]
    return _SLIPS.get(word) or (meant[0] if meant else word)
