"""One product has one code, in the shop's usual spelling; ids of random letters keep their case."""

import duckdb
import pandas as pd
import polars as pl
import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.item import ItemRecommender

ENGINES = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "duckdb": duckdb.from_df,
}


def shop(*products):
    return pd.DataFrame(
        {
            "order_id": [f"o{i}" for i in range(len(products))],
            "product_id": [code for code, _ in products],
            "product_name": pd.Series([name for _, name in products], dtype="str"),
            "customer_id": [f"c{i % 5}" for i in range(len(products))],
            "ordered_at": pd.Timestamp("2024-01-31"),
            "quantity": 1.0,
            "unit_price": 2.5,
        }
    )


def codes(frame):
    kept = clean_transactions(frame).transactions
    kept = kept.pl() if isinstance(kept, duckdb.DuckDBPyRelation) else kept
    kept = kept.collect() if isinstance(kept, pl.LazyFrame) else kept
    return sorted(kept["product_id"].to_list())


@pytest.mark.parametrize("engine", ENGINES)
def test_the_spelling_that_is_used_most(engine):
    lamp = [("85123a", "Lamp"), ("85123A", "LAMP "), ("85123A", None), ("90214s", "Ring"), ("90214s", "Ring")]
    frame = shop(*lamp, ("90214S", "Ring"), ("Tea-x", "Tea"), ("Tea-x", "Tea"), ("TEA-X", "tea"))
    assert codes(ENGINES[engine](frame)) == ["85123A"] * 3 + ["90214s"] * 3 + ["Tea-x"] * 3


@pytest.mark.parametrize("engine", ENGINES)
def test_ids_keep_their_case(engine):
    frame = shop(("99a4788c", "Mug"), ("aB", "Pen"), ("Ab", "Cup"))
    assert codes(ENGINES[engine](frame)) == ["99a4788c", "Ab", "aB"]


def test_a_code_is_found_whatever_its_case():
    lines = shop(*[("85123a", "Lamp"), ("90214S", "Ring")] * 5, ("aB", "Pen"), ("Ab", "Cup"))
    recommender = ItemRecommender(min_support=1).fit(clean_transactions(lines).transactions)
    find = recommender.catalogue_.find
    ids = recommender.catalogue_.ids
    assert [ids[find(code)] for code in ("85123A", " 90214s ", "aB", "Ab")] == [
        "85123a",
        "90214S",
        "aB",
        "Ab",
    ]
