"""The within transformation and the clustered interval agree with a regression on all indicators."""

import numpy as np
import pytest
from scipy.stats import t

from shopper_widgets.products import two_way
from shopper_widgets.products.two_way import panel_slope, within


def _panel(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a panel with gaps, in which the cause depends on both effects."""
    draw = np.random.default_rng(seed)
    rows, columns = (codes.ravel() for codes in np.indices((30, 12)))
    kept = draw.random(len(rows)) < 0.7
    rows, columns = np.unique(rows[kept], return_inverse=True)[1], columns[kept]
    one, other = draw.normal(size=30)[rows], draw.normal(size=12)[columns]
    cause = one + other + draw.normal(size=len(rows))
    shared = draw.normal(size=30)[rows] * cause
    return 3 * one - 2 * other - 1.5 * cause + shared + draw.normal(size=len(rows)), cause, rows, columns


def _least_squares(
    outcome: np.ndarray, cause: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the slope of a regression on all indicators, and the indicators."""
    dummies = np.c_[np.eye(rows.max() + 1)[rows], np.eye(columns.max() + 1)[columns]]
    coefficients = np.linalg.lstsq(np.c_[cause, dummies], outcome, rcond=None)[0]
    return float(coefficients[0]), dummies


def test_it_is_least_squares_on_all_indicators_with_the_jackknife_of_row_groups() -> None:
    panel = _panel(0)
    _, cause, rows, columns = panel
    whole, dummies = _least_squares(*panel)
    without = [_least_squares(*(values[rows != row] for values in panel))[0] for row in range(30)]
    error = np.sqrt(29 / 30 * np.square(np.array(without) - whole).sum())
    slope = panel_slope(*panel)
    assert slope.estimate == pytest.approx(whole, rel=1e-8)
    assert slope.high - slope.estimate == pytest.approx(t.ppf(0.975, 29) * error, rel=1e-6)
    fitted = dummies @ np.linalg.lstsq(dummies, cause, rcond=None)[0]
    assert within(cause, rows, columns) == pytest.approx(cause - fitted, abs=1e-8)


def test_columns_that_one_row_group_alone_has_or_holds_together_do_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows 0 to 9 have the first columns, rows 10 to 19 the next, row 20 both, and one of its own."""
    draw = np.random.default_rng(1)
    rows, columns = (codes.ravel() for codes in np.indices((21, 9)))
    kept = np.where(rows < 10, columns < 4, (columns >= 4) & (columns < 8)) | (rows == 20)
    rows, columns = rows[kept], columns[kept]
    cause = draw.normal(size=len(rows))
    outcome = columns - 2 * cause + draw.normal(size=len(rows))
    without = [
        _least_squares(*(values[rows != row] for values in (outcome, cause, rows, columns)))[0]
        for row in range(21)
    ]
    slope = panel_slope(outcome, cause, rows, columns)
    error = np.sqrt(20 / 21 * np.square(np.array(without) - slope.estimate).sum())
    assert slope.high - slope.estimate == pytest.approx(t.ppf(0.975, 20) * error, rel=1e-6)
    monkeypatch.setattr(two_way, "_MOST_NUMBERS", 200)  # two rows at a time
    assert panel_slope(outcome, cause, rows, columns) == pytest.approx(slope)


def test_a_planted_slope_is_within_nineteen_of_twenty_intervals() -> None:
    slopes = [panel_slope(*_panel(seed)) for seed in range(300)]
    assert 0.92 <= np.mean([slope.low <= -1.5 <= slope.high for slope in slopes]) <= 0.98


def test_where_slopes_differ_the_mean_weighs_as_the_cause_varies() -> None:
    """Half of the groups vary three times as much, with another slope: the plain mean would be 0."""
    rows, columns = (codes.ravel() for codes in np.indices((24, 15)))
    held = []
    for seed in range(600):
        draw = np.random.default_rng(seed)
        varies = np.where(np.arange(24) % 2, 3.0, 1.0)[rows]
        slopes = np.where(np.arange(24) % 2, 1.0, -1.0) + draw.normal(0, 0.5, size=24)
        cause = varies * draw.normal(size=len(rows))
        slope = panel_slope(slopes[rows] * cause + draw.normal(size=len(rows)), cause, rows, columns)
        held.append(slope.low <= (9 * 1 - 1) / 10 <= slope.high)
    assert 0.93 <= np.mean(held) <= 0.98


def test_a_cause_that_varies_in_one_group_only_has_no_interval_and_no_slope() -> None:
    rows, columns = (codes.ravel() for codes in np.indices((5, 4)))
    cause = np.where(rows == 2, np.array([1.0, -1.0, 2.0, 0.5])[columns], 0.0)
    two = np.isin(rows, (1, 2))
    assert np.isnan(panel_slope(cause * 2.0, cause, np.zeros(20, dtype=np.intp), columns)).all()
    one = panel_slope((cause * 2.0)[two], cause[two], rows[two] - 1, columns[two])
    assert np.isnan(one).all()


def test_a_cause_that_does_not_vary_within_groups_has_no_slope() -> None:
    rows, columns = (codes.ravel() for codes in np.indices((5, 4)))
    assert np.isnan(panel_slope(np.arange(20.0), rows + 2.0 * columns, rows, columns)).all()


def test_groups_are_what_their_numbers_tell_apart_not_the_numbers() -> None:
    outcome, cause, rows, columns = _panel(0)
    assert panel_slope(outcome, cause, rows * 3, columns * 2 + 5) == panel_slope(
        outcome, cause, rows, columns
    )
