"""A made-up shop of any size, written as Parquet by DuckDB: a line depends on hardly more than its number."""

from __future__ import annotations

from pathlib import Path

#: Lines per order on average, and per customer.
PER_ORDER, PER_CUSTOMER = 10, 50
DAYS = 730

# `u` draws a number from 0 to 1 for a line or order; a return repeats an earlier line.
_LINES = """
CREATE OR REPLACE MACRO u(number, draw) AS hash(number * 64 + draw) / 18446744073709551615.0;
COPY (
    WITH numbered AS (
        SELECT range AS i, range > {back} AND u(range, 0) < 0.02 AS returned
        FROM range({lines})
    ), drawn AS (
        SELECT i, returned, i // 20 * 2 + (i % 20 >= 1 + hash(i // 20) % 19)::BIGINT AS number,
            CASE WHEN returned THEN i - {back} ELSE i END AS line
        FROM numbered
    ), sold AS (
        SELECT *, line // 20 * 2 + (line % 20 >= 1 + hash(line // 20) % 19)::BIGINT AS sale FROM drawn
    ), bought AS (
        SELECT *, ({customers} * 0.5 * (sale / {orders} + u(sale, 1) ** 3))::BIGINT AS customer,
            ({products} * u(line, 2) ** 3)::BIGINT AS product
        FROM sold
    )
    SELECT CASE WHEN returned THEN 'C' ELSE '' END || (10000000 + number) AS order_id,
        CASE WHEN u(line, 3) < 0.01 THEN 'POST' ELSE 'P' || product END AS product_id,
        CASE WHEN u(line, 3) < 0.01 THEN 'POSTAGE' WHEN u(i, 4) < 0.002 THEN NULL
            ELSE 'Product ' || product END AS product_name,
        CASE WHEN returned THEN -1 ELSE 1 END * (1 - 4 * ln(u(line, 5) + 1e-9))::BIGINT AS quantity,
        TIMESTAMP '2022-01-01' + to_seconds((number / {orders} * {days} * 86400)::BIGINT) AS ordered_at,
        CASE WHEN u(i, 6) < 0.001 THEN 0.0 ELSE
            round((1 + hash(product) % 2000 / 100) * CASE WHEN u(line, 7) < 0.1 THEN 0.8 ELSE 1 END, 2)
            END AS unit_price,
        CASE WHEN u(sale, 8) < 0.05 THEN NULL ELSE 'c' || customer END AS customer_id,
        CASE WHEN hash(customer) % 8 > 0 THEN 'United Kingdom'
            ELSE ['France', 'Germany', 'Spain', 'Norway'][1 + (hash(customer + 1) % 4)::BIGINT] END AS country
    FROM bought
) TO '{path}' (FORMAT parquet)
"""


def write_shop(path: Path, lines: int, products: int | None = None) -> None:
    """Write order lines of two years, with returns, charges, unknown customers and free goods among them.

    Customers have 50 lines in five orders on average, most of them far fewer; the first customers no longer
    order. Without a number of products, a product has some hundreds of lines, or thousands in a large shop.
    """
    import duckdb

    duckdb.sql(
        _LINES.format(
            lines=lines,
            back=min(2_000, lines // 10),
            orders=lines / PER_ORDER,
            customers=lines // PER_CUSTOMER,
            products=products_of(lines) if products is None else products,
            days=DAYS,
            path=path,
        )
    )


def products_of(lines: int) -> int:
    """Return a shop's number of products: 4,000 for a million lines, 40,000 for a hundred million."""
    return round(4 * lines**0.5)
