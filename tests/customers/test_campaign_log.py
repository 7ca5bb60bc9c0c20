"""A folder of campaigns: sent lists stay unchanged, and customers of two campaigns at a time are reported."""

import dataclasses

import pandas as pd
import pytest

from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.customers.campaign_result import measure_campaign


@pytest.fixture
def log(tmp_path):
    return CampaignLog(tmp_path / "sent")


def test_a_list_stays_as_it_was_sent(log, small_model):
    campaign = Campaign("Thanks", hold_out=0.3)
    path = log.add(campaign, small_model, sent_at="2024-06-01")
    later = dataclasses.replace(small_model, customers=small_model.customers.head(10))
    kept = log.selected(path)
    assert kept["customer_id"].tolist() == campaign.select(small_model)["customer_id"].tolist()
    assert len(campaign.select(later)) == 10 and Campaign.load(path) == campaign
    (row,) = log.table().to_dict("records")
    assert (row["name"], row["contacted"], row["held_out"], row["path"]) == ("Thanks", 104, 45, str(path))
    assert row["sent_at"] == pd.Timestamp("2024-06-01")
    result = measure_campaign(kept, small_model.orders, sent_at="2024-06-01")
    expected = measure_campaign(campaign.select(small_model), small_model.orders, sent_at="2024-06-01")
    pd.testing.assert_frame_equal(result.table, expected.table)
    with pytest.raises(FileExistsError, match="give the campaign another name, or another day"):
        log.add(campaign, small_model, sent_at="2024-06-01")


def test_customers_of_two_campaigns_at_a_time(log, small_model):
    everyone, half = Campaign("All", hold_out=0.3), Campaign("Half", hold_out=0.3, seed=5, min_orders=3)
    log.add(everyone, small_model, sent_at="2024-05-01")
    log.add(half, small_model, sent_at="2024-05-30")
    log.add(Campaign("Much later"), small_model, sent_at="2024-09-01")
    told = log.overlaps()
    lists = [one.select(small_model).set_index("customer_id")["is_held_out"] for one in (everyone, half)]
    both = pd.concat(lists, axis=1, join="inner", keys=["a", "b"])
    (row,) = told.to_dict("records")
    assert (row["first"], row["second"], row["customers"]) == ("All", "Half", len(lists[1]))
    assert row["contacted_twice"] == (~both["a"] & ~both["b"]).sum() > 0
    assert row["held_out_once"] == (both["a"] != both["b"]).sum() > 0
    assert log.overlaps(days=29).empty and len(log.overlaps(days=30)) == 1
    assert len(log.overlaps(days=200)) == 3


def test_an_empty_folder_and_what_is_damaged(log, small_model):
    assert log.table().empty and log.overlaps().empty
    path = log.add(Campaign("Thanks"), small_model, sent_at="2024-06-01")
    path.with_name("notes.json").write_text("{}")
    assert len(log.table()) == 1
    path.with_suffix(".csv").write_text("nothing")
    with pytest.raises(ValueError, match=r"2024-06-01-thanks\.csv must be the list of a campaign, as CSV"):
        log.table()


def test_who_of_a_list_was_written_to_lately(log, small_model):
    log.add(Campaign("Thanks", hold_out=0.3), small_model, sent_at="2024-06-01")
    some = small_model.customers.head(20)
    (row,) = log.written_to(some, at="2024-06-30").to_dict("records")
    held_out = Campaign(hold_out=0.3).select(small_model).set_index("customer_id")["is_held_out"]
    expected = int(held_out[some["customer_id"]].sum())
    assert (row["name"], row["customers"], row["held_out"]) == ("Thanks", 20, expected)
    assert row["contacted"] == 20 - expected
    for day in ("2024-07-01", "2024-05-31"):
        assert log.written_to(some, at=day).empty
