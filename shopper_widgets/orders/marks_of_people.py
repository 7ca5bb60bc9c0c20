"""Where a layout identifies the buyer besides the customer id: another id, an address, a name."""

from __future__ import annotations

from collections.abc import Sequence

from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.orders.headers import plain_header
from shopper_widgets.orders.known_layouts import CUSTOMER_EMAIL, CUSTOMER_NAME, OTHER_ID, KnownLayout

_WORDS = {
    **dict.fromkeys(("username", "用户名", "kullaniciadi", "nickname"), OTHER_ID),
    **dict.fromkeys(("mail", "correo", "posta", "emel", "メール", "邮箱", "이메일", "почта"), CUSTOMER_EMAIL),
    **dict.fromkeys(("name", "nombre", "nome", "adi", "nama", "姓名", "名称", "氏名", "名前"), CUSTOMER_NAME),
    **dict.fromkeys(("者名", "客名", "様名", "先名", "자명", "객명", "처명", "имя", "фио"), CUSTOMER_NAME),
}
# A header that is only one of these words, such as "Customer", holds names.
_NAMED = frozenset(
    plain_header(word)
    for word in (
        *("musteri", "alici", "pelanggan", "pembeli", "comprador", "客户", "顾客", "会员", "买家", "收货人"),
        *("購入者", "注文者", "顧客", "구매자", "주문자", "고객", "회원"),
        *("клиент", "покупатель", "заказчик", "контрагент"),
    )
)


def other_marks_of_people(headers: Sequence[str], counts: str, known: KnownLayout) -> dict[str, str]:
    """Return the other columns by which the layout identifies the buyer.

    Parameters
    ----------
    headers : sequence of str
        All of the table.
    counts : str
        That of the id that counts.
    known : KnownLayout
        Whose headers customers may have.

    Returns
    -------
    dict of str to str
        ``other_customer_id``, ``customer_email`` and ``customer_name``, those there are, and their headers.

    Examples
    --------
    >>> layout = KnownLayout("", {"customer_id": ("Customer ID", "Email", "Customer Name")})
    >>> other_marks_of_people(["customer_id", "E-mail", "Customer name"], "customer_id", layout)
    {'customer_email': 'E-mail', 'customer_name': 'Customer name'}
    """
    there = {plain_header(h): h for h in headers if h != counts}
    marks: dict[str, str] = {}
    for alternative in known.headers.get(CUSTOMER_ID, ()):
        if header := there.get(plain := plain_header(alternative)):
            found = (mark for word, mark in _WORDS.items() if plain_header(word) in plain)
            marks.setdefault(next(found, CUSTOMER_NAME if plain in _NAMED else OTHER_ID), header)
    return marks
