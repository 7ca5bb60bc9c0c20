"""Finding a product by id, by its exact name, or by a few words, typos allowed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from shopper_widgets._support.checks import check_count, check_text
from shopper_widgets._support.formatting import format_product
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.errors import AmbiguousProductError, UnknownProductError

#: The match of a word or code that only begins with the typed text: less than the whole, more than any typo.
PREFIX_MATCH = 95.0
#: The match of a name that contains the text only when spaces are left out, even in the middle of a word.
RUN_TOGETHER_MATCH = 90.0
#: The highest match of a misspelt code: a similar code is another product, so matching words come first.
CODE_TYPO_MATCH = 90.0
#: The match of a code that begins with typed letters, which are more likely a word; and the fewest letters
#: for it.
LETTER_CODE_MATCH, SHORTEST_LETTER_CODE = 90.0, 3
#: From this many letters on, a text may be the beginning of a name; shorter ones match by chance.
SHORTEST_BEGINNING = 8
#: Below this match, a product has nothing to do with the text.
LOWEST_MATCH = 60.0


class _Words:
    """The words of some names."""

    def __init__(self, names: list[list[str]]) -> None:
        self.joined = ["".join(name) for name in names]
        self.vocabulary = sorted({word for name in names for word in name} | {""})
        position = {word: i for i, word in enumerate(self.vocabulary)}
        # A name without words gets the empty word, so that every product has a slice to reduce over.
        held = [[position[word] for word in name] or [position[""]] for name in names]
        #: The positions of each name's words in the vocabulary, name by name; and where each name begins in
        #: this array.
        self.word_of = np.array([word for name in held for word in name], dtype=np.intp)
        self.start = np.cumsum([0, *(len(name) for name in held)])[:-1].astype(np.intp)


class Catalogue:
    """Products, with everything prepared once that searching them needs.

    Parameters
    ----------
    ids, names : array-like of text, shape (n_products,)
        Of each product; several may have the same name.
    customers : array-like of int, shape (n_products,)
        How many customers bought each product: among equal matches the popular one comes first.

    Examples
    --------
    >>> shop = Catalogue(["A1", "B2", "C3"], ["Red mug", "Blue mug", "Green lamp"], [5, 9, 2])
    >>> shop.ids[shop.find(" a1 ")], shop.ids[shop.find("GREEN  LAMP")]
    (np.str_('A1'), np.str_('C3'))
    >>> shop.search("mugg")
      product_id product_name  match
    0         B2     Blue mug   74.2
    1         A1      Red mug   74.2
    """

    def __init__(self, ids: Any, names: Any, customers: Any) -> None:
        self.ids = np.asarray(ids, dtype=str)
        self.names = np.asarray(names, dtype=str)
        self.customers = np.asarray(customers, dtype=np.int64)
        self._prepare()

    def __getstate__(self) -> dict[str, Any]:
        return {"ids": self.ids, "names": self.names, "customers": self.customers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._prepare()

    def _prepare(self) -> None:
        self._index_of_id = {code: i for i, code in enumerate(self.ids.tolist())}
        self._indices_of_code: dict[str, list[int]] = {}
        for i, code in enumerate(self.ids.tolist()):
            self._indices_of_code.setdefault(_code(code), []).append(i)
        self._indices_of_name: dict[str, list[int]] = {}
        for index, name in enumerate(self.names.tolist()):
            self._indices_of_name.setdefault(_name(name), []).append(index)
        self._codes = [_code(code) for code in self.ids.tolist()]

    @cached_property
    def _words(self) -> _Words:
        """The words for searches, prepared at the first search: many catalogues are never searched."""
        return _Words([words_of(name) for name in self.names.tolist()])

    def find(self, product: str) -> int:
        """Return the position of a product.

        Parameters
        ----------
        product : str
            An id (exact, else in any case), or else a whole name (ignoring case and spacing).

        Raises
        ------
        TypeError
            If it isn't text: ids are text.
        UnknownProductError, AmbiguousProductError
            If no product, or more than one, is meant.
        """
        check_text("product", product)
        index = self._position(product)
        if index is not None:
            return index
        named = self._indices_of_name.get(_name(product), [])
        if len(named) > 1:
            raise AmbiguousProductError(product, self.ids[named].tolist())
        if not named:
            raise UnknownProductError(product, self.search(product, n=3)[PRODUCT_NAME].tolist())
        return named[0]

    def _position(self, code: str) -> int | None:
        """Return the position of an id, in its own spelling first, then in any case; None if unknown."""
        exact = self._index_of_id.get(code, self._index_of_id.get(code.strip()))
        if exact is not None:
            return exact
        same = self._indices_of_code.get(_code(code), [])
        # Where two ids differ in case only, a third spelling means neither.
        return same[0] if len(same) == 1 else None

    def known(self, product_ids: Iterable[str]) -> np.ndarray:
        """Return the positions of those ids that are in the catalogue, recognized as `find` does."""
        found = [self._position(str(code)) for code in product_ids]
        return np.array([index for index in found if index is not None], dtype=np.intp)

    def called(self, index: int) -> str:
        """Return the name of the product at a position, with its id if several products have that name.

        Examples
        --------
        >>> shop = Catalogue(["A1", "B2", "C3"], ["Mug", "mug", "Pan"], [1, 1, 1])
        >>> shop.called(0), shop.called(2)
        ('Mug (A1)', 'Pan')
        """
        name = str(self.names[index])
        alone = len(self._indices_of_name[_name(name)]) == 1
        return format_product(name) if alone else f"{format_product(name)} ({self.ids[index]})"

    def families(self) -> np.ndarray:
        """Return a number for each product: the same for ids that differ only in their last letters.

        Examples
        --------
        >>> Catalogue(["85123A", "85123B", "85124"], ["", "", ""], [1, 1, 1]).families()
        array([0, 0, 1])
        """
        stems = [re.sub(r"(?<=\d)[A-Z]+$", "", code) for code in self._codes]
        return np.unique(stems, return_inverse=True)[1]

    def variants(self) -> list[str]:
        """Return the ids of two products of one family, from the families with the best sellers.

        Examples
        --------
        >>> Catalogue(["85123A", "85123B", "85124"], ["", "", ""], [1, 5, 9]).variants()
        ['85123B', '85123A']
        """
        families, first = self.families(), dict[int, int]()
        for i in (-self.customers).argsort(kind="stable"):
            best = first.setdefault(families[i], i)
            if best != i:
                return [str(self.ids[best]), str(self.ids[i])]
        return []

    def search(self, text: str, n: int = 10) -> pd.DataFrame:
        """Find products by code or by words, in any order, incomplete or misspelled.

        Parameters
        ----------
        text : str
            What a person typed. Text without a letter or digit finds nothing.
        n : int, default=10
            Maximum number of products.

        Returns
        -------
        DataFrame
            ``product_id``, ``product_name`` and ``match``, best first; among equal matches the product that
            more customers bought, then the smaller id. ``match`` runs from 60 to 100 and is the best of

            - the code: 100 for the whole code, 95 for its beginning (90 for three letters or more without a
              digit), up to 90 with typos where a digit is typed;
            - the words: for each word typed 100 if the name holds it, 95 if a word of the name begins so (or
              is that single letter), else the similarity to the nearest word; the mean, weighted by the
              length of the words typed, times 0.99: a name that says no more than was typed comes first;
            - the whole name, spaces and punctuation aside: its similarity to the text, or 90 where it holds
              the text (of three letters or more) somewhere;
            - the beginning of the name, as long as the text and so compared (from eight letters on), times
              0.995 where the name holds each word typed: it comes before one that holds them elsewhere; else
              times 0.93: whole or begun words come before a beginning that is only spelled similarly, so that
              the first name stays first while its word is typed.

            Similarity is ``100 × (1 − distance / longer length)`` with the optimal string alignment distance:
            one insertion, deletion, substitution or swap of neighbors is a distance of one.
        """
        check_text("text", text)
        check_count("n", n)
        words = words_of(text)
        match = np.round(self._match(text, words), 1) if words else np.zeros(len(self.ids))
        order = np.lexsort((self.ids, -self.customers, -match))
        best = order[:n][match[order[:n]] >= LOWEST_MATCH]
        return pd.DataFrame(
            {PRODUCT_ID: self.ids[best], PRODUCT_NAME: self.names[best], "match": match[best]}
        )

    def ranked(self, products: np.ndarray) -> dict[str, Any]:
        """Return the first columns of every list of products; `products` are positions, best first.

        Returns
        -------
        dict of arrays
            ``rank, product_id, product_name``.
        """
        texts = {name: column.take(products) for name, column in self._columns.items()}
        return {"rank": np.arange(1, len(products) + 1), **texts}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        """Ids and names as pandas texts, converted once and not again for each of thousands of lists."""
        return {
            PRODUCT_ID: pd.array(self.ids, dtype="str"),
            PRODUCT_NAME: pd.array(self.names, dtype="str"),
        }

    def _match(self, text: str, words: list[str]) -> np.ndarray:
        vocabulary, by_words = self._words.vocabulary, np.zeros(len(self.ids))
        for word in words:
            likeness = _similarity(word, vocabulary)
            begun = [known.startswith(word) and (known != word or len(word) == 1) for known in vocabulary]
            likeness[begun] = PREFIX_MATCH
            by_words += len(word) * np.maximum.reduceat(likeness[self._words.word_of], self._words.start)
        joined = "".join(words)
        by_name = _similarity(joined, self._words.joined)
        if len(joined) >= 3:
            held = [joined in name for name in self._words.joined]
            by_name[held] = np.maximum(by_name[held], RUN_TOGETHER_MATCH)
        if len(joined) >= SHORTEST_BEGINNING:
            begins = _similarity(joined, [name[: len(joined)] for name in self._words.joined])
            # For "cakestan", REGENCY CAKESTAND 3 TIER counts more than CAKE STAND LACE, which has no such
            # word.
            whole = by_words == 100 * len(joined)
            by_name = np.maximum(by_name, np.where(whole, 0.995, 0.93) * begins)
        by_code = self._match_of_codes(_code(text))
        match: np.ndarray = np.maximum.reduce([0.99 * by_words / len(joined), by_name, by_code])
        return match

    def _match_of_codes(self, code: str) -> np.ndarray:
        match = np.zeros(len(self.ids))
        has_digits = any(map(str.isdigit, code))
        if has_digits:
            match = CODE_TYPO_MATCH / 100 * _similarity(code, self._codes)
        if has_digits or len(code) >= SHORTEST_LETTER_CODE:
            begun = PREFIX_MATCH if has_digits else LETTER_CODE_MATCH
            match[[known.startswith(code) for known in self._codes]] = begun
        match[[known == code for known in self._codes]] = 100
        return match


def _similarity(text: str, others: list[str]) -> np.ndarray:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    return 100 * np.asarray(cdist([text], others, scorer=OSA.normalized_similarity)[0], dtype=float)


def _code(text: str) -> str:
    return text.strip().upper()


def _name(text: str) -> str:
    return " ".join(text.casefold().split())


def words_of(text: str) -> list[str]:
    """Split a name into words: accents, case and punctuation don't count."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)
