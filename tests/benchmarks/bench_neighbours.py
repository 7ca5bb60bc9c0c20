"""How long the twenty nearest products of every product take, beside two libraries that do only that.

    python -m tests.benchmarks.bench_neighbours [--runs 5] [--large]

On UCI Online Retail (where the folder ``SHOPPER_DATA`` has it) and on made-up shops of 1 M and 5 M distinct
customer–product pairs, 20 M with ``--large``: the plain cosine of `nearest_products` beside
``CosineRecommender`` of implicit (``pip install implicit``; left out where it is missing) and bare
``sparse_dot_topn``. All start from the same customers × products matrix and use two threads. Each run is a
process of its own, the methods take turns, and the median counts. Bar: 1.05 × the faster of the two.
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
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from tests.benchmarks.measuring import in_fresh_process, peak_mib, say

N, THREADS, MOST = 20, 2, 1.05
OURS = "shopper_widgets"
#: Distinct pairs, products and customers of the made-up shops.
SHOPS = {"1 M": (1_000_000, 10_000, 20_000), "5 M": (5_000_000, 25_000, 100_000)}
LARGE = {"20 M": (20_000_000, 50_000, 400_000)}


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
    return sp.coo_array((np.ones(n_pairs), cells), shape=(n_customers, n_products)).tocsr()


def online_retail(folder: Path) -> sp.csr_array:
    """Read who bought what in the real orders."""
    from shopper_widgets.cleaning import clean_transactions
    from shopper_widgets.purchases import read_purchases
    from shopper_widgets.transactions import read_transactions

    lines = clean_transactions(read_transactions(folder / "online_retail.csv.gz")).transactions
    bought = read_purchases(lines).quantity
    return sp.csr_array((np.ones(bought.nnz), bought.indices, bought.indptr), shape=bought.shape)


def ours(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbours as the library does."""
    from shopper_widgets.neighbours import nearest_products

    return nearest_products(bought, n_neighbors=N, shrinkage=0, min_support=1, n_threads=THREADS)[0]


def of_implicit(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbours with implicit, to which each product is its own first neighbour."""
    from implicit.nearest_neighbours import CosineRecommender

    method = CosineRecommender(K=N + 1, num_threads=THREADS)
    method.fit(sp.csr_matrix(bought), show_progress=False)
    return sp.csr_array(method.similarity)


def of_sparse_dot_topn(bought: sp.csr_array) -> sp.csr_array:
    """Find neighbours with one bare product of the normalized matrix; each product is among its own."""
    from sparse_dot_topn import sp_matmul_topn

    norms = np.maximum(np.sqrt(bought.power(2).sum(axis=0)), 1e-12)
    normalized = sp.csr_matrix(bought @ sp.diags_array(1 / norms))
    return sp.csr_array(sp_matmul_topn(normalized.T.tocsr(), normalized, top_n=N + 1, n_threads=THREADS))


METHODS: dict[str, Callable[[sp.csr_array], sp.csr_array]] = {
    OURS: ours,
    "implicit": of_implicit,
    "sparse_dot_topn": of_sparse_dot_topn,
}


def best_scores(neighbours: sp.csr_array) -> np.ndarray:
    """Return the N best scores of each product with others, best first: the same whatever ties are kept."""
    found = neighbours.tocoo()
    row, column = found.coords
    other = (row != column) & (found.data > 0)
    row, score = row[other], found.data[other]
    order = np.lexsort((-score, row))
    row, score = row[order], score[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    scores = np.zeros((neighbours.shape[0], N))
    kept = place < N
    scores[row[kept], place[kept]] = score[kept]
    return scores


def run(method: str, shop: Path, answer: Path) -> dict[str, float]:
    """Time one method in this process, and keep its scores."""
    bought = sp.csr_array(sp.load_npz(shop))
    # Imports and first use stay outside the time.
    METHODS[method](made_up(1_000, 100, 100))
    start, cpu = time.perf_counter(), time.process_time()
    neighbours = METHODS[method](bought)
    seconds = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    seconds["peak"] = peak_mib()
    np.save(answer, best_scores(neighbours))
    return seconds


def compare(name: str, bought: sp.csr_array, methods: list[str], runs: int, scratch: Path) -> bool:
    """Let the methods take turns on one shop, print a table, and tell whether the bar is kept."""
    shop = scratch / "shop.npz"
    sp.save_npz(shop, bought, compressed=False)
    customers, products = bought.shape
    say(f"\n{name}: {bought.nnz:,} pairs, {customers:,} customers, {products:,} products")
    say(f"(the dense square of products would take {products**2 * 8 / 2**20:,.0f} MiB)")
    found: dict[str, list[dict[str, float]]] = {method: [] for method in methods}
    for _ in range(runs):
        for method in methods:
            arguments = ("--run", method, str(shop), str(scratch / f"{method}.npy"))
            found[method].append(in_fresh_process("-m", __spec__.name, *arguments))
    say(f"{'':16} {'median s':>9} {'CPU s':>7} {'fastest':>8} {'peak MiB':>9}")
    median: dict[str, float] = {}
    for method, results in found.items():
        seconds = [result["seconds"] for result in results]
        median[method] = statistics.median(seconds)
        cpu = statistics.median(result["cpu"] for result in results)
        peak = max(result["peak"] for result in results)
        say(f"{method:16} {median[method]:9.3f} {cpu:7.2f} {min(seconds):8.3f} {peak:9,.0f}")
    own = np.load(scratch / f"{OURS}.npy")
    same = True
    for method in methods[1:]:
        apart = np.abs(np.load(scratch / f"{method}.npy") - own).max()
        same &= bool(apart < 1e-6)
        say(f"scores of {OURS} and {method} differ by at most {apart:.1e}")
    ratio = median[OURS] / min(median[method] for method in methods[1:])
    kept = ratio <= MOST
    say(f"{ratio:.2f} × the faster of the others: {'within' if kept else 'BEYOND'} the bar of {MOST}")
    return kept and same


def main(arguments: Any = None) -> int:
    """Measure, print, and tell by the exit code whether the bar is kept everywhere."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="also 20 M pairs: some minutes")
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
    kept = []
    data = Path(os.environ.get("SHOPPER_DATA", ""))
    with tempfile.TemporaryDirectory() as scratch:
        if (data / "online_retail.csv.gz").is_file():
            kept.append(compare("Online Retail", online_retail(data), methods, options.runs, Path(scratch)))
        for name, size in (SHOPS | LARGE if options.large else SHOPS).items():
            kept.append(compare(name, made_up(*size), methods, options.runs, Path(scratch)))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
