"""Postage, tax and vouchers are spend, not products: recognized by code or by a whole name."""

from __future__ import annotations

import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.service_codes import SERVICE_CODES, SERVICE_NAMES
from tests.order_tables import ENGINES, as_pandas, table

LINES = """
order_id, product_id, product_name, customer_id, ordered_at, quantity, unit_price
1, shipping, x, ann, 2024-01-15, 1, 5
1, 17, Shipping, ann, 2024-01-15, 1, 5
1, 18, SHIPPING BOX, ann, 2024-01-15, 1, 5
1, SHIPPING-BOX, Box, ann, 2024-01-15, 1, 5
1, 19, Versandkosten, ann, 2024-01-15, 1, 5
1, 20, gift card, ann, 2024-01-15, 1, 5
1, 21, Tip jar, ann, 2024-01-15, 1, 5
1, 22, VAT, ann, 2024-01-15, 1, 5
1, GIFT_0001, Gift, ann, 2024-01-15, 1, 5
1, 23, M, ann, 2024-01-15, 1, 5
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_product(engine: str) -> None:
    read = read_transactions(ENGINES[engine](table(LINES)))
    kept = as_pandas(clean_transactions(read).transactions)
    assert len(kept) == 10
    assert set(kept.loc[kept["is_product"], "product_id"]) == {"18", "SHIPPING-BOX", "21", "23"}
    own = as_pandas(clean_transactions(read, service_codes=["tip", "17"]).transactions)
    assert set(own.loc[~own["is_product"], "product_id"]) == {"17"}


def test_names_are_among_the_codes() -> None:
    assert set(SERVICE_NAMES) < set(SERVICE_CODES)
    assert all(name == name.strip().upper() for name in SERVICE_NAMES)
