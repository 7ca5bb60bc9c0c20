import numpy as np
import pytest
import traitlets

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.number_limits import Limits, Number, WholeNumber, read_number, written

ORDERS = Limits("Orders", least=1, most=50)


class Chooser(traitlets.HasTraits):
    share = Number(Limits("Share", most=1), 0.5)
    orders = WholeNumber(ORDERS, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), (" 3 ", 3), ("-5", -5), ("\u22125", -5), ("+2", 2), ("2.7", 2.7), ("2,7", 2.7), (".5", 0.5),
        ("7.", 7), ("1,234", 1234), ("1,234.5", 1234.5), ("1,234,567", 1_234_567), ("1 234", 1234),
        ("1\u00a0234", 1234), ("1\u202f234,5", 1234.5), ("1.234,5", 1234.5), ("1.234", 1.234),
        ("1'234", 1234),
        ("1,23,456", None), ("1,234,56", None), ("1.234,567,8", None), ("12,34", 12.34), ("£9.99", 9.99),
        ("9.99 £", 9.99), ("", None), ("-", None), (".", None), (",", None), ("abc", None), ("1e5", None),
        ("nan", None), ("inf", None), ("1_0", None), ("0x10", None), ("1 2", None), ("$5", None),
        ("--5", None), ("5%", None), ("1.2.3", None),
        ("0.500", 0.5), ("0,500", 0.5),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text, number):
    assert read_number(text, "£") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.500", 1500), ("2.000", 2000), ("1,234", 1.234), ("1.234.567", 1_234_567), ("12.5", 12.5),
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("0.500", 0.5), ("1 500", 1500), ("1.2.3", None),
    ],
)  # fmt: skip
def test_numbers_are_read_in_the_language_in_force(text, number):
    with in_locale("de"):
        assert read_number(text) == number


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("number", [0.0, 1.0, 0.1, 1661.74, 1e12, 1e-7, 1.234, 123456789.01])
def test_what_is_written_is_read_again(number, locale):
    with in_locale(locale):
        assert read_number(written(number)) == number


@pytest.mark.parametrize("value", [0, 51, 2.5, float("nan"), float("inf"), None, "3", True, [3]])
def test_what_is_out_of_the_limits_is_refused_in_the_words_of_the_label(value):
    chooser = Chooser(orders=7)
    with pytest.raises(traitlets.TraitError, match=r"^Orders: a whole number from 1 to 50, not .*\.$"):
        chooser.orders = value
    assert chooser.orders == 7


def test_the_edges_are_taken_and_kept_as_what_they_are():
    chooser = Chooser()
    for orders, share in ((1, 0), (50, 1), (np.int64(3), np.float64(0.25)), (4.0, 1)):
        chooser.orders, chooser.share = orders, share
        assert (chooser.orders, chooser.share) == (orders, share)
        assert (type(chooser.orders), type(chooser.share)) == (int, float)


def test_an_endless_limit_is_told_only_where_it_is_broken():
    assert Limits("Spent").refusal(-1) == "Spent: a number from 0, not -1."
    assert Limits("Spent").refusal(1e13) == "Spent: a number from 0 to 1,000,000,000,000, not 10000000000000."


def test_a_limit_without_an_end_is_told_in_german():
    with in_locale("de"):
        assert Limits("Share").wanted == "Anteil: eine Zahl ab 0"
        assert Limits("Share", most=1).wanted == "Anteil: eine Zahl von 0 bis 1"
