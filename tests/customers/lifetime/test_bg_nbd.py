"""BG/NBD: the published fit, recovered parameters, and formulas checked in other ways."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1

from shopper_widgets.customers.lifetime.bg_nbd import BGNBD, _log_likelihood
from shopper_widgets.errors import TooLittleDataError
from tests.contracts import EstimatorContract


def simulated(
    n: int,
    r: float,
    alpha: float,
    a: float,
    b: float,
    *,
    until: float = 300.0,
    later: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate customers by the model, observed `until`; ``actual`` counts their orders after it."""
    rng = np.random.default_rng(seed)
    rows = []
    for rate, leaves in zip(rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n), strict=True):
        times, now = [], rng.exponential(1 / rate)
        while now <= until + later:
            times.append(now)
            now = now + rng.exponential(1 / rate) if rng.random() > leaves else np.inf
        seen = [time for time in times if time <= until]
        rows.append((len(seen), max(seen, default=0.0), until, len(times) - len(seen)))
    return pd.DataFrame(rows, columns=["repeats", "last_repeat", "age", "actual"])


def _model(r: float, alpha: float, a: float, b: float) -> BGNBD:
    model = BGNBD()
    model.r_, model.alpha_, model.a_, model.b_ = r, alpha, a, b
    return model


@pytest.fixture(scope="module")
def cdnow(cdnow_path: Path) -> pd.DataFrame:
    return pd.read_csv(cdnow_path).rename(
        columns={"frequency": "repeats", "recency": "last_repeat", "T": "age", "ID": "customer_id"}
    )


def test_the_published_fit_on_cdnow(cdnow: pd.DataFrame) -> None:
    assert len(cdnow) == 2_357
    model = BGNBD().fit(cdnow)
    published = {"r_": 0.243, "alpha_": 4.414, "a_": 0.793, "b_": 2.426}
    for name, value in published.items():
        assert getattr(model, name) == pytest.approx(value, abs=0.001), name
    assert model.log_likelihood_ == pytest.approx(-9582.4, abs=0.1)


def test_the_unit_of_time_only_scales_alpha(cdnow: pd.DataFrame) -> None:
    weeks = BGNBD().fit(cdnow)
    in_days = cdnow.assign(last_repeat=cdnow["last_repeat"] * 7, age=cdnow["age"] * 7)
    days = BGNBD().fit(in_days)
    assert days.alpha_ == pytest.approx(7 * weeks.alpha_, rel=1e-4)
    assert days.r_ == pytest.approx(weeks.r_, rel=1e-4)
    np.testing.assert_allclose(
        days.expected_orders(in_days, 70.0), weeks.expected_orders(cdnow, 10.0), rtol=1e-3
    )


def test_expected_orders_are_the_papers_formula(cdnow: pd.DataFrame) -> None:
    model, horizon = BGNBD().fit(cdnow), 39.0
    r, alpha, a, b = model.r_, model.alpha_, model.a_, model.b_
    x, t_x, t = (cdnow[name].to_numpy(dtype=float) for name in ("repeats", "last_repeat", "age"))
    z = horizon / (alpha + t + horizon)
    shrink = ((alpha + t) / (alpha + t + horizon)) ** (r + x)
    numerator = (a + b + x - 1) / (a - 1) * (1 - shrink * hyp2f1(r + x, b + x, a + b + x - 1, z))
    gone = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + t) / (alpha + t_x)) ** (r + x), 0)
    np.testing.assert_allclose(model.expected_orders(cdnow, horizon), numerator / (1 + gone), rtol=1e-9)
    np.testing.assert_allclose(model.probability_alive(cdnow), 1 / (1 + gone), rtol=1e-12)


@pytest.fixture(scope="module")
def made_up() -> pd.DataFrame:
    return simulated(3_000, 0.8, 20.0, 0.9, 3.0, later=150.0)


def test_what_was_put_in_comes_out(made_up: pd.DataFrame) -> None:
    model = BGNBD().fit(made_up)
    assert model.r_ == pytest.approx(0.8, rel=0.15)
    assert model.alpha_ == pytest.approx(20.0, rel=0.15)
    assert model.dropout_ == pytest.approx(0.9 / 3.9, rel=0.15)


def test_expectations_come_true(made_up: pd.DataFrame) -> None:
    expected = BGNBD().fit(made_up).expected_orders(made_up, 150.0)
    assert expected.sum() == pytest.approx(made_up["actual"].sum(), rel=0.08)
    often = (made_up["repeats"] >= 5).to_numpy()
    assert expected[often].sum() == pytest.approx(made_up.loc[often, "actual"].sum(), rel=0.1)


def test_slopes_are_those_of_the_likelihood(made_up: pd.DataFrame) -> None:
    x, t_x, t = (made_up[name].to_numpy(dtype=float)[:200] for name in ("repeats", "last_repeat", "age"))
    at = np.array([0.6, 15.0, 0.7, 2.0])
    _, slopes = _log_likelihood(at, x, t_x, t)
    numeric = approx_fprime(at, lambda p: _log_likelihood(p, x, t_x, t)[0].sum(), 1e-7)
    np.testing.assert_allclose(slopes.sum(axis=1), numeric, rtol=1e-4)


@given(
    r=st.floats(0.003, 400), alpha=st.floats(0.5, 3_000), a=st.floats(0.003, 400), b=st.floats(0.003, 400),
    x=st.integers(0, 3_000), share=st.floats(0.01, 1), t=st.floats(1, 2_000), horizon=st.floats(0, 1_000),
)  # fmt: skip
def test_no_parameters_or_customers_break_it(
    r: float, alpha: float, a: float, b: float, x: int, share: float, t: float, horizon: float
) -> None:
    model = _model(r, alpha, a, b)
    one = pd.DataFrame({"repeats": [x], "last_repeat": [share * t if x else 0.0], "age": [t]})
    alive, expected = model.probability_alive(one)[0], model.expected_orders(one, horizon)[0]
    assert 0 <= alive <= 1
    # Nobody is expected to order more often than at their own rate for as long as they stay.
    assert 0 <= expected <= (r + x) / (alpha + t) * horizon * (1 + 1e-6) + 1e-6
    value, slopes = _log_likelihood(np.array([r, alpha, a, b]), *(one[n].to_numpy(dtype=float) for n in one))
    assert np.isfinite(value).all() and np.isfinite(slopes).all()


def test_a_customer_without_repeats_is_alive_and_silence_lowers_the_odds() -> None:
    model = _model(0.243, 4.414, 0.793, 2.426)
    histories = pd.DataFrame({"repeats": [0, 5, 5, 5], "last_repeat": [0.0, 38, 20, 5], "age": [39.0] * 4})
    alive = model.probability_alive(histories)
    assert alive[0] == 1
    assert alive[1] > alive[2] > alive[3]
    assert model.expected_orders(histories, 0.0).tolist() == [0.0] * 4


def test_where_a_is_one_the_limit_is_smooth() -> None:
    one = pd.DataFrame({"repeats": [3], "last_repeat": [30.0], "age": [40.0]})
    around = [_model(0.5, 5.0, a, 2.0).expected_orders(one, 20.0)[0] for a in (0.9999, 1.0, 1.0001)]
    assert np.ptp(around) < 1e-3
    assert around[0] > around[2]


def test_too_few_who_came_back() -> None:
    histories = pd.DataFrame(
        {"repeats": [0] * 40 + [1] * 5, "last_repeat": [0.0] * 40 + [3.0] * 5, "age": 9.0}
    )
    with pytest.raises(TooLittleDataError, match="5 of 45 customers came back on another day"):
        BGNBD().fit(histories)


def test_customers_who_are_all_alike() -> None:
    histories = pd.DataFrame({"repeats": [4] * 60, "last_repeat": [40.0] * 60, "age": [50.0] * 60})
    with pytest.raises(TooLittleDataError, match="too much alike"):
        BGNBD().fit(histories)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"repeats": -1},
            ValueError,
            r"histories\['repeats'\] must be a number of at least 0; got -1 in row 0",
        ),
        ({"age": np.nan}, ValueError, r"histories\['age'\]"),
        ({"age": 1.0, "last_repeat": 2.0}, ValueError, "last_repeat must not exceed age; row 0 has 2 and 1"),
    ],
)
def test_histories_that_cannot_be(changes: dict[str, float], error: type[Exception], message: str) -> None:
    histories = pd.DataFrame({"repeats": [1] * 40, "last_repeat": 5.0, "age": 9.0}).assign(**changes)
    with pytest.raises(error, match=message):
        BGNBD().fit(histories)


def test_what_is_no_frame_or_lacks_a_column() -> None:
    with pytest.raises(TypeError, match="histories must be a pandas"):
        BGNBD().fit([[1, 2, 3]])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"lacks the column\(s\) age; it has repeats, last_repeat"):
        BGNBD().fit(pd.DataFrame({"repeats": [1], "last_repeat": [1.0]}))
    with pytest.raises(ValueError, match="at least one customer"):
        BGNBD().fit(pd.DataFrame({"repeats": [], "last_repeat": [], "age": []}))
    model = _model(1, 1, 1, 1)
    with pytest.raises(ValueError, match="horizon must be a number of at least 0; got -1"):
        model.expected_orders(pd.DataFrame({"repeats": [1], "last_repeat": [1.0], "age": [2.0]}), -1)


class TestContract(EstimatorContract):
    def make(self) -> BGNBD:
        return BGNBD(min_repeaters=20)

    def data(self) -> pd.DataFrame:
        return simulated(400, 0.8, 20.0, 0.9, 3.0)

    def answers(self, fitted: BGNBD) -> list[object]:
        few = self.data().head(20)
        return [fitted.expected_orders(few, 50.0), fitted.probability_alive(few), fitted.r_, fitted.b_]

    def check_unseen(self, fitted: BGNBD) -> None:
        new = pd.DataFrame({"repeats": [1_000], "last_repeat": [900.0], "age": [900.0]})
        assert np.isfinite(fitted.expected_orders(new, 50.0)).all()
