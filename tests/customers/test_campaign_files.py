"""The list as it was sent and the orders since are read from the files that people have."""

import pandas as pd
import pytest

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_files import list_from_text, orders_from_text
from shopper_widgets.orders.cleaning import clean_transactions


def test_the_list_comes_back_as_it_was_sent(small_model):
    campaign = Campaign(hold_out=0.3)
    selected = campaign.select(small_model)
    read = list_from_text(campaign.to_csv(small_model, byte_order_mark=True).removeprefix("\ufeff"))
    assert read["customer_id"].tolist() == selected["customer_id"].tolist()
    for name in ("is_held_out", "segment", "frequency"):
        assert read[name].tolist() == selected[name].tolist()
    assert read["monetary"].tolist() == pytest.approx(selected["monetary"].tolist())


def test_ids_that_were_defused_are_themselves_again():
    read = list_from_text("customer_id,is_held_out\n'+49301,True\n'=1,False\n'007,False\n-5,False\n")
    assert read["customer_id"].tolist() == ["+49301", "=1", "'007", "-5"]


def test_lines_are_cleaned_as_a_model_does(small_shop):
    expected = clean_transactions(small_shop, returns="net").transactions
    read = orders_from_text(small_shop.to_csv(index=False))
    assert read.groupby("customer_id")["amount"].sum().to_dict() == pytest.approx(
        pd.DataFrame(expected).groupby("customer_id")["amount"].sum().to_dict()
    )
    assert len(read) == len(expected)


@pytest.mark.parametrize(
    "text",
    [
        "customer_id,ordered_at,amount\na,2024-03-01,much\n",
        "customer_id,ordered_at,amount\na,,5\n",
        "customer_id,ordered_at,amount\na,2024-03-01T10:00:00Z,5\n",
        "customer_id,ordered_at,amount\na,14/12/2011,10\nb,15/12/2011,5.5\nTotal,,15.5\n",
    ],
)
def test_orders_that_can_not_be_read(text):
    with pytest.raises(ValueError, match="Orders must have a date such as 2024-03-01 12:30 in ordered_at"):
        orders_from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "customer_id,ordered_at,amount\n007,14/12/2011,1250.5\nb,05/12/2011,-10\n",
        "customer_id;ordered_at;amount\n007;14.12.2011;1.250,50\nb;05.12.2011;-10,00\n",
        "customer_id,ordered_at,amount\n007,12/14/2011,$1250.50\nb,12/05/2011,-$10\n",
    ],
)
def test_dates_and_amounts_are_read_as_in_orders(text):
    read = orders_from_text(text)
    assert read["customer_id"].tolist() == ["007", "b"]
    assert read["ordered_at"].tolist() == [pd.Timestamp("2011-12-14"), pd.Timestamp("2011-12-05")]
    assert read["amount"].tolist() == [1250.5, -10]


def test_dates_that_can_be_read_in_two_ways_are_asked_about():
    with pytest.raises(ValueError, match="5 December 2011 with the day first, 12 May"):
        orders_from_text("customer_id,ordered_at,amount\na,05/12/2011,1\n")
