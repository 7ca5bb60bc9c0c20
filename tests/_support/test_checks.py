"""Arguments are checked at once, and the error is one sentence."""

import duckdb
import pytest

from shopper_widgets._support.checks import check_frame
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.layouts import detect_layout
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.segments.rfm import rfm_table

SQL = """SELECT '1' AS order_id, 'A' AS product_id, 'c' AS customer_id, TIMESTAMP '2024-01-31' AS ordered_at,
         1.0 AS quantity, 2.5 AS unit_price, 2.5 AS amount, true AS is_product"""


@pytest.mark.parametrize("first", [read_transactions, detect_layout, clean_transactions, rfm_table])
def test_a_relation_of_a_duckdb_that_is_too_new_is_refused(monkeypatch, first):
    relation = duckdb.sql(SQL)
    first(relation)
    monkeypatch.setattr(duckdb, "__version__", "2.0.1")
    parameter = "source" if first in (read_transactions, detect_layout) else "transactions"
    with pytest.raises(
        ValueError, match=rf"^{parameter} must be .*before 2, .*found DuckDB 2\.0\.1.*\.pl\(\)"
    ):
        first(relation)


def test_other_frames_are_taken_whatever_duckdb_there_is(monkeypatch):
    monkeypatch.setattr(duckdb, "__version__", "2.0.1")
    frame = duckdb.sql(SQL).df()
    assert check_frame("transactions", frame).shape == (1, 8)
    assert len(read_transactions(frame)) == 1
