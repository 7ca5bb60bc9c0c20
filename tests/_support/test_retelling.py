"""What was stored in English is said again in the language in force; what nobody knows stays as it is."""

import re

import pytest

from shopper_widgets._support.locale import gettext, in_locale, ngettext
from shopper_widgets._support.retelling import retold

NOTES = {
    "Cancelled orders: those with numbers such as C536379; none of their 9,288 lines is sold.": (
        "Stornierte Bestellungen: die mit Nummern wie C536379; keine ihrer 9.288 Zeilen ist ein Verkauf."
    ),
    "orders.csv: line 3 (and 2 more lines) holds a sum of others, and is left out.": (
        "orders.csv: Zeile 3 (und 2 weitere Zeilen) enthält eine Summe anderer Zeilen und wird ausgelassen."
    ),
    "'a' and 'b' under customer_id: guests, not one customer. 12 orders (13 %) without a customer.": (
        "'a' und 'b' unter customer_id: Gäste, nicht ein Kunde. 12 Bestellungen (13 %) ohne Kunden."
    ),
    "1 line dated 2099, years away from all other orders: left out.": (
        "1 Zeile aus 2099, Jahre von allen anderen Bestellungen entfernt: ausgelassen."
    ),
}


@pytest.mark.parametrize("note", NOTES)
def test_a_note_is_said_again_with_its_numbers_and_things(note: str) -> None:
    assert retold(note) == note
    with in_locale("de"):
        assert retold(note) == NOTES[note]


@pytest.mark.parametrize(
    "note",
    ["Somebody's own words.", "Exported on a Monday: see the wiki.", "", "12", "sales of May and June.csv"],
)
def test_what_no_message_made_stays(note: str) -> None:
    with in_locale("de"):
        assert retold(note) == note


def test_what_a_file_says_stays_as_it_stands_there() -> None:
    header, mail = "'Orders and Customers'", "'line of 2 lines'"
    said = gettext("No line has {id}: customers are identified by {by}.", id=header, by=mail)
    with in_locale("de"):
        assert retold(said) == f"Keine Zeile hat {header}: Kunden werden an {mail} erkannt."


@pytest.mark.parametrize(("number", "german"), [(1, "ist ein Verkauf"), (2, "sind Verkäufe")])
def test_one_is_told_from_several(number: int, german: str) -> None:
    told = {"number": number, "lines": "1,200 lines"}
    said = ngettext("{number} of their {lines} is sold", "{number} of their {lines} are sold", number, **told)
    with in_locale("de"):
        assert retold(said) == f"{number} ihrer 1.200 Zeilen {german}"


def test_a_day_and_a_phrase_are_said_in_the_language_too() -> None:
    said = gettext(
        "The last order is of {last}, but only {lines} come after {before}, following {days} days without "
        "orders. {behind}: check these dates, or give as_of.",
        last="9 Dec 2011",
        lines="3 lines",
        before="8 Oct 2010",
        days="426",
        behind="Recency counts from the last order",
    )
    with in_locale("de"):
        german = retold(said)
    assert "9. Dez. 2011" in german and "8. Okt. 2010" in german and "Recency zählt ab" in german
    assert not re.search(r"\b(the|order|lines|days)\b", german)
