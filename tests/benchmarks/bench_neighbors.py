"""How long the twenty nearest products of every product take, compared with two libraries that do only that.

    python -m tests.benchmarks.bench_neighbors [--runs 5] [--large] [--plot FILE]

On UCI Online Retail (where the folder ``SHOPPER_DATA`` has it) and on made-up shops of 1 M and 5 M distinct
customer–product pairs, 20 M with ``--large``: the plain cosine of `nearest_products` beside
``CosineRecommender`` of implicit (``pip install implicit``; left out where it is missing) and bare
``sparse_dot_topn``. All start from the same customers × products matrix and use two threads. Each run has its
own process, the methods take turns, and the median counts. Bar: 1.05 × the faster of the two; and 1.1 × with
the shrinkage and the least support of `ItemRecommender`, which those two don't have.

Then come the times of the default recommender and the cosine on the real orders: to learn neighbors again,
and to answer for a product (bar: 1 ms), a basket of 20 or a customer (5 ms), and all customers (1 s).
``--plot`` draws time against size to an SVG or PNG.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from tests.benchmarks.measuring import SMALL, exit_code, in_fresh_process, peak_mib, real_orders, say

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

N, THREADS, MOST, MOST_OF_DEFAULTS = 20, 2, 1.05, 1.1
MOST_MS = {"one product": 1, "a basket of 20": 5, "a customer": 5, "all customers": 1_000}
OURS, DEFAULTS = "shopper_widgets", "with defaults"
#: Name → distinct pairs, products and customers of a made-up shop.
SHOPS = {"1 M": (1_000_000, 10_000, 20_000), "5 M": (5_000_000, 25_000, 100_000)}
LARGE = {"20 M": (20_000_000, 50_000, 400_000)}
TINY = {"20 k": (20_000, 500, 2_000)}


def made_up(n_pairs: int, n_products: int, n_customers: int) -> sp.csr_array:
    """Draw who bought what: few products sell much, few customers buy much."""
    rng = np.random.default_rng(0)
    popularity = 1 / (np.arange(n_products) + 50.0) ** 0.8
    appetite = rng.lognormal(sigma=0.8, size=n_customers)
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < n_pairs:
        product = rng.choice(n_products, n_pairs // 2, p=popularity / popularity.sum())
        customer = rng.choice(n_customers, n_pairs // 2, p=appetite / appetite.sum())
        pairs = np.union1d(pairs, customer * np.int64(n_products) + product)
    pairs = np.sort(rng.choice(pairs, n_pairs, replace=False))
    cells = (pairs // n_products, pairs % n_products)
    return of_ones(sp.coo_array((np.ones(n_pairs), cells), shape=(n_customers, n_products)).tocsr())


def of_ones(bought: sp.csr_array) -> sp.csr_array:
    """Set all values to one, with the index type that suits every method best."""
    indices, indptr = (array.astype(np.int32) for array in (bought.indices, bought.indptr))
    return sp.csr_array((np.ones(bought.nnz), indices, indptr), shape=bought.shape)


def who_bought_what(lines: pd.DataFrame) -> sp.csr_array:
    """Return the customers × products matrix of clean orders."""
    from shopper_widgets.recommend.purchases import read_purchases

    return of_ones(read_purchases(lines).quantity)


def clean_lines() -> tuple[str, pd.DataFrame]:
    """Read the real orders if they are available, else the sample."""
    from shopper_widgets.datasets import load_sample
    from shopper_widgets.orders.cleaning import clean_transactions
    from shopper_widgets.orders.reading import read_transactions

    data = real_orders()
    name, orders = ("Sample", load_sample()) if data is None else ("Online Retail", read_transactions(data))
    return name, clean_transactions(orders).transactions


def ours(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbors as the library does."""
    from shopper_widgets.recommend.neighbors import nearest_products

    return nearest_products(bought, n_neighbors=N, shrinkage=0, min_support=1, n_threads=THREADS)[0]


def ours_with_defaults(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbors as `ItemRecommender` does by default."""
    from shopper_widgets.recommend.item import ItemRecommender
    from shopper_widgets.recommend.neighbors import nearest_products

    usual = ItemRecommender()
    return nearest_products(
        bought,
        n_neighbors=N,
        shrinkage=usual.shrinkage,
        min_support=usual.min_support,
        n_threads=THREADS,
    )[0]


def of_implicit(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbors with implicit, in which each product is its own first neighbor."""
    from implicit.nearest_neighbors import CosineRecommender

    method = CosineRecommender(K=N + 1, num_threads=THREADS)
    method.fit(sp.csr_matrix(bought), show_progress=False)
    return sp.csr_array(method.similarity)


def of_sparse_dot_topn(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbors by one sparse product of the normalized matrix; each product is its own neighbor."""
    from sparse_dot_topn import sp_matmul_topn

    norms = np.maximum(np.sqrt(bought.power(2).sum(axis=0)), 1e-12)
    normalized = sp.csr_matrix(bought @ sp.diags_array(1 / norms))
    return sp.csr_array(sp_matmul_topn(normalized.T.tocsr(), normalized, top_n=N + 1, n_threads=THREADS))


METHODS: dict[str, Callable[[sp.csr_array], sp.csr_array]] = {
    OURS: ours,
    "implicit": of_implicit,
    "sparse_dot_topn": of_sparse_dot_topn,
}


def best_scores(neighbors: sp.csr_array) -> np.ndarray:
    """Return the N best scores of each product with others, best first: the same whichever ties are kept."""
    found = neighbors.tocoo()
    row, column = found.coords
    other = (row != column) & (found.data > 0)
    row, score = row[other], found.data[other]
    order = np.lexsort((-score, row))
    row, score = row[order], score[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    scores = np.zeros((neighbors.shape[0], N))
    kept = place < N
    scores[row[kept], place[kept]] = score[kept]
    return scores


def run(method: str, shop: Path, answer: Path) -> dict[str, float]:
    """Time one method in this process, and keep its scores."""
    bought = sp.csr_array(sp.load_npz(shop))
    find = ours_with_defaults if method == DEFAULTS else METHODS[method]
    find(made_up(1_000, 100, 100))  # imports and first use are not timed
    start, cpu = time.perf_counter(), time.process_time()
    neighbors = find(bought)
    seconds = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    seconds["peak"] = peak_mib()
    np.save(answer, best_scores(neighbors))
    return seconds


def compare(
    name: str, bought: sp.csr_array, methods: list[str], runs: int, scratch: Path
) -> tuple[bool, pd.DataFrame]:
    """Let the methods take turns on one shop, print a table, and return whether the bar is met, and the
    times.

    One row per method: shop, pairs, method, seconds (median), fastest, cpu (median seconds), peak (MiB).
    """
    shop = scratch / "shop.npz"
    sp.save_npz(shop, bought, compressed=False)
    customers, products = bought.shape
    say(f"\n{name}: {bought.nnz:,} pairs, {customers:,} customers, {products:,} products")
    say(f"(the dense square of products would take {products**2 * 8 / 2**20:,.0f} MiB)")
    say(f"(load of this machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    found: dict[str, list[dict[str, float]]] = {method: [] for method in (*methods, DEFAULTS)}
    for _ in range(runs):
        for method in found:
            arguments = ("--run", method, str(shop), str(scratch / f"{method}.npy"))
            found[method].append(in_fresh_process("-m", __spec__.name, *arguments))
    import pandas as pd

    rows = []
    for method, results in found.items():
        times = pd.DataFrame(results)
        rows.append(
            {"shop": name, "pairs": bought.nnz, "method": method, "seconds": times["seconds"].median(),
             "fastest": times["seconds"].min(), "cpu": times["cpu"].median(), "peak": times["peak"].max()}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    say(table.drop(columns=["shop", "pairs"]).to_string(index=False, float_format="{:,.3f}".format))
    own = np.load(scratch / f"{OURS}.npy")
    same = True
    for method in methods[1:]:
        apart = np.abs(np.load(scratch / f"{method}.npy") - own).max()
        same &= bool(apart < 1e-6)
        say(f"scores of {OURS} and {method} differ by at most {apart:.1e}")
    kept = same
    for way, most in ((OURS, MOST), (DEFAULTS, MOST_OF_DEFAULTS)):
        ratio = against_faster(table, way)
        kept &= ratio <= most
        bar = f"{'within' if ratio <= most else 'BEYOND'} the bar of {most}"
        say(f"{way}: {ratio:.2f} × the faster of the others, {bar}")
    return kept, table[table["method"] != DEFAULTS]


def against_faster(table: pd.DataFrame, way: str = OURS) -> float:
    """Return our seconds ÷ those of the faster of the others."""
    seconds = table.set_index("method")["seconds"]
    return float(seconds[way] / seconds.drop([OURS, DEFAULTS], errors="ignore").min())


def time_answers(name: str, lines: pd.DataFrame) -> bool:
    """Print how long the fitted recommenders take to answer, and return whether the bars are met."""
    from shopper_widgets.recommend.blend import BlendRecommender
    from shopper_widgets.recommend.item import ItemRecommender

    rng = np.random.default_rng(0)
    say(f"\n{name}: to answer, medians (bars: {MOST_MS} ms)")
    kept = True
    for recommender in (BlendRecommender(), ItemRecommender()):
        ids = recommender.fit(lines).catalogue_.ids
        learning = statistics.median(milliseconds(recommender.relearn) for _ in range(5))
        say(f"{type(recommender).__name__:16} {'neighbors':14} {learning:.0f} ms, on every core")
        customers = rng.choice(recommender.customer_ids_, 200)
        products, baskets = rng.choice(ids, 200), [rng.choice(ids, 20, replace=False) for _ in range(200)]
        asked: dict[str, list[Callable[[], pd.DataFrame]]] = {
            "one product": [partial(recommender.similar, product) for product in products],
            "a basket of 20": [partial(recommender.recommend, basket=basket) for basket in baskets],
            "a customer": [partial(recommender.recommend, customer) for customer in customers],
            "all customers": [partial(recommender.recommend_all, 10)] * 5,
        }
        for what, questions in asked.items():
            took = statistics.median(milliseconds(question) for question in questions)
            kept &= took < MOST_MS[what]
            say(f"{type(recommender).__name__:16} {what:14} {took:.2f} ms")
    return kept


def milliseconds(question: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    question()
    return (time.perf_counter() - start) * 1_000


def scaling(times: pd.DataFrame) -> alt.Chart:
    """Draw seconds against pairs, one line per method."""
    import altair as alt

    from shopper_widgets.charts.colors import BLUE, GREEN, ORANGE
    from shopper_widgets.charts.theme import finish

    ratios = [against_faster(shop) for _, shop in times.groupby("pairs")]
    methods = list(METHODS)
    base = alt.Chart(times).encode(
        alt.X("pairs:Q", title="Distinct customer–product pairs")
        .scale(type="log")
        .axis(format="~s", tickCount=4),
        alt.Y("seconds:Q", title="Seconds, median").scale(type="log").axis(format="~g", tickCount=4),
        alt.Color("method:N", scale=alt.Scale(domain=methods, range=[BLUE, ORANGE, GREEN])),
    )
    shape = alt.Shape("method:N", scale=alt.Scale(domain=methods, range=["circle", "square", "triangle-up"]))
    chart = base.mark_line(strokeWidth=2.5) + base.mark_point(filled=True, size=80, opacity=1).encode(shape)
    return finish(
        chart,
        f"{OURS} takes {min(ratios):.2f} to {max(ratios):.2f} × the time of the faster library",
        subtitle=f"Nearest {N} of every product, {THREADS} threads each; both axes logarithmic",
        height=320,
    ).properties(width=620, padding=10)


def main(arguments: Any = None) -> int:
    """Measure, print, and return 0 if every bar is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1 if SMALL else 5)
    parser.add_argument("--large", action="store_true", help="also 20 M pairs: some minutes")
    parser.add_argument("--plot", metavar="FILE", help="SVG or PNG of time against size")
    parser.add_argument("--run", nargs=3, metavar=("METHOD", "SHOP", "ANSWER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.run:
        method, shop, answer = options.run
        say(json.dumps(run(method, Path(shop), Path(answer))))
        return 0
    methods = [m for m in METHODS if m == OURS or importlib.util.find_spec(m)]
    missing = ", ".join(set(METHODS) - set(methods))
    if missing:
        say(f"Not installed, left out: {missing}")
    source, lines = clean_lines()
    shops = {source: lambda: who_bought_what(lines)}
    sizes = TINY if SMALL else SHOPS | LARGE if options.large else SHOPS
    shops |= {name: partial(made_up, *size) for name, size in sizes.items()}
    kept, tables = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for name, shop in shops.items():
            within, table = compare(name, shop(), methods, options.runs, Path(scratch))
            kept.append(within)
            tables.append(table)
    kept.append(time_answers(source, lines))
    if options.plot:
        import pandas as pd

        scaling(pd.concat(tables)).save(options.plot, ppi=144)
    return exit_code(all(kept))


if __name__ == "__main__":
    sys.exit(main())
