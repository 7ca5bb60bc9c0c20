"""How similar the names of products are: this is known before anybody buys them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import scipy.sparse as sp

from shopper_widgets._support.checks import check_count, check_text
from shopper_widgets.recommend.catalogue import Catalogue, words_of
from shopper_widgets.recommend.ranking import Limits, best_products


def name_vectors(names: Iterable[str]) -> sp.csr_array:
    """Return a unit vector per name; dot products are 1 for equal words, and 0 for no common word.

    Words weigh ``(1 + log(times in the name)) × (log((1 + names) / (1 + names that hold it)) + 1)``: TF-IDF
    as in `sklearn.feature_extraction.text.TfidfTransformer`. Single letters, accents, case and punctuation
    don't count.

    Parameters
    ----------
    names : iterable of str
        Of products, in any order.

    Returns
    -------
    csr_array of shape (n_names, n_words)
        Rows in the order of `names`; a name without words is a row of zeros.

    Examples
    --------
    >>> vectors = name_vectors(["Red mug", "MUG, red", "Blue mug", "?"])
    >>> (vectors @ vectors.T).toarray().round(2)[0]
    array([1.  , 1.  , 0.34, 0.  ])
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    words = [[word for word in words_of(name) if len(word) > 1] for name in names]
    vocabulary = {word: i for i, word in enumerate(sorted({word for name in words for word in name}))}
    columns = [vocabulary[word] for name in words for word in name]
    rows = np.repeat(np.arange(len(words)), [len(name) for name in words])
    counts = sp.coo_array((np.ones(len(columns)), (rows, columns)), shape=(len(words), len(vocabulary)))
    if not vocabulary:
        return counts.tocsr()
    return sp.csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts.tocsr()))


def names_of_sold(catalogue: Catalogue) -> sp.csr_array:
    """Return name vectors; products without known buyers have none, and don't affect weights of words.

    Parameters
    ----------
    catalogue : Catalogue
        Products, with how many customers bought each.

    Returns
    -------
    csr_array of shape (n_products, n_words)
        Rows in the order of the catalogue, as `name_vectors` gives them.

    Examples
    --------
    >>> shop = Catalogue(["A1", "B2", "C3"], ["Red mug", "Blue mug", "Green lamp"], [5, 0, 2])
    >>> names_of_sold(shop).toarray().any(axis=1)
    array([ True, False,  True])
    """
    sold = np.flatnonzero(catalogue.customers)
    vectors = name_vectors(catalogue.names[sold].tolist())
    place = (np.ones(len(sold)), (sold, np.arange(len(sold))))
    return sp.csr_array(sp.coo_array(place, shape=(len(catalogue.ids), len(sold))).tocsr() @ vectors)


def similar_names(catalogue: Catalogue, name: str, n: int = 10) -> pd.DataFrame:
    """Return the products whose names are most like a name, of a product in the catalogue or not.

    Parameters
    ----------
    catalogue : Catalogue
        The products to choose from.
    name : str
        A product that has just this name comes first.
    n : int, default=10
        Maximum number; fewer if fewer names share a word.

    Returns
    -------
    DataFrame
        ``rank, product_id, product_name, score``, best first; the score (0 to 1) is that of `name_vectors`.
        Ties: what more customers bought, then the smaller id.

    Examples
    --------
    >>> shop = Catalogue(["A1", "B2", "C3"], ["Red mug", "Blue mug", "Green lamp"], [5, 9, 2])
    >>> similar_names(shop, "Mug, blue and white")["product_id"].tolist()
    ['B2', 'A1']
    """
    check_text("name", name)
    check_count("n", n)
    vectors = name_vectors([*catalogue.names.tolist(), name])
    scores = vectors[-1:] @ vectors[:-1].T
    nothing = sp.csr_array(scores.shape)
    products, values, _ = best_products(lambda _: scores, nothing, catalogue.customers, n, Limits())
    return pd.DataFrame({**catalogue.ranked(products), "score": values})
