"""Made-up campaigns with a planted effect: a list with those held out, and the orders that followed."""

import numpy as np
import pandas as pd

SENT_AT = pd.Timestamp("2024-03-01")


def campaign_shop(
    seed: int, *, customers: int = 200, hold_out: float = 0.3, share: float = 0.3, lift: float = 1.0,
    tail: float = 1.0,
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, float]]:  # fmt: skip
    """Return the list, the orders, and the true effect per customer written to.

    Of those held out, a `share` orders once; of those written to, `lift` times as many. Order values are
    log-normal with spread `tail`, and correlate with the customer's past spend.
    """
    rng = np.random.default_rng(seed)
    held_out = np.zeros(customers, dtype=bool)
    held_out[rng.permutation(customers)[: round(hold_out * customers)]] = True
    level, chance = rng.normal(size=customers), rng.normal(size=customers)
    frequency = 1 + rng.poisson(2, customers)
    selected = pd.DataFrame(
        {
            "customer_id": [f"c{i:05}" for i in range(customers)],
            "segment": "Regular",
            "frequency": frequency,
            "monetary": frequency * np.exp(3 + tail * level),
            "is_held_out": held_out,
        }
    )
    more = (lift - 1) * share / (1 - share)
    ordered = (rng.random(customers) < share) | ((rng.random(customers) < more) & ~held_out)
    orders = pd.DataFrame(
        {
            "customer_id": selected["customer_id"],
            "ordered_at": SENT_AT + pd.to_timedelta(rng.integers(0, 30, customers), unit="D"),
            "amount": np.exp(3 + tail * (0.7 * level + 0.71 * chance)),
        }
    )[ordered].reset_index(drop=True)
    # The two parts of the spread add up to nearly `tail`: 0.7² + 0.71² = 0.994.
    basket = float(np.exp(3 + tail**2 * (0.7**2 + 0.71**2) / 2))
    brought = (lift - 1) * share
    return selected, orders, {"orders": brought, "buyers": brought, "revenue": brought * basket}


def done(selected: pd.DataFrame, orders: pd.DataFrame) -> np.ndarray:
    """Return whether each customer of the list ordered, and what they spent."""
    spent = selected["customer_id"].map(orders.set_index("customer_id")["amount"]).fillna(0.0).to_numpy()
    return np.column_stack([spent > 0, spent]).astype(float)
