"""Sentences about a campaign's result agree with its figures, positive or negative."""

import dataclasses

import pandas as pd

from shopper_widgets.customers.campaign_result import ALL, CampaignResult, measure_campaign
from shopper_widgets.words.campaign_results import result_rows, result_sentences
from tests.customers.campaign_shops import SENT_AT, campaign_shop


def result(seed: int = 3, **options: float) -> CampaignResult:
    selected, orders, _ = campaign_shop(seed, **options)  # type: ignore[arg-type]
    return measure_campaign(selected, orders, sent_at=SENT_AT)


def told(of: CampaignResult) -> str:
    return " ".join(result_sentences(of, "£"))


def test_what_was_brought_is_said_with_its_interval():
    one = result(lift=3.0)
    row = one.row()
    assert row["effect_low"] > 0
    assert f"Within 30 days, the campaign brought £{row['effect']:.2f} per customer contacted" in told(one)
    assert f"(95 % interval: £{row['effect_low']:.2f} to £{row['effect_high']:.2f})" in told(one)
    assert f"Of 140 contacted, {row['contacted_buyers']} ordered" in told(one)
    adjusted = one.row(method="adjusted")
    assert (
        f"Adjusted for past spend, the effect per customer contacted is £{adjusted['effect']:.2f} more"
        in told(one)
    )


def test_a_loss_is_called_one():
    one = result(lift=3.0)
    sums = ["effect", "effect_low", "effect_high", "total", "total_low", "total_high"]
    turned = one.table.assign(**{name: -one.table[name] for name in sums})
    turned[["effect_low", "effect_high"]] = turned[["effect_high", "effect_low"]].to_numpy()
    lost = told(dataclasses.replace(one, table=turned))
    assert f"the campaign lost £{one.row()['effect']:.2f} per customer contacted (95 % interval: £" in lost
    assert (
        "-£" not in lost and f"customer contacted is £{one.row(method='adjusted')['effect']:.2f} less" in lost
    )


def test_nothing_is_claimed_across_nothing():
    one = result()
    assert one.row()["effect_low"] < 0 < one.row()["effect_high"]
    said = told(one)
    assert "no clear effect: per customer contacted, the 95 % interval is £" in said
    assert f"interval is £{-one.row()['effect_low']:.2f} less to £{one.row()['effect_high']:.2f} more" in said


def test_too_few_too_early_and_nobody():
    few = told(result(customers=30))
    assert few.startswith("Too few customers to measure an effect: each group needs 10, and 3 who order.")
    selected, orders, _ = campaign_shop(0)
    early = measure_campaign(selected, orders[orders["ordered_at"] < "2024-03-11"], sent_at=SENT_AT)
    assert "The orders end on 10 Mar 2024, day 10 of 30: later orders are not counted yet." in told(early)
    assert told(early).startswith("Within 10 days, ")
    nobody = measure_campaign(
        selected, orders.assign(customer_id="X" + orders["customer_id"]), sent_at=SENT_AT
    )
    assert "Nobody on the list ordered." in told(nobody)
    assert "Nobody on the list" not in told(early)


def test_segments_that_show_and_those_too_few():
    selected, orders, _ = campaign_shop(3, customers=300, lift=3.0)
    names = ["Regular"] * 200 + ["New"] * 90 + ["At-Risk"] * 10
    said = told(measure_campaign(selected.assign(segment=names), orders, sent_at=SENT_AT))
    assert "Regular: £" in said and "Each of the 3 segments was tested separately" in said
    assert "Too few customers, or too few who ordered, to measure separately: At-Risk." in said
    assert "tested separately" not in told(result(lift=3.0))  # the only segment is the whole list


def test_rows_are_told_in_their_unit():
    one = result(lift=3.0)
    revenue, buyers = result_rows(one, "revenue", "£"), result_rows(one, "buyers", "£")
    row = one.row("buyers")
    assert buyers.loc[0, "held_out_mean"] == f"{100 * row['held_out_mean']:.1f}"
    assert str(buyers.loc[0, "total"]).startswith(f"{row['total']:.0f} (")
    assert str(revenue.loc[0, "effect"]).startswith("£") and revenue["segment"].tolist() == [ALL, "Regular"]
    bare = dataclasses.replace(one, table=one.table[one.table["method"] == "plain"])
    assert "adjusted" not in result_rows(bare) and isinstance(result_rows(bare), pd.DataFrame)
    assert set(result_rows(result(customers=30))["effect"]) == {"too few"}
