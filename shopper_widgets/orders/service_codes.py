"""Codes and names of order lines that are not products: postage, tax, vouchers."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import TYPE_CHECKING

import narwhals as nw

from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME

if TYPE_CHECKING:
    import pandas as pd

#: Names of such lines, as a code or as the whole name of a product: a "SHIPPING BOX" is a product.
SERVICE_NAMES = (
    *("SHIPPING", "SHIPPING FEE", "SHIPPING FEES", "SHIPPING COST", "SHIPPING COSTS", "SHIPPING CHARGE"),
    *(
        "SHIPPING CHARGES",
        "SHIPPING & HANDLING",
        "SHIPPING AND HANDLING",
        "STANDARD SHIPPING",
        "FREE SHIPPING",
    ),
    *("EXPRESS SHIPPING", "INTERNATIONAL SHIPPING", "SHIPPING TAX", "FLAT RATE", "FLAT RATE SHIPPING"),
    *("DELIVERY", "DELIVERY FEE", "DELIVERY COST", "DELIVERY CHARGE", "DELIVERY CHARGES", "HANDLING"),
    *("HANDLING FEE", "FREIGHT", "POSTAGE", "POSTAGE AND PACKING", "POSTAGE & PACKING", "DOTCOM POSTAGE"),
    *("CARRIAGE", "TAX", "TAXES", "SALES TAX", "VAT", "GST", "HST", "PST", "FEE", "FEES", "SERVICE FEE"),
    *("SERVICE CHARGE", "BAG FEE", "RESTOCKING FEE", "EGIFT", "E-GIFT"),
    *("TRANSACTION FEE", "PAYMENT FEE", "COD FEE", "SURCHARGE", "TIP", "TIPS", "GRATUITY", "ROUNDING"),
    *("GIFT CARD", "GIFTCARD", "GIFT-CARD", "GIFT_CARD", "GIFT CARDS", "E-GIFT CARD", "EGIFT CARD"),
    *("DIGITAL GIFT CARD", "GIFT CERTIFICATE", "GIFT VOUCHER", "STORE CREDIT", "DISCOUNT", "COUPON"),
    *(
        "VERSAND",
        "VERSANDKOSTEN",
        "PORTO",
        "LIEFERUNG",
        "LIEFERKOSTEN",
        "MWST",
        "MEHRWERTSTEUER",
        "TRINKGELD",
    ),
    *("RABATT", "GUTSCHEIN", "GESCHENKGUTSCHEIN", "NACHNAHMEGEBÜHR", "FRAIS DE PORT", "LIVRAISON"),
    *("FRAIS DE LIVRAISON", "TVA", "REMISE", "CARTE CADEAU", "CHÈQUE CADEAU", "POURBOIRE", "ENVÍO", "ENVIO"),
    *("GASTOS DE ENVÍO", "GASTOS DE ENVIO", "IVA", "DESCUENTO", "TARJETA REGALO", "PROPINA", "FRETE"),
    *("CARTÃO PRESENTE", "SPEDIZIONE", "SPESE DI SPEDIZIONE", "SCONTO", "BUONO REGALO", "VERZENDKOSTEN"),
    *("VERZENDING", "BTW", "CADEAUBON", "FRAKT", "MOMS", "WYSYŁKA", "DOSTAWA"),
)
#: Codes of charges, not goods: those in UCI Online Retail I and II, and those of other shops. A trailing
#: ``*`` is any ending.
SERVICE_CODES = (
    *("POST", "DOT", "M", "D", "C2", "C3", "S", "B", "CRUK", "PADS", "BANK CHARGES", "AMAZONFEE"),
    *("ADJUST", "ADJUST2", "GIFT", "GIFT_*", "GIFT VOUCHER*", "TEST", "TEST0*"),
    *SERVICE_NAMES,
)


def is_service(codes: Collection[str], *, named: bool) -> nw.Expr:
    """Return whether lines are charges: by code or, if products have names, by the whole name.

    Parameters
    ----------
    codes : collection of str
        In any case; those of them that are among `SERVICE_NAMES` are looked for among names, too.
    named : bool
        Whether there are product names.

    Returns
    -------
    Narwhals expression
        True for a charge.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = nw.from_native(pd.DataFrame({"product_id": ["ship", "7", "8", "GIFT_20"],
    ...                                      "product_name": ["Tea", "Shipping", "Shipping box", "20"]}))
    >>> lines.select(is_service(SERVICE_CODES, named=True))["product_id"].to_list()
    [False, True, False, True]
    """
    upper = {code.strip().upper() for code in codes}
    product = _plain(PRODUCT_ID)
    found = product.is_in(sorted(code for code in upper if not code.endswith("*")))
    if named:
        found = found | _plain(PRODUCT_NAME).is_in(sorted(upper.intersection(SERVICE_NAMES)))
    return reduce(
        lambda e, code: e | product.str.starts_with(code[:-1]),
        (c for c in sorted(upper) if c.endswith("*")),
        found,
    )


def is_service_of(sold: pd.DataFrame, codes: Collection[str]) -> nw.Expr:
    """Return whether lines are charges, by the distinct products: to check each line would take longer.

    Parameters
    ----------
    sold : pandas.DataFrame
        Each ``product_id``, with every ``product_name`` that it has, where products are named.
    codes : collection of str
        As in `is_service`.

    Returns
    -------
    Narwhals expression
        Of lines about these products, however else their codes are spelled.

    Examples
    --------
    >>> import pandas as pd
    >>> sold = pd.DataFrame({"product_id": ["post", "7"], "product_name": ["Tea", "Shipping"]})
    >>> lines = nw.from_native(pd.DataFrame({"product_id": ["POST", "7", "7"],
    ...                                      "product_name": ["Tea", "Shipping", "Box"]}))
    >>> lines.filter(is_service_of(sold, SERVICE_CODES)).to_native().index.tolist()
    [0, 1]
    """
    pairs = nw.from_native(sold, eager_only=True)
    by_code = pairs.filter(is_service(codes, named=False))[PRODUCT_ID].unique().to_list()
    spelled = {spelling for code in by_code for spelling in (code, code.upper(), code.lower())}
    found = _is_among(PRODUCT_ID, spelled)
    if PRODUCT_NAME in sold:
        words = pairs.filter(is_service(codes, named=True)).filter(~nw.col(PRODUCT_ID).is_in(by_code))
        found = found | _is_among(PRODUCT_NAME, {*words[PRODUCT_NAME].cast(nw.String).to_list()})
    return found


def _is_among(name: str, values: Collection[str]) -> nw.Expr:
    return nw.col(name).cast(nw.String).is_in(sorted(values)).fill_null(False) if values else nw.lit(False)


def _plain(name: str) -> nw.Expr:
    return nw.col(name).cast(nw.String).str.strip_chars().str.to_uppercase().fill_null("")
