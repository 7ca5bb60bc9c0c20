import pickle
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopper_widgets.errors import AmbiguousProductError, UnknownProductError
from shopper_widgets.recommend.catalogue import Catalogue
from shopper_widgets.recommend.item import ItemRecommender

PRODUCTS = [
    ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 90),
    ("85099B", "JUMBO BAG RED RETROSPOT", 80),
    ("20725", "LUNCH BAG RED RETROSPOT", 70),
    ("22629", "SPACEBOY LUNCH BOX", 60),
    ("22423", "REGENCY CAKESTAND 3 TIER", 50),
    ("22424", "Café  Crème Set", 40),
    ("20001", "RED RETROSPOT", 5),
    ("30001", "Metal sign", 4),
    ("30002", "METAL  SIGN", 3),
    ("40001", "???", 2),
]


@pytest.fixture(scope="module")
def shop():
    return Catalogue(*zip(*PRODUCTS, strict=True))


def found(shop, text, n=10):
    return shop.search(text, n)["product_id"].tolist()


@pytest.mark.parametrize(
    "asked",
    ["85123A", " 85123a ", "White  hanging heart t-light HOLDER ", "\twhite hanging heart t-light holder"],
)
def test_find_by_id_or_name(shop, asked):
    assert shop.ids[shop.find(asked)] == "85123A"


def test_an_id_goes_before_a_name():
    shop = Catalogue(["A", "B"], ["B", "A"], [1, 1])
    assert shop.ids[shop.find("A")] == "A"


def test_an_unclean_id_is_found_as_it_stands():
    shop = Catalogue(["a", "A"], ["one", "two"], [1, 1])
    assert [int(shop.find(code)) for code in ("a", "A")] == [0, 1]


def test_unknown_product_names_the_nearest(shop):
    with pytest.raises(UnknownProductError) as caught:
        shop.find("jumbo bag retrospot")
    assert isinstance(caught.value, KeyError)
    assert caught.value.product == "jumbo bag retrospot"
    assert caught.value.nearest[0] == "JUMBO BAG RED RETROSPOT"
    assert "'jumbo bag retrospot' (nearest: JUMBO BAG RED RETROSPOT" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_unknown_product_with_nothing_near(shop):
    with pytest.raises(UnknownProductError, match=r"search\(text\)"):
        shop.find("")


def test_shared_name_gives_the_candidates(shop):
    with pytest.raises(AmbiguousProductError, match="30001, 30002") as caught:
        shop.find("metal sign")
    assert isinstance(caught.value, ValueError)
    assert caught.value.candidates == ("30001", "30002")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("method", ["find", "search"])
def test_numbers_are_refused(shop, method):
    with pytest.raises(TypeError, match=r"must be text.*got int 22423"):
        getattr(shop, method)(22423)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("22423", "22423"),
        ("85123a", "85123A"),
        ("8512", "85123A"),
        ("85132A", "85123A"),
        ("holder heart white", "85123A"),
        ("reg cake", "22423"),
        ("regncy caekstand", "22423"),
        ("lunchbox", "22629"),
        ("cafe creme", "22424"),
        ("CAFÉ", "22424"),
        ("red retrospot", "20001"),
        ("red retrospt", "20001"),
        ("t-light", "85123A"),
        ("lunch bag rde", "20725"),
        ("jumbobag red", "85099B"),
    ],
)
def test_search_puts_what_was_meant_first(shop, text, first):
    assert found(shop, text)[0] == first


def test_a_name_that_holds_the_word_comes_before_one_that_is_but_spelt_alike():
    stands = [(str(i), f"CAKE STAND {kind}", 9) for i, kind in enumerate("ABC")]
    shop = Catalogue(*zip(*stands, ("X", "REGENCY CAKESTAND 3 TIER", 5), strict=True))
    for letters in range(5, 10):  # also while it is typed
        assert found(shop, "cakestand"[:letters], 1) == ["X"]
    assert found(shop, "cakestandb", 1) == ["1"]  # joined
    assert found(shop, "cake stand", 3) == ["0", "1", "2"]
    # Of names with both words, the one that begins with them comes first.
    shop = Catalogue(["A", "B"], ["HANGING WHITE HEART", "WHITE HANGING HEART"], [9, 1])
    assert found(shop, "white hanging") == ["B", "A"]


def test_equal_matches_come_by_customers_then_id():
    shop = Catalogue(["C", "B", "A", "D"], ["Mug blue", "Mug red", "Mug pink", "Mug grey"], [1, 7, 1, 7])
    assert found(shop, "mug") == ["B", "D", "A", "C"]


def test_one_letter_finds_popular_words_that_begin_so(shop):
    assert found(shop, "r", n=3) == ["85099B", "20725", "22423"]


@pytest.mark.parametrize("text", ["", "  ", "?!", "_", "…", "qqqqqqqq", "<img src=x>" * 50])
def test_odd_text_finds_nothing_but_keeps_the_shape(shop, text):
    result = shop.search(text)
    assert result.empty
    assert result.columns.tolist() == ["product_id", "product_name", "match"]
    assert result.dtypes.equals(shop.search("red").dtypes)


def test_match_scale(shop):
    assert shop.search("RED-RETROSPOT").loc[0, "match"] == 100
    assert shop.search("20725").loc[0, "match"] == 100
    assert shop.search("2072").loc[0, "match"] == 95
    assert shop.search("lunch red").loc[0, "match"] == 99


def test_n_is_checked(shop):
    assert len(shop.search("red", n=2)) == 2
    with pytest.raises(ValueError, match="n must be a whole number of at least 1; got 0"):
        shop.search("red", n=0)


@given(st.text(max_size=30), st.integers(1, 12))
def test_any_text_gives_an_ordered_answer(text, n):
    shop = Catalogue(*zip(*PRODUCTS, strict=True))
    result = shop.search(text, n)
    assert len(result) <= n
    assert result["product_id"].is_unique
    assert result["match"].between(60, 100).all()
    assert result["match"].is_monotonic_decreasing


#: NumPy's text ends at a NUL, which files of orders don't contain.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(texts, texts)
def test_an_id_and_a_name_always_find_their_product(name, code):
    shop = Catalogue([code, "other id"], [name, "another name altogether"], [1, 1])
    assert shop.find(code) == 0
    assert shop.ids[shop.find(name)] in (code, name)


def misspelt(text: str, rng: np.random.Generator, letters: str = string.ascii_uppercase) -> str:
    """Return text with one letter inserted, left out, replaced, or swapped with the next."""
    at, letter = rng.integers(len(text) - 1), letters[rng.integers(len(letters))]
    return [
        text[:at] + letter + text[at:],
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    ][rng.integers(4)]


@pytest.fixture(scope="module")
def real_shop(online_retail):
    return ItemRecommender().fit(online_retail).catalogue_


class TestOneTypoOnTheRealCatalogue:
    """With one typo, a right answer is among the first five."""

    @pytest.fixture
    def asked(self, real_shop):
        return np.random.default_rng(0).choice(len(real_shop.ids), 800, replace=False)

    def test_names(self, real_shop, asked):
        rng = np.random.default_rng(1)
        hits = [real_shop.ids[i] in found(real_shop, misspelt(real_shop.names[i], rng), n=5) for i in asked]
        assert np.mean(hits) >= 0.98

    def test_first_three_words(self, real_shop, asked):
        """Many names begin the same: any product with that beginning is right, mostly the one meant."""
        rng, right, same = np.random.default_rng(2), [], []
        for i in asked:
            words = real_shop.names[i].split()
            if len(words) > 3:
                begun = " ".join(words[:3])
                shown = real_shop.search(misspelt(begun, rng), n=5)
                same.append(real_shop.ids[i] in set(shown["product_id"]))
                right.append(same[-1] or shown["product_name"].str.startswith(begun).any())
        assert np.mean(right) >= 0.97
        assert np.mean(same) >= 0.90

    def test_codes(self, real_shop, asked):
        """A typo that gives another product's code, or its beginning, is left out."""
        rng, hits = np.random.default_rng(3), []
        codes = real_shop.ids.tolist()
        for i in asked:
            typed = misspelt(codes[i], rng, string.digits)
            if not any(code.startswith(typed) for code in codes):
                hits.append(codes[i] in found(real_shop, typed, n=5))
        assert np.mean(hits) >= 0.92


def test_ids_that_differ_in_case_only_are_told_apart():
    shop = Catalogue(["A1", "a1"], ["Red mug", "Blue mug"], [1, 1])
    assert [shop.find("A1"), shop.find("a1"), shop.find(" a1")] == [0, 1, 1]
    assert shop.known(["A1", "a1", "B1"]).tolist() == [0, 1]


def test_codes_of_letters_are_found_whole_and_begun():
    shop = Catalogue(["POSTER", "MUG", "X"], ["Big picture", "Postal scale", "Mug"], [1, 1, 9])
    assert shop.search("poster")["product_id"].tolist()[0] == "POSTER"
    assert shop.search("post")["product_id"].tolist() == ["MUG", "POSTER"]
    assert shop.search("mug")["match"].tolist() == [100, 100]
    assert shop.search("x").iloc[0].tolist() == ["X", "Mug", 100]
    assert shop.search("po")["product_id"].tolist() == ["MUG"]


def test_a_number_that_two_products_share_is_told_with_their_codes():
    shop = Catalogue(["A1", "B2", "C3"], ["540", "540", "541"], [1, 1, 1])
    assert [shop.called(place) for place in range(3)] == [
        "product 540 (A1)",
        "product 540 (B2)",
        "product 541",
    ]
