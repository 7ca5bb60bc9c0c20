"""The list holds the customers who moved down by their own behavior, and those who became late since."""

import dataclasses

import pandas as pd
import pytest

from shopper_widgets.customers.alerts import LEFT, OVERDUE, alerts, alerts_between
from shopper_widgets.customers.cadence import overdue_at, overdue_customers
from shopper_widgets.customers.flows import transitions
from shopper_widgets.customers.history import segment_history
from shopper_widgets.model.shopper_model import ShopperModel


def test_the_list_is_that_of_the_movements_and_the_overdue(online_retail_model: ShopperModel) -> None:
    model, since = online_retail_model, pd.Timestamp("2011-10-31 23:59:59")
    found = alerts(model, since)
    flows = transitions(segment_history(model, dates=[since, model.as_of]), since, model.as_of)
    left = flows[(flows["from"] == "High-Value") & (flows["to"] != "High-Value")]
    told = found[found["alert"] == LEFT]
    assert len(told) == left["customers"].sum() > 0
    assert set(told["segment_before"]) == {"High-Value"} and "High-Value" not in set(told["segment"])
    late = found[found["alert"] == OVERDUE]
    now = overdue_customers(model)
    assert 0 < len(late) < len(now) and set(late["customer_id"]) <= set(now["customer_id"])
    then = overdue_at(model, since)
    assert then is not None
    # Customers who were already late then are not listed again.
    assert set(late["customer_id"]) == set(now["customer_id"]) - set(then["customer_id"])
    assert told["monetary"].is_monotonic_decreasing


def test_models_of_two_shops_are_not_compared(small_model: ShopperModel) -> None:
    other = small_model.customers.assign(customer_id="x" + small_model.customers["customer_id"])
    earlier = dataclasses.replace(
        small_model, customers=other, as_of=small_model.as_of - pd.Timedelta(days=30)
    )
    with pytest.raises(ValueError, match="No customer is in both models"):
        alerts_between(earlier, small_model)
