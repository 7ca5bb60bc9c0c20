"""The language in force: which languages there are, where each holds, and its numbers, money and days."""

import asyncio
from datetime import date

import pytest
from babel.numbers import get_decimal_symbol, get_group_symbol

from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_day,
    format_decimal,
    format_money,
    format_month,
    format_number,
    format_share,
    listed,
)
from shopper_widgets._support.locale import (
    check_locale,
    current_locale,
    d3_locale,
    gettext,
    in_locale,
    locales,
    ngettext,
    set_locale,
)


def test_a_locale_that_is_not_there_is_refused_with_those_that_are() -> None:
    told = "locale must be one of 'en', 'de', or one of these with a region, such as 'en-US'; got 'xx'"
    with pytest.raises(ValueError, match=told):
        set_locale("xx")
    with pytest.raises(ValueError, match=told), in_locale("xx"):
        pass
    assert current_locale() == "en"


@pytest.mark.parametrize("locale", ["fr-FR", "de-XX", "de-AT-1", "", None, 3])
def test_a_region_is_one_of_a_language_that_there_is(locale: str) -> None:
    with pytest.raises(ValueError, match="locale must be one of 'en', 'de', or"):
        check_locale(locale)


@pytest.mark.parametrize(
    ("locale", "name", "money", "day"),
    # The thousands separator of some regions differs between versions of Babel.
    [
        ("de_AT", "de-AT", "€\u00a01.234,50", "9. Dez. 2011"),
        ("de-ch", "de-CH", f"€\u00a01{get_group_symbol('de_CH')}234.50", "9. Dez. 2011"),
        ("DE-LI", "de-LI", f"€\u00a01{get_group_symbol('de_LI')}234.50", "9. Dez. 2011"),
        ("en-US", "en-US", "€1,234.50", "Dec 9, 2011"),
        ("en-GB", "en-GB", "€1,234.50", "9 Dec 2011"),
        ("en-ZA", "en-ZA", f"€1{get_group_symbol('en_ZA')}234{get_decimal_symbol('en_ZA')}50", "09 Dec 2011"),
        ("de-DE", "de-DE", "1.234,50\u00a0€", "9. Dez. 2011"),
    ],
)
def test_figures_of_a_region_are_written_as_there_in_the_words_of_its_language(
    locale: str, name: str, money: str, day: str
) -> None:
    with in_locale(locale):
        assert current_locale() == name
        assert (format_money(1234.5, "€", exact=True), format_day(date(2011, 12, 9))) == (money, day)
        assert gettext("Orders") == ("Bestellungen" if name.startswith("de") else "Orders")
        assert count_of(2, "day") == ("2 Tage" if name.startswith("de") else "2 days")
        marks = d3_locale()["number"]
        assert (marks["thousands"] in money, marks["decimal"] in money) == (True, True)


def test_a_locale_holds_in_its_block_and_no_longer() -> None:
    with pytest.raises(KeyError), in_locale("de"):
        with in_locale("en"):
            assert gettext("Orders") == "Orders"
        with in_locale(""):
            assert gettext("Orders") == "Bestellungen"
        raise KeyError
    assert current_locale() == "en"


def test_a_locale_of_the_process_gives_way_to_that_of_a_block() -> None:
    set_locale("de")
    try:
        with in_locale("en"):
            assert current_locale() == "en"
        assert current_locale() == "de"
    finally:
        set_locale("en")


def test_what_is_drawn_later_speaks_the_language_of_its_block() -> None:
    async def later() -> list[str]:
        said: list[str] = []
        with in_locale("de"):
            asyncio.get_running_loop().call_later(0, lambda: said.append(gettext("Orders")))
        await asyncio.sleep(0.01)
        return said

    assert asyncio.run(later()) == ["Bestellungen"]


def test_what_no_catalogue_has_is_said_in_english() -> None:
    with in_locale("de"):
        assert gettext("No catalogue has {this}", this="{braces}") == "No catalogue has {braces}"
        assert ngettext("one", "several", 2) == "several"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (lambda: format_money(1234.5, "£", exact=True), "1.234,50\u00a0£"),
        (lambda: format_money(-2.9, "EUR"), "-2,90\u00a0EUR"),
        (lambda: format_money(45_210, "£"), "45,2 Tsd.\u00a0£"),
        (lambda: format_money(8_911_407.904), "8,91 Mio."),
        (lambda: format_money(12e12, "£"), "12.000 Mrd.\u00a0£"),
        (lambda: format_money(None, "£"), "–"),
        (lambda: format_count(397_884), "397.884"),
        (lambda: format_number(38.25), "38,2"),
        (lambda: format_decimal(1234.5, 2), "1.234,50"),
        (lambda: format_share(0.0042), "0,4 %"),
        (lambda: format_share(0.00001), "< 0,1 %"),
        (lambda: format_share(0.99999), "> 99,9 %"),
        (lambda: format_day(date(2011, 12, 9)), "9. Dez. 2011"),
        (lambda: format_month(date(2011, 5, 9)), "Mai 2011"),
        (lambda: listed([2, 3, 4]), "2, 3 und 4"),
        (lambda: f"{count_of(1, 'order')}, {count_of(1_591, 'order')}", "1 Bestellung, 1.591 Bestellungen"),
    ],
)
def test_german_figures(written, text: str) -> None:
    with in_locale("de"):
        assert written() == text


def test_charts_have_the_marks_and_months_of_the_language() -> None:
    assert d3_locale() == {}
    with in_locale("de"):
        told = d3_locale()
    assert (told["number"]["decimal"], told["number"]["thousands"]) == (",", ".")
    assert told["time"]["months"][2] == "März"
    assert told["time"]["shortDays"][0] == "So."


def test_english_needs_no_catalogue() -> None:
    assert locales()[0] == "en"


def test_an_abbreviation_ends_a_sentence_with_its_own_full_stop() -> None:
    assert gettext("Up to {money}.", money="40,3 Tsd.") == "Up to 40,3 Tsd."
    assert gettext("Up to {money}.", money="40,3 Tsd. €") == "Up to 40,3 Tsd. €."
