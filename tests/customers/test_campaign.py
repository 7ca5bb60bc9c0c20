"""The same definition gives the same list; each filter passes exactly the customers that it names."""

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shopper_widgets.customers.actions import customer_actions
from shopper_widgets.customers.cadence import MIN_OVERDUE, customer_cadence, overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_selection import HOLD_OUT_ACTION, find_product, select
from shopper_widgets.customers.flows import NEW, movements
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.journeys.replenishment import due_customers
from shopper_widgets.datasets import make_transactions
from shopper_widgets.errors import TooLittleDataError, UnknownProductError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments.actions import ACTIONS, OVERDUE_ACTION
from shopper_widgets.words.campaigns import reach


@pytest.fixture(scope="module")
def model() -> ShopperModel:
    orders = make_transactions(n_customers=300, n_products=60, n_days=365, random_state=2)
    return ShopperModel.fit(orders, n_clusters=4, progress=False)


def _ids(campaign: Campaign, model: ShopperModel) -> set[str]:
    return set(campaign.select(model)["customer_id"])


def test_no_filter_is_everyone_best_first(model: ShopperModel) -> None:
    chosen = Campaign().select(model)
    assert set(chosen["customer_id"]) == set(model.customers["customer_id"])
    assert chosen["monetary"].is_monotonic_decreasing
    assert chosen.index.tolist() == [*range(len(chosen))]
    assert chosen.columns.tolist() == [
        *("customer_id", "country", "segment", "recency", "frequency", "monetary"),
        *("action", "is_held_out"),
    ]
    assert chosen["action"].tolist() == customer_actions(model, chosen)
    listed = chosen["customer_id"].isin(overdue_customers(model)["customer_id"])
    assert listed.any() and set(chosen.loc[listed, "action"]) == {OVERDUE_ACTION}
    usual = chosen[~listed & chosen["segment"].isin(["High-Value", "New", "Occasional"])]
    assert usual["action"].tolist() == usual["segment"].map(ACTIONS).tolist()
    counted = reach(chosen)
    assert counted["customers"] == counted["contacted"] == len(model.customers)
    assert counted["revenue"] == pytest.approx(model.orders["amount"].sum())


def test_filters_of_the_customers_table(model: ShopperModel) -> None:
    customers = model.customers
    country = customers["country"].value_counts().index[1]
    campaign = Campaign(
        segments=("New", "High-Value"), countries=(country,), min_spend=100, max_spend=5_000,
        min_orders=2, min_silence=10,
    )  # fmt: skip
    expected = customers[
        customers["segment"].isin(["New", "High-Value"])
        & (customers["country"] == country)
        & customers["monetary"].between(100, 5_000)
        & (customers["frequency"] >= 2)
        & (customers["recency"] > 10)
    ]
    assert len(expected)
    assert _ids(campaign, model) == set(expected["customer_id"])


#: Filter → a value that passes, and one that this filter alone excludes.
ALONE = {
    "segments": ("High-Value", "At-Risk"),
    "countries": ("Ireland", "Norway"),
    "recency": (31, 30),
    "frequency": (3, 2),
    "monetary": (100.0, 99.99),
}


@pytest.mark.parametrize(
    "filter_", [*ALONE, "max_spend", "min_overdue", "max_overdue", "max_silence", "max_orders"]
)
def test_each_filter_alone_decides_about_somebody(model: ShopperModel, filter_: str) -> None:
    """Everybody passes all other filters: skipping this one, or undoing an earlier one, would list "out"."""
    inside = {
        "segment": "High-Value", "country": "Ireland", "recency": 31, "frequency": 3, "monetary": 100.0,
    }  # fmt: skip
    columns = {
        "segments": "segment", "countries": "country", "max_spend": "monetary", "max_silence": "recency",
        "max_orders": "frequency",
    }  # fmt: skip
    beyond = {"max_spend": 200.01, "max_silence": 62, "max_orders": 5}
    changed: dict[str, Any] = {columns.get(filter_, filter_): beyond.get(filter_)}
    if filter_ in ALONE:
        changed = {columns.get(filter_, filter_): ALONE[filter_][1]}
    overdue = {"min_overdue": 1.5, "max_overdue": 3.01}.get(filter_, 3.0)
    outside = inside | {k: v for k, v in changed.items() if v is not None}
    first = model.customers.head(3)
    customers = pd.DataFrame([inside, outside, inside]).assign(
        customer_id=["in", "out", "also in"], r_score=1, f_score=1, m_score=1,
        first_order=first["first_order"].to_numpy(), last_order=first["last_order"].to_numpy(),
    )  # fmt: skip
    # the other end of each range is included
    customers.loc[2, ["monetary", "recency", "frequency"]] = [200.0, 61, 4]
    shop = dataclasses.replace(model, customers=customers)
    cadence = customers[["customer_id", "segment", "frequency", "monetary"]].assign(
        gaps=2, own_gap=10.0, expected_gap=10.0, silence=customers["recency"], overdue=[3.0, overdue, 1.51]
    )
    campaign = Campaign(
        segments=("High-Value",), countries=("Ireland",), min_silence=30, min_orders=3, min_spend=100,
        max_spend=200, min_overdue=1.5, max_overdue=3, max_silence=61, max_orders=4,
    )  # fmt: skip
    listed = select(campaign, shop, cadence=cadence)["customer_id"].tolist()
    assert listed == ["also in", "in"]


def test_who_has_no_rhythm_is_not_overdue_and_not_on_time(model: ShopperModel) -> None:
    cadence = customer_cadence(model)
    once = set(cadence.loc[cadence["gaps"] == 0, "customer_id"])
    assert once and not once & _ids(Campaign(min_overdue=0), model)
    assert not once & _ids(Campaign(max_overdue=1000), model)


def test_overdue_is_that_of_the_cadence(model: ShopperModel) -> None:
    spend = model.customers["monetary"].quantile(0.75)
    campaign = Campaign(
        min_overdue=MIN_OVERDUE,
        min_silence=int(customer_cadence(model)["short_silence"].iloc[0]),
        min_orders=3,
        min_spend=float(spend),
    )
    chosen, listed = campaign.select(model), overdue_customers(model)
    assert chosen["customer_id"].tolist() == listed["customer_id"].tolist()
    assert chosen["overdue"].tolist() == listed["overdue"].tolist()
    on_time = Campaign(max_overdue=1).select(model)
    cadence = customer_cadence(model)
    assert len(on_time) == ((cadence["overdue"] <= 1) & (cadence["gaps"] > 0)).sum()


def test_flows_are_those_of_the_history(model: ShopperModel) -> None:
    start, end = pd.Timestamp("2024-06-30 23:59:59"), model.as_of
    flows = ((NEW, "Occasional"), ("New", "At-Risk"), ("New", "High-Value"))
    campaign = Campaign(flows=flows, flow_start=str(start), flow_end=str(end))
    chosen = campaign.select(model)
    moved = movements(segment_history(model, dates=[start, end]), start, end)
    pairs = list(zip(moved["from"], moved["to"], strict=True))
    assert len(chosen) == sum(pair in flows for pair in pairs) > 0
    assert set(zip(chosen["from"], chosen["to"], strict=True)) <= set(flows)


def test_due_are_those_of_the_product_who_should_buy_it_again(model: ShopperModel) -> None:
    due = due_customers(model.lines, model.as_of)
    product = due["product_id"].iloc[0]
    whom = set(due.loc[due["product_id"] == product, "customer_id"])
    assert _ids(Campaign(due=(product,)), model) == whom
    name = model.products.set_index("product_id")["product_name"][product]
    assert _ids(Campaign(due=(name, due["product_id"].iloc[-1])), model) > whom
    # Too few buy it again for anyone to be due.
    assert _ids(Campaign(due=("POST",)), model) == set()


def test_products_bought_and_recommended(model: ShopperModel) -> None:
    product = model.products.loc[model.products["is_product"]].iloc[3]
    buyers = model.purchases.loc[model.purchases["product_id"] == product["product_id"], "customer_id"]
    assert _ids(Campaign(bought=(product["product_id"].lower(),)), model) == set(buyers)
    assert _ids(Campaign(bought=(product["product_name"],)), model) == set(buyers)
    service = model.products.loc[~model.products["is_product"], "product_id"].iloc[0]
    assert len(_ids(Campaign(bought=(service,)), model))
    chosen = Campaign(recommended=(product["product_id"],), n_recommendations=10).select(model)
    assert 0 < len(chosen) < len(model.customers)
    suggested = chosen[[f"recommendation_{i}" for i in range(1, 11)]]
    assert (suggested == product["product_id"]).any(axis=1).all()
    assert not set(chosen["customer_id"]) & set(buyers)
    # A product counts as recommended if it is among ten suggestions, however many are asked for.
    for n in (0, 2):
        fewer = Campaign(recommended=(product["product_id"],), n_recommendations=n).select(model)
        assert fewer["customer_id"].tolist() == chosen["customer_id"].tolist()
        assert f"recommendation_{n + 1}" not in fewer


def test_codes_that_differ_in_case_only_are_told_apart(model: ShopperModel) -> None:
    two = model.products.head(3).assign(product_id=["Tea", "TEA", "mug"])
    shop = dataclasses.replace(model, products=two)
    assert [find_product(shop, code) for code in (" TEA", "Tea ", "MUG", "mug")] == [
        "TEA",
        "Tea",
        "mug",
        "mug",
    ]
    with pytest.raises(UnknownProductError):
        find_product(shop, "TEa")


def test_suggestions_are_the_recommenders(model: ShopperModel) -> None:
    chosen = Campaign(segments=("High-Value",), n_recommendations=3).select(model)
    for row in chosen.head(5).to_dict("records"):
        expected = model.recommender.recommend(row["customer_id"], n=3)
        assert [row[f"recommendation_{i}"] for i in (1, 2, 3)] == expected["product_id"].tolist()
        assert [row[f"recommendation_{i}_name"] for i in (1, 2, 3)] == expected["product_name"].tolist()


def test_who_is_held_out_is_drawn_by_the_seed(model: ShopperModel) -> None:
    chosen = Campaign(hold_out=0.2, seed=7).select(model)
    assert chosen["is_held_out"].sum() == round(0.2 * len(chosen)) == reach(chosen)["held_out"]
    assert set(chosen.loc[chosen["is_held_out"], "action"]) == {HOLD_OUT_ACTION}
    assert HOLD_OUT_ACTION not in set(chosen.loc[~chosen["is_held_out"], "action"])
    other = Campaign(hold_out=0.2, seed=8).select(model)
    assert not chosen["is_held_out"].equals(other["is_held_out"])
    # The spend of both groups is only roughly similar, since the draw ignores spend.
    assert 0.3 < chosen.loc[chosen["is_held_out"], "monetary"].sum() / (0.2 * chosen["monetary"].sum()) < 3


def test_a_changed_list_keeps_most_of_those_held_out(model: ShopperModel) -> None:
    everyone = Campaign(hold_out=0.5).select(model)
    fewer = Campaign(hold_out=0.5, min_spend=float(everyone["monetary"].quantile(0.1))).select(model)
    before = everyone.set_index("customer_id")["is_held_out"]
    after = fewer.set_index("customer_id")["is_held_out"]
    assert (before.reindex(after.index) == after).mean() > 0.9


def test_the_same_definition_gives_the_same_list(model: ShopperModel) -> None:
    campaign = Campaign(
        "Autumn", segments=("New",), min_spend=50, hold_out=0.1, seed=3, n_recommendations=2,
        actions={"New": "Ring them up."},  # type: ignore[arg-type]
    )  # fmt: skip
    again = Campaign.from_json(campaign.to_json())
    assert again == campaign and hash(again) == hash(campaign)
    assert again.to_json() == campaign.to_json()
    pd.testing.assert_frame_equal(again.select(model), campaign.select(model))
    assert set(campaign.select(model)["action"]) == {"Ring them up.", HOLD_OUT_ACTION}
    shuffled = dataclasses.replace(model, customers=model.customers.copy())
    assert campaign.to_csv(shuffled) == campaign.to_csv(model)


def test_the_bundle_gives_the_same_list(model: ShopperModel, tmp_path) -> None:
    campaign = Campaign(min_overdue=1.2, n_recommendations=2, hold_out=0.3)
    loaded = ShopperModel.load(model.save(tmp_path / "model"))
    assert campaign.to_csv(loaded) == campaign.to_csv(model)


def test_csv_for_spreadsheets(model: ShopperModel) -> None:
    campaign = Campaign(segments=("High-Value",), actions=(("High-Value", "=HYPERLINK('x')"),))
    text = campaign.to_csv(model, byte_order_mark=True)
    assert text.startswith("\ufeffcustomer_id,") and not campaign.to_csv(model).startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == len(campaign.select(model))
    assert rows[0]["action"] == "'=HYPERLINK('x')"


def test_an_empty_list_keeps_its_columns(model: ShopperModel) -> None:
    chosen = Campaign(min_spend=1e12, n_recommendations=1, hold_out=0.5, recommended=("POST",)).select(model)
    assert chosen.empty
    assert {"customer_id", "action", "is_held_out", "recommendation_1"} <= set(chosen)
    assert reach(chosen) == {"customers": 0, "contacted": 0, "held_out": 0, "revenue": 0.0}


def test_thirty_equal_customers_with_one_order_each() -> None:
    same: dict[str, Any] = {
        "product_id": "TEA",
        "product_name": "Tea",
        "quantity": 1,
        "unit_price": 2.0,
        "country": "",
    }
    ids = [f"{i:02}" for i in range(30)]
    orders = pd.DataFrame({"order_id": ids, "customer_id": ids, "ordered_at": pd.Timestamp("2024-03-01")})
    shop = ShopperModel.fit(orders.assign(**same), progress=False)
    chosen = Campaign(hold_out=0.1, n_recommendations=1).select(shop)
    assert set(chosen["segment"]) == {"All Customers"}
    assert chosen["is_held_out"].sum() == 3
    assert set(chosen["recommendation_1"]) == {""}
    with pytest.raises(TooLittleDataError, match="No customer ordered on two different days"):
        Campaign(min_overdue=1).select(shop)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"segments": "New"}, TypeError, r"segments must be a list of texts; write \['New'\]"),
        ({"hold_out": 1.0}, ValueError, "hold_out must be a share from 0 to below 1; got 1.0"),
        (
            {"min_orders": 5, "max_orders": 1},
            ValueError,
            "min_orders must not exceed max_orders; got 5 and 1",
        ),
        ({"min_spend": 5, "max_spend": 1}, ValueError, "min_spend must not exceed max_spend; got 5 and 1"),
        ({"min_overdue": float("nan")}, ValueError, "min_overdue must be a number; got nan"),
        ({"min_spend": "much"}, ValueError, "min_spend must be a number; got 'much'"),
        ({"hold_out": None}, ValueError, "hold_out must be a number; got None"),
        ({"segments": 5}, TypeError, r"segments must be a list of texts; write \[5\]"),
        ({"flows": [["New"]]}, TypeError, r"flows must be pairs of texts; got \[\['New'\]\]"),
        ({"flows": 3}, TypeError, "flows must be pairs of texts; got 3"),
        ({"name": 7}, TypeError, "name must be a text; got 7"),
        ({"n_recommendations": -1}, ValueError, "n_recommendations must be a whole number"),
        ({"flows": [("a", "b")]}, ValueError, "flows need flow_start and flow_end"),
        ({"flow_start": "soon"}, ValueError, "flow_start must be a date"),
    ],
)
def test_definitions_that_cannot_be(options: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Campaign(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"segments": ["Champions"]},
            ValueError,
            "segments: there is no 'Champions' in the model, which has At-",
        ),
        ({"countries": ["Atlantis"]}, ValueError, "countries: there is no 'Atlantis'"),
        ({"bought": ["no such thing"]}, UnknownProductError, "no such thing"),
        (
            {"flows": [("New", "At-Risk")], "flow_start": "2024-06-01", "flow_end": "2024-05-01"},
            ValueError,
            "flow_start must be before flow_end",
        ),
        (
            {"flows": [("New", "At-Risk")], "flow_start": "2024-06-01", "flow_end": "2024-06-01"},
            ValueError,
            "flow_start must be before flow_end; got 2024-06-01",
        ),
        (
            {"flows": [("New", "At-Risk")], "flow_start": "1999-06-01", "flow_end": "2024-05-01"},
            ValueError,
            "flow_start must not lie before the first order; got 1999-06-01",
        ),
        (
            {"flows": [("New", "Gone")], "flow_start": "2024-06-01", "flow_end": "2024-07-01"},
            ValueError,
            "flows: there is no 'Gone'",
        ),
    ],
)
def test_what_the_model_does_not_know_is_told(
    model: ShopperModel, options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Campaign(**options).select(model)  # type: ignore[arg-type]


def test_of_many_countries_twenty_are_told(model: ShopperModel) -> None:
    countries = [f"C{place % 21:02}" for place in range(len(model.customers))]
    shop = dataclasses.replace(model, customers=model.customers.assign(country=countries))
    with pytest.raises(ValueError, match=r"there is no 'C21' in the model, which has C00, .*, C19\.$"):
        Campaign(countries=("C21",)).select(shop)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "A campaign must be JSON; the text can't be read"),
        ("[]", "must be JSON with the format"),
        (
            json.dumps({"format": "shopper-widgets campaign", "version": 99}),
            "reads campaigns of version 1; got 99",
        ),
        (
            json.dumps({"format": "shopper-widgets campaign", "version": 1, "colour": "red"}),
            "A campaign has no colour; it has name, segments",
        ),
    ],
)
def test_json_that_is_no_campaign(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Campaign.from_json(text)


def test_a_long_name_makes_a_name_for_a_file(tmp_path: Path) -> None:
    (tmp_path / f"{Campaign('Œuvre ' * 100).filename}.json").touch()
    assert Campaign("../..").filename == "campaign"


def test_a_file_of_a_definition(model: ShopperModel, tmp_path: Path) -> None:
    campaign = Campaign("Café", segments=("High-Value",))
    (tmp_path / "café.json").write_text("\ufeff" + campaign.to_json(), encoding="utf-8")
    assert Campaign.load(tmp_path / "café.json") == campaign
    with pytest.raises(ValueError, match=r"nowhere\.json must be the definition of a campaign, as JSON"):
        Campaign.load(tmp_path / "nowhere.json")
    (tmp_path / "list.csv").write_bytes(b"customer_id\xe9\n1")
    with pytest.raises(ValueError, match=r"list\.csv must be the definition of a campaign, as JSON"):
        Campaign.load(tmp_path / "list.csv")
