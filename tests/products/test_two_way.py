"""The within transformation and the clustered interval, against a regression on all indicators."""

import numpy as np
import pytest
from scipy.stats import t

from shopper_widgets.products.two_way import panel_slope, within


def _panel(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A panel with gaps, in which the cause follows both effects."""
    draw = np.random.default_rng(seed)
    rows, columns = (codes.ravel() for codes in np.indices((30, 12)))
    kept = draw.random(len(rows)) < 0.7
    rows, columns = np.unique(rows[kept], return_inverse=True)[1], columns[kept]
    one, other = draw.normal(size=30)[rows], draw.normal(size=12)[columns]
    cause = one + other + draw.normal(size=len(rows))
    shared = draw.normal(size=30)[rows] * cause
    return 3 * one - 2 * other - 1.5 * cause + shared + draw.normal(size=len(rows)), cause, rows, columns


def test_it_is_least_squares_on_all_indicators_with_the_clustered_sandwich() -> None:
    outcome, cause, rows, columns = _panel(0)
    dummies = np.c_[np.eye(30)[rows], np.eye(12)[columns][:, 1:]]
    design = np.c_[cause, dummies]
    coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    left = outcome - design @ coefficients
    bread = np.linalg.inv(design.T @ design)
    scores = np.array([design[rows == row].T @ left[rows == row] for row in range(30)])
    variance = bread @ (scores.T @ scores) @ bread * 30 / 29 * (len(cause) - 1) / (len(cause) - 12)
    slope = panel_slope(outcome, cause, rows, columns)
    assert slope.estimate == pytest.approx(coefficients[0], rel=1e-8)
    assert slope.high - slope.estimate == pytest.approx(t.ppf(0.975, 29) * variance[0, 0] ** 0.5, rel=1e-6)
    fitted = dummies @ np.linalg.lstsq(dummies, cause, rcond=None)[0]
    assert within(cause, rows, columns) == pytest.approx(cause - fitted, abs=1e-8)


def test_a_planted_slope_is_within_nineteen_of_twenty_intervals() -> None:
    slopes = [panel_slope(*_panel(seed)) for seed in range(300)]
    assert 0.92 <= np.mean([slope.low <= -1.5 <= slope.high for slope in slopes]) <= 0.98


def test_a_cause_that_does_not_vary_within_groups_has_no_slope() -> None:
    rows, columns = (codes.ravel() for codes in np.indices((5, 4)))
    assert np.isnan(panel_slope(np.arange(20.0), rows + 2.0 * columns, rows, columns)).all()
