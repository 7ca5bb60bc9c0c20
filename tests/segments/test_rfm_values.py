"""Values that are valid recency, frequency and monetary value, and those that are refused."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from shopper_widgets.segments.rfm_values import rfm_values

EXPECTED = [[2.0, 7.0, 4310.0], [326.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    "rfm",
    [
        pd.DataFrame({"monetary": [4310.0, 0], "other": "x", "recency": [2, 326], "frequency": [7, 1]}),
        pd.DataFrame({"recency": [2, 326], "frequency": [7, 1], "monetary": [4310, 0]}, dtype="Int64"),
        pd.DataFrame({"recency": [2, 326], "frequency": [7, 1], "monetary": [4310.0, 0]}, dtype=object),
        pl.DataFrame({"frequency": [7, 1], "recency": [2, 326], "monetary": [4310.0, 0.0]}),
        pl.LazyFrame({"frequency": [7, 1], "recency": [2, 326], "monetary": [4310.0, 0.0]}),
        np.array(EXPECTED),
        EXPECTED,
        [(2, 7, 4310.0), (326, 1, 0)],
    ],
)
def test_frames_and_arrays(rfm):
    assert rfm_values(rfm).tolist() == EXPECTED


@pytest.mark.parametrize("one", [(2, 7, 4310.0), [2, 7, 4310.0], np.array([2, 7, 4310.0])])
def test_one_customer(one):
    assert rfm_values(one).tolist() == EXPECTED[:1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((np.nan, 1, 1), "recency must be a finite number; got nan in row 1"),
        ((1, np.inf, 1), "frequency must be a finite number; got inf in row 1"),
        ((1, 1, None), "monetary must be a finite number; got nan in row 1"),
        ((-1, 1, 1), "recency must be at least 0; got -1 in row 1"),
        ((1, 0, 1), "frequency must be at least 1; got 0 in row 1"),
        ((1, 1, -0.5), "monetary must be at least 0; got -0.5 in row 1"),
    ],
)
def test_values_that_no_customer_has_are_refused_by_row(row, message):
    with pytest.raises(ValueError, match=message):
        rfm_values([(1, 1, 1), row])


def test_a_frame_names_its_customers():
    frame = pd.DataFrame(
        {"customer_id": list("abcdefgh"), "recency": 1, "frequency": [1] + [0] * 7, "monetary": 1.0}
    )
    with pytest.raises(ValueError, match=r"customer 'b', customer 'c', .*customer 'f' and 2 more"):
        rfm_values(frame)


def test_nullable_columns_have_missing_values_too():
    frame = pd.DataFrame({"recency": [1, pd.NA], "frequency": [1, 1], "monetary": [1, 1]}, dtype="Int64")
    with pytest.raises(ValueError, match="recency must be a finite number; got nan in row 1"):
        rfm_values(frame)


@pytest.mark.parametrize(
    "rfm",
    [
        pd.DataFrame({"recency": ["2"], "frequency": [7], "monetary": [1.0]}),
        [("2", 7, 1.0)],
        pd.DataFrame({"recency": [pd.Timestamp("2011-01-01")], "frequency": [7], "monetary": [1.0]}),
    ],
)
def test_what_is_no_number_is_refused(rfm):
    with pytest.raises(TypeError, match="recency must be numeric; got"):
        rfm_values(rfm)


@pytest.mark.parametrize("rfm", [[1, 2], [[1, 2]], np.ones((2, 2, 3)), 5, None, "abc", [[1, 2, 3], [1, 2]]])
def test_what_has_another_shape_is_refused(rfm):
    with pytest.raises(ValueError, match=r"rfm must be a frame, or numbers of shape \(n, 3\)"):
        rfm_values(rfm)


def test_a_frame_without_the_columns_is_refused():
    with pytest.raises(ValueError, match="lacks frequency, monetary"):
        rfm_values(pd.DataFrame({"recency": [1]}))


@pytest.mark.parametrize(
    "rfm", [pd.DataFrame({"recency": [], "frequency": [], "monetary": []}), np.empty((0, 3))]
)
def test_nobody_is_refused(rfm):
    with pytest.raises(ValueError, match="at least one customer"):
        rfm_values(rfm)


def test_one_customer_by_name_in_any_order():
    row = pd.Series({"monetary": 9.0, "recency": 2, "frequency": 7, "customer_id": "ann"})
    assert rfm_values(row).tolist() == [[2, 7, 9]]
    assert rfm_values(row.to_dict()).tolist() == [[2, 7, 9]]
