"""Extract users' messages from the sources for Babel: ``pybabel extract -F pyproject.toml`` calls this.

It finds the texts in ``gettext``, ``ngettext``, ``pgettext`` and ``N_``, the nouns that ``count_of`` and
tables count, and the headings of the report's notebook.
"""

import ast
import json
import re
from collections.abc import Iterator
from typing import IO, Any

Found = tuple[int, str, str | tuple[str, ...], list[str]]
HEADING = re.compile(r"^#+ +(.+?)$", flags=re.MULTILINE)


def python(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Find the messages of a module, including those within f-strings."""
    for node in ast.walk(ast.parse(file.read())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        if node.func.id in ("gettext", "N_") and texts:
            yield node.lineno, "gettext", texts[0], []
        elif node.func.id in ("ngettext", "pgettext") and len(texts) == 2:
            yield node.lineno, node.func.id, texts, []
        elif node.func.id in ("count_of", "download_link") and texts:
            yield node.lineno, "ngettext", (texts[-1], f"{texts[-1]}s"), []
        elif node.func.id == "Grid":
            for word in node.keywords:
                if word.arg == "what":
                    thing = ast.literal_eval(word.value)
                    yield node.lineno, "ngettext", (thing, f"{thing}s"), []


def notebook(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Find the headings of a notebook."""
    for number, cell in enumerate(json.load(file)["cells"], 1):
        if cell["cell_type"] == "markdown":
            for text in HEADING.findall("".join(cell["source"])):
                yield number, "gettext", text, []


#: Calls whose texts are marked, or not for users.
_CALLS = {
    "gettext",
    "ngettext",
    "pgettext",
    "N_",
    "count_of",
    "Markup",
    "debug",
    "info",
    "warning",
    "exception",
}
_WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|[.;:,] [^\W\d_]{2,}|^[^\W\d_]{2,} $|^ [^\W\d_]{2,}")


def unmarked(source: str) -> list[str]:
    """Return the sentences of a module that aren't marked: text that is no error, key, tag or docstring.

    The text of a TraitError counts too: a page shows it to its reader.
    """
    told = (text for text in _spoken(ast.parse(source)) if not re.search("[<>]", text))
    return [text for text in told if _WORDS.search(text)]


def _spoken(node: ast.AST) -> Iterator[str]:
    if (
        isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and _name(node.exc.func) == "TraitError"
    ):
        yield from (said for argument in node.exc.args for said in _spoken(argument))
        return
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _name(node.func) in _CALLS):
        for value in getattr(node, "keywords", []):
            yield from _spoken(value)
        return
    if isinstance(node, ast.Subscript):
        yield from _spoken(node.value)
        return
    if isinstance(node, ast.JoinedStr) and any("<" in text for text in _constants(node)):
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                yield from _spoken(value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):  # a docstring
            yield from _spoken(child)


def _constants(node: ast.JoinedStr) -> list[str]:
    return [str(value.value) for value in node.values if isinstance(value, ast.Constant)]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
