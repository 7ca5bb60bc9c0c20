"""Files for programs that send: their columns and hashes, without customers who are held out."""

import hashlib
import io

import pandas as pd
import pytest

from shopper_widgets.customers.audiences import SERVICES, audience_table, customer_emails
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.datasets import make_transactions
from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    who = orders["customer_id"].where(~orders["customer_id"].isin(["12001", "12002"]))
    orders["Email"] = " " + who + "@Example.ORG"
    return ShopperModel.fit(orders, n_clusters=4, keep=["Email"], progress=False)


@pytest.fixture(scope="module")
def selected(model: ShopperModel) -> pd.DataFrame:
    return Campaign("Thanks", hold_out=0.5, n_recommendations=2).select(model)


@pytest.mark.parametrize(("service", "column"), [(name, one.email) for name, one in SERVICES.items()])
def test_nobody_who_is_held_out_is_in_a_file(model, selected, service, column):
    table = audience_table(model, selected, service, email="Email", name="Thanks")
    addresses = selected["customer_id"] + "@example.org"
    if SERVICES[service].is_hashed:
        addresses = addresses.map(lambda one: hashlib.sha256(one.encode()).hexdigest())
    known = ~selected["customer_id"].isin(["12001", "12002"])
    assert table.columns[0] == column and known.sum() < len(selected)
    assert set(table[column]) == set(addresses[~selected["is_held_out"] & known])
    assert table.attrs["without_email"] == (~selected["is_held_out"] & ~known).sum()


def test_hashes_are_those_of_trimmed_lower_case_addresses(model, selected):
    table = audience_table(model, selected, "google", email="Email")
    first = selected.loc[~selected["is_held_out"], "customer_id"].iloc[0]
    expected = hashlib.sha256(f"{first}@example.org".encode()).hexdigest()
    assert table["Email"].iloc[0] == expected and list(table) == ["Email"]
    # Anybody can check this value: printf test@example.com | sha256sum.
    known = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    assert hashlib.sha256(b"test@example.com").hexdigest() == known


def test_contacts_have_their_segment_and_suggestions(model, selected):
    table = audience_table(model, selected, "mailchimp", email="Email", name="é" * 200)
    assert list(table) == ["Email Address", "Campaign", "Segment", "Recommendation 1", "Recommendation 2"]
    by = selected.assign(address=selected["customer_id"] + "@example.org").set_index("address")
    assert table["Segment"].tolist() == by.loc[table["Email Address"], "segment"].tolist()
    assert (
        table["Recommendation 1"].tolist() == by.loc[table["Email Address"], "recommendation_1_name"].tolist()
    )
    assert set(table["Campaign"]) == {"é" * 127}  # 255 bytes


def test_who_has_a_second_account_that_is_held_out_is_not_written_to(model, selected):
    held_out, written = (
        selected.loc[selected["is_held_out"] == side, "customer_id"].iloc[-1] for side in (True, False)
    )
    lines = model.lines[model.lines["customer_id"].isin([held_out, written])].assign(Email="Both@example.org")
    both = type(model)(**{**vars(model), "lines": lines})
    assert audience_table(both, selected, "meta", email="Email").empty


def test_without_addresses_it_says_what_is_missing(model, selected):
    with pytest.raises(
        ValueError, match=r"No customer has an e-mail address here: their ids are none\. Name the"
    ):
        audience_table(model, selected, "meta")
    with pytest.raises(
        ValueError, match=r"email must be a kept column of the orders; there is no 'mail', but Email"
    ):
        audience_table(model, selected, "meta", email="mail")
    with pytest.raises(ValueError, match="country holds none"):
        customer_emails(model, "country")
    with pytest.raises(
        ValueError, match="service must be one of 'klaviyo', 'mailchimp', 'google', 'meta'; got 'x'"
    ):
        audience_table(model, selected, "x")


def test_the_list_as_a_workbook(model, selected):
    campaign = Campaign("Thanks", hold_out=0.5, n_recommendations=2)
    read = pd.read_excel(
        io.BytesIO(campaign.to_excel(model)), dtype={"customer_id": "str"}, engine="calamine"
    )
    assert read["customer_id"].tolist() == selected["customer_id"].tolist()
    assert read["is_held_out"].tolist() == selected["is_held_out"].tolist()
