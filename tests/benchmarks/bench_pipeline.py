"""From orders to segments and recommendations, compared with a textbook notebook, on UCI Online Retail.

    SHOPPER_DATA=folder/with/online_retail.csv.gz python -m tests.benchmarks.bench_pipeline [--runs 3]

Both ways read the file, clean it, compute recency, frequency and monetary value, compare 2 to 10
clusters, make segments, and list the 20 most similar products of every product. Each run is a process with
one thread for NumPy and scikit-learn, and works on the first lines of the file before the clock starts, so
that imports and first use are not timed. Time is CPU time, and memory is the peak of the whole process. The
two ways take turns, so that a busy machine slows both; the median of the runs counts. Bars: at least 4 times
as fast, at most 0.7 of the memory.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import (
    SMALL,
    Stopwatch,
    exit_code,
    in_fresh_process,
    peak_mib,
    real_orders,
    say,
)

FASTER, MEMORY = 4.0, 0.7
FIRST_LINES = 10_000


def ours(path: str, watch: Stopwatch) -> dict[str, int]:
    """Run this package's way."""
    from shopper_widgets.orders.cleaning import clean_transactions
    from shopper_widgets.orders.reading import read_transactions
    from shopper_widgets.recommend.item import ItemRecommender
    from shopper_widgets.segments import CustomerSegmenter
    from shopper_widgets.segments.rfm import rfm_table

    with watch.stage("read"):
        orders = read_transactions(path)
    with watch.stage("clean"):
        transactions = clean_transactions(orders).transactions
        del orders
    with watch.stage("rfm"):
        rfm = rfm_table(transactions)
    with watch.stage("segments"):
        segmenter = CustomerSegmenter().fit(rfm)
        segments = segmenter.predict(rfm)
    with watch.stage("recommendations"):
        recommender = ItemRecommender().fit(transactions)
        top = recommender.recommend_baskets([[product] for product in recommender.catalogue_.ids], n=20)
    return {
        "customers": len(segments),
        "compared": len(segmenter.diagnostics_),
        "products": len(recommender.catalogue_.ids),
        "recommendations": len(top),
    }


def textbook(path: str, watch: Stopwatch) -> dict[str, int]:
    """Run the way of most notebooks on these data: an elbow plot, a silhouette plot, a dense similarity."""
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.metrics.pairwise import cosine_similarity
    from sklearn.preprocessing import StandardScaler

    with watch.stage("read"):
        df = pd.read_csv(path, encoding="ISO-8859-1")
    with watch.stage("clean"):
        df = df.dropna(subset=["CustomerID"])
        df = df[~df["InvoiceNo"].astype(str).str.startswith("C")]
        df = df[(df["Quantity"] > 0) & (df["UnitPrice"] > 0)]
        df["InvoiceDate"] = pd.to_datetime(df["InvoiceDate"])
        df["TotalPrice"] = df["Quantity"] * df["UnitPrice"]
    with watch.stage("rfm"):
        snapshot = df["InvoiceDate"].max() + pd.Timedelta(days=1)
        how: dict[str, Callable[[Any], Any]] = {
            "InvoiceDate": lambda dates: (snapshot - dates.max()).days,
            "InvoiceNo": lambda orders: orders.nunique(),
            "TotalPrice": lambda amounts: amounts.sum(),
        }
        rfm = df.groupby("CustomerID").agg(how)
        rfm.columns = ["Recency", "Frequency", "Monetary"]
    with watch.stage("segments"):
        scaled = StandardScaler().fit_transform(rfm)
        inertias, silhouettes = [], []
        for k in range(2, 11):
            kmeans = KMeans(n_clusters=k, n_init=10, random_state=42)
            kmeans.fit(scaled)
            inertias.append(kmeans.inertia_)
        for k in range(2, 11):
            kmeans = KMeans(n_clusters=k, n_init=10, random_state=42)
            silhouettes.append(silhouette_score(scaled, kmeans.fit_predict(scaled)))
        rfm["Cluster"] = KMeans(n_clusters=4, n_init=10, random_state=42).fit_predict(scaled)
    with watch.stage("recommendations"):
        matrix = df.pivot_table(
            index="CustomerID", columns="StockCode", values="Quantity", aggfunc="sum", fill_value=0
        )
        similarity = cosine_similarity(matrix.T)
        similarity = pd.DataFrame(similarity, index=matrix.columns, columns=matrix.columns)
        top = {
            product: similarity[product].drop(product).sort_values(ascending=False).head(20)
            for product in matrix.columns
        }
    return {
        "customers": len(rfm),
        "compared": len(silhouettes),
        "products": len(top),
        "recommendations": sum(map(len, top.values())),
    }


def sample_as_online_retail(folder: Path) -> Path:
    """Write the sample in the format of UCI Online Retail."""
    from shopper_widgets.datasets import load_sample

    headers = {
        "order_id": "InvoiceNo",
        "product_id": "StockCode",
        "product_name": "Description",
        "quantity": "Quantity",
        "ordered_at": "InvoiceDate",
        "unit_price": "UnitPrice",
        "customer_id": "CustomerID",
        "country": "Country",
    }
    path = folder / "online_retail.csv.gz"
    load_sample()[list(headers)].rename(columns=headers).to_csv(path, index=False)
    return path


def one_run(way: str, first_lines: str, path: str) -> None:
    """Run one way in this process, and print the measurements as JSON."""
    go = {"ours": ours, "textbook": textbook}[way]
    go(first_lines, Stopwatch())
    watch = Stopwatch()
    made = go(path, watch)
    say(json.dumps({"seconds": watch.seconds, "peak": peak_mib(), "made": made}))


def main() -> int:
    """Run both ways in turn and print how they compare; return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description="The pipeline beside the textbook notebook's way.")
    parser.add_argument("--runs", type=int, default=1 if SMALL else 3, help="runs of each way")
    runs = parser.parse_args().runs
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    found: dict[str, list[dict]] = {"textbook": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        path = sample_as_online_retail(Path(folder)) if SMALL else real_orders()
        if path is None:
            raise SystemExit("SHOPPER_DATA must be the folder that holds online_retail.csv.gz")
        first_lines = Path(folder) / "first_lines.csv"
        with gzip.open(path, "rb") as lines:
            first_lines.write_bytes(b"".join(itertools.islice(lines, FIRST_LINES)))
        for _ in range(runs):
            for way, results in found.items():
                results.append(in_fresh_process(__file__, "--run", way, str(first_lines), str(path)))

    stages = list(found["ours"][0]["seconds"])
    table = {
        stage: {
            way: statistics.median(result["seconds"][stage] for result in results)
            for way, results in found.items()
        }
        for stage in stages
    }
    table["total"] = {
        way: statistics.median(sum(result["seconds"].values()) for result in results)
        for way, results in found.items()
    }
    peak = {way: statistics.median(result["peak"] for result in results) for way, results in found.items()}
    say(f"{'CPU seconds':<16}{'textbook':>10}{'ours':>8}{'times as fast':>15}")
    for stage, seconds in table.items():
        faster = seconds["textbook"] / seconds["ours"]
        say(f"{stage:<16}{seconds['textbook']:>10.2f}{seconds['ours']:>8.2f}{faster:>15.1f}")
    memory = peak["ours"] / peak["textbook"]
    say(f"{'peak MiB':<16}{peak['textbook']:>10.0f}{peak['ours']:>8.0f}{memory:>15.2f} of it")
    for way, results in found.items():
        say(f"{way}: " + ", ".join(f"{count:,} {what}" for what, count in results[0]["made"].items()))
    met = faster >= FASTER and memory <= MEMORY
    say(f"{'Met' if met else 'MISSED'}: the bars are {FASTER:g} times as fast and {MEMORY:g} of the memory.")
    return exit_code(met)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        one_run(*sys.argv[2:])
    else:
        sys.exit(main())
