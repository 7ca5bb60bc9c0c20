"""How good recommendations are, measured on later baskets and beside what is simple."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

import narwhals as nw
import numpy as np
import pandas as pd

from shopper_widgets.baselines import Popularity
from shopper_widgets.blend_recommender import BlendRecommender
from shopper_widgets.columns import CUSTOMER_ID, ORDER_ID, ORDERED_AT, PRODUCT_ID
from shopper_widgets.errors import check_count
from shopper_widgets.purchases import product_lines
from shopper_widgets.recommender import ItemRecommender

#: Of a basket of many products, so many are asked about.
QUERIES_PER_BASKET = 3
#: Resamples of the customers behind an interval.
N_BOOTSTRAP = 1000
#: The share of resamples inside an interval.
CONFIDENCE = 0.95


class Recommender(Protocol):
    """What can be evaluated: it learns from transactions and recommends for a basket.

    A method ``recommend_baskets(baskets, *, n)``, where there is one, is asked instead, once for all baskets;
    its answers have a column ``basket`` (a position) besides.
    """

    def fit(self, transactions: Any) -> Self:
        """Learn from cleaned transactions."""

    def recommend(self, *, basket: Iterable[str], n: int) -> pd.DataFrame:
        """Return at least ``rank`` (1, 2, … at most n) and ``product_id``."""


def default_methods(recommender: Recommender | None = None) -> dict[str, Recommender]:
    """Return what the report compares: a recommender, popularity, and the textbook's way.

    Parameters
    ----------
    recommender : Recommender, optional
        Unfitted; default: ``BlendRecommender()``.

    Returns
    -------
    dict of str to unfitted recommender

    Examples
    --------
    >>> list(default_methods())
    ['Shopper Spectrum', 'Popularity', 'Cosine on quantities']
    """
    return {
        "Shopper Spectrum": BlendRecommender() if recommender is None else recommender,
        "Popularity": Popularity(),
        "Cosine on quantities": ItemRecommender(weighting="quantity", shrinkage=0, min_support=1),
    }


def default_cut_dates(transactions: Any, *, n_cuts: int = 3, horizon_days: int = 28) -> list[pd.Timestamp]:
    """Return the last dates that leave a whole horizon each, without overlap, earliest first.

    Parameters
    ----------
    transactions : frame
        With ``ordered_at``, on any engine that Narwhals reads.
    n_cuts : int, default=3
        At most so many: at least half of the time before the last order is left for training.
    horizon_days : int, default=28

    Returns
    -------
    list of Timestamp
        Midnights. Empty if the data is too short for even one.

    Examples
    --------
    >>> lines = pd.DataFrame({"ordered_at": pd.to_datetime(["2011-01-01 09:00", "2011-12-09 12:50"])})
    >>> [f"{cut:%Y-%m-%d}" for cut in default_cut_dates(lines)]
    ['2011-09-17', '2011-10-15', '2011-11-12']
    """
    span = (
        nw.from_native(transactions)
        .lazy()
        .select(nw.col(ORDERED_AT).min().alias("first"), nw.col(ORDERED_AT).max().alias("last"))
        .collect()
        .to_pandas()
    )
    first, last = pd.Timestamp(span["first"].iloc[0]), pd.Timestamp(span["last"].iloc[0])
    end = last.normalize() + pd.Timedelta(days=1)
    cuts = [end - pd.Timedelta(days=horizon_days * k) for k in range(n_cuts, 0, -1)]
    return [cut for cut in cuts if cut - first >= (last - first) / 2]


def evaluate_recommenders(
    transactions: Any,
    methods: Mapping[str, Recommender],
    *,
    cut_dates: Iterable[Any],
    horizon_days: int = 28,
    n: int = 10,
    random_state: int = 0,
) -> pd.DataFrame:
    """Evaluate recommenders on what was really bought after a date that they haven't seen past.

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
        Orders from the cut until so many days later are tested on.
    n : int, default=10
    random_state : int, default=0
        Seeds which products are asked about, and the bootstrap.

    Returns
    -------
    DataFrame
        ``method, cut_date, metric, value, low, high``. Metrics, each 0 to 1, for n = 10:

        - ``ndcg@10``: Σ 1 / log₂(rank + 1) over the hits, divided by the same sum with hits at ranks 1, 2, …
          min(hidden, 10) (Järvelin and Kekäläinen, ACM TOIS 2002, with binary gain);
        - ``recall@10``: hits ÷ hidden products;
        - ``hit_rate@10``: whether there is a hit;
        - ``coverage``: distinct products in the lists of n for every product of training ÷ those products.

        The first three are means over the questions. ``low`` and ``high`` hold the middle 95 % of the means
        of 1,000 resamples of the customers (percentile bootstrap); all methods see the same resamples.
        Coverage is counted, not sampled, so it has no interval (NaN).

    Raises
    ------
    ValueError
        If there is no method or date, nothing to train on before a cut, or nothing to ask after it.

    Examples
    --------
    >>> lines = pd.DataFrame({
    ...     "order_id": list("1122344"), "customer_id": list("1122322"), "product_id": list("ABABCAB"),
    ...     "ordered_at": pd.to_datetime(["2011-01-02"] * 5 + ["2011-01-10"] * 2), "quantity": 1,
    ... })
    >>> methods = {"cosine": ItemRecommender(min_support=1)}
    >>> evaluate_recommenders(lines, methods, cut_dates=["2011-01-05"])[["metric", "value", "low", "high"]]
            metric     value  low  high
    0      ndcg@10  1.000000  1.0   1.0
    1    recall@10  1.000000  1.0   1.0
    2  hit_rate@10  1.000000  1.0   1.0
    3     coverage  0.666667  NaN   NaN
    """
    from sklearn.base import clone
    from tqdm.auto import tqdm

    check_count("n", n)
    check_count("horizon_days", horizon_days)
    cuts = [pd.Timestamp(cut) for cut in cut_dates]
    if not methods or not cuts:
        raise ValueError("methods and cut_dates must each hold at least one")
    results = []
    with tqdm(total=len(cuts) * len(methods), delay=2, desc="Evaluation") as progress:
        for cut in cuts:
            training = _before(transactions, cut)
            known = _products(training)
            if not len(known):
                raise ValueError(
                    f"nothing to train on before the cut date {cut:%Y-%m-%d}; choose a later cut date"
                )
            questions = _Questions(_baskets(transactions, cut, horizon_days), known, random_state, cut)
            for name, method in methods.items():
                lists = _lists(clone(method, safe=False).fit(training.to_native()), known, n)
                results.append(questions.score(lists, n).assign(method=name, cut_date=cut))
                progress.update()
    columns = ["method", "cut_date", "metric", "value", "low", "high"]
    return pd.concat(results, ignore_index=True)[columns]


class _Questions:
    """Products shown and products hidden, drawn from the baskets after a cut."""

    def __init__(self, lines: pd.DataFrame, known: np.ndarray, random_state: int, cut: pd.Timestamp) -> None:
        product = pd.Index(known).get_indexer(lines[PRODUCT_ID])
        lines = lines.assign(product=product)[product >= 0].sort_values([ORDER_ID, "product"])
        lines = lines[lines.groupby(ORDER_ID)["product"].transform("size") >= 2]
        if lines.empty:
            raise ValueError(
                f"nothing to ask after the cut date {cut:%Y-%m-%d}: no order of the horizon holds two "
                "products that were sold before it. Choose an earlier cut date or a longer horizon_days"
            )
        rng = np.random.default_rng(random_state)
        basket = pd.factorize(lines[ORDER_ID])[0]
        customer = pd.factorize(lines[CUSTOMER_ID], sort=True)[0]
        product = lines["product"].to_numpy()
        order = np.lexsort((rng.random(len(lines)), basket))
        sizes = np.bincount(basket)
        place = np.arange(len(lines)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        asked = np.sort(order[place < QUERIES_PER_BASKET])
        self.n_products = len(known)
        self.bought = np.unique(basket * self.n_products + product)
        self.basket, self.product, self.customer = basket[asked], product[asked], customer[asked]
        self.hidden = sizes[self.basket] - 1
        n_customers = int(customer.max()) + 1
        self.resamples = rng.multinomial(n_customers, np.full(n_customers, 1 / n_customers), size=N_BOOTSTRAP)

    def score(self, lists: np.ndarray, n: int) -> pd.DataFrame:
        """Return metric, value, low, high of one method's ``lists`` (n_products, n), padded with −1."""
        guesses = lists[self.product]
        in_basket = np.isin(self.basket[:, None] * self.n_products + guesses, self.bought)
        hits = in_basket & (guesses >= 0) & (guesses != self.product[:, None])
        gain = 1 / np.log2(np.arange(2, n + 2))
        ideal = np.cumsum(gain)[np.minimum(self.hidden, n) - 1]
        per_question = {
            f"ndcg@{n}": hits @ gain / ideal,
            f"recall@{n}": hits.sum(axis=1) / self.hidden,
            f"hit_rate@{n}": hits.any(axis=1).astype(float),
        }
        rows = [(metric, values.mean(), *self._interval(values)) for metric, values in per_question.items()]
        shown = len(np.unique(lists[lists >= 0]))
        rows.append(("coverage", shown / self.n_products, np.nan, np.nan))
        return pd.DataFrame(rows, columns=["metric", "value", "low", "high"])

    def _interval(self, values: np.ndarray) -> tuple[float, float]:
        n_customers = self.resamples.shape[1]
        total = np.bincount(self.customer, weights=values, minlength=n_customers)
        count = np.bincount(self.customer, minlength=n_customers)
        means = (self.resamples @ total) / np.maximum(self.resamples @ count, 1)
        low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        return float(low), float(high)


def _before(transactions: Any, cut: pd.Timestamp) -> Any:
    moment: datetime = cut.to_pydatetime()
    return nw.from_native(transactions).lazy().filter(nw.col(ORDERED_AT) < moment)


def _products(training: Any) -> np.ndarray:
    ids = product_lines(training).select(nw.col(PRODUCT_ID).cast(nw.String)).unique().collect().to_pandas()
    return np.sort(ids[PRODUCT_ID].dropna().to_numpy(dtype=str))


def _baskets(transactions: Any, cut: pd.Timestamp, horizon_days: int) -> pd.DataFrame:
    start: datetime = cut.to_pydatetime()
    end = start + timedelta(days=horizon_days)
    lines = product_lines(transactions).filter(nw.col(ORDERED_AT) >= start, nw.col(ORDERED_AT) < end)
    columns = (ORDER_ID, CUSTOMER_ID, PRODUCT_ID)
    found: pd.DataFrame = lines.select(nw.col(*columns).cast(nw.String)).unique().collect().to_pandas()
    return found.drop_duplicates([ORDER_ID, PRODUCT_ID])


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
    lists[answers["basket"], answers["rank"] - 1] = pd.Index(known).get_indexer(answers["product_id"])
    return lists
