"""Every catalogue has every marked sentence of the sources, and complete modules mark all of theirs."""

import io
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from shopper_widgets._support.locale import locales
from tests import messages

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "shopper_widgets/_support/translations"
OTHERS = [locale for locale in locales() if locale != "en"]
#: Room → modules in which every sentence is marked. Modules may be added, but not removed.
COMPLETE = {
    "charts": """
        cohorts customers demand diagnostics discounts evaluation expectations journeys maps
        markdown movements prices segments trends value
    """,
    "panels": """
        address base brushed_map campaign_result campaign_state chips choices class_table country customer
        customer_list dashboard dashboard_views date_box days demand discount download evaluation filter_rules
        filters fold grid journeys kept limits listed movements narrowed number_box number_limits overdue
        overview period predict price product_picker recommend repurchase retention sales search segment stock
        typed_box upload value words_box
    """,
    "publish": """
        clearing dashboard_page notebook parameters password sections
    """,
    "publish/page": """
        outline
    """,
    "segments": """
        choice
    """,
    "words": """
        brand buyers campaign_results campaigns changes_to_do customers discounts html journeys kept
        labels markdown overview products_to_do recommendations shop since stock stock_limits to_do
        told_of value why_segments
    """,
}


def catalogue(locale: str) -> Catalog:
    with (TRANSLATIONS / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale)


@pytest.fixture(scope="module")
def marked() -> set[Any]:
    """Return the messages of the sources with their contexts: a text, or singular and plural."""
    report = (ROOT / "notebooks/report.ipynb").read_bytes()
    found = [*messages.notebook(io.BytesIO(report), (), (), {})]
    for path in (ROOT / "shopper_widgets").rglob("*.py"):
        found += messages.python(io.BytesIO(path.read_bytes()), (), (), {})
    in_context = {message for _, name, message, _ in found if name == "pgettext"}
    told = {(None, message) for _, name, message, _ in found if name != "pgettext"}
    # Singulars of plural messages are found as texts, too.
    singular = {(None, message[0]) for _, message in told if isinstance(message, tuple)}
    return in_context | (told - singular)


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)(?::\w+)?\}", text))


def texts(message: Message, of: str) -> tuple[str, ...]:
    told = getattr(message, of)
    return (told,) if isinstance(told, str) else tuple(told)


@pytest.mark.parametrize("locale", OTHERS)
def test_a_catalogue_has_every_message_and_no_other(locale: str, marked: set[Any]) -> None:
    assert {(message.context, message.id) for message in catalogue(locale) if message.id} == marked


@pytest.mark.parametrize("locale", OTHERS)
def test_every_message_is_translated(locale: str) -> None:
    known = catalogue(locale)
    assert [m.id for m in known if m.id and not all(texts(m, "string"))] == []
    assert [m.id for m in known if m.id and m.fuzzy] == []
    assert {len(texts(m, "string")) for m in known if m.pluralizable} == {known.num_plurals}


@pytest.mark.parametrize("locale", OTHERS)
def test_a_translation_has_the_places_of_its_message(locale: str) -> None:
    for message in catalogue(locale):
        *one, several = map(places, texts(message, "id"))
        *few, many = map(places, texts(message, "string"))
        assert many == several, message.id
        # The singular may leave out the number.
        assert all(each <= set().union(several, *one) for each in few), message.id


@pytest.mark.parametrize("module", [f"{room}/{name}" for room in COMPLETE for name in COMPLETE[room].split()])
def test_a_complete_module_marks_all_that_it_says(module: str) -> None:
    assert messages.unmarked((ROOT / f"shopper_widgets/{module}.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "sheet", sorted((ROOT / "shopper_widgets").rglob("*.css")), ids=lambda sheet: sheet.name
)
def test_a_style_sheet_says_nothing(sheet: Path) -> None:
    """Signs need no translation; words come by `attr()` from code that translates them."""
    said = re.findall(r"""content:\s*["']([^"']*)""", sheet.read_text(encoding="utf-8"))
    assert [text for text in said if re.search(r"[^\W\d_]{2}", text)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('x = "Two words"', ["Two words"]),
        ('x = f"{n} of them"', [" of them"]),
        ('x = gettext("Two words", a=f"{n} of them")', [" of them"]),
        ('x = gettext("Two words")', []),
        ('"""A docstring."""\nraise ValueError("must be one")', []),
        ('raise traitlets.TraitError(f"There is no {x}.")', ["There is no "]),
        ('raise traitlets.TraitError(gettext("There is no {x}.", x=x)) from error', []),
        ('x = "sw-note"', []),
    ],
)
def test_what_is_not_marked_is_seen(source: str, found: list[str]) -> None:
    assert messages.unmarked(source) == found


def test_messages_are_found_within_others_and_in_headings() -> None:
    source = b'f"{gettext(\'Two words\')} {count_of(2, \'mug\')}"; ngettext("one", "two", n); N_("x")'
    found = [(message, name) for _, name, message, _ in messages.python(io.BytesIO(source), (), (), {})]
    assert set(found) == {
        ("Two words", "gettext"),
        (("mug", "mugs"), "ngettext"),
        (("one", "two"), "ngettext"),
        ("x", "gettext"),
    }
    book = b'{"cells": [{"cell_type": "markdown", "source": ["## Sales\\n", "of mugs"]}]}'
    assert [message for _, _, message, _ in messages.notebook(io.BytesIO(book), (), (), {})] == ["Sales"]


def test_the_commands_of_the_guide_begin_a_catalogue_and_keep_one_up_to_date(tmp_path: Path) -> None:
    guide = (ROOT / "docs/guides/translate.md").read_text(encoding="utf-8")
    commands = re.findall(r"^python -m (babel.messages.frontend .*)$", guide, re.MULTILINE)
    for place in ("build", "shopper_widgets/_support/translations"):
        commands = [command.replace(f"{place}/", f"{tmp_path}/") for command in commands]
    shutil.copy(TRANSLATIONS / "de.po", tmp_path)
    for command in commands:
        subprocess.run(
            [sys.executable, "-m", *shlex.split(command)], cwd=ROOT, check=True, capture_output=True
        )
    with (tmp_path / "fr.po").open("rb") as begun, (tmp_path / "de.po").open("rb") as updated:
        french, german = read_po(begun, locale="fr"), read_po(updated, locale="de")
    assert {message.id for message in french} == {message.id for message in german}
    assert [message.id for message in german if not all(texts(message, "string"))] == []
