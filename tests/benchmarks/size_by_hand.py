"""Cleaning and RFM as one would write them for these orders alone: no audit, reasons, netting or checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

#: Names of products, sales of known customers with charges marked, and RFM.
_DUCKDB = """
CREATE TEMP TABLE named AS
    SELECT product_id, arg_max(product_name, (n, product_name)) AS name FROM (
        SELECT trim(product_id) AS product_id, trim(product_name) AS product_name, count(*) AS n
        FROM read_parquet('{path}') WHERE trim(product_name) <> '' GROUP BY ALL)
    GROUP BY product_id;
COPY (
    SELECT trim(order_id) AS order_id, trim(o.product_id) AS product_id, n.name AS product_name, quantity,
        ordered_at, unit_price, trim(customer_id) AS customer_id, country, quantity * unit_price AS amount,
        upper(trim(o.product_id)) NOT IN ('POST', 'DOT', 'M', 'BANK CHARGES') AS is_product
    FROM read_parquet('{path}') o LEFT JOIN named n ON n.product_id = trim(o.product_id)
    WHERE trim(order_id) <> '' AND trim(o.product_id) <> '' AND trim(customer_id) <> ''
        AND NOT regexp_matches(order_id, '^[Cc][0-9]+$') AND quantity > 0 AND unit_price > 0
        AND ordered_at BETWEEN '1970-01-01' AND '2100-01-01'
) TO '{kept}' (FORMAT parquet, COMPRESSION lz4);
SELECT customer_id, date_sub('day', max(ordered_at), (SELECT max(ordered_at) FROM '{kept}') + INTERVAL 1 DAY)
        AS recency, count(DISTINCT order_id) AS frequency, sum(amount) AS monetary
FROM '{kept}' GROUP BY customer_id ORDER BY customer_id
"""


def by_duckdb(connection: Any, path: str, kept: Path) -> Any:
    """Clean and aggregate by SQL: returns are dropped, and the remaining lines are kept for more queries."""
    return connection.sql(_DUCKDB.format(path=path, kept=kept)).df()


def by_polars(path: str, kept: Path) -> Any:
    """Clean and aggregate by Polars, as `by_duckdb` does."""
    import polars as pl

    text = [
        pl.col(name).str.strip_chars() for name in ("order_id", "product_id", "product_name", "customer_id")
    ]
    lines = pl.scan_parquet(path).with_columns(text)
    names = (
        lines.filter(pl.col("product_name") != "")
        .group_by("product_id", "product_name")
        .len()
        .sort("len", "product_name", descending=[True, False])
        .group_by("product_id", maintain_order=True)
        .agg(pl.col("product_name").first())
        .collect(engine="streaming")
    )
    lines.filter(
        *(pl.col(name) != "" for name in ("order_id", "product_id", "customer_id")),
        ~pl.col("order_id").str.contains("^[Cc][0-9]+$"),
        pl.col("quantity") > 0,
        pl.col("unit_price") > 0,
        pl.col("ordered_at").dt.year().is_between(1970, 2100),
    ).drop("product_name").join(names.lazy(), on="product_id", how="left").with_columns(
        (pl.col("quantity") * pl.col("unit_price")).alias("amount"),
        pl.col("product_id")
        .str.to_uppercase()
        .is_in(["POST", "DOT", "M", "BANK CHARGES"])
        .not_()
        .alias("is_product"),
    ).sink_parquet(kept, compression="lz4")
    sold = pl.scan_parquet(kept)
    last = sold.select(pl.col("ordered_at").max()).collect().item()
    rfm = sold.group_by("customer_id").agg(
        (pl.lit(last) + pl.duration(days=1) - pl.col("ordered_at").max()).dt.total_days().alias("recency"),
        pl.col("order_id").n_unique().alias("frequency"),
        pl.col("amount").sum().alias("monetary"),
    )
    return rfm.sort("customer_id").collect(engine="streaming").to_pandas()
