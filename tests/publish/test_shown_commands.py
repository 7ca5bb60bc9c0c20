"""The command accepts each command line that the readme, the pages and the notebooks show."""

import re
import shlex
from pathlib import Path

import pytest

from shopper_widgets.publish.arguments import parser
from shopper_widgets.publish.options import PARAMETERS

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]


def shown(text: str) -> list[str]:
    """Find a text's commands: on lines of their own, within sentences, and in ``ARGS`` of ``make report``."""
    text = text.replace("\\\n", " ")
    lines = re.findall(r"^shopper-widgets .*$", text, re.MULTILINE)
    lines += re.findall(r"`(shopper-widgets [^`]+)`", text)
    lines += [
        f"shopper-widgets report {given}" for given in re.findall(r"make report .*ARGS='([^']*)'", text)
    ]
    # An ellipsis stands for arguments that are explained elsewhere.
    return [" ".join(line.replace("…", "").split()) for line in lines]


COMMANDS = [(str(page.relative_to(ROOT)), line) for page in PAGES for line in shown(page.read_text("utf-8"))]


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_that_is_shown_is_taken(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if "--help" in words:
        words.remove("--help")
    assert parser().parse_args(words).command == words[0]


@pytest.mark.parametrize("page", [page for page in PAGES if page.suffix == ".md"], ids=lambda page: page.name)
def test_an_option_that_a_sentence_names_is_there(page: Path) -> None:
    (commands,) = (action for action in parser()._actions if action.dest == "command")
    assert isinstance(commands.choices, dict)
    known = {flag for command in commands.choices.values() for flag in command._option_string_actions}
    named = re.findall(r"`(--[a-z-]+)[^`]*`", page.read_text("utf-8"))
    assert set(named) <= known


@pytest.mark.parametrize("page", [ROOT / "docs/guides/monthly.md"])
def test_papermill_is_given_parameters_of_the_notebook(page: Path) -> None:
    named = re.findall(r"-p (\w+)", page.read_text("utf-8"))
    assert named and set(named) <= {option.name for option in PARAMETERS}


def test_commands_are_found_where_they_are_shown() -> None:
    assert {page for page, _ in COMMANDS} >= {
        *("README.md", "docs/guides/monthly.md", "docs/guides/measure.md", "docs/guides/publish.md"),
        *("docs/guides/engines.md", "docs/guides/layout.md", "notebooks/tutorial.ipynb"),
    }


@pytest.mark.parametrize(
    "line", ["report o.csv --no-such", "report o.csv --format word", "dashboard --port x"]
)
def test_a_command_that_the_parser_does_not_know_would_fail(line: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(line.split())
