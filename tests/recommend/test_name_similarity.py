import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from shopper_widgets.recommend.name_similarity import name_vectors

NAMES = ["RED RETROSPOT MUG", "Red mug", "blue mug red red", "Café crème", "CAFE", "?", "a b"]


def test_equal_to_scikit_learn():
    plain = ["red retrospot mug", "red mug", "blue mug red red", "cafe creme", "cafe", "?", "a b"]
    expected = TfidfVectorizer(sublinear_tf=True, token_pattern=r"[a-z0-9]{2,}").fit_transform(plain)
    np.testing.assert_allclose(name_vectors(NAMES).toarray(), expected.toarray(), rtol=1e-12)


@pytest.mark.parametrize("names", [[], ["?"], ["a", ""]])
def test_names_without_words_are_like_nothing(names):
    assert name_vectors(names).nnz == 0
    assert name_vectors(names).shape[0] == len(names)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_every_name_is_like_itself_or_has_no_words(names):
    vectors = name_vectors(names)
    own = vectors.power(2).sum(axis=1)
    assert np.all(np.isclose(own, 1) | (own == 0))
