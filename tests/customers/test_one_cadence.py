"""Overdue and the usual gap are the same on every page, in every list and in every sentence."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from shopper_widgets.charts import overdue_map
from shopper_widgets.customers.actions import customer_actions
from shopper_widgets.customers.cadence import customer_cadence, overdue_customers
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import CampaignPanel, CustomerPanel, OverduePanel
from shopper_widgets.segments import CustomerSegmenter
from shopper_widgets.segments.actions import OVERDUE_ACTION
from shopper_widgets.segments.rfm import rfm_table
from shopper_widgets.words import customers as customer_words


def _lines_of(model: ShopperModel) -> pd.DataFrame:
    """Return a table of lines, one per order, that gives the model's customers."""
    return model.orders.assign(product_id="A", quantity=1, unit_price=model.orders["amount"])


def test_overdue_and_the_usual_gap_are_one_on_every_page(
    small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    cadence = customer_cadence(small_model).set_index("customer_id")
    listed = set(overdue_customers(small_model)["customer_id"])
    assert 0 < len(listed) < len(cadence)
    # the rhythm that the segments were named by
    rfm = rfm_table(small_model.orders)
    again = clone(small_model.segmenter).fit(rfm.assign(usual_gap=cadence["expected_gap"].to_numpy()))
    assert again.segment_names_ == small_model.segmenter.segment_names_
    assert again.predict(rfm).tolist() == small_model.customers["segment"].tolist()
    handed: list[pd.DataFrame] = []

    def fit(_: CustomerSegmenter, rfm: pd.DataFrame) -> CustomerSegmenter:
        handed.append(rfm)
        return again

    monkeypatch.setattr(CustomerSegmenter, "fit", fit)
    ShopperModel.fit(_lines_of(small_model), progress=False, evaluate=False)
    np.testing.assert_array_equal(handed[0]["usual_gap"], cadence["expected_gap"])
    # the list, its map and the report's table
    panel = OverduePanel(small_model)
    assert set(panel.selection["customer_id"]) == listed
    assert panel.min_silence == cadence["short_silence"].iloc[0]
    shown = customer_words.rhythms(small_model)
    drawn = next(
        pd.DataFrame(rows) for rows in overdue_map(shown).to_dict()["datasets"].values() if "mark" in rows[0]
    )
    assert set(drawn.loc[drawn["mark"] == "overdue", "customer_id"]) == listed
    told, _ = customer_words.overdue(small_model, n=10_000)
    assert set(told["customer_id"]) == listed
    assert told["expected_gap"].tolist() == cadence.loc[told["customer_id"], "expected_gap"].tolist()
    # the advice, the campaign's list, and the text about one customer
    everyone = small_model.customers
    advised = pd.Series(customer_actions(small_model, everyone)) == OVERDUE_ACTION
    assert set(everyone.loc[advised.to_numpy(), "customer_id"]) == listed
    campaign = CampaignPanel(small_model)
    campaign._on_valuable_and_overdue(None)
    assert set(campaign.selection["customer_id"]) == listed
    page = CustomerPanel(small_model)
    for who in [*listed, *list(set(cadence.index[cadence["gaps"] > 0]) - listed)[:20]]:
        page.customer_id = who
        assert page._usual_gap() == cadence.loc[who, "expected_gap"]
        late = cadence.loc[who, "overdue"] > 1.5 and cadence.loc[who, "silence"] > panel.min_silence
        assert ("not overdue" not in page._tell_rhythm()[0]) == late
