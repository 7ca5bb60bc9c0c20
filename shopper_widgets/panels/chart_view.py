"""A chart widget with a replaceable chart and readable selections, offline, with one Vega per page."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import ipywidgets
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import gettext
from shopper_widgets.charts.drawing import drawing_source
from shopper_widgets.charts.theme import to_spec

#: Type sizes, spaces and colors, for panels and charts.
TOKENS = Path(__file__).with_name("tokens.css").read_text(encoding="utf-8")

Selection = list[dict[str, Any]] | dict[str, list[Any]]


class VegaRuntime(ipywidgets.Widget):  # type: ignore[misc]
    """Sends Vega to the page once. It has no view; every `ChartView` refers to the same one."""

    _model_name = traitlets.Unicode("WidgetModel").tag(sync=True)
    _model_module = traitlets.Unicode("@jupyter-widgets/base").tag(sync=True)
    _model_module_version = traitlets.Unicode("2.0.0").tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)

    _shared: VegaRuntime | None = None

    @classmethod
    def shared(cls) -> VegaRuntime:
        """Return this kernel's runtime, which is made at its first use, and again after it was closed."""
        if cls._shared is None or cls._shared.comm is None:
            cls._shared = cls(source=drawing_source())
        return cls._shared


class ChartView(anywidget.AnyWidget):
    """Show an Altair chart, and return what is selected in it.

    A view is created once, and its `chart` is replaced: it then shows what a new view of that chart would
    show.

    Parameters
    ----------
    chart : altair.Chart or None
        The chart; ``None`` shows nothing. ``width="container"`` follows the width of the view's place.
    description : str, optional
        What a screen reader says in place of the picture. Default: the chart's description, else its title.
    **kwargs
        Initial values of the traits below, or of those that every widget has, such as ``layout``.

    Attributes
    ----------
    spec : dict
        The Vega-Lite specification on show, data included. It follows `chart`.
    selections : dict
        Name of a selection → what is selected. A point selection is a list of ``{field: value}`` (``[]`` when
        nothing is); an interval is ``{field: [low, high]}`` (``{}``), times in milliseconds since 1970.
        Assigning it and dragging in the browser are the same event. Replacing `chart` empties it.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"segment": ["Regular", "At-Risk"], "customers": [3, 1]})
    >>> pick = alt.selection_point(name="pick", fields=["segment"])
    >>> bars = alt.Chart(frame, title="Most are Regular").mark_bar().encode(x="customers", y="segment")
    >>> view = ChartView(bars.add_params(pick))
    >>> view.selections, view.description
    ({'pick': []}, 'Most are Regular')
    >>> view.selections = {"pick": [{"segment": "At-Risk"}]}
    >>> view.reset()
    >>> view.selections
    {'pick': []}
    """

    _esm = Path(__file__).with_name("chart_view.js")
    _css = f"{TOKENS}\n{Path(__file__).with_name('chart_view.css').read_text(encoding='utf-8')}"

    chart = traitlets.Instance(alt.TopLevelMixin, allow_none=True)
    spec = traitlets.Dict().tag(sync=True)
    selections = traitlets.Dict().tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)
    _runtime = traitlets.Instance(VegaRuntime).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(
        self, chart: alt.TopLevelMixin | None = None, *, description: str = "", **kwargs: Any
    ) -> None:
        self._nothing: dict[str, Selection] = {}
        self._stated = description
        super().__init__(chart=chart, _runtime=VegaRuntime.shared(), **kwargs)

    def reset(self) -> None:
        """Clear every selection."""
        self.selections = deepcopy(self._nothing)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser sends, leaving out selections of a chart that is no longer shown.

        Parameters
        ----------
        sync_data : dict
            Trait → its new value; only ``selections`` is taken.
        """
        sent = sync_data.get("selections")
        if isinstance(sent, dict):
            known = {k: v for k, v in sent.items() if k in self._nothing and _same_kind(v, self._nothing[k])}
            sync_data = sync_data | {"selections": known}
        super().set_state({k: v for k, v in sync_data.items() if k == "selections"})

    @traitlets.observe("chart")
    def _show(self, change: dict[str, Any]) -> None:
        spec = {} if change["new"] is None else to_spec(change["new"])
        self._nothing = _empty_selections(spec)
        with self.hold_sync():
            self.spec = spec
            self.selections = deepcopy(self._nothing)
            self.description = self._stated or _describe(spec)

    @traitlets.validate("selections")
    def _complete(self, proposal: dict[str, Any]) -> dict[str, Selection]:
        value: dict[str, Selection] = proposal["value"]
        for name, selected in value.items():
            if name not in self._nothing:
                known = ", ".join(self._nothing) or "none"
                raise traitlets.TraitError(f"selections: this chart has no {name!r}; it has: {known}")
            if not _same_kind(selected, self._nothing[name]):
                kind = "a list of {field: value}" if self._nothing[name] == [] else "{field: [low, high]}"
                raise traitlets.TraitError(f"selections[{name!r}] must be {kind}, not {plain(selected)!r}")
        return deepcopy(self._nothing) | value


def _empty_selections(spec: dict[str, Any]) -> dict[str, Selection]:
    empty: dict[str, Selection] = {}
    for param in spec.get("params", []):
        select = param.get("select")
        if select:
            kind = select if isinstance(select, str) else select["type"]
            empty[param["name"]] = [] if kind == "point" else {}
    return empty


def _same_kind(selected: Any, nothing: Selection) -> bool:
    if isinstance(nothing, list):
        return isinstance(selected, list) and all(isinstance(row, dict) for row in selected)
    return isinstance(selected, dict) and all(isinstance(v, list | tuple) for v in selected.values())


def _describe(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return spec.get("description") or (" ".join(text) if isinstance(text, list) else text) or gettext("Chart")
