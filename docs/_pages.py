"""The generated parts of these pages: results of code, charts, the report's options, the rooms.

Directives: ``run`` runs its code and shows it with its result; ``options`` lists options of the report;
``rooms`` draws which room imports which. Their files are in ``_made``, which is never committed.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import io
import numbers
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import altair as alt
import pandas as pd
import vl_convert
from _rooms import drawing
from docutils import nodes
from docutils.parsers.rst import directives
from ipywidgets import Widget
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

import shopper_widgets as sw
from shopper_widgets import charts
from shopper_widgets.panels import ChartView, Panel
from shopper_widgets.publish import options

#: The greatest width of a chart's plot on these pages, in pixels.
_WIDTH = 560
#: Page → the variables of its code so far.
_names: dict[str, dict[str, Any]] = {}


@functools.cache
def _shop() -> dict[str, Any]:
    """Return the names that every page's code starts with; the model is fitted once for all pages."""
    model = sw.ShopperModel.fit(sw.load_sample(), currency="£", evaluate=True, progress=False)
    return {"sw": sw, "charts": charts, "model": model}


class Run(SphinxDirective):
    """Run Python and show its result: a frame as a table, a chart or a panel's charts as pictures, else text.

    An error in the code stops the build. Later blocks of a page know the variables of earlier ones.
    """

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"hide-code": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the code and its result."""
        code = "\n".join(self.content)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                result = _result(code, _names.setdefault(self.env.docname, dict(_shop())))
        except Exception as error:
            raise self.error(f"This code fails: {type(error).__name__}: {error}\n{code}") from error
        shown: list[nodes.Node] = []
        if "hide-code" not in self.options:
            shown.append(nodes.literal_block(code, code, language="python"))
        if printed.getvalue():
            shown.append(_text(printed.getvalue()))
        if isinstance(result, Panel):
            shown += [self._picture(view.spec) for view in _views(result) if view.spec]
        elif isinstance(result, alt.TopLevelMixin):
            shown.append(self._picture(charts.to_spec(result)))
        elif isinstance(result, pd.DataFrame):
            shown.append(
                _table([*map(str, result.columns)], [[*map(_cell, row)] for row in result.to_numpy()])
            )
        elif result is not None:
            shown.append(_text(result if isinstance(result, str) else repr(result)))
        return shown

    def _picture(self, spec: dict[str, Any]) -> nodes.image:
        wide = _as_wide_as_the_page(spec)
        title = wide["title"]["text"]
        said = title if isinstance(title, str) else " ".join(title)
        name = f"{self.env.docname}-{self.env.new_serialno('chart')}.png".replace("/", "-")
        # Drawn as pixels: a browser whose letters are wider than the measured ones would cut off text.
        return _image(self.env.srcdir, name, vl_convert.vegalite_to_png(wide, scale=2), said)


def _views(widget: Widget) -> Iterator[ChartView]:
    """Find the charts of a panel, from top to bottom."""
    if isinstance(widget, ChartView):
        yield widget
    for child in getattr(widget, "children", ()):
        yield from _views(child)


class Options(SphinxDirective):
    """List options of the report, as `shopper_widgets.publish.options` defines them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a table of the options in the tuple of that name."""
        listed: tuple[options.Option, ...] = getattr(options, self.arguments[0])
        rows = []
        for option in listed:
            # The order of day and month has two flags in the command, which `options.add_options` adds.
            pair = "--dayfirst, --monthfirst" if option.name == "dayfirst" else ""
            flag = pair or (f"--{option.name.replace('_', '-')}" if option.flag is not None else "")
            default = option.otherwise or ("" if option.default in (None, "", {}) else str(option.default))
            rows.append([option.name, flag, option.help, default])
        return [_table(["parameter", "of the command", "what it is", "without it"], rows, code=2)]


class Rooms(SphinxDirective):
    """Draw the rooms of the package, and which imports which, from its imports."""

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        drawn, said = drawing()
        return [_image(self.env.srcdir, "rooms.svg", drawn.encode(), said)]


def _result(code: str, names: dict[str, Any]) -> Any:
    """Run code; return the value of its last line if that is an expression."""
    body = ast.parse(code).body
    last = body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(code, "<docs>", "exec"), names)
        return None
    exec(compile(ast.Module(body[:-1], []), "<docs>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<docs>", "eval"), names)


def _as_wide_as_the_page(spec: Any) -> Any:
    """Give charts that fill their container the width of these pages."""
    if isinstance(spec, dict):
        return {
            key: _WIDTH if key == "width" and value == "container" else _as_wide_as_the_page(value)
            for key, value in spec.items()
        }
    return [_as_wide_as_the_page(one) for one in spec] if isinstance(spec, list) else spec


def _image(source: Path, name: str, drawn: bytes, said: str) -> nodes.image:
    made = Path(source) / "_made"
    made.mkdir(exist_ok=True)
    (made / name).write_bytes(drawn)
    return nodes.image(uri=f"/_made/{name}", alt=said)


def _text(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text.rstrip("\n"), language="text", classes=["result"])


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:,.2f}"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _table(header: list[str], rows: list[list[str]], *, code: int = 0) -> nodes.table:
    """Make a table; the first `code` columns are set as code."""
    group = nodes.tgroup(cols=len(header))
    group += [nodes.colspec(colwidth=1) for _ in header]
    head, body = nodes.thead(), nodes.tbody()
    head += _row([nodes.Text(name) for name in header])
    body += [
        _row(
            [
                nodes.literal(text, text) if i < code and text else nodes.Text(text)
                for i, text in enumerate(row)
            ]
        )
        for row in rows
    ]
    group += [head, body]
    table = nodes.table()
    table += group
    return table


def _row(cells: list[Any]) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        entry = nodes.entry()
        entry += nodes.paragraph("", "", cell)
        row += entry
    return row


def _begin(app: Sphinx, docname: str, source: list[str]) -> None:
    """Forget the variables of a page that is read again."""
    _names.pop(docname, None)


def _object(name: str) -> Any:
    """Return the object of a dotted name; a function with the name of its module comes first."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        with contextlib.suppress(ImportError, AttributeError):
            module = importlib.import_module(".".join(parts[:length]))
            return functools.reduce(getattr, parts[length:], module)
    return None


def _link(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.Element
) -> nodes.Element | None:
    """Link a name of a docstring to the entry of the same thing under its public name."""
    if node.get("refdomain") != "py":
        return None
    known, target = env.domains["py"].objects, node["reftarget"]
    last = target.rpartition(".")[2]
    places = {name: entry for name, entry in known.items() if name.rpartition(".")[2] == last}
    if target.startswith("shopper_widgets."):
        meant = _object(target)
        places = {name: entry for name, entry in places.items() if _object(name) is meant is not None}
    else:
        places = {name: entry for name, entry in places.items() if f".{name}".endswith(f".{target}")}
    if len({(entry.docname, entry.node_id) for entry in places.values()}) != 1:
        return None
    (entry, *_) = places.values()
    return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, text)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives with Sphinx."""
    app.add_directive("run", Run)
    app.add_directive("options", Options)
    app.add_directive("rooms", Rooms)
    app.connect("source-read", _begin)
    app.connect("missing-reference", _link)
    return {"parallel_read_safe": False, "version": sw.__version__}
