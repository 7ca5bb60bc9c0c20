import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import example, given
from hypothesis import strategies as st

from shopper_widgets.recommend import co_purchases
from shopper_widgets.recommend.co_purchases import nearest_by_support
from shopper_widgets.recommend.neighbors import top_entries


def plainly(bought, n, shrinkage, min_support):
    """Return scores and support of the nearest products, from the dense matrix of all pairs."""
    norms = np.sqrt(bought.sum(axis=0))
    support = bought.T @ bought
    np.fill_diagonal(support, 0)
    scores = support / (np.outer(norms, norms) + shrinkage + np.finfo(float).tiny)
    counts = sp.csr_array(np.where(support >= min_support, support, 0))
    owner, other = counts.nonzero()
    best = top_entries(counts.indptr, other, scores[owner, other], counts.data, n)
    kept = np.zeros(support.shape, dtype=bool)
    kept[owner[best], other[best]] = True
    return np.where(kept, scores, 0), np.where(kept, support, 0)


def shop(seed, n_customers, n_products, density, twins):
    """Return products of very different popularity, some without buyers, some with exactly the same ones."""
    rng = np.random.default_rng(seed)
    popularity = np.minimum(1, density * rng.lognormal(size=n_products))
    bought = (rng.random((n_customers, n_products)) < popularity).astype(int)
    copies = rng.choice(n_products, (2, twins))
    bought[:, copies[0]] = bought[:, copies[1]]
    return bought


@given(
    st.builds(
        shop,
        st.integers(0, 10_000),
        st.integers(1, 60),
        st.integers(1, 40),
        st.sampled_from([0.02, 0.1, 0.5]),
        st.integers(0, 20),
    ),
    st.integers(1, 45),
    st.sampled_from([0, 0.5, 10]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from([((0, 0.0), 2), ((8, 0.2), 8)]),
)
@example(np.ones((5, 20), dtype=int), 3, 0, 1, 2, ((0, 0.0), 2))
@example(np.ones((5, 20), dtype=int), 3, 10, 2, 2, ((0, 0.0), 2))
@example(np.eye(5, dtype=int), 3, 0, 1, 2, ((0, 0.0), 2))
@example(np.zeros((3, 4), dtype=int), 3, 10, 3, 2, ((0, 0.0), 2))
@example(np.zeros((0, 0), dtype=int), 3, 10, 3, 2, ((0, 0.0), 2))
def test_nearest_are_those_of_the_dense_square(bought, n, shrinkage, min_support, n_threads, sizes):
    with pytest.MonkeyPatch.context() as patch:
        spare, more = sizes
        patch.setattr(co_purchases, "SPARE", spare)
        patch.setattr(co_purchases, "MORE", more)
        patch.setattr(co_purchases, "SUMS_PER_BATCH", 100)
        patch.setattr(co_purchases, "PURCHASES_PER_BATCH", 100)
        found = nearest_by_support(
            sp.csr_array(bought),
            n_neighbors=n,
            shrinkage=shrinkage,
            min_support=min_support,
            n_threads=n_threads,
        )
    for one, expected in zip(found, plainly(bought, n, shrinkage, min_support), strict=True):
        assert one.has_canonical_format
        np.testing.assert_array_equal(one.toarray(), expected)


def test_a_large_shop_is_asked_once_where_that_settles_it(monkeypatch):
    asked = []
    greatest_sums = co_purchases._Shop._greatest_sums

    def recorded(self, rows, kept):
        asked.append((len(rows), kept))
        return greatest_sums(self, rows, kept)

    monkeypatch.setattr(co_purchases._Shop, "_greatest_sums", recorded)
    bought = shop(0, 3_000, 400, 0.05, twins=0)
    found = nearest_by_support(sp.csr_array(bought), n_neighbors=10, shrinkage=0, min_support=1)
    for one, expected in zip(found, plainly(bought, 10, 0, 1), strict=True):
        np.testing.assert_array_equal(one.toarray(), expected)
    # Computing all pairs of every product would also be right, but slow.
    assert sum(rows for rows, _ in asked) < 1.1 * 400
    assert max(kept for rows, kept in asked if rows > 40) < 30


def test_products_of_few_buyers_are_not_asked_about_in_vain(monkeypatch):
    asked = []
    nearest = co_purchases._Shop.nearest

    def recorded(self, rows, n, kept, by_score):
        asked.append((by_score, len(rows)))
        return nearest(self, rows, n, kept, by_score)

    monkeypatch.setattr(co_purchases._Shop, "nearest", recorded)
    monkeypatch.setattr(co_purchases, "PURCHASES_PER_BATCH", 2_000)
    bought = shop(0, 2_000, 600, 0.01, twins=0)
    found = nearest_by_support(sp.csr_array(bought), n_neighbors=10, shrinkage=10, min_support=3)
    for one, expected in zip(found, plainly(bought, 10, 10, 3), strict=True):
        np.testing.assert_array_equal(one.toarray(), expected)
    # Pairs with one or two buyers crowd out the others: from some product on, all are ranked by support only.
    assert sum(rows for by_score, rows in asked if by_score) < 350
    assert sum(rows for _, rows in asked) < 700
