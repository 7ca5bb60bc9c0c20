"""One product of a later basket is shown: what else does the basket hold?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, PRODUCT_ID
from shopper_widgets.errors import NothingToAskError
from shopper_widgets.recommend.evaluation.asking import Questions, ask_methods, splits
from shopper_widgets.recommend.evaluation.methods import Recommender
from shopper_widgets.recommend.evaluation.metrics import accuracy, coverage, popularity
from shopper_widgets.recommend.evaluation.splitting import (
    Known,
    after,
    before,
    check_transactions,
    checked_cuts,
    is_among,
    known,
    positions,
)
from shopper_widgets.recommend.evaluation.tables import Scores, check_against, lengths, result_table

#: The most questions about one basket.
QUERIES_PER_BASKET = 3


def evaluate_recommenders(
    transactions: Any,
    methods: Mapping[str, Recommender],
    *,
    cut_dates: Iterable[Any],
    horizon_days: int = 28,
    n: int | Sequence[int] = 10,
    against: str | None = None,
    pooled: bool = False,
    random_state: int = 0,
) -> pd.DataFrame:
    """Evaluate recommenders on baskets bought after a date up to which they learned.

    For each cut date every method is fitted on the lines before it. In each basket (an order) of the horizon
    after it, products unknown before are left out; of baskets with two products or more, all but one product
    are hidden, up to three times, and the method has n guesses at what is hidden.

    Parameters
    ----------
    transactions : frame
        Cleaned transactions on any engine that Narwhals reads: ``order_id``, ``customer_id``, ``product_id``,
        ``ordered_at``, ``quantity``; where there is ``is_product``, only those lines count.
    methods : mapping of str to recommender
        Unfitted, see `Recommender`; copies of them are fitted. `default_methods` has the report's.
    cut_dates : iterable of dates
        Whatever `pandas.Timestamp` reads; `default_cut_dates` proposes some.
    horizon_days : int, default=28
        Orders from the cut until this many days later are the test.
    n : int or several, default=10
        Length of the lists that are scored; of several lengths, each has its metrics.
    against : str, optional
        One of the methods: the others' differences from it are given too.
    pooled : bool, default=False
        Whether the questions after all cut dates are also taken together, in rows without a cut date (NaT):
        each customer is drawn with all they asked; coverage is the mean.
    random_state : int, default=0
        Seeds which products are asked about, whose orders where more than 5,000 customers order in a horizon,
        and the bootstrap.

    Returns
    -------
    DataFrame
        ``method, cut_date, metric, value, low, high``; ``questions, customers``: how many questions have a
        value, and of how many customers; ``days``: how much of the horizon the data cover, up to the day of
        their last order. Fewer days than the horizon has: the figures are of fewer orders than they seem, and
        a log line says so. Metrics, for n = 10:

        - ``ndcg@10``, ``recall@10``, ``precision@10``, ``hit_rate@10``: 0 to 1, see `metrics.accuracy`;
        - ``novelty@10`` and ``popularity_rank@10`` of what is shown: see `metrics.popularity`;
        - ``coverage``: distinct products in the lists of n for every product of training ÷ those products;
          ``coverage@5`` and so on where several n are given.

        All but coverage are means over the questions. ``low`` and ``high`` hold the middle 95 % of the means
        of 1,000 resamples of the customers (percentile bootstrap); all methods see the same resamples.
        Coverage is counted, not sampled, so it has no interval (NaN).

        With `against`, also ``difference, difference_low, difference_high``: the mean difference, question by
        question, and its interval from the same resamples.

    Raises
    ------
    NothingToAskError
        A ValueError, if there is nothing to ask after a cut.
    ValueError
        If there is no method or date, a column is absent, times have a zone or are no timestamps, or there
        is nothing to train on before a cut.

    Examples
    --------
    >>> from shopper_widgets.recommend.item import ItemRecommender
    >>> lines = pd.DataFrame({
    ...     "order_id": list("1122344"), "customer_id": list("1122322"), "product_id": list("ABABCAB"),
    ...     "ordered_at": pd.to_datetime(["2011-01-02"] * 5 + ["2011-01-10"] * 2), "quantity": 1,
    ... })
    >>> methods = {"cosine": ItemRecommender(min_support=1)}
    >>> evaluate_recommenders(lines, methods, cut_dates=["2011-01-05"])[["metric", "value", "low", "high"]]
                   metric     value       low      high
    0             ndcg@10  1.000000  0.025000  1.000000
    1           recall@10  1.000000  0.025000  1.000000
    2        precision@10  0.100000  0.100000  0.100000
    3         hit_rate@10  1.000000  0.025000  1.000000
    4          novelty@10  0.584963  0.584963  0.584963
    5  popularity_rank@10  1.500000  1.500000  1.500000
    6            coverage  0.666667       NaN       NaN
    """
    sizes = lengths(n)
    check_transactions(transactions)
    cuts = checked_cuts(methods, cut_dates, horizon_days)
    check_against(methods, against)
    make = basket_questions(random_state)
    asked = [make(*split) for split in splits(transactions, cuts, horizon_days, random_state)]
    found = ask_methods(transactions, {"": (asked, methods)}, cuts, horizon_days, sizes)
    return result_table(found[""], against, pooled, random_state)


def basket_questions(
    random_state: int,
) -> Callable[[pd.DataFrame, Known, pd.Timestamp], Questions]:
    """Return how the questions of `evaluate_recommenders` are made."""
    return lambda lines, learned, cut: _Questions(lines, learned, random_state, cut)


@dataclass(frozen=True)
class Task:
    """The training lines before one cut, and the questions after it."""

    training: Any
    questions: Questions

    def score(self, method: Recommender, sizes: list[int]) -> Scores:
        """Fit a method on the training lines and score its lists."""
        return self.questions.score(method.fit(self.training), sizes)


def prepared(transactions: Any, cut: pd.Timestamp, horizon_days: int, random_state: int) -> Task:
    """Split transactions at a cut and draw the questions: see `evaluate_recommenders`."""
    training = before(transactions, cut)
    lines = after(transactions, cut, horizon_days, random_state)
    return Task(training.to_native(), _Questions(lines, known(training), random_state, cut))


class _Questions:
    """The products shown and the products hidden, drawn from the baskets after a cut."""

    def __init__(self, lines: pd.DataFrame, learned: Known, random_state: int, cut: pd.Timestamp) -> None:
        product = positions(learned.products, lines[PRODUCT_ID])
        lines = lines.assign(product=product)[product >= 0].sort_values([ORDER_ID, "product"])
        lines = lines[lines.groupby(ORDER_ID)["product"].transform("size") >= 2]
        if lines.empty:
            raise NothingToAskError(
                f"nothing to ask after the cut date {cut:%Y-%m-%d}: no order of the horizon holds two "
                "products that were sold before it. Choose an earlier cut date or a longer horizon_days"
            )
        rng = np.random.default_rng(random_state)
        basket = pd.factorize(lines[ORDER_ID])[0]
        product = lines["product"].to_numpy()
        order = np.lexsort((rng.random(len(lines)), basket))
        sizes = np.bincount(basket)
        place = np.arange(len(lines)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        asked = np.sort(order[place < QUERIES_PER_BASKET])
        self.learned, n_products = learned, len(learned.products)
        self.bought = np.unique(basket * n_products + product)
        self.basket, self.product = basket[asked], product[asked]
        self.hidden = sizes[self.basket] - 1
        self.customer = lines[CUSTOMER_ID].to_numpy(dtype=str)[asked]

    def score(self, fitted: Recommender, sizes: list[int]) -> Scores:
        """Return the scores of a fitted method's lists."""
        learned, n_products = self.learned, len(self.learned.products)
        lists = _lists(fitted, learned.products, min(max(sizes), n_products))
        guesses = lists[self.product]
        in_basket = is_among(self.basket[:, None] * n_products + guesses, self.bought)
        hits = in_basket & (guesses >= 0) & (guesses != self.product[:, None])
        by_question: dict[str, np.ndarray] = {}
        for n in sizes:
            of_lists = accuracy(hits, self.hidden, n)
            of_lists |= popularity(guesses, learned.buyers, len(learned.customers), n)
            by_question |= {f"{metric}@{n}": values for metric, values in of_lists.items()}
        names = ["coverage"] if len(sizes) == 1 else [f"coverage@{n}" for n in sizes]
        counted = {name: coverage(lists, n_products, n) for name, n in zip(names, sizes, strict=True)}
        return Scores(by_question, counted)


def _lists(fitted: Recommender, known: np.ndarray, n: int) -> np.ndarray:
    """Return the positions of the products recommended to each known product, (n_products, n)."""
    baskets = [[product] for product in known.tolist()]
    if hasattr(fitted, "recommend_baskets"):
        answers = fitted.recommend_baskets(baskets, n=n)
    else:
        answers = pd.concat(
            [fitted.recommend(basket=one, n=n).assign(basket=i) for i, one in enumerate(baskets)],
            ignore_index=True,
        )
    lists = np.full((len(known), n), -1, dtype=np.intp)
    lists[answers["basket"], answers["rank"] - 1] = positions(known, answers[PRODUCT_ID])
    return lists
