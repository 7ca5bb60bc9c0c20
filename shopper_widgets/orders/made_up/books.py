"""The books of the made-up shop: sales, returns, other bookings and mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shopper_widgets import columns as c

from .baskets import as_lines, sales
from .catalogue import Catalogue, make_catalogue
from .customers import COUNTRIES, DAY, OPENING_DAY, Customers, Orders, customers_and_orders
from .drawing import pick

#: Bookings that are not goods: the code, and the text that the till prints.
_SERVICES = {
    "POST": "POSTAGE",
    "DOT": "DOTCOM POSTAGE",
    "C2": "CARRIAGE",
    "M": "Manual",
    "D": "Discount",
    "S": "SAMPLES",
    "BANK CHARGES": "Bank Charges",
    "gift_0001_20": "Gift Voucher 20.00",
    "B": "Adjust bad debt",
}
_POST, _DOT, _C2, _M, _D, _S, _BANK, _VOUCHER, _B = range(len(_SERVICES))
_DAMAGE_NOTES = ("damaged", "wet", "?", "lost in warehouse", "mouldy", "stock check", "sold as gold")


def _returned(sold: pd.DataFrame, n_orders: int, end: int, rng: np.random.RandomState) -> pd.DataFrame:
    """Return cancellations: after the sale, with its customer, product and price, of all units or a part."""
    hit = rng.random_sample(n_orders) < 0.055
    share = np.where(rng.random_sample(n_orders) < 0.25, 1.0, 0.2)  # the whole order, or a few of its lines
    # Some customers cancel within the hour, most when the parcel has arrived.
    soon = rng.random_sample(n_orders) < 0.2
    wait = np.where(soon, 2 + pick(rng, 50, n_orders), 60 + rng.standard_exponential(n_orders) * 8 * DAY)
    order = sold["order"].to_numpy()
    back: pd.DataFrame = sold[hit[order] & (rng.random_sample(len(order)) < share[order])].copy()
    order = back["order"].to_numpy()
    part = (rng.random_sample(len(back)) < 0.3) & (share[order] < 1)
    kept = np.floor(back[c.QUANTITY] * rng.random_sample(len(back))).astype(np.int64)
    back[c.QUANTITY] = -np.where(part, np.maximum(back[c.QUANTITY] - kept, 1), back[c.QUANTITY])
    back["minute"] += wait[order].astype(np.int64)
    back["order"] += n_orders
    back["mark"] = "C"
    return back.loc[back["minute"] < end]


def _services(
    customers: Customers, orders: Orders, n_products: int, n_days: int, rng: np.random.RandomState
) -> pd.DataFrame:
    """Return postage and the like on customers' orders, and the bookkeeper's own entries."""
    n_orders = len(orders.customer)
    abroad = customers.country[orders.customer] > 0
    guest = orders.customer >= customers.n_known
    blocks = []
    for service, chance, mean in (
        (_POST, np.where(abroad, 0.8, 0.02), 14.0),
        (_DOT, np.where(guest, 0.12, 0.0), 9.0),
        (_C2, np.full(n_orders, 0.006), 50.0),
        (_M, np.full(n_orders, 0.012), 25.0),
        (_VOUCHER, np.where(guest, 0.004, 0.0), 20.0),
        (_D, np.full(n_orders, 0.003), 20.0),
    ):
        order = np.flatnonzero(rng.random_sample(n_orders) < chance)
        price = np.round(mean * rng.lognormal(0, 0.0 if service == _VOUCHER else 0.5, len(order)), 2)
        block = as_lines(order, n_products + service, 1, price, orders.minute[order], orders.customer[order])
        if service == _D:  # a discount is booked as a cancellation of its own
            block = block.assign(
                order=order + 2 * n_orders, quantity=-1, minute=block["minute"] + 1, mark="C"
            )
        blocks.append(block)

    next_order = 3 * n_orders
    for service, every, mark, quantity, mean in (
        (_BANK, 14, "", 1, 15.0),
        (_S, 45, "C", -1, 15.0),
        (_B, 180, "A", 1, -3000.0),
    ):
        day = np.arange(every // 2, n_days, every)
        price = np.round(mean * rng.lognormal(0, 0.7, len(day)), 2)
        block = as_lines(next_order + day, n_products + service, quantity, price, day * DAY + 990, -1)
        blocks.append(block.assign(mark=mark))
        next_order += n_days
    return pd.concat(blocks, ignore_index=True)


def _stock_notes(
    catalogue: Catalogue, n_orders: int, n_days: int, rng: np.random.RandomState
) -> pd.DataFrame:
    """Return damaged stock, written off on lines without a customer and a price."""
    n = round(0.012 * n_orders)
    minute = pick(rng, n_days, n) * DAY + 480 + pick(rng, 600, n)
    lost = -np.ceil(rng.lognormal(2, 1, n)).astype(np.int64)
    order = 3 * n_orders + 3 * n_days + np.arange(n)
    notes = as_lines(order, pick(rng, len(catalogue.price), n), lost, 0.0, minute, -1)
    return notes.assign(note=np.array(_DAMAGE_NOTES, dtype=object)[pick(rng, len(_DAMAGE_NOTES), n)])


def _as_keyed_in(
    lines: pd.DataFrame, catalogue: Catalogue, customers: Customers, rng: np.random.RandomState
) -> pd.DataFrame:
    """Return canonical columns as people enter them: some lines twice, some careless codes and names."""
    n_products = len(catalogue.price)
    double = (rng.random_sample(len(lines)) < 0.003) & (lines["product"] < n_products) & (lines["mark"] == "")
    lines = lines.loc[lines.index.repeat(1 + double)]
    lines = lines.sort_values(["minute", "order"], kind="stable", ignore_index=True)
    n = len(lines)
    number = 500001 + pd.factorize(lines["order"])[0]
    product = lines["product"].to_numpy()
    goods = product < n_products
    customer = lines["customer"].to_numpy()

    ids = np.concatenate([catalogue.product_id, np.array(list(_SERVICES), dtype=object)])[product]
    careless = goods & (rng.random_sample(n) < 0.002)
    ids[careless] = [code.lower() for code in ids[careless]]
    tills = np.array(list(_SERVICES.values()), dtype=object)
    names = np.concatenate([catalogue.product_name, tills])[product]
    shouted = goods & (rng.random_sample(n) < 0.004)
    names[shouted] = [f"{name.upper()} " for name in names[shouted]]
    note = lines["note"].to_numpy()
    names = np.where(pd.isna(note), names, note)
    names[goods & (rng.random_sample(n) < 0.001)] = None

    known = (customer >= 0) & (customer < customers.n_known)
    # A customer's number says nothing about the kind of customer.
    numbers = (12001 + rng.permutation(customers.n_known)).astype(str).astype(object)
    who = np.full(n, None, dtype=object)
    who[known] = numbers[customer[known]]
    where = np.array(list(COUNTRIES), dtype=object)[np.where(customer >= 0, customers.country[customer], 0)]
    seconds = (lines["minute"].to_numpy() * 60).astype("timedelta64[s]")
    return pd.DataFrame(
        {
            c.ORDER_ID: lines["mark"].to_numpy(dtype=object) + number.astype(str).astype(object),
            c.PRODUCT_ID: ids,
            c.PRODUCT_NAME: names,
            c.CUSTOMER_ID: who,
            c.COUNTRY: where,
            c.ORDERED_AT: OPENING_DAY.astype("datetime64[s]") + seconds,
            c.QUANTITY: lines[c.QUANTITY].to_numpy(),
            c.UNIT_PRICE: lines["price"].to_numpy(),
        }
    )


def made_up_shop(n_customers: int, n_products: int, n_days: int, rng: np.random.RandomState) -> pd.DataFrame:
    """Return one row per line, in order of time, with canonical columns."""
    catalogue = make_catalogue(n_products, rng)
    customers, orders = customers_and_orders(n_customers, len(catalogue.season), n_days, rng)
    n_orders = len(orders.customer)
    sold = sales(catalogue, customers, orders, rng)
    returned = _returned(sold, n_orders, n_days * DAY, rng)
    services = _services(customers, orders, n_products, n_days, rng)
    notes = _stock_notes(catalogue, n_orders, n_days, rng)
    lines = pd.concat([sold, returned, services, notes], ignore_index=True)
    return _as_keyed_in(lines, catalogue, customers, rng)
