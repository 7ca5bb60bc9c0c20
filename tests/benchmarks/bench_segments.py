"""What segment names are worth: stability, truth, and what their customers did next. Run by hand.

    SHOPPER_DATA=folder/with/online_retail.csv.gz python -m tests.benchmarks.bench_segments

Uses UCI Online Retail (if the folder ``SHOPPER_DATA`` has it), the sample and twenty made-up shops:

- how similar four segments are on bootstrap samples (mean adjusted Rand index), with the shop's rhythm
learned on each sample as well; and how similar if their *number* is chosen on each sample, too, with how
often it is the same;
- of the valuable customers who are late by their own rhythm, the share in At-Risk, compared with the largest
share in one segment with the earlier transform ("soft");
- the share of each segment's members for whom the claim of its name is true individually;
- the share of copies of the shop, each without two in a hundred customers, that keep all names;
- at three past dates, by what was known then: the share of each segment who ordered within the next 28 and 90
days, and how well names, and ranks of R, F and M, predict who does (area under the ROC curve).
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from shopper_widgets.columns import RFM, RHYTHM
from shopper_widgets.datasets import load_sample
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.tables import orders_table
from shopper_widgets.segments import CustomerSegmenter
from shopper_widgets.segments.naming import base_name
from shopper_widgets.segments.rhythm import LATE, shop_rhythm
from tests.benchmarks.measuring import SMALL, real_orders
from tests.shops import NAMES, customers_of, mean_gaps, shop_orders

DRAWS, COPIES = (2, 2) if SMALL else (20, 10)
HORIZONS = (28,) if SMALL else (28, 90)
#: Names from the likeliest to order again to the least likely, set before looking at the data.
LIKELIEST = (
    *("High-Value", "Loyal", "Big-Basket", "Regular", "Slipping", "At-Risk", "Promising", "New"),
    *("Lapsed", "Occasional", "One-Time", "All Customers"),
)


def all_orders() -> dict[str, pd.DataFrame]:
    """Return the orders of every shop, with returns netted."""
    shops = {"sample": orders_table(clean_transactions(load_sample(), returns="net").transactions)}
    path = real_orders()
    if path is not None:
        cleaned = clean_transactions(read_transactions(path), returns="net")
        shops = {"Online Retail": orders_table(cleaned.transactions)} | shops
    return shops | {name: shop_orders(name) for name in (NAMES[-1:] if SMALL else NAMES)}


def valuable_and_late(customers: pd.DataFrame) -> pd.Series[bool]:
    """Apply a plain rule: top quarter of spend, three orders, silent for two usual gaps and two months."""
    return (
        (customers["monetary"] >= customers["monetary"].quantile(0.75))
        & (customers["frequency"] >= 3)
        & (customers["recency"] > 60)
        & (customers["recency"] > 2 * customers["own_gap"])
    )


def drawn_anew(customers: pd.DataFrame, gaps: pd.Series[float], n_clusters: int | str) -> tuple[float, float]:
    """Return the mean adjusted Rand index of bootstrap refits, and how often their number agrees."""
    first = CustomerSegmenter(n_clusters).fit(customers)  # type: ignore[arg-type]
    random, found = np.random.default_rng(0), []
    for _ in range(DRAWS):
        again = customers.iloc[np.sort(random.integers(len(customers), size=len(customers)))].copy()
        again.attrs[RHYTHM] = shop_rhythm(
            np.asarray(again["customer_id"].map(gaps), float), np.asarray(again["frequency"], float)
        )
        seed = int(random.integers(2**31))
        refit = CustomerSegmenter(n_clusters, random_state=seed).fit(again)  # type: ignore[arg-type]
        labels = refit.geometry_.nearest(customers[list(RFM)].to_numpy(float))
        same = refit.n_clusters_ == first.n_clusters_
        found.append((adjusted_rand_score(first.labels_, labels), same))
    agreement, same = np.mean(found, axis=0)
    return float(agreement), float(same)


def holds_one_by_one(customers: pd.DataFrame, segmenter: CustomerSegmenter) -> pd.Series[float]:
    """Return the share of each segment's members for whom its claim is true individually."""
    gap, second = customers["usual_gap"], segmenter.transformer_.rhythm_ / np.sqrt(2)
    late = customers["recency"] > LATE * gap.fillna(second)
    worth = customers["monetary"] > customers["monetary"].median()
    again = customers["frequency"] > 1
    claims = {
        "High-Value": worth & ~late,
        **dict.fromkeys(("Regular", "Loyal", "Big-Basket"), again & ~late),
        "New": ~again & ~late, "Promising": ~again & ~late & worth,
        "Slipping": again & ~late, "Occasional": late & ~worth, "One-Time": ~again & late,
        "Lapsed": again & late & ~worth, "At-Risk": late & worth,
    }  # fmt: skip
    return pd.Series(
        {
            name: claims[base_name(name)][segmenter.labels_ == name].mean()
            for name in segmenter.segment_names_
            if base_name(name) in claims
        }
    )


def keeps_names(customers: pd.DataFrame) -> float:
    """Return the share of nearly equal copies whose segments have the same names."""
    first = CustomerSegmenter().fit(customers).segment_names_
    copies = (customers.sample(frac=0.98, random_state=seed) for seed in range(COPIES))
    return float(np.mean([CustomerSegmenter().fit(copy).segment_names_ == first for copy in copies]))


def what_came_next(orders: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return, at three past dates, who ordered next by segment, and how well each score predicts it."""
    rows = []
    last = orders["ordered_at"].max().normalize()
    span = (last - orders["ordered_at"].min().normalize()).days
    for share in (0.55, 0.65, 0.75):
        date = last - pd.Timedelta(days=max(days, round(span * (1 - share))))
        known = customers_of(orders, as_of=date)
        following = orders[orders["ordered_at"].between(date, date + pd.Timedelta(days=days), "right")]
        came = known["customer_id"].isin(following["customer_id"])
        segments = pd.Series(CustomerSegmenter(4).fit(known).labels_)
        scores = {
            "names": -segments.map(base_name).map(LIKELIEST.index),
            "R": -known["recency"], "F": known["frequency"], "M": known["monetary"],
        }  # fmt: skip
        rates = came.groupby(segments).mean().round(3).to_dict()
        areas = {name: round(float(roc_auc_score(came, score)), 3) for name, score in scores.items()}
        rows.append({"date": f"{date:%Y-%m-%d}", "days": days, "came": round(came.mean(), 3)} | areas | rates)
    return pd.DataFrame(rows)


def main() -> None:
    """Print the tables."""
    rows, shops = [], all_orders()
    for name, orders in shops.items():
        customers = customers_of(orders)
        four, soft = CustomerSegmenter(4).fit(customers), CustomerSegmenter(4, "soft").fit(customers)
        late = valuable_and_late(customers)
        at_risk = pd.Series(four.labels_).map(base_name).eq("At-Risk")
        gaps = mean_gaps(orders)
        (alike, _), (alike_auto, same) = (drawn_anew(customers, gaps, k) for k in (4, "auto"))
        rows.append({
            "shop": name, "customers": len(customers), "alike": alike,
            "smallest": four.profiles_["share"].min(), "sought anew": alike_auto, "same number": same,
            "late": late.sum(), "at risk": at_risk[late].mean(),
            "soft": pd.Series(soft.labels_)[late].value_counts(normalize=True).max(),
            "keeps names": keeps_names(customers),
            "claims hold": ", ".join(f"{k} {v:.0%}" for k, v in holds_one_by_one(customers, four).items()),
        })  # fmt: skip
        sys.stderr.write(f"{name}\n")
    table = pd.DataFrame(rows)
    with pd.option_context("display.width", 250, "display.max_columns", 30, "display.max_colwidth", 90):
        sys.stdout.write(table.round(3).to_string(index=False) + "\n")
        sys.stdout.write(table.mean(numeric_only=True).round(3).to_string() + "\n")
        for name in list(shops)[:2]:
            for days in HORIZONS:
                sys.stdout.write(f"{name}\n{what_came_next(shops[name], days).to_string(index=False)}\n")


if __name__ == "__main__":
    main()
