"""RFM tables on every engine, and scores by value."""

import datetime as dt
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets._support.locale import in_locale
from shopper_widgets.segments.rfm import FarDateWarning, RFMScorer, rfm_table
from tests.contracts import EstimatorContract

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars-lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duckdb.from_df,
}


@pytest.fixture(params=list(ENGINES.values()), ids=list(ENGINES))
def engine(request):
    return request.param


def orders(**columns):
    """Return four lines of three orders by two customers."""
    table = {
        "customer_id": ["b", "b", "a", "b"],
        "order_id": ["1", "1", "2", "3"],
        "ordered_at": pd.to_datetime(
            ["2011-11-01 09:00", "2011-11-01 09:00", "2011-12-07 15:52", "2011-12-09 12:50"]
        ),
        "amount": [10.0, 2.5, 4310.0, 1.25],
    }
    return pd.DataFrame(table | columns)


def as_rows(table):
    return list(table.itertuples(index=False, name=None))


def test_recency_frequency_monetary(engine):
    table = rfm_table(engine(orders()))
    assert as_rows(table) == [("a", 2, 1, 4310.0), ("b", 1, 2, 13.75)]
    assert table.attrs["as_of"] == pd.Timestamp("2011-12-10 12:50")
    assert isinstance(table, pd.DataFrame)
    assert table["recency"].dtype == table["frequency"].dtype == np.int64
    assert table["monetary"].dtype == np.float64
    assert table.index.equals(pd.RangeIndex(2))


def test_recency_is_the_floor_of_days(engine):
    almost = rfm_table(engine(orders()), as_of="2011-12-10 12:49:59")
    assert almost["recency"].tolist() == [2, 0]
    assert rfm_table(engine(orders()), as_of="2011-12-10 12:50")["recency"].tolist() == [2, 1]


@pytest.mark.parametrize(
    "as_of", ["2011-12-01", dt.date(2011, 12, 1), dt.datetime(2011, 12, 1), pd.Timestamp("2011-12-01")]
)
def test_an_earlier_as_of_looks_at_the_shop_as_it_was_then(engine, as_of):
    table = rfm_table(engine(orders()), as_of=as_of)
    assert as_rows(table) == [("b", 29, 1, 12.5)]
    assert table.attrs["as_of"] == pd.Timestamp("2011-12-01")


def test_an_order_at_as_of_counts(engine):
    assert rfm_table(engine(orders()), as_of="2011-12-09 12:50")["recency"].tolist() == [1, 0]


def test_amount_is_quantity_times_price_where_it_is_absent(engine):
    lines = orders(quantity=[1, 2, 3, 4], unit_price=[10.0, 1.25, 0.5, 2.0]).drop(columns="amount")
    assert rfm_table(engine(lines))["monetary"].tolist() == [1.5, 20.5]


def test_lines_that_belong_to_nobody_do_not_count(engine):
    lines = orders(customer_id=["b", None, "a", None])
    assert as_rows(rfm_table(engine(lines))) == [("a", 1, 1, 4310.0), ("b", 37, 1, 10.0)]


@pytest.mark.parametrize("amount", [0.0, -0.01, np.inf, np.nan])
def test_an_amount_that_is_no_sale_is_refused_and_a_cent_is_one(amount):
    with pytest.raises(ValueError, match="1 line with an amount not above 0, or none, would count"):
        rfm_table(orders(amount=[10.0, 2.5, amount, 1.25]))
    assert rfm_table(orders(amount=[10.0, 2.5, 0.01, 1.25]))["monetary"].tolist() == [0.01, 13.75]


def test_dates_without_a_time(engine):
    days = [dt.date(2011, 11, 1), dt.date(2011, 11, 1), dt.date(2011, 12, 7), dt.date(2011, 12, 9)]
    lines = pl.from_pandas(orders()).with_columns(ordered_at=pl.Series(days))
    given = lines.to_pandas(use_pyarrow_extension_array=True) if engine is ENGINES["pandas"] else lines
    if engine is ENGINES["duckdb"]:
        given = duckdb.from_arrow(lines.to_arrow())
    assert rfm_table(given)["recency"].tolist() == [3, 1]


def test_ids_become_text():
    table = rfm_table(orders(customer_id=[12346.0, 12346.0, 12347.0, 12346.0]))
    assert table["customer_id"].tolist() == ["12346", "12347"]


def test_the_orders_are_not_changed():
    lines = orders()
    rfm_table(lines, as_of="2011-12-01")
    pd.testing.assert_frame_equal(lines, orders())


def test_the_order_of_lines_does_not_matter(engine):
    permuted = orders().sample(frac=1, random_state=1).reset_index(drop=True)
    pd.testing.assert_frame_equal(rfm_table(engine(permuted)), rfm_table(engine(orders())))


@pytest.mark.parametrize(
    ("lines", "as_of", "error", "message"),
    [
        (orders().drop(columns="order_id"), None, ValueError, "lacks the column.* order_id; it has"),
        (orders().drop(columns="amount"), None, ValueError, r"lacks the column\(s\) quantity, unit_price"),
        (orders().iloc[:0], None, ValueError, "must hold at least one line"),
        (orders(), "2010-01-01", ValueError, "none up to as_of=2010-01-01 00:00:00. Choose an as_of after"),
        (orders(), "soon", ValueError, "as_of must be a date .* 'soon'"),
        (orders(), "2011-12-10T00:00Z", ValueError, "as_of must be a date without a time zone"),
        (orders(ordered_at=["2011-12-01"] * 4), None, TypeError, "'ordered_at'.* must be a timestamp"),
        (
            orders().assign(ordered_at=lambda f: f["ordered_at"].dt.tz_localize("UTC")),
            None,
            TypeError,
            "must be a timestamp without a time zone",
        ),
        ([1, 2, 3], None, TypeError, "list"),
    ],
)
def test_what_cannot_be_right_is_an_error_in_words(lines, as_of, error, message):
    with pytest.raises(error, match=message):
        rfm_table(lines, as_of=as_of)


def daily_orders(days, last):
    dates = [*pd.date_range("2011-01-01", periods=days), *pd.to_datetime(last)]
    return pd.DataFrame(
        {
            "customer_id": [f"c{i % 5}" for i in range(len(dates))],
            "order_id": [str(i) for i in range(len(dates))],
            "ordered_at": dates,
            "amount": 1.0,
        }
    )


@pytest.mark.parametrize("last", [["2031-01-03"], ["2031-01-03", "2099-12-31"], ["2031-01-03 10:00"] * 3])
def test_last_dates_far_from_the_rest_are_warned_about(engine, last):
    told = {1: "1 line comes", 2: "2 lines come", 3: "3 lines come"}[len(last)]
    with pytest.warns(FarDateWarning, match=rf"only {told} after 27 Oct 2011.*give as_of"):
        rfm_table(engine(daily_orders(300, last)))


@pytest.mark.parametrize("last", [["2012-02-01"], ["2012-06-01"] * 40 + ["2012-06-02"] * 40, []])
def test_a_quiet_while_or_a_new_season_is_no_mistake(last):
    rfm_table(daily_orders(300, last))


def test_no_warning_where_as_of_is_given_or_orders_are_always_rare():
    rfm_table(daily_orders(300, ["2031-01-03"]), as_of="2011-12-01")
    rare = daily_orders(0, ["2008-01-01", "2009-02-01", "2009-12-01", "2011-01-01"])
    rfm_table(rare)
    rfm_table(daily_orders(0, ["2008-01-01", "2011-01-01"]))


def test_a_silence_is_suspicious_beyond_three_limits_only():
    def warned(lines):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", FarDateWarning)
            rfm_table(lines)
        return [str(warning.message) for warning in caught]

    last, day = pd.Timestamp("2011-10-27"), pd.Timedelta(days=1)  # the last of 300 days with a line each
    assert warned(daily_orders(300, [last + 180 * day])) == []
    (told,) = warned(daily_orders(300, [last + 181 * day]))
    assert told.startswith("The last order is of 25 Apr 2012, but only 1 line ")
    assert "27 Oct 2011, following 181 days without orders" in told
    later = pd.date_range(last + 400 * day, periods=4).tolist()
    assert len(warned(daily_orders(300, later[:3]))) == 1
    assert warned(daily_orders(300, later)) == []  # more than one line in a hundred
    assert len(warned(daily_orders(297, later[:3]))) == 1  # exactly one line in a hundred
    (told,) = warned(daily_orders(300, later[:1] * 40))  # but all are of one day, however many
    assert "only 40 lines come after 27 Oct 2011" in told
    rare = pd.date_range("2000-01-01", periods=150, freq="20D").tolist()
    assert warned(daily_orders(0, [*rare, rare[-1] + 200 * day])) == []
    assert len(warned(daily_orders(0, [*rare, rare[-1] + 201 * day]))) == 1


def test_the_table_remembers_how_often_people_order():
    days = [("same", 3), ("same", 3), *((f"c{i}", day) for i in range(5) for day in (0, 4, 20))]
    lines = pd.DataFrame(days, columns=["customer_id", "day"])
    lines = lines.assign(
        order_id=lines.index.astype(str),
        ordered_at=pd.Timestamp("2011-01-01 09:00") + pd.to_timedelta(lines["day"], "D"),
        amount=1.0,
    )
    # a mean gap of ten days, with three orders each
    assert rfm_table(lines).attrs["rhythm"] == pytest.approx(10 * 3**0.5)


@pytest.fixture(scope="module")
def real_lines(online_retail_path):
    raw = pd.read_csv(
        online_retail_path, dtype={"InvoiceNo": str, "StockCode": str}, parse_dates=["InvoiceDate"]
    ).dropna(subset="CustomerID")
    sold = raw[(raw["Quantity"] > 0) & (raw["UnitPrice"] > 0) & ~raw["InvoiceNo"].str.startswith("C")]
    return pd.DataFrame(
        {
            "customer_id": sold["CustomerID"].astype(int).astype(str),
            "order_id": sold["InvoiceNo"],
            "ordered_at": sold["InvoiceDate"],
            "amount": sold["Quantity"] * sold["UnitPrice"],
        }
    )


class TestOnlineRetail:
    def test_known_customers(self, engine, real_lines):
        table = rfm_table(engine(real_lines))
        assert len(table) == 4338
        assert table["frequency"].sum() == 18532
        assert table["monetary"].sum() == pytest.approx(8_911_407.904, abs=1e-3)
        assert table.attrs["as_of"] == pd.Timestamp("2011-12-10 12:50")
        known = table.set_index("customer_id").loc[["12347", "12346"]].to_numpy().tolist()
        assert known == [pytest.approx([2, 7, 4310.00]), pytest.approx([326, 1, 77183.60])]

    def test_all_engines_agree(self, engine, real_lines):
        pd.testing.assert_frame_equal(
            rfm_table(engine(real_lines)),
            rfm_table(real_lines),
            check_dtype=True,
            rtol=1e-12,
            check_flags=True,
        )


def customers(recency, frequency, monetary):
    return pd.DataFrame({"recency": recency, "frequency": frequency, "monetary": monetary})


def test_scores_are_fifths_by_value():
    ten = np.arange(10)
    scored = RFMScorer().fit_transform(customers(ten, ten + 1, ten * 10.0))
    assert scored["r_score"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert scored["f_score"].tolist() == scored["m_score"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_one_time_buyers_share_the_worst_score():
    scored = RFMScorer().fit_transform(customers(range(10), [1] * 6 + [2, 3, 4, 9], range(10)))
    assert scored["f_score"].tolist() == [1] * 6 + [4, 4, 5, 5]


def test_the_best_value_scores_best_however_many_share_it():
    scored = RFMScorer().fit_transform(customers([0] * 8 + [5, 9], [7] * 9 + [1], [3.0] * 9 + [1.0]))
    assert scored["r_score"].tolist() == [5] * 8 + [1, 1]
    assert scored["f_score"].tolist() == [5] * 9 + [1]


@pytest.mark.parametrize(("n_bins", "middle"), [(2, 2), (3, 2), (4, 3), (5, 3)])
def test_where_all_are_equal_they_score_the_middle(n_bins, middle):
    scorer = RFMScorer(n_bins).fit(customers([3, 3], [2, 2], [5.0, 5.0]))
    scored = scorer.transform(customers([3, 2, 4], [2, 3, 1], [5.0, 6.0, 4.0]))
    for column in ("r_score", "f_score", "m_score"):
        assert scored[column].tolist() == [middle, n_bins, 1]


def test_edges_are_in_days_orders_and_money_and_tell_the_score():
    scorer = RFMScorer(n_bins=4).fit(customers([2, 30, 200, 326], [7, 1, 2, 3], [4310.0, 80.0, 250.0, 10.0]))
    assert scorer.edges_["recency"].tolist() == [23.0, 115.0, 231.5]
    assert scorer.edges_["frequency"].tolist() == [1.75, 2.5, 4.0]
    new = scorer.transform(customers([22, 23, 999], [1, 3, 50], [0.0, 80.0, 1e6]))
    assert new["r_score"].tolist() == [4, 3, 1]
    assert new["f_score"].tolist() == [1, 3, 4]
    assert new["m_score"].tolist() == [1, 2, 4]


def test_the_last_digits_of_a_sum_decide_no_score():
    last_digits = RFMScorer(2).fit_transform(customers([1, 1], [1, 1], [0.3, 0.1 + 0.2]))
    assert last_digits["m_score"].tolist() == [2, 2]
    assert RFMScorer(2).fit_transform(customers([1, 1], [1, 1], [0.3, 0.3000004]))["m_score"].tolist() == [
        2,
        2,
    ]
    assert RFMScorer(2).fit_transform(customers([1, 1], [1, 1], [0.3, 0.300004]))["m_score"].tolist() == [
        1,
        2,
    ]


def test_scores_keep_the_other_columns_and_the_index():
    table = customers([1, 2], [1, 2], [1.0, 2.0]).assign(customer_id=["x", "y"]).set_axis([7, 9])
    scored = RFMScorer().fit(table).transform(table)
    assert scored.columns.tolist() == [*table.columns, "r_score", "f_score", "m_score"]
    assert scored.index.tolist() == [7, 9]
    assert "r_score" not in table.columns


few = st.integers(0, 8)
tables = st.lists(st.tuples(few, st.integers(1, 5), few), min_size=1, max_size=40)


@settings(deadline=None)
@given(tables, st.integers(2, 7))
def test_better_values_never_score_worse_and_equal_values_score_equal(rows, n_bins):
    table = customers(*map(list, zip(*rows, strict=True)))
    scored = RFMScorer(n_bins).fit(table).transform(table)
    for column, score, sign in (
        ("recency", "r_score", -1),
        ("frequency", "f_score", 1),
        ("monetary", "m_score", 1),
    ):
        assert scored[score].between(1, n_bins).all()
        by_value = scored.groupby(sign * scored[column])[score]
        assert (by_value.nunique() == 1).all()
        assert by_value.first().is_monotonic_increasing
        if scored[column].nunique() > 1:
            assert by_value.first().iloc[-1] == n_bins


@pytest.mark.parametrize("n_bins", [1, 0, 2.5, "5", True])
def test_n_bins_that_cannot_be_is_refused(n_bins):
    with pytest.raises(ValueError, match=r"n_bins must be a whole number of at least 2; got"):
        RFMScorer(n_bins).fit(customers([1], [1], [1.0]))


def test_scoring_an_array_is_refused():
    scorer = RFMScorer().fit([(1, 1, 1.0), (2, 2, 2.0)])
    with pytest.raises(TypeError, match=r"must be a pandas.DataFrame.*got ndarray"):
        scorer.transform(np.ones((2, 3)))  # type: ignore[arg-type]


class TestRFMScorerContract(EstimatorContract):
    def make(self):
        return RFMScorer(n_bins=4)

    def data(self):
        random = np.random.default_rng(0)
        return customers(
            random.integers(0, 365, 60), random.integers(1, 9, 60), random.gamma(2, 100, 60).round(2)
        )

    def answers(self, fitted):
        return [fitted.transform(customers([0, 90, 400], [1, 4, 20], [5.0, 200.0, 5000.0]))]

    def check_unseen(self, fitted):
        with pytest.raises(ValueError, match="frequency must be at least 1"):
            fitted.transform(customers([1], [0], [1.0]))


def test_an_error_is_the_same_in_every_language():
    returned = pd.DataFrame(
        {
            "order_id": ["1", "2"],
            "customer_id": ["ann", "bob"],
            "ordered_at": pd.to_datetime(["2024-01-01", "2024-01-02"]),
            "amount": [-1.0, 0.0],
        }
    )
    with in_locale("de"), pytest.raises(ValueError, match="cleaned; 2 lines with an amount not above 0"):
        rfm_table(returned)
