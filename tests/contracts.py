"""Tests to inherit of what every estimator of this package promises.

A test class inherits :class:`EstimatorContract`, fills in four methods and gets the tests with them::

    class TestRFMScorerContract(EstimatorContract):
        def make(self):
            return RFMScorer(n_bins=4)

        def data(self):
            return rfm_table(load_sample())

        def answers(self, fitted):
            return [fitted.transform(NEW_CUSTOMERS)]

        def check_unseen(self, fitted):
            with pytest.raises(ValueError, match="frequency"):
                fitted.transform(CUSTOMER_WITHOUT_ORDERS)

One test fails per broken promise.
"""

from __future__ import annotations

import ast
import inspect
import pickle
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import clone
from sklearn.exceptions import NotFittedError


def assert_same(left: Sequence[Any], right: Sequence[Any]) -> None:
    """Assert that two lists of answers (frames, arrays, plain values) are equal, numbers to 1e-9."""
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert type(one) is type(other)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-9)
        elif isinstance(one, np.ndarray) and one.dtype.kind in "fc":
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
        elif isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other


def wrong_defaults(thing: Any) -> list[str]:
    """Return the parameters whose docstring states the wrong default."""
    entry = r"^ *([\w, ]+) : .*default[= ](\"[^\"]*\"|[-\w.,]+)$"
    told = re.findall(entry, inspect.getdoc(thing) or "", re.MULTILINE)
    listed = [
        (name, ast.literal_eval(value.replace(",", "")))
        for names, value in told
        for name in names.split(", ")
    ]
    return [name for name, value in listed if inspect.signature(thing).parameters[name].default != value]


class EstimatorContract:
    """Inherit, name the class ``Test…``, and fill in `make`, `data`, `answers` and `check_unseen`."""

    def make(self) -> Any:
        """Return a new, unfitted estimator; parameters other than the defaults test more."""
        raise NotImplementedError

    def data(self) -> pd.DataFrame:
        """Return what `fit` takes: quick to fit, the same at every call, with no meaning in its row order."""
        raise NotImplementedError

    def other_data(self) -> pd.DataFrame:
        """Return different data that can be fitted too: by default the first half of the rows."""
        data = self.data()
        return data.iloc[: len(data) // 2].reset_index(drop=True)

    def answers(self, fitted: Any) -> list[Any]:
        """Return frames, arrays or values: what the fitted estimator returns, and what it learned.

        The questions must not depend on the row order of `data`.
        """
        raise NotImplementedError

    def check_unseen(self, fitted: Any) -> None:
        """Assert what happens with input unseen by `fit`: the stated error, or an honest answer."""
        raise NotImplementedError

    def test_defaults_are_those_documented(self) -> None:
        assert wrong_defaults(type(self.make())) == []

    def test_constructor_only_assigns(self) -> None:
        estimator = self.make()
        assert set(vars(estimator)) == set(estimator.get_params(deep=False))

    def test_parameters_round_trip(self) -> None:
        estimator = self.make()
        parameters = estimator.get_params()
        assert type(estimator)(**parameters).get_params() == parameters
        assert type(estimator)().set_params(**parameters).get_params() == parameters

    def test_fit_returns_self_and_keeps_parameters(self) -> None:
        estimator = self.make()
        before = estimator.get_params()
        assert estimator.fit(self.data()) is estimator
        assert estimator.get_params() == before

    def test_unfitted_says_so(self) -> None:
        with pytest.raises(NotFittedError):
            self.answers(self.make())

    def test_clone_is_unfitted_and_fits_alike(self) -> None:
        fitted = self.make().fit(self.data())
        twin = clone(fitted)
        assert twin.get_params() == fitted.get_params()
        with pytest.raises(NotFittedError):
            self.answers(twin)
        assert_same(self.answers(twin.fit(self.data())), self.answers(fitted))

    def test_refit_forgets(self) -> None:
        refitted = self.make().fit(self.other_data()).fit(self.data())
        assert_same(self.answers(refitted), self.answers(self.make().fit(self.data())))

    def test_input_is_not_changed(self) -> None:
        data = self.data()
        self.answers(self.make().fit(data))
        pd.testing.assert_frame_equal(data, self.data())

    def test_row_order_does_not_matter(self) -> None:
        data = self.data()
        permuted = data.sample(frac=1, random_state=1).reset_index(drop=True)
        assert_same(self.answers(self.make().fit(permuted)), self.answers(self.make().fit(data)))

    def test_pickle_round_trip(self) -> None:
        fitted = self.make().fit(self.data())
        restored = pickle.loads(pickle.dumps(fitted))
        assert restored.get_params() == fitted.get_params()
        assert_same(self.answers(restored), self.answers(fitted))

    def test_skops_round_trip(self) -> None:
        fitted = self.make().fit(self.data())
        written = skops.io.dumps(fitted)
        untrusted = skops.io.get_untrusted_types(data=written)
        assert all(name.startswith(("shopper_widgets.", "scipy.sparse.")) for name in untrusted), untrusted
        restored = skops.io.loads(written, trusted=untrusted)
        assert restored.get_params() == fitted.get_params()
        assert_same(self.answers(restored), self.answers(fitted))

    def test_unseen_input(self) -> None:
        self.check_unseen(self.make().fit(self.data()))
