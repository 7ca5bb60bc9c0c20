"""Effects mentioned before the sending are possible ones."""

import pandas as pd

from shopper_widgets.words.campaign_power import detectable


def test_no_more_buyers_are_asked_for_than_there_are_customers():
    table = pd.DataFrame({"hold_out": 0.3, "contacted": 44, "held_out": 19, "figure": ["buyers", "revenue"]})
    cases = {
        0.4: "40 more buyers in 100 within 30 days (60 are usual)",
        0.52: "£90.00 more spend per customer within 30 days (£100 is usual); more buyers",
    }
    for smallest, said in cases.items():
        (one,) = detectable(table.assign(usual=[0.6, 100.0], smallest=[smallest, 90.0]), 0.3, currency="£")
        assert said in one and ("in 100 within" in one) is (smallest == 0.4)
