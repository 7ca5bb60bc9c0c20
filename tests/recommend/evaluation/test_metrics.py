import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.recommend.evaluation.metrics import accuracy, coverage, popularity

N_PRODUCTS = 12


@st.composite
def lists_and_wanted(draw):
    """Draw lists of up to ten of twelve products, and the relevant products: some, or none."""
    products = st.integers(0, N_PRODUCTS - 1)
    lists = draw(st.lists(st.lists(products, max_size=10, unique=True), min_size=1, max_size=6))
    wanted = [draw(st.sets(products)) for _ in lists]
    return lists, wanted


@given(lists_and_wanted(), st.sampled_from([1, 5, 10]))
def test_equal_to_trec_eval(case, n):
    """NIST's trec_eval, the standard for search engines, computes the same to 1e-9."""
    lists, wanted = case
    hits = np.zeros((len(lists), 10), dtype=bool)
    for row, (shown, right) in enumerate(zip(lists, wanted, strict=True)):
        hits[row, : len(shown)] = [product in right for product in shown]
    found = accuracy(hits, np.array([len(right) for right in wanted]), n)
    judge = pytrec_eval.RelevanceEvaluator(
        {str(i): {f"p{product}": int(product in right) for product in range(N_PRODUCTS)}
         for i, right in enumerate(wanted)},
        {f"ndcg_cut.{n}", f"recall.{n}", f"P.{n}", f"success.{n}"},
    )  # fmt: skip
    theirs = judge.evaluate(
        {
            str(i): {f"p{p}": float(100 - rank) for rank, p in enumerate(shown)}
            for i, shown in enumerate(lists)
        }
    )
    names = {"ndcg": "ndcg_cut", "recall": "recall", "precision": "P", "hit_rate": "success"}
    for i, (shown, right) in enumerate(zip(lists, wanted, strict=True)):
        for ours, name in names.items():
            if not right:
                assert np.isnan(found[ours][i])
            else:
                # trec_eval leaves out a query without an answer; here it is a list without a hit.
                expected = theirs[str(i)][f"{name}_{n}"] if shown else 0.0
                assert found[ours][i] == pytest.approx(expected, abs=1e-9)


def test_a_part_of_what_was_wanted_counts_as_a_part():
    hits = np.array([[True, False, True], [False, True, False], [False, False, False]])
    found = accuracy(hits, np.array([3, 4, 0]), 3)
    gain = 1 / np.log2([2, 3, 4])
    np.testing.assert_allclose(found["ndcg"][:2], [(gain[0] + gain[2]) / gain.sum(), gain[1] / gain.sum()])
    np.testing.assert_allclose(found["recall"][:2], [2 / 3, 1 / 4])
    np.testing.assert_allclose(found["precision"][:2], [2 / 3, 1 / 3])
    np.testing.assert_allclose(found["hit_rate"][:2], [1, 1])
    assert np.isnan(found["recall"][2])


def test_popularity_of_what_is_shown():
    buyers = np.array([50, 25, 25, 1])
    lists = np.array([[0, 1], [3, -1], [-1, -1]])
    found = popularity(lists, buyers, 100, n=2)
    np.testing.assert_allclose(found["novelty"][:2], [1.5, np.log2(100)])
    np.testing.assert_allclose(found["popularity_rank"][:2], [(1 + 2.5) / 2, 4])
    assert np.isnan(found["novelty"][2])
    assert np.isnan(found["popularity_rank"][2])
    np.testing.assert_allclose(popularity(lists, buyers, 100, n=1)["novelty"][0], 1)


def test_coverage_counts_each_product_once():
    assert coverage(np.array([[0, 1], [1, -1]]), 4, n=2) == 0.5
    assert coverage(np.array([[0, 1], [1, -1]]), 4, n=1) == 0.5
    assert coverage(np.array([[-1, -1]]), 4, n=2) == 0


def test_ranks_past_the_longest_list_are_no_hits():
    hits, wanted = np.array([[False, True], [True, False]]), np.array([3, 1])
    padded = np.pad(hits, ((0, 0), (0, 6)))
    for n in (1, 2, 3, 8):
        for name, values in accuracy(hits, wanted, n).items():
            np.testing.assert_array_equal(values, accuracy(padded, wanted, n)[name])


def test_one_wanted_product_is_all_there_is_and_none_is_no_number():
    found = accuracy(np.array([[False, True], [False, False]]), np.array([1, 0]), 2)
    assert found["ndcg"][0] == pytest.approx(1 / np.log2(3))
    assert [found[name][0] for name in ("recall", "precision", "hit_rate")] == [1, 0.5, 1]
    assert all(np.isnan(values[1]) for values in found.values())


def test_novelty_is_no_whole_number():
    assert popularity(np.array([[0]]), np.array([3]), 8, n=1)["novelty"][0] == pytest.approx(np.log2(8 / 3))
