"""What every panel shares: a heading, a place for messages, guarded callbacks, controls tied to traits."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    ParamSpec,
    Protocol,
    Self,
    TypeVar,
    runtime_checkable,
)

import ipywidgets as widgets
import traitlets
from markupsafe import Markup

from shopper_widgets._support.checks import as_path
from shopper_widgets._support.csv import csv_file
from shopper_widgets._support.locale import ENGLISH, N_, current_locale, gettext, in_its_locale, in_locale
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels.model_given import check_model
from shopper_widgets.panels.selection import Selection
from shopper_widgets.words.html import alert, heading

if TYPE_CHECKING:
    import pandas as pd
    from narwhals.typing import IntoFrame


logger = logging.getLogger(__name__)

_SHEETS = (
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("tokens.css", "panels.css")
)
STYLE = Markup("<style>{}</style>").format(Markup("\n").join(map(Markup, _SHEETS)))
WORKING = N_("Working this out …")
NO_CUSTOMER = N_("There is no customer {customer}.")
BROKEN = N_("Something went wrong here; the log has the details. The rest of the page still works.")

#: Seconds that typing must pause before the charts are drawn.
PAUSE_S = 0.25

#: The number of changes that can be undone.
_STEPS = 50

P = ParamSpec("P")


class Speaker(Protocol):
    """Something that can show a message, such as a panel."""

    def say(self, text: str) -> None:
        """Show a message; an empty text removes it."""


@runtime_checkable
class Answering(Protocol):
    """A control that shows next to itself what was wrong with the last entry."""

    def forget(self) -> None:
        """Remove this message."""


Owner = TypeVar("Owner", bound=Speaker)


def guarded(callback: Callable[Concatenate[Owner, P], None]) -> Callable[Concatenate[Owner, P], None]:
    """Let no callback fail silently: its error is shown on the page, and logged with its traceback.

    A value that a panel refuses (`traitlets.TraitError`) is for the visitor to correct: its text is shown.
    """

    @functools.wraps(callback)
    def run(self: Owner, /, *args: P.args, **kwargs: P.kwargs) -> None:
        with in_locale(getattr(self, "locale", "")):
            try:
                callback(self, *args, **kwargs)
            except traitlets.TraitError as error:
                logger.warning("%s refused a value: %s", type(self).__name__, error)
                self.say(str(error))
            except Exception:
                logger.exception("%s.%s failed", type(self).__name__, callback.__name__)
                self.say(gettext(BROKEN))

    return run


class Panel(widgets.VBox):  # type: ignore[misc]
    """A view of a fitted model whose public traits are its whole state.

    A subclass names its `state`, makes controls and views in `_build`, and shows the state in `_draw`. Code,
    a link or a visitor sets a trait: each causes the same redraw, so that equal states show the same.

    Parameters
    ----------
    model : ShopperModel or frame
        What to show; it is never changed. From order lines, as :func:`~shopper_widgets.read_transactions`
        gives them, a model is fitted first and becomes the panel's ``model``: to see several panels, fit the
        model yourself, once.
    **state
        Initial values of the panel's traits.

    Raises
    ------
    TypeError
        `model` is neither, or a trait is one that the panel doesn't have.
    traitlets.TraitError
        A value that a trait refuses.

    Examples
    --------
    >>> from shopper_widgets.datasets import load_sample
    >>> from shopper_widgets.panels import SegmentPanel
    >>> panel = SegmentPanel(ShopperModel.fit(load_sample()))
    >>> panel.segment = "At-Risk"
    >>> panel.changed(), panel.code
    ({'segment': 'At-Risk'}, "SegmentPanel(model, segment='At-Risk')")
    >>> panel.undo()
    >>> panel.changed()
    {}
    """

    #: What the panel shows at the moment, as a new data frame; it can be observed, and linked one way.
    selection = Selection()
    #: The language of the panel. It is set once, at the start; default: the language in force then.
    locale = traitlets.Unicode()

    heading: ClassVar[str] = ""
    state: ClassVar[tuple[str, ...]] = ()
    uploaded: ClassVar[tuple[str, ...]] = ()  # of the state, files: they stay out of the address
    where_unfiltered: ClassVar[str] = N_("This view is worked out from the whole shop.")

    def __new__(cls, model: Any = None, **state: Any) -> Self:
        """Refuse what is not a model before a panel looks into it."""
        check_model(model)
        panel: Self = super().__new__(cls, **state)
        return panel

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.__init__ = in_its_locale(cls.__init__)  # type: ignore[method-assign]

    def __init__(self, model: ShopperModel | IntoFrame, **state: Any) -> None:
        if unknown := sorted(set(state) - set(self.trait_names())):
            raise TypeError(
                f"{type(self).__name__} has no trait {unknown[0]!r}; its state is: {', '.join(self.state)}"
            )
        self.model = model if isinstance(model, ShopperModel) else ShopperModel.fit(model)
        self._message = widgets.HTML()
        self._bound: list[tuple[widgets.Widget, str, str]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._ready = self._drawing = False
        self._drawn: tuple[Any, ...] | None = None
        self._steps: list[dict[str, Any]] = []
        self._stepped: set[str] = set()
        self._undo = widgets.Button(description=gettext("Undo"), icon="undo", disabled=True)
        self._undo.on_click(self._on_undo)
        super().__init__(**({"locale": current_locale()} | state))
        self._start = {name: self.trait_defaults(name) for name in self.state}
        self.add_class("sw-panel")
        self._message.add_class("sw-message")
        head = widgets.HTML(STYLE + heading(gettext(self.heading)))
        self.children = (head, self._message, *self._build())
        self.observe(self._on_state, list(self.state))
        self._redraw()
        self._ready = True

    @traitlets.validate("customer_id")
    def _known_customer(self, proposal: dict[str, Any]) -> str:
        """Refuse a `customer_id` that is not in the model."""
        customer_id: str = proposal["value"]
        if customer_id and not (self.model.customers[CUSTOMER_ID] == customer_id).any():
            raise traitlets.TraitError(gettext(NO_CUSTOMER, customer=repr(str(customer_id))))
        return customer_id

    def to_csv(self, path: str | Path) -> Path:
        """Write the `selection` as a CSV file for spreadsheets, in which no text runs as a formula.

        Parameters
        ----------
        path : path
            The file; an existing one is replaced, whole or not at all.

        Returns
        -------
        Path
            `path`.

        Raises
        ------
        TypeError
            `path` is not a path.
        """
        path = as_path("path", path)
        write_whole(path, csv_file(self.selection))
        return path

    @property
    def code(self) -> str:
        """The Python that recreates this panel in its current state."""
        spoken = {"locale": self.locale} if self.locale != ENGLISH else {}
        told = [
            f"{name}={(str(value) if isinstance(value, dt.date) else value)!r}"
            for name, value in (spoken | self.changed()).items()
        ]
        return f"{type(self).__name__}({', '.join(['model', *told])})"

    def reset(self) -> None:
        """Return to the state of a new panel."""
        with self.hold_trait_notifications():
            for name in self.state:
                setattr(self, name, self._start[name])
        for control, _, _ in self._bound:
            if isinstance(control, Answering):
                control.forget()

    def undo(self) -> None:
        """Undo the last change, if there is one. All typing in one box is one change."""
        if not self._steps:
            return
        before = self._steps.pop()
        steps, self._stepped = list(self._steps), set()
        with self.hold_trait_notifications():
            for name, value in before.items():
                setattr(self, name, value)
        # Emptying a text also clears what was chosen by it: the second pass restores an earlier choice.
        for name, value in before.items():
            setattr(self, name, value)
        self._steps, self._stepped = steps, set()
        self._undo.disabled = not steps

    def changed(self) -> dict[str, Any]:
        """Return the part of the state that differs from that of a new panel.

        Returns
        -------
        dict
            Trait → its value; ``type(panel)(panel.model, **changed)`` shows the same.
        """
        now = {name: getattr(self, name) for name in self.state}
        return {name: value for name, value in now.items() if value != self._start[name]}

    def _opened_from(self, before: dict[str, Any]) -> None:
        """Let undo lead to a state that was never drawn: the one without the filters given at the start."""
        self._steps, self._undo.disabled = [before], False

    def say(self, text: str) -> None:
        """Show a message at the head of the panel; an empty one removes it.

        Parameters
        ----------
        text : str
            A sentence; it is escaped.
        """
        self._message.value = alert(text)

    def _selected(self) -> pd.DataFrame:
        """Compute the `selection`."""
        raise NotImplementedError

    def _build(self) -> list[widgets.Widget]:
        """Make the controls and views, once."""
        raise NotImplementedError

    def _draw(self) -> None:
        """Make the views show the state."""
        raise NotImplementedError

    def _bind(self, control: widgets.Widget, name: str, attribute: str = "value") -> widgets.Widget:
        """Tie an attribute of a control to a trait of the panel: each follows the other.

        The attributes of a control are read together: a click on a heading changes two of them, and a redraw
        between the two would put the panel's old direction on the new column.
        """
        control.observe(
            lambda _: self._take(**{n: getattr(c, a) for c, a, n in self._bound if c is control}), attribute
        )
        self._bound.append((control, attribute, name))
        return control

    def _soon(self, draw: Callable[[], None]) -> None:
        """Draw at once, or in a kernel when events pause, so that charts don't delay typing.

        A drawing reads the state when it is made, so a late drawing never shows an old state.
        """
        try:
            loop = asyncio.get_running_loop() if self._ready else None
        except RuntimeError:
            loop = None
        if loop is None:
            draw()
            return
        if self._timer:
            self._timer.cancel()
        self._timer = loop.call_later(PAUSE_S, draw)

    def _reset_button(self, text: str = "") -> widgets.Widget:
        """Make the buttons that reset the panel and undo the last change."""
        button = widgets.Button(description=text or gettext("Reset"), icon="fast-backward")
        button.on_click(self._on_reset)
        pair = widgets.Box([button, self._undo])
        pair.add_class("sw-pair")
        return pair

    @guarded
    def _on_undo(self, _: widgets.Button) -> None:
        self.undo()

    @guarded
    def _on_reset(self, _: widgets.Button) -> None:
        self.reset()
        self._drawn = None
        self._redraw()

    @guarded
    def _take(self, /, **state: Any) -> None:
        if self._drawing:
            return
        self.say("")
        with self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def _on_state(self, _: object) -> None:
        now = tuple(getattr(self, name) for name in self.state)
        if self._drawn != now:
            # Changes that a change causes are part of it.
            if not self._drawing:
                self._remember(now)
            self._redraw()

    def _remember(self, now: tuple[Any, ...]) -> None:
        """Keep the state before a change, for undo."""
        if self._drawn is None:
            return
        before = dict(zip(self.state, self._drawn, strict=True))
        moved = {name for name, value in zip(self.state, now, strict=True) if value != before[name]}
        # In boxes to type in, letters and digits come one by one; everything else is one change each.
        typed = {name for control, _, name in self._bound if isinstance(control, Answering)}
        if not (len(moved) == 1 and moved <= typed and moved == self._stepped):
            self._steps = [*self._steps[-_STEPS:], before]
        self._stepped = moved
        self._undo.disabled = False

    @guarded
    def _redraw(self) -> None:
        self.say("")
        self._drawn = tuple(getattr(self, name) for name in self.state)
        # Filling a control changes its value for a moment, which is not an action of the visitor.
        self._drawing = True
        try:
            for control, attribute, name in self._bound:
                setattr(control, attribute, getattr(self, name))
            self._draw()
        finally:
            self._drawing = False
        if "selection" in self._trait_notifiers:  # it may take long to compute, for nobody
            new = {"name": "selection", "owner": self, "type": "change", "old": None, "new": self.selection}
            self.notify_change(traitlets.Bunch(new))


def row(*children: widgets.Widget) -> widgets.Box:
    """Place controls side by side; they wrap on a narrow page."""
    box = widgets.Box(children)
    box.add_class("sw-row")
    return box


def slim(*children: widgets.Widget) -> widgets.Box:
    """Place many short controls side by side, as :func:`row` does."""
    box = row(*children)
    box.add_class("sw-slim")
    return box


def columns(*children: widgets.Widget) -> widgets.Box:
    """Place views in equal columns; on a narrow page they are below each other."""
    box = widgets.Box(children)
    box.add_class("sw-columns")
    return box


def field(control: widgets.Widget, kind: str = "") -> widgets.Widget:
    """Give a control its label above and a width that fits the page. `kind` may be ``"sw-wide"``."""
    control.add_class("sw-field")
    if kind:
        control.add_class(kind)
    return control
