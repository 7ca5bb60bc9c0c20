"""Sentences agree with the model's tables."""

import dataclasses

import pandas as pd
import pytest

from shopper_widgets._support.formatting import format_day, format_money, format_share
from shopper_widgets.charts.theme import SEGMENT_COLORS, order_segments
from shopper_widgets.customers.actions import customer_actions
from shopper_widgets.customers.cadence import customer_cadence, overdue_customers
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.assumed import ASSUMED
from shopper_widgets.orders.audit import KEPT, READ
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.segments import CLAIMS, RULES, naming
from shopper_widgets.segments.actions import (
    ACTIONS,
    IN_TIME_ACTION,
    OVERDUE_ACTION,
    TOO_EARLY,
    suggested_action,
)
from shopper_widgets.segments.rfm import FarDateWarning
from shopper_widgets.words import recommendations, shop


def test_the_headline_tells_how_many_of_what_worth_and_when(small_model: ShopperModel) -> None:
    said = shop.headline(small_model)
    n, money = small_model.segments["customers"].sum(), small_model.segments["revenue"].sum()
    orders = small_model.orders["order_id"].nunique()
    assert said.startswith(f"{n:,} customers, {orders:,} orders worth {format_money(money, '£')}, from ")
    last = format_day(small_model.orders["ordered_at"].max())
    assert (
        f" to {last}. Recency (days since the last order) is counted to {format_day(small_model.as_of)}."
        in said
    )
    day = (
        small_model.orders["ordered_at"].dt.normalize() == small_model.orders["ordered_at"].max().normalize()
    )
    assert f", all of {last}." in shop.headline(
        dataclasses.replace(small_model, orders=small_model.orders[day])
    )


def test_what_was_left_out_has_its_lines_and_money(small_model: ShopperModel) -> None:
    audit = small_model.audit.set_index("rule")
    said = " ".join(shop.left_out(small_model))
    assert f"Of {audit['rows']['lines read']:,} order lines read" in said
    assert f"{audit['rows']['missing customer']:,} lines" in said
    unknown = small_model.all_orders["amount"].sum() - small_model.orders["amount"].sum()
    assert format_money(unknown, "£") in said
    assert shop.came_back(small_model)[0] in said


def test_goods_that_came_back_are_told_with_what_became_of_the_revenue(small_shop: pd.DataFrame) -> None:
    kept, netted = (
        ShopperModel.fit(small_shop, returns=returns, n_clusters=2, progress=False)
        for returns in ("drop", "net")
    )
    worth = format_money(kept.orders["amount"].sum() - netted.orders["amount"].sum(), kept.currency)
    (said,) = shop.came_back(kept)
    assert said.startswith("Returned goods still count as sold") and worth in said
    (said,) = shop.came_back(netted)
    assert worth in said and "are subtracted from sales" in said
    nobody = set(kept.customers["customer_id"]) - set(netted.customers["customer_id"])
    assert len(nobody) == 1 and said.endswith(
        " 1 customer who kept nothing is left out of all other figures."
    )
    assert netted.audit.set_index("rule")["customers"]["customers who kept nothing"] == 1


def test_where_nothing_came_back_nothing_is_said(small_shop: pd.DataFrame) -> None:
    sales = small_shop[small_shop["quantity"] > 0]
    assert shop.came_back(ShopperModel.fit(sales, n_clusters=2, progress=False)) == []


def test_highlights_are_computed(small_model: ShopperModel) -> None:
    best = small_model.segments.iloc[0]
    said = shop.highlights(small_model)
    shares = format_share(best["share"]), format_share(best["revenue_share"])
    of_all = f"{best['customers']:,} of {len(small_model.customers):,}"
    assert said[0].startswith(f"{shares[0]} of customers (High-Value, {of_all}) bring {shares[1]} of revenue")
    again = (small_model.customers["frequency"] > 1).mean()
    count = (small_model.customers["frequency"] > 1).sum()
    told = f"{format_share(again)} of customers ({count:,}) ordered more than once"
    assert any(sentence.startswith(told) for sentence in said)


@pytest.mark.parametrize(("customers", "top"), [(100, 10), (104, 10), (106, 11), (149, 15)])
def test_one_in_ten_are_the_tenth_who_spend_most(small_model: ShopperModel, customers: int, top: int) -> None:
    # The top customers spend 1,000 each; all others 1.
    spend = [1000.0] * top + [1.0] * (customers - top)
    some = small_model.customers.head(customers).assign(monetary=spend[::-1])
    said = shop.highlights(dataclasses.replace(small_model, customers=some))
    share = format_share(1000 * top / (1000 * top + customers - top))
    assert f"The top tenth of customers by spend ({top}) bring {share} of revenue." in said


def test_few_customers_have_no_tenth(small_model: ShopperModel) -> None:
    some = small_model.customers.head(99)
    assert not any("top tenth" in said for said in shop.highlights(
        dataclasses.replace(small_model, customers=some)
    ))  # fmt: skip


def test_nothing_is_recommended_where_one_product_is_sold(small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(
        small_shop.assign(product_id="BOX", product_name="Coffee box"), n_clusters=4, progress=False
    )
    advice = [*shop.segment_actions(model)["action"], *customer_actions(model, model.customers)]
    for of_products in ("recommend", "products", "bought", "buy", "took"):
        assert not any(of_products in said for said in advice), of_products


def test_a_shop_where_nobody_came_back_is_asked_whom_its_ids_name(small_model: ShopperModel) -> None:
    once = small_model.customers.head(100).assign(frequency=1)
    told = "No customer ordered more than once. If people do come back, the customer ids"
    assert any(
        said.startswith(told) for said in shop.highlights(dataclasses.replace(small_model, customers=once))
    )
    assert told not in " ".join(
        shop.highlights(dataclasses.replace(small_model, customers=once.head(99)))
        + shop.highlights(dataclasses.replace(small_model, customers=once.assign(frequency=[2] + 99 * [1])))
    )


def test_a_valuable_customer_who_is_overdue_is_asked_not_thanked(online_retail_model: ShopperModel) -> None:
    model = online_retail_model
    said = pd.Series(customer_actions(model, model.customers), index=model.customers["customer_id"])
    listed = overdue_customers(model).set_index("customer_id")
    assert (said[listed.index] == OVERDUE_ACTION).all()
    # If they were High-Value, the segment's advice would thank them.
    thanked = model.customers.assign(segment="High-Value")
    asked = customer_actions(model, thanked, cadence=customer_cadence(model))
    assert set(thanked.loc[[one == OVERDUE_ACTION for one in asked], "customer_id"]) == set(listed.index)
    others = said.drop(listed.index)
    assert OVERDUE_ACTION not in set(others)
    # Customers who came once have no rhythm that they could keep.
    at_risk = customer_cadence(model).set_index("customer_id").query("segment == 'At-Risk'")
    on_time = at_risk.query("gaps > 0 and overdue <= 1")
    assert len(on_time) and (said[on_time.index] == IN_TIME_ACTION).all()
    of_segment = {name: suggested_action(name, 300) for name in model.segments["segment"]}
    rest = model.customers.set_index("customer_id").loc[others.index.difference(on_time.index), "segment"]
    assert (others[rest.index] == rest.map(of_segment)).all()
    written = Campaign(segments=("At-Risk",)).select(model).set_index("customer_id")["action"]
    assert (written == said[written.index]).all()
    own = Campaign(segments=("At-Risk",), actions=(("At-Risk", "Ring them."),)).select(model)
    assert set(own["action"]) == {"Ring them."}


def test_a_shop_of_equals_gets_no_invented_segments(small_shop: pd.DataFrame) -> None:
    one_each = small_shop[small_shop["customer_id"].notna()].drop_duplicates("customer_id").head(30)
    equal = one_each.assign(
        quantity=1,
        unit_price=2.0,
        ordered_at=pd.Timestamp("2024-03-01"),
        order_id=[f"{i}" for i in range(30)],
    )
    model = ShopperModel.fit(equal, progress=False)
    assert model.segments["segment"].tolist() == ["All Customers"]
    assert not any("bring" in sentence and "(" in sentence for sentence in shop.highlights(model))
    assert shop.segment_actions(model)["action"].tolist() == [ACTIONS["All Customers"]]
    assert "at least two months of orders" in recommendations.quality(model)[0]


def test_every_name_has_an_action(small_model: ShopperModel) -> None:
    by_rules = {name for name, *_ in RULES}
    by_claims = [claim.name for claim in CLAIMS]
    assert {*by_claims, naming.ALL_CUSTOMERS} | by_rules == set(ACTIONS)
    assert set(ACTIONS) == set(SEGMENT_COLORS)
    # The best comes first, whichever segmenter gave the names.
    assert order_segments(reversed(by_claims)) == by_claims
    assert order_segments(reversed([name for name, *_ in RULES])) == [name for name, *_ in RULES]
    actions = shop.segment_actions(small_model)
    assert actions["segment"].tolist() == small_model.segments["segment"].tolist()


def test_nobody_is_won_back_before_they_can_be_lost(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    month = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=31)]
    model = ShopperModel.fit(month, n_clusters=4, progress=False)
    actions = shop.segment_actions(model).set_index("segment")["action"]
    silent = [name for name in actions.index if naming.is_silent(name)]
    assert silent and "High-Value" in actions
    assert set(actions[silent]) == {TOO_EARLY}
    assert actions["High-Value"] == ACTIONS["High-Value"]
    listed = Campaign(segments=tuple(silent)).select(model)
    assert set(listed["action"]) == {TOO_EARLY}


def test_a_slow_shop_gives_nobody_up_before_its_usual_gap_has_passed() -> None:
    lines = [
        (
            f"{who}-{gap}",
            "A",
            f"c{who}",
            pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=who + 90 * gap),
            1.0,
            5.0 + who,
        )
        for who in range(80)
        for gap in range(who % 3, 3)
    ]
    columns = ["order_id", "product_id", "customer_id", "ordered_at", "quantity", "unit_price"]
    model = ShopperModel.fit(pd.DataFrame(lines, columns=columns), n_clusters=3, progress=False)
    assert model.customers["recency"].max() == 80
    assert model.short_silence == 103  # a seventh longer than 90 days
    assert any("too short to tell lost customers from" in said for said in model.segmenter.limits_)
    lapsed = dataclasses.replace(model, customers=model.customers.assign(segment="Lapsed"))
    actions = set(customer_actions(lapsed, lapsed.customers))
    assert TOO_EARLY in actions and ACTIONS["Lapsed"] not in actions
    assert suggested_action("Lapsed", 102, model.short_silence) == TOO_EARLY
    assert suggested_action("Lapsed", 103, model.short_silence) == ACTIONS["Lapsed"]


def test_numbered_segments_are_treated_as_the_first_of_their_name() -> None:
    assert suggested_action("Lapsed Two", 300) == ACTIONS["Lapsed"]
    assert suggested_action("At-Risk", 300) == ACTIONS["At-Risk"]


def test_most_valuable_are_who_spent_most(small_model: ShopperModel) -> None:
    customers = shop.most_valuable(small_model, "High-Value", n=4)
    assert customers["monetary"].is_monotonic_decreasing
    of_segment = small_model.customers[small_model.customers["segment"] == "High-Value"]
    assert customers["monetary"].iloc[0] == pytest.approx(of_segment["monetary"].max())


def test_one_line_is_told_of_in_the_singular(small_model: ShopperModel) -> None:
    def told(read: int, kept: int, anonymous: int) -> str:
        audit = small_model.audit.set_index("rule")
        audit.loc[[READ, KEPT, "missing customer"], "rows"] = [read, kept, anonymous]
        return " ".join(shop.left_out(dataclasses.replace(small_model, audit=audit.reset_index())))

    assert told(1, 1, 0).startswith("The only order line read is in the figures: ")
    assert told(3, 3, 0).startswith("All 3 order lines read are in the figures: ")
    two = told(2, 1, 1)
    assert two.startswith("Of 2 order lines read, 1 (50 %) is in the figures: ")
    assert "1 line (50 %) has no customer id, so figures about customers leave it out" in two


def test_what_all_rests_on_is_told_of_the_notes(small_model: ShopperModel) -> None:
    rests = [
        "3 dates are out of order unless day and month exchanged",
        "columns={'amount': 'x'} changes that",
    ]
    notes = ["a.csv holds the same as b.csv and is left out.", *rests, ASSUMED["unit_price"]]
    model = dataclasses.replace(small_model, source={**small_model.source, "notes": notes})
    assert shop.guessed(model) == [*rests, ASSUMED["unit_price"]]


def test_how_words_were_read_stands_where_everything_rests_on_it(small_shop: pd.DataFrame) -> None:
    n = len(small_shop)
    states, kinds = (["4", "1"] * n)[:n], [*["Sale"] * (n - 3), *["Return"] * 3]
    for header, words, told in (
        ("order_status", states, "'order_status' gives states as numbers (1, 4)"),
        ("document_type", kinds, "'document_type' says which lines are returns"),
    ):
        orders = read_transactions(small_shop.assign(**{header: words}))
        model = ShopperModel.fit(orders, evaluate=False, progress=False)
        assert any(said.startswith(told) for said in shop.guessed(model)), told


def test_doubts_about_days_stand_where_everything_rests_on_them(small_shop: pd.DataFrame) -> None:
    moments = small_shop["ordered_at"]
    late = moments.where(moments < moments.max(), moments + pd.DateOffset(years=2))
    with pytest.warns(FarDateWarning):
        model = ShopperModel.fit(small_shop.assign(ordered_at=late), evaluate=False, progress=False)
    (said,) = shop.guessed(model)
    assert said.startswith("The last order is of 18 Jul 2026, but only") and "give as_of" in said

    first = pd.to_datetime(
        {"year": moments.dt.year, "month": moments.dt.month, "day": moments.dt.day % 12 + 1}
    )
    model = ShopperModel.fit(small_shop.assign(ordered_at=first), evaluate=False, progress=False)
    (said,) = shop.guessed(model)
    assert said.startswith("No order is dated after the 12th of a month")


def test_the_first_part_of_the_audit_adds_up_to_the_lines_read(online_retail_model):
    lines, details = shop.audit_parts(online_retail_model)
    rows = lines.set_index("rule")["rows"]
    assert rows.index[0] == "lines read" and rows.index[-1] == "kept"
    assert rows.iloc[1:].sum() == rows["lines read"]
    assert "customers who kept nothing" in details["rule"].tolist()
    shown = online_retail_model.audit["rows"] > 0
    assert len(lines) + len(details) == shown.sum()
