"""Made-up shops whose journeys are known."""

import numpy as np
import pandas as pd


def line(
    who: str, what: str, day: int, amount: float = 10.0, *, is_product: bool = True
) -> dict[str, object]:
    """Return a line on this day after the start of 2023."""
    return {
        "customer_id": who,
        "product_id": what,
        "product_name": f"Product {what}",
        "ordered_at": pd.Timestamp("2023-01-01 12:00") + pd.Timedelta(days=day),
        "amount": amount,
        "is_product": is_product,
    }


def journey_shop() -> pd.DataFrame:
    """Return a shop: after PA, most buy PB 20 days later, for 40; after PC, few buy anything; all buy PD.

    One customer begins on each day from the 60th to the 299th. Old customers, whose gaps are 30 days, order
    from the first day on; the orders end on day 365.
    """
    rows = [line(f"old{i}", "PD", day) for i in range(9) for day in range(i, 365, 30)]
    for day in range(60, 300):
        who, first = f"new{day}", ("PA", "PC")[day % 2]
        rows += [line(who, first, day), line(who, "PD", day), line(who, "POST", day, 3.0, is_product=False)]
        if first == "PA" and day % 8:
            rows += [line(who, "PB", day + 20, 40.0), line(who, "PE", day + 50, 5.0)]
        if first == "PC" and day % 10 == 1:
            rows.append(line(who, "PD", day + 70, 7.0))
    return pd.DataFrame([*rows, line("old0", "PD", 365)])


def soap_shop(seed: int = 0) -> pd.DataFrame:
    """Return a shop: 70 % of 300 customers buy soap about every 30 days, and all buy toys by chance."""
    random, rows = np.random.default_rng(seed), []
    for i in range(300):
        start = int(random.integers(0, 340))
        rows.append(line(f"c{i:03}", "SOAP", start, 4.0))
        day, loyal = float(start), random.random() < 0.7
        while loyal and (day := day + 30 * random.gamma(30, 1 / 30)) < 365:
            rows.append(line(f"c{i:03}", "SOAP", int(day), 4.0))
        rows += [line(f"c{i:03}", "TOY", int(random.integers(start, 365))) for _ in range(3)]
    return pd.DataFrame([*rows, line("c000", "SOAP", 365, 4.0)])


def as_orders(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines as a shop's program would export them."""
    day = lines["ordered_at"].dt.strftime("%j")
    priced = lines.drop(columns=["amount", "is_product"]).assign(unit_price=lines["amount"], quantity=1)
    return priced.assign(order_id=lines["customer_id"] + "-" + day, country="UK")
