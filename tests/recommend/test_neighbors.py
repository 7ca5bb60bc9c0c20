import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shopper_widgets.recommend import neighbors
from shopper_widgets.recommend.clues import nearest_in_orders
from shopper_widgets.recommend.neighbors import nearest_products, pair_scores, row_blocks, top_entries

#: Few distinct values, so that there are many ties.
matrices = arrays.arrays(
    float, st.tuples(st.integers(1, 7), st.integers(1, 6)), elements=st.sampled_from([0, 0, 1, 1, 2, 5])
).filter(lambda m: bool((m > 0).any(axis=0).all()))


def reference(weights, shrinkage, min_support):
    """Return scores and support of all pairs, computed plainly; pairs that don't count have support 0."""
    norms = np.linalg.norm(weights, axis=0)
    scores = weights.T @ weights / (np.outer(norms, norms) + shrinkage)
    bought = (weights > 0).astype(int)
    support = bought.T @ bought
    support[support < min_support] = 0
    np.fill_diagonal(support, 0)
    return scores, support


def ranking(scores, tie_breaker, eligible, n):
    columns = np.flatnonzero(eligible)
    return sorted(columns, key=lambda c: (-round(scores[c], 12), -tie_breaker[c], c))[:n]


@given(
    matrices,
    st.integers(1, 6),
    st.sampled_from([0, 1, 10]),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([1, 2]),
)
def test_neighbors_equal_brute_force(weights, n, shrinkage, min_support, binary, n_threads):
    weights = (weights > 0).astype(float) if binary else weights
    scores, support = nearest_products(
        sp.csr_array(weights),
        n_neighbors=n,
        shrinkage=shrinkage,
        min_support=min_support,
        n_threads=n_threads,
    )
    expected, together = reference(weights, shrinkage, min_support)
    np.testing.assert_array_equal(scores.indices, support.indices)
    for product in range(weights.shape[1]):
        kept = scores.indices[scores.indptr[product] : scores.indptr[product + 1]]
        assert sorted(kept) == sorted(ranking(expected[product], together[product], together[product] > 0, n))
        np.testing.assert_allclose(scores.toarray()[product, kept], expected[product, kept], rtol=1e-12)
        np.testing.assert_array_equal(support.toarray()[product, kept], together[product, kept])


@given(matrices, st.integers(1, 6), st.sampled_from([0, 1, 10]), st.integers(1, 3))
def test_a_shop_s_neighbors_are_the_same_whether_a_table_is_filled_or_not(weights, n, shrinkage, min_support):
    bought = sp.csr_array((weights > 0).astype(float))
    found = []
    for filled in (0, np.inf):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(neighbors, "PAIRS_PER_CELL", filled)
            found.append(
                nearest_products(bought, n_neighbors=n, shrinkage=shrinkage, min_support=min_support)
            )
    for one, other in zip(*found, strict=True):
        assert one.has_canonical_format
        for part in ("data", "indices", "indptr"):
            np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


def test_a_product_that_nobody_bought_has_no_neighbors():
    weights = sp.csr_array([[2.0, 1, 0], [1, 3, 0], [0, 5, 0]])
    scores, support = nearest_products(weights, n_neighbors=2, shrinkage=0, min_support=1)
    assert support.toarray().tolist() == [[0, 2, 0], [2, 0, 0], [0, 0, 0]]
    assert np.isfinite(scores.data).all()


@pytest.mark.parametrize("swapped", [False, True])
def test_scores_that_single_precision_takes_for_equal_are_told_apart(swapped):
    # Of 5,000 buyers of the first product, 4,000 bought the second and 4,001 the third, which one more
    # customer bought.
    bought = np.zeros((5_001, 3))
    bought[:5_000, 0] = 1
    bought[:4_000, 1], bought[:4_001, 2], bought[5_000, 2] = 1, 1, 1
    scores = pair_scores(sp.csr_array(bought), shrinkage=0, min_support=1)[0]
    assert 0 < scores[2] - scores[1] < 1e-7
    order = [0, 2, 1] if swapped else [0, 1, 2]
    weights = sp.csr_array(bought[:, order])
    by_customers, _ = nearest_products(weights, n_neighbors=1, shrinkage=0, min_support=1)
    assert by_customers.indices[0] == order.index(2)
    assert by_customers.data[0] == pytest.approx(scores[2], rel=1e-12)
    by_orders = nearest_in_orders(weights, 1, shrinkage=0, discount=0.5)
    assert by_orders.indices[0] == order.index(2)
    assert by_orders.data[0] == pytest.approx(scores[2], rel=1e-12)


def test_blocks_don_t_change_the_answer(monkeypatch):
    weights = sp.random_array((40, 25), density=0.3, rng=np.random.default_rng(0), format="csr")
    arguments = {"n_neighbors": 4, "shrinkage": 1, "min_support": 2}
    whole = nearest_products(weights, **arguments)
    monkeypatch.setattr(neighbors, "PAIRS_PER_BLOCK", 60)
    assert len(row_blocks(25, 25)) == 13
    for one, other in zip(whole, nearest_products(weights, **arguments), strict=True):
        np.testing.assert_array_equal(one.toarray(), other.toarray())


@given(
    st.lists(st.lists(st.sampled_from([0.1, 0.1 + 1e-15, 0.5, 0.9]), max_size=8), min_size=1),
    st.integers(1, 5),
)
def test_top_entries_are_exact_at_the_cut(rows, n):
    scores = np.array([score for row in rows for score in row])
    columns = np.array([column for row in rows for column in range(len(row))], dtype=int)
    tie_breaker = columns % 2
    indptr = np.cumsum([0, *map(len, rows)])
    expected = []
    for start, row in zip(indptr, rows, strict=False):
        row_scores = np.array(row)
        expected += [start + c for c in ranking(row_scores, np.arange(len(row)) % 2, np.ones(len(row)), n)]
    assert top_entries(indptr, columns, scores, tie_breaker, n).tolist() == expected


@pytest.mark.parametrize("n", [1, 3, 20])
def test_top_entries_of_wide_rows_are_those_of_a_whole_sort(n):
    rng = np.random.default_rng(n)
    lengths = rng.integers(0, 500, size=30)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    scores, tie_breaker = (rng.integers(0, 40, size=indptr[-1]) / divisor for divisor in (7, 10))
    columns = np.concatenate([np.arange(length) for length in lengths])
    expected = [
        start + c
        for start, end in itertools.pairwise(indptr)
        for c in ranking(scores[start:end], tie_breaker[start:end], np.ones(end - start), n)
    ]
    assert top_entries(indptr, columns, scores, tie_breaker, n).tolist() == expected


@given(matrices, st.sampled_from([0, 3]), st.integers(1, 3))
def test_pair_scores_equal_brute_force(weights, shrinkage, min_support):
    scores, support = reference(weights, shrinkage, min_support)
    expected = np.where(support > 0, scores, 0)
    np.fill_diagonal(expected, 1)
    found = pair_scores(sp.csr_array(weights), shrinkage=shrinkage, min_support=min_support)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(("rows", "columns", "blocks"), [(0, 5, 0), (3, 0, 1), (5, 1 << 30, 5)])
def test_row_blocks_cover_every_row_once(rows, columns, blocks):
    cut = row_blocks(rows, columns)
    assert len(cut) == blocks
    assert [row for block in cut for row in range(block.start, block.stop)] == list(range(rows))
