"""The default recommender: what goes together, by customers, orders, time and names."""

from __future__ import annotations

import copy
import numbers
from typing import Any, Literal, Self

import numpy as np
import scipy.sparse as sp

from shopper_widgets._support.checks import check_at_least, check_count, plain
from shopper_widgets.recommend.blend_habits import (
    MOST_CUSTOMERS,
    ORDERS_EACH,
    USUAL_HABITS,
    Known,
    choose_habits,
    habit_scores,
    popular_share,
)
from shopper_widgets.recommend.blend_weights import (
    MOST_CELLS,
    Check,
    Orders,
    choose_clues,
    choose_steps,
    later_baskets,
    of_some,
    rhythm_of,
    split_orders,
)
from shopper_widgets.recommend.clues import (
    GreatestOfCustomer,
    Together,
    of_lines,
    orders_of_customers,
)
from shopper_widgets.recommend.later_baskets import spread
from shopper_widgets.recommend.name_similarity import names_of_sold
from shopper_widgets.recommend.neighbors import (
    Cells,
    Pairs,
    best_pairs,
    counted,
    dense_product,
    pair_scores,
)
from shopper_widgets.recommend.neighbors_base import NeighborRecommender
from shopper_widgets.recommend.popularity_discount import discounted, shrunk
from shopper_widgets.recommend.purchases import read_history
from shopper_widgets.recommend.second_step import USUAL_STEPS, Candidates, rates, with_best_sellers

#: The parameters that are chosen unless they are given.
_GIVEN = ("half_life", "shrinkage", "popularity_discount", "name_weight")
#: The half-life of recent sales, as a multiple of the shop's rhythm.
_LATELY = 0.5
#: The second step scores this many times as many candidates as neighbors.
_CANDIDATES = 2


class BlendRecommender(NeighborRecommender):
    """Recommends products that go together, by four clues: customers, orders, recency and similar names.

    In plain words: two products go together if the same customers buy them, and more so if the same orders
    contain them. Recent purchases count more than old ones. Names that share rare words count a little, which
    ranks products that few have bought yet (for products that nobody has bought with another, see
    `similar_by_name`). A wholesaler who buys everything says less about each pair than a customer with few
    products, pairs with few buyers are shrunk, and popularity is slightly discounted.

    The score of product b, given product a, is::

        Σ_k  weight_k · n_ab / (√n_a · n_b^popularity_discount + shrinkage)  +  name_weight · names(a, b)

    over k = customers and orders, where ``n_ab = Σ u w_a w_b`` and ``n_a = Σ u w_a²``. Each customer
    (order) counts u = (their products ÷ the average)^damping_k, and a purchase counts
    ``w = 0.5^(age / half_life)``; names(a, b) is that of `name_similarity.name_vectors`. The score has no
    unit: it orders one list. A popularity discount of 0 favors what follows most often; that
    of the cosine, 0.5, what follows only this product (between them: Aiolli, "Efficient top-N
    recommendation for very large scale binary rated datasets", RecSys 2013).

    Twice as many candidates as are kept are scored again, as::

        (score + step_weight · step(a, b) + number_weight · number(a, b)
               + popularity_weight · n_b ÷ (the greatest n)) · selling_b^lately

    where step is the mean score of b for the products that share most orders with a (one more step of a
    random walk); number, how much higher pairs with such close ids score in this shop (0 where numbers mean
    nothing); n, in customers; and selling, the recent sales of b over those that the score counts: see
    `second_step`. The weight of popularity is 0, except where best sellers predict better than pairs. Then
    the list of a basket or a customer may also hold best sellers that nobody bought with what they have; best
    sellers that somebody did buy with it keep their scores, even beyond the nearest neighbors.

    When the recommender is fitted, the weights are chosen on the shop's own latest orders; the default
    weights stay unless others are clearly better: see `blend_weights`. If all four parameters below are
    given, nothing is chosen. Days are counted in the shop's rhythm: the usual gap between two orders of a
    customer, and at least a twelfth of all days. The usual half-life is four of them; that of recent sales,
    half of one.

    For a basket, scores are summed over its products. For a customer::

        (orders · again^γ + affinity · sum / √(number of their products) + popular · n_b ÷ (the greatest n))
               · trend^τ

    where orders is the number of their orders with the product; again, its repurchase rate over the average
    of all products; trend, recent sales over those of all time (both `second_step.rates`); and n, customers,
    so that best sellers follow what something speaks for, or go before it where they predict better. So
    ``include_owned=True`` predicts the next order; without it, only new products are recommended.

    Parameters
    ----------
    n_neighbors : int, default=50
        How many similar products to keep for each product.
    half_life : float or "auto", default="auto"
        In days; infinite: all purchases count alike.
    shrinkage : float or "auto", default="auto"
        In the unit of the denominator; a higher value discounts pairs with few buyers more.
    popularity_discount : float or "auto", default="auto"
        The power of n_b above: the higher, the less often products that everybody buys come up.
    name_weight : float or "auto", default="auto"
        What a name of exactly the same words adds to the score; 0 leaves names out.
    min_support : int, default=1
        Pairs bought by fewer customers are never shown. With the shrinkage, a pair with one shared buyer
        ranks above pairs with none only; a higher floor leaves rarely sold products out of every list.
    n_threads : int, optional
        For fitting; default: every core this process may use.

    Attributes
    ----------
    catalogue_, customer_ids_, scores_, support_ : Catalogue, ndarray, csr_array, csr_array
        As in `ItemRecommender`.
    purchases_ : csr_array of shape (n_customers, n_products)
        How many orders of each customer held a product.
    orders_ : csr_array of shape (n_orders, n_products)
        One where an order held a product.
    order_customer_, order_age_ : ndarray of shape (n_orders,)
        For each order, the position of its customer, and its age: how many days before the last order of all.
    again_, trend_ : ndarray of shape (n_products,)
        The factors above, to their powers.
    best_sellers_ : ndarray of shape (n_products,)
        What a best seller scores with a product that nobody bought with it.
    clues_ : dict of str to float
        What was given or chosen: ``half_life, customer_weight, order_weight, customer_damping, order_damping,
        shrinkage, popularity_discount, name_weight``.
    steps_ : dict of str to float
        ``step_weight, number_weight, lately, popularity_weight``: chosen likewise.
    habits_ : dict of str to float
        ``affinity, popular``, and the powers ``again`` and ``trend``: chosen likewise, by next orders.

    Notes
    -----
    Ties are broken as in `ItemRecommender`. The default weights, which count where the orders are too few to
    choose, were found on orders of Online Retail before September 2011 and evaluated on later ones.

    Examples
    --------
    >>> import pandas as pd
    >>> lines = pd.DataFrame({
    ...     "order_id": list("112233"), "customer_id": list("112233"), "product_id": list("ABABAC"),
    ...     "quantity": 1, "ordered_at": pd.Timestamp("2011-01-01"),
    ... })
    >>> recommender = BlendRecommender().fit(lines)
    >>> recommender.with_evidence(recommender.similar("A"), "A")[["product_id", "baskets", "sentence"]]
      product_id  baskets                                           sentence
    0          B        2  2 of the 3 customers who bought A also bought ...
    1          C        1  1 of the 3 customers who bought A also bought ...
    """

    clues_: dict[str, float]
    habits_: dict[str, float]
    orders_: sp.csr_array
    order_customer_: np.ndarray
    order_age_: np.ndarray
    again_: np.ndarray
    trend_: np.ndarray
    #: None in models that were saved before this score of best sellers existed.
    best_sellers_: np.ndarray | None = None

    def __init__(
        self,
        n_neighbors: int = 50,
        half_life: float | Literal["auto"] = "auto",
        shrinkage: float | Literal["auto"] = "auto",
        popularity_discount: float | Literal["auto"] = "auto",
        name_weight: float | Literal["auto"] = "auto",
        min_support: int = 1,
        n_threads: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.half_life = half_life
        self.shrinkage = shrinkage
        self.popularity_discount = popularity_discount
        self.name_weight = name_weight
        self.min_support = min_support
        self.n_threads = n_threads

    def fit(self, transactions: Any, y: None = None) -> Self:
        """Find each product's neighbors.

        Parameters
        ----------
        transactions : frame
            As in `ItemRecommender.fit`, with ``order_id`` and ``ordered_at`` besides.
        y : None
            Ignored; scikit-learn's convention.

        Returns
        -------
        BlendRecommender
            Itself, fitted.

        Raises
        ------
        ValueError
            If a parameter is out of range or the transactions are not clean: see `read_history`.
        """
        self._check_parameters()
        history = read_history(transactions)
        self._remember(history.purchases)
        self.orders_, self.order_customer_, self.order_age_ = history.orders, history.customer, history.age
        self.purchases_ = history.orders_of_customers()
        self._learn()
        return self

    def of_customers(self, rows: np.ndarray, customer_ids: np.ndarray) -> Self:
        """Return a copy that knows only some customers and their orders.

        Parameters
        ----------
        rows : ndarray of int
            Their positions in `customer_ids_`.
        customer_ids : ndarray of text, ascending
            Their new ids.

        Returns
        -------
        BlendRecommender
            A shallow copy; this one stays as it is.
        """
        other = super().of_customers(rows, customer_ids)
        place = np.full(len(self.customer_ids_), -1)
        place[rows] = np.arange(len(rows))
        customer = place[self.order_customer_]
        kept = customer >= 0
        other.orders_, other.order_customer_ = self.orders_[kept], customer[kept]
        other.order_age_ = self.order_age_[kept] - self.order_age_[kept].min(initial=np.inf)
        return other

    def _similarities(self, products: np.ndarray) -> np.ndarray:
        """Return the plain cosine, since the score itself has no unit."""
        bought = (self.purchases_[:, products] > 0).astype(float)
        return pair_scores(bought, shrinkage=0, min_support=self.min_support)

    def _learn(self) -> None:
        names, given, rhythm = names_of_sold(self.catalogue_), self._given(), rhythm_of(self._orders())
        split = split_orders(of_some(self._orders())) if len(given) < len(_GIVEN) else None
        check = None if split is None else Check.of(*split, names, rhythm)
        self.clues_ = choose_clues(check, rhythm, given)
        self.steps_, self.habits_ = dict(USUAL_STEPS), dict(USUAL_HABITS)
        if split is not None:
            twin = self._of_orders(split[0])
            candidates = twin._candidates(names)
            later = later_baskets(*split, 10 * MOST_CELLS // len(self.catalogue_.ids))
            self.steps_ = choose_steps(later, candidates, self.n_neighbors)
            twin._keep_best(candidates, self.steps_)
            self.habits_ = twin._choose_habits(split[1])
        self.again_ = self._again() ** self.habits_["again"]
        self.trend_ = self._trend() ** self.habits_["trend"]
        self._keep_best(self._candidates(names), self.steps_)

    def _keep_best(self, candidates: Candidates, steps: dict[str, float]) -> None:
        self.scores_, self.support_ = candidates.best(steps, self.n_neighbors)
        self.best_sellers_ = candidates.best_sellers(steps)

    def _candidates(self, names: sp.csr_array) -> Candidates:
        together = self._together()
        popular = together[0][1].count / together[0][1].count.max(initial=np.finfo(float).tiny)
        words = names.T.tocsr()
        bought = counted(self.purchases_)
        by_product = bought.T.tocsr()
        n, clues = _CANDIDATES * self.n_neighbors, self.clues_
        parts = [
            (weight, clue, np.sqrt(clue.count), discounted(clue.count, clues["popularity_discount"]))
            for weight, clue in together
        ]

        def score(rows: slice) -> Pairs:
            support = dense_product(by_product[rows], bought)
            cells = Cells(rows, support, self.min_support)
            scores = clues["name_weight"] * cells.of_pair(dense_product(names[rows], words))
            for weight, clue, root, others in parts:
                both, of_owner = cells.of_pair(clue.both(rows)), cells.of_owner(root)
                scores += weight * shrunk(both, of_owner, cells.of_other(others), clues["shrinkage"])
            return cells.best(scores, n)

        scores, support = best_pairs(score, len(self.catalogue_.ids), n, self.n_threads)
        selling = self._trend(self.clues_["half_life"])
        return Candidates.of(scores, support, self.orders_, selling, popular, self.n_threads)

    def _given(self) -> dict[str, float]:
        return {name: float(getattr(self, name)) for name in _GIVEN if getattr(self, name) != "auto"}

    def _of_orders(self, orders: Orders) -> Self:
        """Return a copy that knows some orders only, and has not found neighbors yet."""
        twin = copy.copy(self)
        twin.orders_, twin.order_customer_, twin.order_age_ = orders.products, orders.customer, orders.age
        twin.purchases_ = orders_of_customers(orders.products, orders.customer, len(self.customer_ids_))
        return twin

    def _choose_habits(self, later: Orders) -> dict[str, float]:
        """Return the weights for a customer's next order that predict the `later` orders best."""
        room = min(MOST_CUSTOMERS, MOST_CELLS // len(self.catalogue_.ids) + 1)
        asked = np.intersect1d(later.customer, self.order_customer_)
        asked = asked[spread(len(asked), room)]
        if not len(asked):
            return dict(USUAL_HABITS)
        oldest_first = np.lexsort((-later.age, later.customer))
        customer = later.customer[oldest_first]
        place = np.arange(len(customer)) - np.searchsorted(customer, customer)
        told = np.isin(customer, asked) & (place < ORDERS_EACH)
        return choose_habits(
            Known(
                self.purchases_[asked].toarray(),
                self._suits(self.purchases_[asked]).toarray(),
                self._again(),
                self._trend(),
                popular_share((self.purchases_ > 0).sum(axis=0)),
                np.searchsorted(asked, customer[told]),
                later.products[oldest_first[told]].toarray() > 0,
            )
        )

    def _orders(self) -> Orders:
        return Orders(self.orders_, self.order_customer_, self.order_age_)

    def _together(self) -> list[tuple[float, Together]]:
        clues = self.clues_
        weights = 0.5 ** (self.order_age_ / clues["half_life"])
        customers = self._greatest_of_customer(weights)
        return [
            (clues["customer_weight"], Together(customers, clues["customer_damping"])),
            (clues["order_weight"], Together(of_lines(self.orders_, weights), clues["order_damping"])),
        ]

    def _greatest_of_customer(self, values: np.ndarray) -> sp.csr_array:
        return GreatestOfCustomer(self.orders_, self.order_customer_, self.purchases_).of(values)

    def _again(self) -> np.ndarray:
        newest_first = np.lexsort((self.order_age_, self.order_customer_))
        customer, age = self.order_customer_[newest_first], self.order_age_[newest_first]
        place = np.arange(len(customer))
        differs = (np.diff(customer, prepend=-1) != 0) | (np.diff(age, prepend=-1) != 0)
        newer = np.empty(len(customer))
        newer[newest_first] = np.maximum.accumulate(place * differs) - np.searchsorted(customer, customer)
        chances = self._greatest_of_customer(newer).sum(axis=0)
        repeats = np.minimum((self.purchases_ - (self.purchases_ > 0)).sum(axis=0), chances)
        return rates(repeats, chances)

    def _trend(self, half_life: float = np.inf) -> np.ndarray:
        """Return recent sales ÷ the sales that a score with this half-life counts."""
        short = _LATELY * rhythm_of(self._orders())
        lately, counted = (0.5 ** (self.order_age_ / days) @ self.orders_ for days in (short, half_life))
        return rates(lately, counted)

    def _basket_scores(self, baskets: sp.csr_array) -> sp.csr_array:
        scores = super()._basket_scores(baskets)
        if self.best_sellers_ is None:
            return scores
        return with_best_sellers(scores, baskets, self.scores_, self.best_sellers_)

    def _customer_scores(self, customers: np.ndarray) -> sp.csr_array:
        ordered = self.purchases_[customers]
        # Models that were saved before best sellers counted have no weight for them.
        popular = self.habits_.get("popular", 0.0) * popular_share(self.catalogue_.customers)
        suits, affinity = self._suits(ordered), self.habits_["affinity"]
        return habit_scores(ordered, suits, self.again_, self.trend_, popular, affinity)

    def _suits(self, ordered: sp.csr_array) -> sp.csr_array:
        """Return how well each product goes with a customer's products: sum of scores ÷ √(their number)."""
        owned = sp.csr_array((np.ones(ordered.nnz), ordered.indices, ordered.indptr), shape=ordered.shape)
        each = 1 / np.sqrt(np.maximum(np.diff(ordered.indptr), 1))
        return sp.csr_array(sp.diags_array(each) @ self._basket_scores(owned))

    def _baskets_with_both(self, products: np.ndarray, others: np.ndarray) -> np.ndarray:
        both = self.orders_[:, products].multiply(self.orders_[:, others])
        return np.asarray(both.sum(axis=0)).astype(np.int64)

    def _check_parameters(self) -> None:
        check_count("n_neighbors", self.n_neighbors)
        check_count("min_support", self.min_support)
        if self.n_threads is not None:
            check_count("n_threads", self.n_threads)
        for parameter in ("shrinkage", "popularity_discount", "name_weight"):
            if getattr(self, parameter) != "auto":
                check_at_least(parameter, getattr(self, parameter), 0)
        if self.half_life != "auto" and not (isinstance(self.half_life, numbers.Real) and self.half_life > 0):
            raise ValueError(f"half_life must be 'auto' or above 0 days; got {plain(self.half_life)!r}")
