"""A table of any length to sort, page through, choose from and download; it takes a few kilobytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any

import anywidget
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.csv import csv_file
from shopper_widgets._support.excel import TYPE, to_excel
from shopper_widgets._support.locale import ENGLISH, N_, current_locale, gettext, in_locale, ngettext
from shopper_widgets.panels.base import guarded
from shopper_widgets.words.labels import Column

NOTHING = N_("Nothing to show.")


class Grid(anywidget.AnyWidget):
    """Show a frame page by page, sorted by any column; the browser only holds the rows of the page.

    All rows and columns of the frame can be downloaded as a CSV file, which is made on request.
    Cells are sent and shown as text, so that names in the data can't become markup.
    Clicking a heading and setting `sort_by` are the same event; likewise `page`, and `chosen` for a row.

    Parameters
    ----------
    columns : sequence of Column
        The columns to show, from `describe`.
    key : str, optional
        Column whose value `chosen` takes when a row is chosen; without one, rows can't be chosen.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    page_size : int
        Rows on a page, 10 by default.
    sortable : bool
        Whether headings sort, as they do by default.
    sort_by : str
        Name of the column that orders the rows; ``""`` keeps the frame's order.
    descending : bool
        Whether the largest comes first.
    page : int
        The current page, from 0.
    chosen : str
        Key of the chosen row, ``""`` for none.
    filename : str
        The file name for downloading the whole frame; ``""`` offers none.
    excel : bool
        Whether to offer it as an Excel workbook, too.
    what : str
        What a row is, in the singular, such as ``"customer"``.

    Examples
    --------
    >>> from shopper_widgets.words.labels import describe
    >>> grid = Grid(describe(["product_id", "orders"]), sort_by="orders")
    >>> grid.show(pd.DataFrame({"product_id": ["A", "B"], "orders": [1, 2]}), caption="Products")
    >>> grid.rows
    [['B', '2'], ['A', '1']]
    >>> grid.descending = False
    >>> grid.rows
    [['A', '1'], ['B', '2']]
    >>> grid.file().decode("utf-8-sig").split()
    ['product_id,orders', 'A,1', 'B,2']
    """

    _esm = Path(__file__).with_name("grid.js")

    caption = traitlets.Unicode().tag(sync=True)
    columns: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    rows: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    keys_shown: traitlets.List[str] = traitlets.List().tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    in_file = traitlets.Int(None, allow_none=True).tag(sync=True)
    page_size = traitlets.Int(10, min=1).tag(sync=True)
    sortable = traitlets.Bool(True).tag(sync=True)
    sort_by = traitlets.Unicode().tag(sync=True)
    descending = traitlets.Bool(True).tag(sync=True)
    page = traitlets.Int(0).tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)
    empty = traitlets.Unicode(NOTHING).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)
    filename = traitlets.Unicode().tag(sync=True)
    excel = traitlets.Bool(False).tag(sync=True)
    what = traitlets.Unicode("row").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    #: The traits that a visitor may change; Python alone sets all others.
    MOVED_BY_VISITOR = ("sort_by", "descending", "page", "chosen")

    def __init__(self, columns: Sequence[Column], *, key: str = "", **state: Any) -> None:
        self._columns = list(columns)
        self._key = key
        self.locale = current_locale()
        self._frame = pd.DataFrame({c.name: [] for c in columns})
        self._order: pd.Index[int] | None = None
        #: Turns the frame into the one for a file; by default it is the same frame.
        self.prepare: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame
        usual = {"empty": gettext(NOTHING), "words": _words(state.get("what", "row"))}
        super().__init__(columns=_headings(columns), **(usual | state))
        self.observe(self._from_first, ["sort_by", "descending"])
        self.observe(self._draw, "page")
        self.on_msg(self._send_file)

    def show(self, frame: pd.DataFrame, *, caption: str, columns: Sequence[Column] | None = None) -> None:
        """Show another frame from its first page on, and other columns of it if they are given."""
        self._frame = frame
        with self.hold_sync():
            self.caption = caption
            if columns is not None:
                self._columns = list(columns)
                self.columns = _headings(columns)
            self._from_first()

    def clear(self) -> None:
        """Show no rows and no caption."""
        self.show(pd.DataFrame({column.name: [] for column in self._columns}), caption="")

    def say(self, text: str) -> None:
        """Show a message above the table; an empty text removes it."""
        self.message = text

    @property
    def sorted_frame(self) -> pd.DataFrame:
        """The whole frame in the order that is shown. Equal values keep the frame's order."""
        return self._sorted_rows(slice(None))

    def file(self) -> bytes:
        """Return the whole frame, in the order that is shown, as a CSV file that is safe in a spreadsheet."""
        with in_locale(self.locale):
            return csv_file(self.prepare(self.sorted_frame))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Accept only the traits that a visitor may change from the browser."""
        super().set_state({k: v for k, v in sync_data.items() if k in self.MOVED_BY_VISITOR})

    @traitlets.validate("sort_by")
    def _known_column(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        known = [c.name for c in self._columns]
        if name and name not in known:
            raise traitlets.TraitError(
                gettext(
                    "sort_by must be one of {names}, or empty, not {name}",
                    names=", ".join(known),
                    name=repr(plain(name)),
                )
            )
        return name

    @traitlets.validate("page")
    def _existing_page(self, proposal: dict[str, Any]) -> int:
        last = max(0, (len(self._frame) - 1) // self.page_size)
        page: int = proposal["value"]
        return min(max(page, 0), last)

    def _from_first(self, _: object = None) -> None:
        self._order = None
        with self.hold_sync():
            self.page = 0
            self._draw()

    def _sorted_rows(self, which: slice) -> pd.DataFrame:
        """Return rows of the sorted frame; only row numbers are sorted, as there may be millions of rows."""
        if not self.sort_by:
            return self._frame.iloc[which]
        if self._order is None:
            column = self._frame[self.sort_by].reset_index(drop=True)
            self._order = column.sort_values(
                ascending=not self.descending, kind="stable", na_position="last"
            ).index
        return self._frame.iloc[self._order[which]]

    @guarded
    def _send_file(self, _: object, content: dict[str, Any], *__: object) -> None:
        self.say("")
        if self.filename and self.excel and content.get("kind") == "xlsx":
            name = PurePath(self.filename).with_suffix(".xlsx").name
            try:
                file = to_excel(self.prepare(self.sorted_frame))
            except ValueError as error:  # more rows than a sheet can hold
                raise traitlets.TraitError(str(error)) from error
            self.send({"filename": name, "type": TYPE}, buffers=[file])
        elif self.filename:
            self.send({"filename": self.filename}, buffers=[self.file()])

    @guarded
    def _draw(self, _: object = None) -> None:
        self.say("")
        start = self.page * self.page_size
        shown = self._sorted_rows(slice(start, start + self.page_size))
        texts = [[column.cell(value) for value in shown[column.name]] for column in self._columns]
        with self.hold_sync():
            self.total = len(self._frame)
            self.keys_shown = [str(k) for k in shown[self._key]] if self._key else []
            self.rows = [list(cells) for cells in zip(*texts, strict=True)]


def _words(what: str) -> dict[str, str]:
    """Return the words of the table's script; nothing in English, which it has itself."""
    if current_locale() == ENGLISH:
        return {}
    one, several = (ngettext(what, f"{what}s", n).partition("|")[0] for n in (1, 2))
    return {
        "locale": current_locale(),
        "back": gettext("Previous"),
        "on": gettext("Next"),
        "of": gettext("of"),
        "making": gettext("Making the file …"),
        "download": gettext("Download {things} (CSV)"),
        "sort": gettext("Sort by:"),
        "one": one,
        "several": several,
    }


def _headings(columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [{"name": c.name, "label": c.label, "css": c.css} for c in columns]
