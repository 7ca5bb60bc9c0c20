"""Segments of customers: the fit, the names, the predictions."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from shopper_widgets._support.locale import in_locale
from shopper_widgets.segments import (
    TRANSFORMS,
    CustomerSegmenter,
    FewerSegmentsWarning,
    OutOfRangeWarning,
    choice,
    clustering,
)
from shopper_widgets.segments.rfm import rfm_table
from tests.contracts import EstimatorContract

FOUR = ["High-Value", "Regular", "Occasional", "At-Risk"]
TYPICAL = {
    "High-Value": (8, 12, 5000.0),
    "Regular": (9, 3, 200.0),
    "Occasional": (280, 1, 120.0),
    "At-Risk": (150, 6, 900.0),
}


def shop(n=80, seed=0):
    """Return a shop of n customers around four typical ones in turn, which is also the order of kinds."""
    random = np.random.default_rng(seed)
    typical = np.array([TYPICAL[name] for name in FOUR])[np.arange(n) % 4]
    r, f, m = (typical * random.uniform(0.8, 1.25, size=(n, 3))).T
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "recency": r.round().astype(int),
            "frequency": f.round().astype(int).clip(1),
            "monetary": m.round(2),
        }
    )


@pytest.fixture(scope="module")
def fitted():
    return CustomerSegmenter(n_clusters=4).fit(shop())


def test_auto_finds_the_four_segments_and_says_why():
    segmenter = CustomerSegmenter().fit(shop())
    assert segmenter.n_clusters_ == 4
    assert segmenter.segment_names_ == FOUR
    assert segmenter.reason_.startswith("4 segments: inertia bends at k = ")
    assert segmenter.labels_.tolist() == FOUR * 20


def test_each_kind_of_customer_gets_its_name(fitted):
    for name, rfm in TYPICAL.items():
        assert fitted.predict(rfm).tolist() == [name]


def test_predict_takes_frames_and_arrays(fitted):
    frame = shop()
    expected = fitted.labels_.tolist()
    for rfm in (
        frame,
        frame[["monetary", "recency", "frequency"]],
        pl.from_pandas(frame),
        frame[["recency", "frequency", "monetary"]].to_numpy(),
        frame[["recency", "frequency", "monetary"]].to_numpy().tolist(),
    ):
        answer = fitted.predict(rfm)
        assert isinstance(answer, np.ndarray)
        assert answer.tolist() == expected


def test_one_by_one_is_as_all_at_once(fitted):
    rows = shop()[["recency", "frequency", "monetary"]].to_numpy()
    assert [fitted.predict(tuple(row))[0] for row in rows] == fitted.predict(rows).tolist()


def test_fitting_an_array_is_fitting_a_frame():
    frame = shop()
    array = frame[["recency", "frequency", "monetary"]].to_numpy()
    assert (
        CustomerSegmenter(4).fit_predict(array).tolist() == CustomerSegmenter(4).fit_predict(frame).tolist()
    )


def test_profiles_describe_the_segments(fitted):
    frame = shop().assign(segment=fitted.labels_)
    profiles = fitted.profiles_
    assert profiles.columns.tolist() == [
        "segment",
        "customers",
        "share",
        "recency_mean",
        "recency_median",
        "frequency_mean",
        "frequency_median",
        "monetary_mean",
        "monetary_median",
        "revenue",
        "revenue_share",
    ]
    assert profiles["segment"].tolist() == fitted.segment_names_ == FOUR
    assert profiles["share"].sum() == pytest.approx(1)
    assert profiles["revenue_share"].sum() == pytest.approx(1)
    for row in profiles.itertuples():
        members = frame[frame["segment"] == row.segment]
        assert row.customers == len(members)
        assert row.recency_mean == pytest.approx(members["recency"].mean())
        assert row.frequency_median == members["frequency"].median()
        assert row.revenue == pytest.approx(members["monetary"].sum())
        assert row.revenue_share == pytest.approx(members["monetary"].sum() / frame["monetary"].sum())


def test_diagnostics_mark_what_was_chosen():
    table = CustomerSegmenter(n_clusters=12).fit(shop()).diagnostics_
    assert table["n_clusters"].tolist() == [*range(2, 11), 12]
    assert table.loc[table["is_chosen"], "n_clusters"].tolist() == [12]
    assert table.columns.tolist() == [
        "n_clusters",
        "inertia",
        "silhouette",
        "davies_bouldin",
        "calinski_harabasz",
        "bic",
        "smallest_share",
        "stability",
        "stability_low",
        "stability_high",
        "is_elbow",
        "is_chosen",
    ]


def test_stability_is_computed_only_when_asked_for():
    stability = ["stability", "stability_low", "stability_high"]
    assert CustomerSegmenter().fit(shop()).diagnostics_[stability].isna().all(axis=None)
    weighed = CustomerSegmenter(stability_budget=3).fit(shop())
    assert weighed.diagnostics_[stability].notna().all(axis=None)
    assert weighed.n_clusters_ == 4
    assert "k = 5 is less stable on bootstrap samples (adjusted Rand index " in weighed.reason_


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("method", ["kmeans", "gmm"])
def test_alternatives_have_the_same_interface(transform, method):
    segmenter = CustomerSegmenter(4, transform, method=method).fit(shop())
    assert segmenter.segment_names_ == FOUR
    assert segmenter.predict(shop()).tolist() == segmenter.labels_.tolist()
    assert segmenter.diagnostics_["bic"].notna().all() == (method == "gmm")
    assert segmenter.profiles_["customers"].sum() == 80


def test_groups_of_unequal_size_are_found():
    typical = np.array([TYPICAL[name] for name in FOUR])
    kinds = np.repeat(np.arange(4), [5, 40, 40, 15])
    random = np.random.default_rng(1)
    values = (typical[kinds] * random.uniform(0.85, 1.15, (100, 3))).round(2)
    values[:, :2] = values[:, :2].round()
    assert CustomerSegmenter(4).fit(values).labels_.tolist() == [FOUR[kind] for kind in kinds]


def test_one_segment_on_request():
    segmenter = CustomerSegmenter(n_clusters=1).fit(shop())
    assert segmenter.segment_names_ == ["All Customers"]
    assert segmenter.diagnostics_["is_chosen"].tolist() == [True] + [False] * 9
    assert np.isnan(segmenter.diagnostics_["silhouette"].iloc[0])


def test_the_seed_decides_and_repeats():
    frame = shop(30, seed=3)
    one, two = (CustomerSegmenter(7, random_state=5).fit(frame) for _ in range(2))
    pd.testing.assert_frame_equal(one.diagnostics_, two.diagnostics_)
    assert one.labels_.tolist() == two.labels_.tolist()


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False), st.sampled_from(TRANSFORMS))
def test_row_order_changes_no_customers_segment(seed, random, transform):
    frame = shop(24, seed)
    order = list(range(len(frame)))
    random.shuffle(order)
    before = CustomerSegmenter(5, transform).fit(frame)
    after = CustomerSegmenter(5, transform).fit(frame.iloc[order])
    assert after.labels_.tolist() == before.labels_[order].tolist()
    pd.testing.assert_frame_equal(after.profiles_, before.profiles_)


few = st.integers(0, 3)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(few, st.integers(1, 3), few), min_size=1, max_size=12),
    st.sampled_from(["auto", 1, 2, 4, 6]),
)
def test_any_shop_gets_segments_and_equal_customers_the_same(rows, n_clusters):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerSegmentsWarning)
        segmenter = CustomerSegmenter(n_clusters).fit(rows)
    assert 1 <= segmenter.n_clusters_ == len(segmenter.profiles_) <= len(set(rows))
    assert set(segmenter.labels_) == set(segmenter.segment_names_)
    assert len({(row, label) for row, label in zip(rows, segmenter.labels_, strict=True)}) == len(set(rows))
    assert segmenter.predict(rows).tolist() == segmenter.labels_.tolist()
    assert segmenter.reason_.startswith(f"{segmenter.n_clusters_} segment")
    assert segmenter.diagnostics_["is_chosen"].sum() == 1


@pytest.mark.parametrize("n_clusters", ["auto", 4])
def test_identical_customers_are_one_segment(n_clusters):
    rows = [(30, 2, 0.1 + 0.2)] * 50 + [(30, 2, 0.3)] * 50
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        segmenter = CustomerSegmenter(n_clusters).fit(rows)
    assert segmenter.segment_names_ == ["All Customers"]
    assert "alike" in segmenter.reason_
    assert [w.category for w in caught] == ([] if n_clusters == "auto" else [FewerSegmentsWarning])


def test_fewer_segments_than_asked_for_where_fewer_customers_differ():
    with pytest.warns(FewerSegmentsWarning, match="4 were requested, but only 2 customers differ"):
        segmenter = CustomerSegmenter(4).fit([(1, 5, 100.0)] * 3 + [(90, 1, 5.0)] * 3)
    assert segmenter.n_clusters_ == 2


@pytest.mark.parametrize("n", [1, 2, 3])
def test_tiny_shops_are_one_segment(n):
    segmenter = CustomerSegmenter().fit(shop(n))
    assert segmenter.labels_.tolist() == ["All Customers"] * n
    assert segmenter.profiles_["customers"].tolist() == [n]


def test_a_shop_that_sold_for_nothing_has_shares_of_nothing():
    assert CustomerSegmenter(1).fit([(1, 1, 0.0), (2, 2, 0.0)]).profiles_["revenue_share"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("outside", "named"),
    [((999, 2, 100.0), "recency 999"), ((30, 99, 100.0), "frequency 99"), ((30, 2, 1e6), "monetary 1e\\+06")],
)
def test_values_outside_the_fitted_range_are_warned_about(fitted, outside, named):
    with pytest.warns(OutOfRangeWarning, match=rf"1 of 2 customers lie outside .*first row 1 with {named}:"):
        answer = fitted.predict([(30, 2, 100.0), outside])
    assert len(answer) == 2


@pytest.mark.parametrize("row", [(np.nan, 1, 1), (-1, 1, 1), (1, 0, 1), (1, 1, -1), (1, np.inf, 1)])
def test_values_that_no_customer_has_are_refused(fitted, row):
    for ask in (fitted.predict, CustomerSegmenter().fit):
        with pytest.raises(ValueError, match="in row 1"):
            ask([(1, 1, 1), row])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_clusters": 0}, "n_clusters must be 'auto' or a whole number of at least 1; got 0"),
        ({"n_clusters": "4"}, "n_clusters must be"),
        ({"n_clusters": True}, "n_clusters must be"),
        ({"n_clusters": 2.0}, "n_clusters must be"),
        ({"transform": "sqrt"}, "transform must be one of .*; got 'sqrt'"),
        ({"method": "dbscan"}, "method must be one of .*; got 'dbscan'"),
        (
            {"stability_budget": 1},
            "stability_budget must be 0 or a whole number of at least 2",
        ),
        ({"stability_budget": True}, "stability_budget must be"),
        ({"random_state": None}, "random_state must be a whole number of at least 0"),
        ({"random_state": -1}, "random_state must be"),
        ({"min_share": 0.7}, "min_share must be between 0 and 0.5; got 0.7"),
    ],
)
def test_parameters_are_checked_when_fitting(parameters, message):
    segmenter = CustomerSegmenter(**parameters)
    with pytest.raises(ValueError, match=message):
        segmenter.fit(shop())


def test_large_shops_are_sampled_and_say_so(monkeypatch):
    monkeypatch.setattr(choice, "SAMPLE_SIZE", 100)
    monkeypatch.setattr(clustering, "SAMPLE_SIZE", 100)
    segmenter = CustomerSegmenter().fit(shop(400))
    assert segmenter.segment_names_ == FOUR
    assert "over a sample of 100 of the 400 customers" in segmenter.reason_
    assert segmenter.labels_.tolist() == FOUR * 100


@pytest.fixture(scope="module")
def real_rfm(online_retail_path):
    raw = pd.read_csv(
        online_retail_path, dtype={"InvoiceNo": str, "StockCode": str}, parse_dates=["InvoiceDate"]
    ).dropna(subset="CustomerID")
    sold = raw[(raw["Quantity"] > 0) & (raw["UnitPrice"] > 0) & ~raw["InvoiceNo"].str.startswith("C")]
    names = {"CustomerID": "customer_id", "InvoiceNo": "order_id", "InvoiceDate": "ordered_at"}
    return rfm_table(sold.rename(columns=names).assign(amount=sold["Quantity"] * sold["UnitPrice"]))


@pytest.fixture(scope="module")
def real_four(real_rfm):
    return CustomerSegmenter(n_clusters=4).fit(real_rfm)


class TestOnlineRetail:
    def test_four_segments_of_the_known_sizes(self, real_four):
        customers = real_four.profiles_.set_index("segment")["customers"]
        expected = {"High-Value": 1381, "Regular": 1398, "Occasional": 1039, "At-Risk": 520}
        assert customers.index.tolist() == FOUR
        for name, size in expected.items():
            assert abs(customers[name] - size) < 100

    def test_names_fit_the_customers(self, real_four):
        profiles = real_four.profiles_.set_index("segment")
        for statistic in ("mean", "median"):
            assert profiles[f"monetary_{statistic}"].idxmax() == "High-Value"
            assert profiles[f"frequency_{statistic}"].idxmax() == "High-Value"
            silence = profiles[f"recency_{statistic}"]
            assert silence["High-Value"] < silence["Regular"] < silence["At-Risk"] < silence["Occasional"]
            spend = profiles[f"monetary_{statistic}"]
            assert spend["At-Risk"] > 2 * spend["Regular"] > 2 * spend["Occasional"]

    def test_auto_takes_four(self, real_rfm):
        segmenter = CustomerSegmenter().fit(real_rfm)
        assert segmenter.n_clusters_ == 4
        assert segmenter.reason_.startswith("4 segments: inertia bends at k = 4, and of k = 3, 4 and 5 none")

    def test_auto_takes_the_same_four_where_stability_is_weighed(self, real_rfm, real_four):
        segmenter = CustomerSegmenter(stability_budget=5).fit(real_rfm)
        assert segmenter.segment_names_ == FOUR
        assert (segmenter.labels_ == real_four.labels_).all()
        assert "k = 3, 4 and 5 are about equally stable on bootstrap samples" in segmenter.reason_

    def test_silhouettes_are_exact(self, real_rfm, real_four):
        points = real_four.geometry_.points(
            real_rfm[["recency", "frequency", "monetary"]].to_numpy(dtype=float)
        )
        exact = silhouette_score(points, real_four.labels_)
        row = real_four.diagnostics_.set_index("n_clusters").loc[4]
        assert row["silhouette"] == pytest.approx(exact, abs=1e-5)

    def test_the_textbook_variant_is_skewed_and_its_reason_says_so(self, real_rfm):
        textbook = CustomerSegmenter(n_clusters=4, transform=None).fit(real_rfm)
        assert sorted(textbook.profiles_["customers"])[0] == 13
        auto = CustomerSegmenter(transform=None).fit(real_rfm)
        assert auto.profiles_["customers"].tolist() == [26, 4312]
        assert "its silhouette is 0.896" in auto.reason_

    def test_another_seed_keeps_names_and_most_members(self, real_rfm, real_four):
        other = CustomerSegmenter(n_clusters=4, random_state=7).fit(real_rfm)
        assert other.segment_names_ == real_four.segment_names_
        assert (other.labels_ == real_four.labels_).mean() >= 0.95


class TestCustomerSegmenterContract(EstimatorContract):
    def make(self):
        return CustomerSegmenter(
            n_clusters=4, transform="rank", random_state=3, min_share=0.1, method="gmm", stability_budget=2
        )

    def data(self):
        return shop()

    def answers(self, fitted):
        asked = [TYPICAL[name] for name in FOUR]
        return [fitted.predict(asked), fitted.profiles_, fitted.diagnostics_, fitted.reason_, fitted.centers_]

    def check_unseen(self, fitted):
        with pytest.warns(OutOfRangeWarning, match="1 of 1 customers lie outside"):
            assert fitted.predict((5000, 1, 1.0)).tolist() == ["Occasional"]


def test_what_is_found_is_told_the_same_in_every_language():
    found = shop(20)
    with in_locale("de"):
        fitted = CustomerSegmenter(random_state=0).fit(found)
        with pytest.warns(OutOfRangeWarning, match="^1 of 1 customers lie outside"):
            fitted.predict([[9, 3, 1e6]])
    expected = CustomerSegmenter(random_state=0).fit(found)
    assert (fitted.reason_, fitted.limits_) == (expected.reason_, expected.limits_)
    assert " and " in fitted.reason_
