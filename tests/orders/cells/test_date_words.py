"""Months, weekdays and zones are understood in the languages of shops, or refused."""

import random

import pytest
from babel import Locale

from shopper_widgets.orders.cells.date_words import (
    LANGUAGES,
    AmbiguousWordsError,
    is_weekday,
    replacements,
    zone_offset,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
@pytest.mark.parametrize("use", ["format", "stand-alone"])
def test_the_months_of_every_language(language, width, use):
    months = Locale.parse(language).months[use][width]
    for written in (str, str.upper, lambda name: name.rstrip(".")):
        assert replacements([written(name) for name in months.values()]) == {
            written(name): f"/M{number}/"
            for number, name in sorted(months.items(), key=lambda m: (-len(written(m[1])), written(m[1])))
        }


def test_a_few_months_of_a_year_are_read_right_or_refused():
    chance = random.Random(0)
    for language in LANGUAGES:
        months = Locale.parse(language).months["format"]["abbreviated"]
        for some in (chance.sample(sorted(months), n) for n in (1, 2, 3)):
            try:
                found = replacements([months[number] for number in some])
            except AmbiguousWordsError:
                continue
            assert {months[number]: f"/M{number}/" for number in some} == found


def test_forms_that_programs_write_beside_those_of_cldr():
    assert replacements(["Mrz", "Okt"])["Mrz"] == "/M3/"
    assert replacements(["FEV", "aou"]) == {"FEV": "/M2/", "aou": "/M8/"}
    assert replacements(["Sept"])["Sept"] == "/M9/"


def test_words_of_two_meanings_are_refused():
    with pytest.raises(AmbiguousWordsError, match="'lis' is month 11 in Polish, month 10 in Croatian"):
        replacements(["lis"])
    assert replacements(["lis", "sty"])["lis"] == "/M11/"  # January is Polish
    with pytest.raises(AmbiguousWordsError, match=r"'IST' is \+01:00 .*\+05:30 .*timezone="):
        replacements(["IST"])
    assert replacements(["IST"], "Asia/Kolkata") == {"IST": " +05:30"}


def test_what_is_no_word_of_a_date_stays():
    assert replacements(["soon", "T", "Z", "PM"]) == {}
    # a word that only begins like a month is unknown
    assert replacements(["Mar", "Martini"]) == {"Martini": "?", "Mar": "/M3/"}


def test_weekdays_and_zones():
    assert all(map(is_weekday, ("Mon", "Mi.", "jeudi", "sábado", "пн", "水")[:5]))
    assert not is_weekday("Mar 1")
    assert [zone_offset(name) for name in ("CET", "CEST", "EST", "PDT", "MESZ", "JST", "nowhere")] == [
        *("+01:00", "+02:00", "-05:00", "-07:00", "+02:00", "+09:00"),
        None,
    ]
