"""The meaning of a shop's own words for the status of an order: which of them say that nothing was sold."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import narwhals as nw

from shopper_widgets._support.checks import plain
from shopper_widgets.columns import IS_CANCELLED, ORDER_STATUS

#: What reading puts in place of `DEEDS` where they are not statuses of orders.
NO_PURCHASE = "no purchase"
#: Statuses of orders that were not sold, in lower case, with single spaces: as Shopify, WooCommerce, Magento,
#: PrestaShop, Amazon, Olist, Tiendanube and Nuvemshop write them, in the languages of their shops. Orders
#: that are refunded in part were sold in part, and are not included.
NOT_SOLD = (
    *("cancelled", "canceled", "cancelado", "cancelada", "cancellato", "annullato", "annulé", "annulée"),
    *("annulee", "annule", "storniert", "abgebrochen", "geannuleerd", "anulowane", "anulowano"),
    *("anulado", "anulada", "annulleret", "avbruten", "peruutettu", "zrušeno", "stornována", "отменен"),
    *("отменён", "bestellung storniert", "annullata", "anulowany", "anulowana", "order cancelled"),
    *("order canceled", "payment cancelled", "cancelled by customer", "refunded", "refund"),
    *("fully refunded", "order refunded", "payment refunded", "remboursé", "rembourse", "erstattet"),
    *("rückerstattet", "reembolsado", "reembolsada", "rimborsato", "terugbetaald", "возврат"),
    *("remboursée", "remboursement", "zahlung erstattet", "reembolso", "rimborsata", "terugbetaling"),
    *("zwrot", "zwrócone", "zwrócono", "estornado", "estornada", "returned", "order returned"),
    *("return", "return completed", "return received", "refund completed", "refund issued", "rto"),
    *("rto delivered", "return to origin", "returned to origin", "returned to sender", "restocked", "lost"),
    *("lost in transit", "undelivered", "undeliverable", "not delivered", "delivery failed"),
    *("failed delivery", "timeout", "timed out", "requires payment method", "requires action"),
    *("requires confirmation", "deleted", "quote", "quotation", "estimate", "no show", "test order"),
    *("retourniert", "zurückgesandt", "returned to seller", "devuelto", "devolvido", "reso", "retourné"),
    *("shipped returned to seller", "shipped returning to seller", "devuelta", "devolvida", "retournée"),
    *("shipped rejected by buyer", "shipped lost in transit", "shipped damaged", "chargeback"),
    *("charged back", "voided", "void", "reversed", "paypal reversed", "canceled reversal"),
    *("paypal canceled reversal", "failed", "payment failed", "payment error", "declined", "denied"),
    *("rejected", "expired", "error", "fehlgeschlagen", "échoué", "échouée", "abgelehnt", "fallido"),
    *("rechazado", "recusado", "fallito", "fehler bei der bezahlung", "erreur de paiement"),
    *("error en el pago", "error en pago", "fallida", "errore di pagamento", "betalingsfout", "mislukt"),
    *("błąd płatności", "nieudane", "erro no pagamento", "malsucedido", "falhado", "falhada", "recusada"),
    *("rechazada", "pending", "payment pending", "pending payment", "awaiting payment", "pending paypal"),
    *("unpaid", "payment review", "fraud", "suspected fraud", "ausstehend", "zahlung ausstehend"),
    *("duplicate", "duplicated", "duplicate order", "duplikat", "doublon", "duplicado", "duplicada"),
    *("fully returned", "returned in full", "devolvida totalmente", "devolvido totalmente"),
    *("totalmente devolvida", "totalmente devolvido", "devuelto totalmente", "devuelta totalmente"),
    *("reembolsado totalmente", "totalmente reembolsado", "totalement remboursé", "totalement remboursée"),
    *("entièrement remboursé", "entièrement remboursée", "vollständig erstattet", "vollständig retourniert"),
    *("rimborsato totalmente", "completamente rimborsato", "volledig terugbetaald", "całkowicie zwrócone"),
    *("full refund", "completely refunded", "fully cancelled", "fully canceled", "cancelled in full"),
    *("vollständig storniert", "komplett storniert", "vollständig zurückgesandt", "volledig geannuleerd"),
    *("entièrement annulé", "entièrement annulée", "totalement annulé", "totalement annulée"),
    *("remboursé intégralement", "remboursée intégralement", "całkowicie anulowane", "tamamen iade edildi"),
    *("unbezahlt", "en attente", "en attente de paiement", "pendiente", "pendente", "in sospeso"),
    *("in attesa", "pago pendiente", "pagamento pendente", "attente paiement", "on backorder (not paid)"),
    *("on hold", "onhold", "holded", "hold", "in wartestellung", "en espera", "em espera", "in de wacht"),
    *("wstrzymane", "aguardando", "draft", "checkout draft", "auto draft", "abandoned", "trash"),
    *("incomplete", "unavailable", "view", "view item", "product view", "page view", "pageview", "click"),
    *("impression", "search", "cart", "add to cart", "addtocart", "remove from cart", "removefromcart"),
    *("begin checkout", "checkout", "wishlist", "add to wishlist", "favorite", NO_PURCHASE),
    *("iptal", "iptal edildi", "iade", "iade edildi", "ödeme bekliyor", "ödeme bekleniyor", "onay bekliyor"),
    *("batal", "dibatalkan", "pesanan dibatalkan", "dikembalikan", "pengembalian", "belum bayar"),
    *("belum dibayar", "menunggu pembayaran", "gagal", "ditolak", "dipulangkan", "belum bayar lagi"),
    *(
        "交易关闭",
        "关闭",
        "已关闭",
        "订单关闭",
        "已取消",
        "订单取消",
        "交易取消",
        "已退款",
        "全额退款",
        "退款成功",
    ),
    *("退款完成", "已退货", "等待买家付款", "待付款", "未付款", "未支付", "等待付款", "支付失败"),
    *(
        "キャンセル",
        "キャンセル済み",
        "キャンセル済",
        "キャンセル確定",
        "注文取消し",
        "取消",
        "取消し",
        "取り消し",
        "取消済み",
        "返品",
    ),
    *(
        "返品済み",
        "返金済み",
        "返金",
        "未入金",
        "入金待ち",
        "支払い待ち",
        "決済エラー",
        "購入処理中",
        "決済処理中",
    ),
    *("취소", "취소완료", "취소 완료", "주문취소", "주문 취소", "결제취소", "취소됨", "반품", "반품완료"),
    *("반품 완료", "환불", "환불완료", "환불 완료", "입금대기", "입금전", "미입금", "결제대기", "미결제"),
    *("결제실패", "отменено", "отменена", "отмена", "аннулирован", "возвращен", "возвращён", "возвращено"),
    *("не оплачен", "не оплачено", "ожидает оплаты", "ожидание оплаты", "невыкуп", "не выкуплен"),
)
#: Actions of visitors other than buying. For an order, such a word may be a status, or an action that its
#: page offers: "Review".
DEEDS = (
    *("favourite", "fav", "pv", "review", "rating", "rate", "like", "dislike", "share", "comment", "save"),
    *("browse", "visit", "login"),
)
#: Actions of visitors who buy.
BOUGHT = ("purchase", "purchased", "buy", "order", "transaction")
#: Words for orders that were sold: they distinguish a column of statuses from other columns.
SOLD = (
    *("completed", "complete", "delivered", "shipped", "processing", "in process", "paid", "fulfilled"),
    *(*BOUGHT, "partially refunded", "partially paid", "authorized"),
    *("partially cancelled", "partially canceled", "cancelled partially", "dibatalkan sebagian"),
    *("refunded partially", "refunded in part", "cancelled in part", "partially returned"),
    *(
        "cancelado parcialmente",
        "cancelada parcialmente",
        "reembolsado parcialmente",
        "devolvido parcialmente",
    ),
    *("devolvida parcialmente", "annulée partiellement", "storniert teilweise", "teilweise storniert"),
    *("annulé partiellement", "partiellement annulé", "partiellement annulée", "partial refund"),
    *("approved", "invoiced", "received", "closed", "payment accepted", "processing in progress"),
    *("remote payment accepted", "on backorder (paid)", "abgeschlossen", "bezahlt", "versendet"),
    *("geliefert", "in bearbeitung", "zahlung eingegangen", "bestellung in bearbeitung"),
    *("bestellung versandt", "bestellung ausgeliefert", "versandt", "terminé", "expédié", "livré"),
    *("payé", "terminée", "expédiée", "livrée", "payée", "en cours", "paiement accepté"),
    *("en cours de préparation", "completado", "enviado", "entregado", "pagado", "completada", "enviada"),
    *("entregada", "pagada", "procesando", "pago aceptado", "abierta", "cerrada", "recibido"),
    *("completato", "spedito", "consegnato", "in lavorazione", "pagamento accettato", "pagato"),
    *("afgerond", "voltooid", "verzonden", "afgeleverd", "betaald", "betaling aanvaard", "zrealizowane"),
    *("wysłane", "dostarczone", "opłacone", "w trakcie realizacji", "płatność zaakceptowana"),
    *("concluído", "concluída", "entregue", "pago", "paga", "confirmado", "processando"),
    *("em processamento", "pagamento aceito", "aberto", "arquivado"),
    *("teslim edildi", "kargoda", "kargoya verildi", "tamamlandı", "hazırlanıyor", "onaylandı", "ödendi"),
    *(
        "selesai",
        "pesanan selesai",
        "sedang dikirim",
        "telah dikirim",
        "perlu dikirim",
        "dikirim",
        "diproses",
    ),
    *("sudah dibayar", "lunas", "telah dihantar", "telah dibayar", "sedang diproses"),
    *(
        "交易成功",
        "已完成",
        "完成",
        "已付款",
        "已支付",
        "已发货",
        "待发货",
        "等待卖家发货",
        "买家已付款,等待卖家发货",
    ),
    *("买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "已签收", "已收货", "待收货", "待评价"),
    *(
        "完了",
        "発送済み",
        "発送済",
        "発送待ち",
        "未発送",
        "入金済み",
        "新規受付",
        "対応中",
        "対応済み",
        "配送済み",
    ),
    *("구매확정", "배송완료", "배송 완료", "배송중", "배송 중", "배송준비중", "배송준비", "배송대기"),
    *("결제완료", "결제 완료", "상품준비중", "발송완료", "발송대기", "입금완료", "입금확인", "주문완료"),
    *("거래완료", "교환완료", "신규주문", "доставлен", "доставлено", "доставляется", "выполнен"),
    *("выполнено", "отправлен", "отправлено", "оплачен", "оплачено", "завершен", "завершён", "завершено"),
    *("получен", "получено", "выдан", "принят", "новый", "в обработке", "в пути", "собран", "собирается"),
    *("ожидает отгрузки", "ожидает сборки"),
)
#: Not paid yet: goods that were delivered on an invoice or against cash are nevertheless sold.
_UNPAID = (
    *("pending", "payment pending", "pending payment", "awaiting payment", "unpaid", "ausstehend"),
    *("zahlung ausstehend", "unbezahlt", "en attente", "en attente de paiement", "pendiente", "pendente"),
    *("in sospeso", "in attesa", "pago pendiente", "pagamento pendente"),
)
_DELIVERED = (
    *("fulfilled", "shipped", "delivered", "versendet", "versandt", "geliefert", "ausgeliefert", "expédié"),
    *("expédiée", "livré", "livrée", "enviado", "enviada", "entregado", "entregada", "spedito", "spedita"),
    *("consegnato", "consegnata", "verzonden", "afgeleverd", "wysłane", "dostarczone", "entregue"),
)
#: Beginnings of statuses that mean "not sold", whatever follows: "Cancelled by the customer", "Awaiting check
#: payment".
_BEGINS = "|".join(
    (
        *("cancelled", "canceled", "refunded", "voided", "failed", "pending", "cancelado", "annulée?"),
        *("rejected by", "declined by", "rto"),
        *("storniert", "awaiting (?:[a-z]+ ){0,2}payment", "warten auf zahlung[a-z]*"),
        *("en attente d[eu] (?:paiement|virement)", "(?:pendiente|en espera) del? pago"),
        *("in attesa di pagamento", "in afwachting van (?:betaling|bankoverschrijving)"),
        *("wacht(?:en)? op betaling", "ocze(?:kuje|kujące|kiwanie) (?:na )?płatnoś(?:ć|ci)"),
        "aguard(?:ando|a) (?:[oa] )?(?:pagamento|transferência|confirmação)",
        *("iptal edildi", "dibatalkan", "menunggu pembayaran", "(?:venta )?cancelada", "venda cancelada"),
        *("devolución finalizada", "отмен[её]н[ао]?"),
        *(
            "view",
            "select",
            "add (?:to|payment|shipping)",
            "(?:product|item|page|cart)s? (?:view|click|add|remov)ed",
        ),
    )
)
_FIRST_WORDS = rf"^(?:{_BEGINS})(?:\W|$)"


def plain_status(status: nw.Expr) -> nw.Expr:
    """Return statuses in the spelling of `NOT_SOLD`: ``"wc-on-hold"`` and ``"On Hold"`` are ``"on hold"``."""
    # The Turkish capital İ in lower case is an i with a separate dot.
    plain = status.cast(nw.String).str.to_lowercase().str.replace_all("\u0307", "")
    plain = plain.str.replace_all(r"^\s*wc-", "")
    return plain.str.replace_all(r"[\s_\-]+", " ").str.strip_chars()


def is_only_unpaid(payment: nw.Expr, delivery: nw.Expr) -> nw.Expr:
    """Return whether goods were delivered and are to be paid: cash on delivery, invoices.

    Examples
    --------
    >>> import pandas as pd
    >>> paid, sent = ["pending", "pending", "voided"], ["Fulfilled", None, "fulfilled"]
    >>> orders = pd.DataFrame({"paid": paid, "sent": sent})
    >>> told = nw.from_native(orders).select(only=is_only_unpaid(nw.col("paid"), nw.col("sent")))
    >>> told["only"].to_list()
    [True, False, False]
    """
    both = plain_status(payment).is_in(_UNPAID) & plain_status(delivery).is_in(_DELIVERED)
    return both.fill_null(False)


def says_not_sold(status: nw.Expr, words: Iterable[str] | None = None) -> nw.Expr:
    """Return whether statuses mean that nothing was sold.

    Parameters
    ----------
    status : Narwhals expression
        The shop's own words.
    words : iterable of str, optional
        The words that mean it, instead of `NOT_SOLD`; in any case, spaces, hyphens and underscores alike.

    Returns
    -------
    Narwhals expression
        True or False, also where there is no word.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = nw.from_native(pd.DataFrame({"state": ["On-Hold", "partially_refunded", None]}))
    >>> orders.select(says_not_sold(nw.col("state")))["state"].to_list()
    [True, False, False]
    """
    plain = plain_status(status).fill_null("")
    if words is None:
        return plain.is_in(NOT_SOLD) | (plain.str.contains(_FIRST_WORDS) & ~plain.is_in(SOLD))
    return plain.is_in(plain_words(words))


def not_sold_lines(columns: Collection[str], words: Iterable[str] | None) -> nw.Expr:
    """Return whether orders weren't sold, by ``is_cancelled`` or by ``order_status``.

    Parameters
    ----------
    columns : collection of str
        The columns of the frame.
    words : iterable of str, optional
        As in `says_not_sold`.

    Returns
    -------
    Narwhals expression
        True if the order wasn't sold.

    Raises
    ------
    ValueError
        There are words, but no ``order_status``.
    """
    marked = nw.col(IS_CANCELLED).fill_null(False) if IS_CANCELLED in columns else nw.lit(False)
    if words is not None and ORDER_STATUS not in columns:
        raise ValueError(
            "not_sold needs a column order_status, and there is none. Map it when reading: "
            "read_transactions(source, columns={'status': '…'})."
        )
    if ORDER_STATUS not in columns:
        return marked
    status = nw.col(ORDER_STATUS)
    if words is None:
        return marked | says_not_sold(status)
    # Reading also marks lines by the usual words: the caller's words replace such marks.
    return says_not_sold(status, words) | (marked & ~says_not_sold(status))


def plain_words(words: Iterable[str]) -> list[str]:
    """Return a caller's words in the spelling of `NOT_SOLD`."""
    if isinstance(words, str):
        raise TypeError(f"not_sold must be a list of statuses, such as ['refunded']; got {plain(words)!r}.")
    import pandas as pd

    listed = [str(word) for word in words]
    frame = nw.from_native(pd.DataFrame({"word": pd.Series(listed, dtype=object)}))
    return [str(w) for w in frame.select(plain_status(nw.col("word")))["word"].to_list()] if listed else []


def reads_as_status(status: nw.Expr) -> nw.Expr:
    """Return whether a text is a status of orders at all: ``"shipped"`` is, ``"Ohio"`` is not."""
    return plain_status(status).fill_null("").is_in([*NOT_SOLD, *SOLD])


def told_by_states(status: nw.Expr) -> dict[str, nw.Expr]:
    """Return what the statuses of a column mean together.

    Whether somebody ``bought``, any is an order status (``known``), any says that nothing was sold
    (``looked``), and all others are at least actions of visitors (``unsold``).

    Examples
    --------
    >>> import pandas as pd
    >>> deeds = nw.from_native(pd.DataFrame({"deed": ["View", "like", None]}))
    >>> deeds.select(**told_by_states(nw.col("deed"))).rows()
    [(False, True, True, True)]
    """
    plain = plain_status(status).fill_null("")
    return {
        "bought": plain.is_in(BOUGHT).max(),
        "known": reads_as_status(status).max(),
        "looked": says_not_sold(status).max(),
        "unsold": (says_not_sold(status) | plain.is_in([*DEEDS, ""])).min(),
    }


def only_purchases(status: nw.Expr) -> nw.Expr:
    """Return what visitors did, with `NO_PURCHASE` in place of `DEEDS`.

    Examples
    --------
    >>> import pandas as pd
    >>> deeds = nw.from_native(pd.DataFrame({"deed": ["View", "like", "Purchase"]}))
    >>> deeds.select(deed=only_purchases(nw.col("deed")))["deed"].to_list()
    ['View', 'no purchase', 'Purchase']
    """
    return nw.when(plain_status(status).is_in(DEEDS)).then(nw.lit(NO_PURCHASE)).otherwise(status)
