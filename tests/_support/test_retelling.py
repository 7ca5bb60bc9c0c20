"""Messages stored in English are shown in the language in force; unknown text stays as it is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from shopper_widgets._support import locale
from shopper_widgets._support.formatting import count_of, format_count, format_decimal, format_share, listed
from shopper_widgets._support.locale import gettext, in_locale, ngettext
from shopper_widgets._support.retelling import retold

NOTES = {
    "Cancelled orders: those with numbers such as C536379; none of their 9,288 lines is a sale.": (
        "Stornierte Bestellungen: die mit Nummern wie C536379; keine ihrer 9.288 Zeilen ist ein Verkauf."
    ),
    "orders.csv: line 3 (and 2 more lines) holds a sum of others, and is left out.": (
        "orders.csv: Zeile 3 (und 2 weitere Zeilen) enthält eine Summe anderer Zeilen und wird ausgelassen."
    ),
    "Guests, not one customer: 'a' and 'b' under customer_id. Without a customer: 12 orders (13 %).": (
        "Gäste, nicht ein Kunde: 'a' und 'b' unter customer_id. Ohne Kunden: 12 Bestellungen (13 %)."
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
    said = ngettext(
        "{number} of their {lines} is a sale", "{number} of their {lines} are sales", number, **told
    )
    with in_locale("de"):
        assert retold(said) == f"{number} ihrer 1.200 Zeilen {german}"


@pytest.mark.parametrize(("lines", "told"), [(1, "1 Zeile liegt"), (3, "3 Zeilen liegen")])
def test_a_day_and_a_phrase_are_said_in_the_language_too(lines: int, told: str) -> None:
    said = ngettext(
        "The last order is of {last}, but only {lines} comes after {before}, following {days} days without "
        "orders. {behind}: check these dates, or give as_of.",
        "The last order is of {last}, but only {lines} come after {before}, following {days} days without "
        "orders. {behind}: check these dates, or give as_of.",
        lines,
        last="9 Dec 2011",
        lines=count_of(lines, "line"),
        before="8 Oct 2010",
        days="426",
        behind="Recency counts from the last order",
    )
    with in_locale("de"):
        german = retold(said)
    assert "9. Dez. 2011" in german and "8. Okt. 2010" in german and "Recency zählt ab" in german
    assert told in german
    assert not re.search(r"\b(the|order|lines|days)\b", german)


def test_german_agrees_with_one_and_with_several() -> None:
    unread = "1 value of 9 under 'Date' cannot be read as a date, for example 'x'; the lines are left out."
    given_back = "'A': 1 unit of 1 line was given back or cancelled: it is not subtracted, since {} with a "
    given_back += "negative quantity may be the same."
    with in_locale("de"):
        assert retold(unread).startswith("Nicht als Datum lesbar: 1 Wert von 9 unter 'Date', ")
        for lines, german in (("1 line", "1 Zeile"), ("3 lines", "3 Zeilen")):
            told = retold(given_back.format(lines))
            assert told.endswith(f", denn es steht vielleicht schon als {german} mit negativer Menge da.")


#: Placeholder → its text in the language in force.
SAMPLES: dict[str, Callable[[], object]] = {
    **dict.fromkeys(["where", "name", "same", "book"], lambda: "2 orders"),
    **dict.fromkeys(["rows"], lambda: count_of(3, "row")),
    **dict.fromkeys(["lines", "filled"], lambda: count_of(1200, "line")),
    **dict.fromkeys(
        [
            "header",
            "id",
            "by",
            "example",
            "first",
            "second",
            "price",
            "point",
            "comma",
            "day",
            "month",
            "date",
            "word",
        ],
        lambda: "'Line of orders'",
    ),
    **dict.fromkeys(["names", "files", "headers", "shown"], lambda: listed(["'A'", "'B'", "'C and D'"])),
    **dict.fromkeys(["named"], lambda: listed(["'A'", "'B'"])),
    **dict.fromkeys(["total", "gross", "net"], lambda: format_decimal(12345.5, 2)),
    **dict.fromkeys(["chosen"], lambda: "3"),
    **dict.fromkeys(["all", "units", "of_all", "of_one"], lambda: format_count(1200)),
    "missing": lambda: ", ".join([gettext("date"), gettext("order number")]),
    "more": lambda: count_of(2, "more line"),
    "what": lambda: gettext("labels, not an order"),
    "line": lambda: 12,
    "number": lambda: format_count(1234),
    "engine": lambda: "polars",
    "numbers": lambda: count_of(2, "order number"),
    "read": lambda: "order_id ← 'Line of orders', quantity ← 'Menge'",
    "setting": lambda: "cancelled=…",
    "pattern": lambda: "^RMA",
    "exchanged": lambda: gettext("day and month exchanged"),
    "last": lambda: gettext("{number}th", number=12),
    "days": lambda: format_count(1200),
    "months": lambda: format_count(14),
    "years": lambda: listed(["1970", "2099"]),
    "code": lambda: "EUR",
    "codes": lambda: "1, 2, 10",
    "values": lambda: count_of(1234, "value"),
    "kind": lambda: gettext("a date"),
    "read_as": lambda: gettext(" (amounts of whole orders)"),
    "orders": lambda: count_of(1, "order"),
    "returns": lambda: count_of(3, "return"),
    "share": lambda: format_share(0.13),
    "money": lambda: format_decimal(1234.5, 2),
    "least": lambda: "3",
    "found": lambda: gettext(
        "of the lines with {least} units or more, {of_all} have the price of one times their number, "
        "{of_one} the price of one",
        least=3,
        of_all=format_count(1200),
        of_one=format_count(0),
    ),
    "why": lambda: gettext("nothing in the lines tells whether it is"),
    "used": lambda: "1 EUR = 1, 1 USD = 0.9",
    "sums": lambda: gettext(
        "{header} adds up to {total}, quantity × {price} to {gross}",
        header="'A'",
        total=format_decimal(12345.5, 2),
        price="'B'",
        gross=format_decimal(2.5, 2),
    ),
    "told": lambda: ngettext(
        "{headers}: {units} unit of {lines} was given back or cancelled",
        "{headers}: {units} units of {lines} were given back or cancelled",
        1200,
        headers=listed(["'A'", "'B'"]),
        units=format_count(1200),
        lines=count_of(3, "line"),
    ),
}


def _of_orders() -> list[tuple[str, ...]]:
    """Return the messages with placeholders of how orders are read: one form each, or singular and plural."""
    with (Path(locale.__file__).with_name("translations") / "de.po").open("rb") as file:
        read = [*read_po(file, locale="de")]
    ids = [message.id for message in read if any("/orders/" in path for path, _ in message.locations)]
    said = [(one,) if isinstance(one, str) else tuple(one) for one in ids]
    parts = {("{number}rd",), ("{number}th",)}  # these fill a placeholder of another message
    return [one for one in said if "{" in one[0] and one not in parts]


@pytest.mark.parametrize("where", ["de", "de-CH", "en-ZA"])
@pytest.mark.parametrize("ids", _of_orders(), ids=lambda ids: ids[0][:60])
def test_every_note_of_how_orders_were_read_is_said_again_as_it_would_be_said(
    ids: tuple[str, ...], where: str
) -> None:
    def said(number: int) -> str:
        places = re.findall(r"\{(\w+)", ids[0])
        values = {place: SAMPLES[place]() for place in places}
        return gettext(ids[0], **values) if len(ids) == 1 else ngettext(ids[0], ids[1], number, **values)

    for number in (1, 2):
        in_english = said(number)
        with in_locale(where):
            assert retold(in_english) == said(number)


@pytest.mark.parametrize("told", ["Cancelled orders", "Adjustments"])
def test_how_order_numbers_were_chosen_is_said_again(told: str) -> None:
    def said(how: str) -> str:
        chosen = gettext(how, told=gettext(told), pattern="^RMA")
        counted = {"chosen": format_count(3), "all": format_count(1200)}
        return gettext(
            "{told} ({setting}): {chosen} of {all}.", told=chosen, setting="cancelled=…", **counted
        )

    def none() -> str:
        return gettext(
            "{told}: none by order number ({setting}).", told=gettext(told), setting="cancelled=None"
        )

    for how in (
        "{told}: order numbers of the pattern {pattern}",
        "{told}: order numbers chosen by the function",
    ):
        in_english, none_in_english = said(how), none()
        with in_locale("de"):
            assert retold(in_english) == said(how)
            assert retold(none_in_english) == none()


@pytest.mark.parametrize("kind", [" (amounts)", " (fractions of the price)", " (percentages)"])
def test_how_discounts_were_read_is_said_again(kind: str) -> None:
    def said() -> str:
        return gettext(
            "Discounts in {named}{read_as}, {total} in all, are taken off the lines. {setting} changes that.",
            named=listed(["'A'", "'B'"]),
            read_as=gettext(kind),
            total=format_decimal(1200, 2),
            setting="discounts='leave'",
        )

    def either() -> str:
        return gettext(
            "Nothing tells whether the discounts in {header} are amounts or percentages: they are left as "
            "they are, and the amounts are read as what was paid. {setting} takes them off.",
            header="'A'",
            setting=gettext("discounts={first} or {second}", first="'amount'", second="'percent'"),
        )

    in_english, either_in_english = said(), either()
    with in_locale("de"):
        assert retold(in_english) == said()
        assert retold(either_in_english) == either()


def test_the_sums_of_several_currencies_are_said_again() -> None:
    def said() -> str:
        sums = [("EUR", 1200, 3), ("USD", 2.5, 1)]
        return gettext(
            "Converted by the rates given: {used}; {header} holds {sums}.",
            used="1 EUR = 1, 1 USD = 0.9",
            header="'Currency'",
            sums=", ".join(f"{c} {format_decimal(sum_, 2)} ({count_of(n, 'line')})" for c, sum_, n in sums),
        )

    in_english = said()
    with in_locale("de"):
        assert retold(in_english) == said()
        assert "EUR 1.200,00 (3 Zeilen), USD 2,50 (1 Zeile)" in said()


def test_what_stands_before_a_note_is_the_name_of_a_file_and_its_sheet() -> None:
    said = (
        "2 orders.xlsx, sheet 'May': 1,234 dates, such as '1/2/2020' in line 3, are out of order unless day "
    )
    said += (
        "and month exchanged, in a file whose other dates are in order: it seems to mix two notations. They "
    )
    said += "are read as the other dates prove; correct them in the file."
    with in_locale("de"):
        assert retold(said).startswith("2 orders.xlsx, Blatt 'May': 1.234 ")
