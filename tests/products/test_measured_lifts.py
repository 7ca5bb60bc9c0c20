"""A campaign's measured lift is shrunk by its uncertainty."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.products.discount_budget import assumed_response
from shopper_widgets.products.measured_lifts import learned_response, measured_lifts


def result(**changes: object) -> pd.DataFrame:
    row: dict[str, object] = {"segment": "A", "figure": "buyers", "method": "plain", "effect": 0.1}
    means = {"contacted": 400, "held_out": 100, "contacted_mean": 0.3, "held_out_mean": 0.2}
    return pd.DataFrame([row | means | changes])


def test_the_error_is_that_of_simulated_campaigns():
    rng = np.random.default_rng(0)
    ratios = (rng.binomial(400, 0.3, 20_000) / 400) / (rng.binomial(100, 0.2, 20_000) / 100)
    (told,) = measured_lifts(result(), 1.5, spread=0.2).to_dict("records")
    assert told["measured"] == pytest.approx(1.5)
    assert told["error"] == pytest.approx(ratios.std(), rel=0.15)


def test_a_sure_result_counts_and_an_unsure_one_hardly_does():
    sure = measured_lifts(result(contacted=400_000, held_out=100_000), 1.1, spread=0.1)["lift"].iloc[0]
    unsure = measured_lifts(result(contacted=40, held_out=10), 1.1, spread=0.01)["lift"].iloc[0]
    assert sure == pytest.approx(1.5, abs=0.01) and unsure == pytest.approx(1.1, abs=0.01)


@pytest.mark.parametrize(
    "changes", [{"effect": None}, {"held_out_mean": 0.0}, {"figure": "revenue"}, {"method": "adjusted"}]
)
def test_what_was_not_told_teaches_nothing(changes):
    assert measured_lifts(result(**changes), 1.5, spread=0.1).empty


def test_the_curve_runs_through_what_was_learned():
    rates = pd.DataFrame({"segment": ["A", "B"], "rate": [0.2, 0.3]})
    response = assumed_response(rates, 1.5)
    learned = learned_response(rates, response, pd.DataFrame({"segment": ["A"], "lift": [1.2]}), at=0.2)
    at = learned.set_index(["segment", "discount_rate"])["response"]
    assert at.loc["A", 0.2] == pytest.approx(0.24)
    assert at.loc["B"].tolist() == response[response["segment"] == "B"]["response"].tolist()
    assert len(learned) == len(response)
