"""A customer is named: what does their next order hold?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, ORDERED_AT, PRODUCT_ID
from shopper_widgets.errors import NothingToAskError
from shopper_widgets.recommend.evaluation.asking import Questions, ask_methods, splits
from shopper_widgets.recommend.evaluation.methods import NextOrderRecommender
from shopper_widgets.recommend.evaluation.metrics import accuracy, coverage, popularity
from shopper_widgets.recommend.evaluation.splitting import (
    Known,
    check_transactions,
    checked_cuts,
    is_among,
    positions,
)
from shopper_widgets.recommend.evaluation.tables import Scores, check_against, lengths, result_table


def evaluate_next_orders(
    transactions: Any,
    methods: Mapping[str, NextOrderRecommender],
    *,
    cut_dates: Iterable[Any],
    horizon_days: int = 28,
    n: int | Sequence[int] = (5, 10),
    against: str | None = None,
    pooled: bool = False,
    random_state: int = 0,
) -> pd.DataFrame:
    """Evaluate how well recommenders predict the next orders of known customers.

    For each cut date every method is fitted on the lines before it and gives a list to each customer who
    orders in the horizon after it, of products they had and of others. What is wanted is the first of those
    orders that holds a product known before; products that were not are left out.

    Repeat purchases are easier to predict than new products, so both are also scored separately (Li et al.,
    "A next basket recommendation reality check", ACM TOIS 2023, arXiv 2109.14233): of the same list, for
    ``repeat_…`` only products that the customer had bought before are wanted, for ``explore_…`` only those
    they had not.

    Parameters
    ----------
    transactions : frame
        As in `evaluate_recommenders`.
    methods : mapping of str to recommender
        Unfitted, see `NextOrderRecommender`; copies of them are fitted. `next_order_methods` has some.
    cut_dates, horizon_days : iterable of dates, int
        As in `evaluate_recommenders`.
    n : int or several, default=(5, 10)
        Length of the lists that are scored; of several lengths, each has its metrics.
    against, pooled : str or None, bool
        As in `evaluate_recommenders`.
    random_state : int, default=0
        Seed of the draw of customers, where there are more than 5,000, and of the bootstrap.

    Returns
    -------
    DataFrame
        As of `evaluate_recommenders`. Metrics, for n = 10: ``ndcg@10, recall@10, precision@10, hit_rate@10``;
        ``repeat_ndcg@10`` … and ``explore_ndcg@10`` …, each over the customers whose order holds such a
        product; ``novelty@10, popularity_rank@10``; and ``coverage``, here of the lists of those asked about.

    Raises
    ------
    NothingToAskError
        A ValueError, if no known customer orders a known product in a horizon.
    ValueError
        As `evaluate_recommenders`.

    Examples
    --------
    >>> from shopper_widgets.recommend.baselines import PersonalFrequency
    >>> lines = pd.DataFrame({
    ...     "order_id": list("112233"), "customer_id": list("112211"), "product_id": list("ABBCAC"),
    ...     "ordered_at": pd.to_datetime(["2011-01-02"] * 4 + ["2011-01-10"] * 2), "quantity": 1,
    ... })
    >>> found = evaluate_next_orders(
    ...     lines, {"GP-TopFreq": PersonalFrequency()}, cut_dates=["2011-01-05"], n=2
    ... ).set_index("metric")
    >>> found.loc[["recall@2", "repeat_recall@2", "explore_recall@2"], "value"].tolist()
    [0.5, 1.0, 0.0]
    """
    sizes = lengths(n)
    check_transactions(transactions)
    cuts = checked_cuts(methods, cut_dates, horizon_days)
    check_against(methods, against)
    asked: list[Questions] = [
        NextOrders(*split) for split in splits(transactions, cuts, horizon_days, random_state)
    ]
    found = ask_methods(transactions, {"": (asked, methods)}, cuts, horizon_days, sizes)
    return result_table(found[""], against, pooled, random_state)


class NextOrders:
    """The first order after a cut of each customer known before it."""

    def __init__(self, lines: pd.DataFrame, learned: Known, cut: pd.Timestamp) -> None:
        lines = lines.assign(
            product=positions(learned.products, lines[PRODUCT_ID]),
            customer=positions(learned.customers, lines[CUSTOMER_ID]),
        )
        lines = lines[(lines["product"] >= 0) & (lines["customer"] >= 0)]
        if lines.empty:
            raise NothingToAskError(
                f"nothing to ask after the cut date {cut:%Y-%m-%d}: nobody who had bought before orders, in "
                "the horizon, a product sold before. Choose another cut date or a longer horizon_days"
            )
        moment = lines.groupby(ORDER_ID)[ORDERED_AT].transform("min")
        in_order = lines.assign(moment=moment).sort_values(["customer", "moment", ORDER_ID])
        first = in_order.groupby("customer")[ORDER_ID].transform("first")
        wanted = in_order[in_order[ORDER_ID] == first]
        self.learned = learned
        self.asked, self.row = np.unique(wanted["customer"], return_inverse=True)
        self.customer = learned.customers[self.asked]
        self.product = wanted["product"].to_numpy()
        self.cells = np.sort(self.row * len(learned.products) + self.product)
        bought = wanted["customer"].to_numpy() * len(learned.products) + self.product
        self.again = is_among(bought, learned.bought)

    def _lists(self, fitted: NextOrderRecommender, n: int) -> np.ndarray:
        """Return the positions of each customer's predicted products, (n_customers, n), −1 at the end."""
        answers = fitted.recommend_all(n, customer_ids=self.customer.tolist(), include_owned=True)
        lists = np.full((len(self.customer), n), -1, dtype=np.intp)
        rows = positions(self.customer, answers[CUSTOMER_ID])
        lists[rows, answers["rank"] - 1] = positions(self.learned.products, answers[PRODUCT_ID])
        return lists

    def score(self, fitted: NextOrderRecommender, sizes: list[int]) -> Scores:
        """Return the scores of a fitted method's lists."""
        learned, n_products = self.learned, len(self.learned.products)
        lists, n_asked = self._lists(fitted, min(max(sizes), n_products)), len(self.customer)
        hits = is_among(np.arange(n_asked)[:, None] * n_products + lists, self.cells) & (lists >= 0)
        owned = is_among(self.asked[:, None] * n_products + lists, learned.bought)
        parts = {
            "": (hits, np.bincount(self.row, minlength=n_asked)),
            "repeat_": (hits & owned, np.bincount(self.row[self.again], minlength=n_asked)),
            "explore_": (hits & ~owned, np.bincount(self.row[~self.again], minlength=n_asked)),
        }
        by_question: dict[str, np.ndarray] = {}
        for n in sizes:
            for part, (of_part, wanted) in parts.items():
                values = accuracy(of_part, wanted, n)
                by_question |= {f"{part}{metric}@{n}": value for metric, value in values.items()}
            described = popularity(lists, learned.buyers, len(learned.customers), n)
            by_question |= {f"{metric}@{n}": value for metric, value in described.items()}
        names = ["coverage"] if len(sizes) == 1 else [f"coverage@{n}" for n in sizes]
        counted = {name: coverage(lists, n_products, n) for name, n in zip(names, sizes, strict=True)}
        return Scores(by_question, counted)
