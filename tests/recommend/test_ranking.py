import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from shopper_widgets.recommend.ranking import Limits, best_products

#: Few distinct values, so that there are many ties.
scores = arrays.arrays(
    float, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=st.sampled_from([0, 0.5, 1, 2])
)


@given(scores, st.data(), st.integers(1, 8), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_lists_equal_brute_force(scores, data, n, include_owned, limited, by_family, dense):
    shape, n_products = scores.shape, scores.shape[1]
    owned = data.draw(arrays.arrays(float, shape, elements=st.sampled_from([0, 1])))
    tie_breaker = data.draw(arrays.arrays(int, n_products, elements=st.integers(0, 1)))
    allowed = data.draw(arrays.arrays(bool, n_products)) if limited else None
    family = data.draw(arrays.arrays(int, n_products, elements=st.integers(0, 2))) if by_family else None
    products, values, starts = best_products(
        lambda rows: scores[rows] if dense else sp.csr_array(scores[rows]),
        sp.csr_array(owned),
        tie_breaker,
        n,
        Limits(include_owned, allowed, family),
    )
    for asker in range(shape[0]):
        expected, families = [], set()
        for product in sorted(range(n_products), key=lambda p: (-scores[asker, p], -tie_breaker[p], p)):
            if scores[asker, product] <= 0 or (owned[asker, product] and not include_owned):
                continue
            if allowed is not None and not allowed[product]:
                continue
            if family is not None:
                if family[product] in families:
                    continue
                families.add(family[product])
            expected.append(product)
        part = slice(starts[asker], starts[asker + 1])
        assert products[part].tolist() == expected[:n]
        np.testing.assert_array_equal(values[part], scores[asker, products[part]])


@given(scores, st.data(), st.integers(1, 8), st.booleans(), st.booleans(), st.booleans())
def test_scores_that_are_the_same_for_all_give_the_same_lists(
    scores, data, n, include_owned, limited, by_family
):
    shape, n_products = scores.shape, scores.shape[1]
    owned = sp.csr_array(data.draw(arrays.arrays(float, shape, elements=st.sampled_from([0, 1]))))
    tie_breaker = data.draw(arrays.arrays(int, n_products, elements=st.integers(0, 1)))
    allowed = data.draw(arrays.arrays(bool, n_products)) if limited else None
    family = data.draw(arrays.arrays(int, n_products, elements=st.integers(0, 2))) if by_family else None
    limits = Limits(include_owned, allowed, family)
    same = np.broadcast_to(scores[0], shape)
    found = best_products(lambda rows: same[rows], owned, tie_breaker, n, limits)
    expected = best_products(lambda rows: sp.csr_array(same[rows]), owned, tie_breaker, n, limits)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_askers_at_all():
    products, values, starts = best_products(
        lambda rows: sp.csr_array((0, 2)), sp.csr_array((0, 2)), np.ones(2), 3, Limits()
    )
    assert (len(products), len(values), starts.tolist()) == (0, 0, [0])


def test_scores_given_as_a_table_stay_as_they_are():
    table = np.array([[3.0, 2.0, 1.0]])
    found = best_products(lambda rows: table, sp.csr_array([[1, 0, 0]]), np.ones(3), 2, Limits())
    assert (found[0].tolist(), table.tolist()) == ([1, 2], [[3.0, 2.0, 1.0]])
