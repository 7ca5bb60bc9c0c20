"""The second step adds what holds in the shop, and nothing if nothing does."""

import numpy as np
import pytest
import scipy.sparse as sp

from shopper_widgets.recommend.second_step import (
    USUAL_STEPS,
    Candidates,
    nearest_by_orders,
    number_bonus,
    rates,
    with_best_sellers,
)

NOTHING = {"step_weight": 0.0, "number_weight": 0.0, "lately": 0.0, "popularity_weight": 0.0}


def some_scores(n: int = 80, seed: int = 0) -> sp.csr_array:
    random = np.random.default_rng(seed)
    dense = random.random((n, n)) * (random.random((n, n)) < 0.3)
    np.fill_diagonal(dense, 0)
    return sp.csr_array(dense)


def candidates(
    scores: sp.csr_array,
    orders: np.ndarray,
    selling: np.ndarray | None = None,
    popular: np.ndarray | None = None,
) -> Candidates:
    support = sp.csr_array((np.ones(scores.nnz, dtype=int), scores.indices, scores.indptr), scores.shape)
    selling = np.ones(scores.shape[0]) if selling is None else selling
    popular = np.zeros(scores.shape[0]) if popular is None else popular
    return Candidates.of(scores, support, sp.csr_array(orders), selling, popular)


def test_nearest_by_orders_are_cosines_that_add_up_to_one() -> None:
    orders = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 0, 0]])
    nearest = nearest_by_orders(sp.csr_array(orders)).toarray()
    one, two = 3 / (np.sqrt(4 * 3) + 5), 2 / (np.sqrt(4 * 2) + 5)
    np.testing.assert_allclose(nearest[0], [0, one / (one + two), two / (one + two), 0])
    assert nearest[3].tolist() == [0, 0, 0, 0]


def test_a_step_is_the_mean_of_what_the_nearest_score() -> None:
    scores = some_scores()
    orders = np.random.default_rng(1).random((300, 80)) < 0.05
    found = candidates(scores, orders.astype(float))
    step = nearest_by_orders(sp.csr_array(orders.astype(float))) @ scores
    np.testing.assert_allclose(found.step, step.toarray()[scores.nonzero()])


@pytest.mark.parametrize("seed", range(8))
def test_numbers_that_mean_nothing_count_nothing(seed: int) -> None:
    assert not number_bonus(some_scores(seed=seed), np.ones(80, dtype=bool)).any()


def test_numbers_count_as_far_as_they_tell() -> None:
    scores = some_scores().toarray()
    rows, columns = np.indices(scores.shape)
    scores[(np.abs(rows - columns) <= 3) & (rows != columns)] += 1
    scores = sp.csr_array(scores)
    rows, columns = scores.nonzero()
    bonus = number_bonus(scores, np.ones(80, dtype=bool))
    near = np.abs(rows - columns) <= 3
    assert bonus[near] == pytest.approx(1 - 0.07, abs=0.1)
    assert not bonus[~near].any()


def test_what_sells_lately_comes_first() -> None:
    scores = sp.csr_array([[0, 1.0, 1.1], [1.0, 0, 1.0], [1.0, 1.0, 0]])
    found = candidates(scores, np.ones((2, 3)), np.array([1.0, 2.0, 1.0]))
    assert found.lists(np.array([0]), NOTHING, 2, 50).tolist() == [[2, 1]]
    assert found.lists(np.array([0]), {**NOTHING, "lately": 1.0}, 3, 50).tolist() == [[1, 2, -1]]


def test_the_best_are_those_of_the_lists_with_score_and_support() -> None:
    scores = some_scores()
    found = candidates(scores, (np.random.default_rng(2).random((300, 80)) < 0.05).astype(float))
    best, support = found.best(USUAL_STEPS, 5)
    dense = best.toarray()
    listed = found.lists(np.arange(80), USUAL_STEPS, 5, 50)
    for row in range(80):
        assert set(np.flatnonzero(dense[row])) == set(listed[row])
        assert (np.diff(dense[row][listed[row]]) <= 0).all()
    np.testing.assert_array_equal(best.indices, support.indices)
    np.testing.assert_array_equal(found.best(NOTHING, 80)[0].toarray(), scores.toarray())


def test_best_sellers_are_listed_where_they_count_and_nobody_bought_them_with_a_product() -> None:
    scores = sp.csr_array([[0, 0.3, 0, 0], [0.3, 0, 0.2, 0], [0, 0.2, 0, 0], [0, 0, 0, 0]])
    found = candidates(scores, np.ones((1, 4)), popular=np.array([0.1, 0.2, 1.0, 0.0]))
    assert found.lists(np.array([0, 3]), NOTHING, 3, 50).tolist() == [[1, -1, -1], [-1, -1, -1]]
    # For the second product, they count 0.3 + 0.2 and 1; no product is in its own list.
    popular = {**NOTHING, "popularity_weight": 1.0}
    assert found.lists(np.array([0, 1, 3]), popular, 3, 50).tolist() == [[2, 1, -1], [2, 0, -1], [2, 1, 0]]
    # The stored neighbors of each product are still only those that somebody bought with it.
    np.testing.assert_array_equal(found.best(popular, 3)[0].indices, scores.indices)
    np.testing.assert_allclose(found.best(popular, 3)[0][[0]].toarray(), [[0, 0.5, 0, 0]])


def test_best_sellers_keep_their_scores_beyond_the_nearest() -> None:
    scores = some_scores()
    popular = np.where(np.arange(80) % 20 == 0, 0.01, 0.0)  # four products sell slightly more
    found = candidates(scores, np.ones((1, 80)), popular=popular)
    plain, kept = found.best(NOTHING, 5)[0], found.best({**NOTHING, "popularity_weight": 1.0}, 5)
    assert np.diff(plain.indptr).max() == 5
    whole, bonus = scores.toarray(), np.where(scores.toarray() > 0, popular, 0)
    cells = kept[0].toarray()
    for row in range(80):
        nearest = np.argsort(-(whole + bonus)[row])[:5]
        expected = set(nearest) | set(np.flatnonzero(bonus[row]))
        assert set(np.flatnonzero(cells[row])) == expected
    np.testing.assert_allclose(cells[cells > 0], (whole + bonus)[cells > 0])
    assert (kept[1].data == 1).all() and kept[1].nnz == kept[0].nnz


def test_only_the_best_hundred_count_without_a_buyer_of_both() -> None:
    found = candidates(sp.csr_array((300, 300)), np.zeros((1, 300)), popular=np.arange(300.0))
    counted = found.best_sellers({**NOTHING, "popularity_weight": 2.0})
    assert np.flatnonzero(counted).tolist() == list(range(200, 300))
    assert counted[299] == 598


def test_each_product_of_a_basket_counts_best_sellers_once() -> None:
    random = np.random.default_rng(4)
    pairs, held = some_scores(40), sp.csr_array((random.random((30, 40)) < 0.15).astype(float))
    best_sellers = np.where(np.arange(40) % 9 == 0, 0.5, 0.0)
    found = with_best_sellers(held @ pairs, held, pairs, best_sellers).toarray()
    counted = np.where(pairs.toarray() == 0, best_sellers, 0) + pairs.toarray()
    expected, owned = held.toarray() @ counted, held.toarray() > 0
    np.testing.assert_allclose(found[~owned], expected[~owned])


def test_rates_are_shrunk_as_their_differences_suggest() -> None:
    random = np.random.default_rng(3)
    expected = random.gamma(2, 20, 2000)
    true = random.gamma(4, 1 / 4, 2000)  # a variance of ¼: the prior weighs as 4 orders
    observed = random.poisson(expected * true).astype(float)
    scaled = expected * observed.sum() / expected.sum()
    assert rates(observed, expected) == pytest.approx((observed + 4) / (scaled + 4), rel=0.15)
    chance = random.poisson(expected).astype(float)
    assert rates(chance, expected) == pytest.approx(1, abs=0.1)
    assert rates(np.zeros(3), np.ones(3)).tolist() == [1, 1, 1]


def test_products_that_nobody_bought_stand_nowhere_between() -> None:
    scores = some_scores().toarray()
    rows, columns = np.indices(scores.shape)
    scores[(np.abs(rows - columns) <= 3) & (rows != columns)] += 1
    wide = np.zeros((160, 160))
    wide[::2, ::2] = scores
    with_gaps = number_bonus(sp.csr_array(wide), np.arange(160) % 2 == 0)
    np.testing.assert_allclose(with_gaps, number_bonus(sp.csr_array(scores), np.ones(80, dtype=bool)))
    assert with_gaps.any()
