"""How good the suggestions are, beside what is simpler, on orders that no method had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets.charts import evaluation_comparison
from shopper_widgets.panels.base import Panel, columns, field, heading, paragraph, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.download import download_link
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.tables import describe, html_table

if TYPE_CHECKING:
    from shopper_widgets.model import ShopperModel

METHOD, METRIC, CUT_DATE = "method", "metric", "cut_date"
SHOWN = [METHOD, CUT_DATE, "value", "low", "high"]
#: What a metric is called, and what it says, for lists of {n}.
MEANING = {
    "hit_rate": ("Hit rate", "the share of lists of {n} that name at least one right product"),
    "ndcg": ("NDCG", "how many right products a list of {n} names, and how early; 1 is a perfect list"),
    "recall": ("Recall", "the share of what was bought that a list of {n} names"),
    "precision": ("Precision", "the share of a list of {n} that was bought"),
}
#: What describes lists and makes none of them better.
ABOUT_LISTS = ("coverage", "novelty", "popularity_rank")
REPEAT, EXPLORE = "repeat_", "explore_"
NOT_MEASURED = (
    "How good the suggestions are was not measured for this model. "
    "To measure it, fit the model with evaluate=True on at least three months of orders."
)
BASKETS = "shown one product of a later basket, each method named what else might be in it"
NEXT_ORDERS = "told who orders next, each method named what that order might hold"
INTERVALS = (
    "An interval holds 95 % of what comes out when customers are drawn anew. Where the intervals of two "
    "methods lie apart, the difference is not due to which customers happened to order."
)


class EvaluationPanel(Panel):
    """Show methods side by side, with intervals, on orders that none of them had seen.

    Where buying again and buying something new were scored apart, both are shown too. A model that was not
    evaluated says so.

    Parameters
    ----------
    model : ShopperModel
        Gives the evaluation.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    metric : str
        By what the methods are measured, such as ``"hit_rate@10"``; ``""`` where nothing was.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=150, n_products=60, n_days=200, random_state=0)
    >>> panel = EvaluationPanel(ShopperModel.fit(orders, evaluate=True, progress=False))
    >>> panel.metric
    'hit_rate@10'
    >>> panel.selection["method"].unique().tolist()
    ['Shopper Spectrum', 'Popularity', 'Cosine on quantities']
    """

    heading = "How good are the suggestions, and compared with what?"
    state = (METRIC,)

    metric = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        measured = model.evaluation
        self._evaluation = pd.DataFrame(columns=[*SHOWN, METRIC]) if measured is None else measured
        known = self._evaluation[METRIC].unique().tolist()
        #: What can be chosen, the easiest to read first.
        self.metrics = [m for kind in MEANING for m in known if m.split("@")[0] == kind]
        super().__init__(model, **state)

    @property
    def selection(self) -> pd.DataFrame:
        """The evaluation by the chosen metric, with repeat and explore purchases where they are apart."""
        return self._scores("", REPEAT, EXPLORE)

    @traitlets.default("metric")
    def _easiest_to_read(self) -> str:
        longest = [m for m in self.metrics if m.split("@")[0] == self.metrics[0].split("@")[0]]
        return longest[-1] if longest else ""

    @traitlets.validate("metric")
    def _known(self, proposal: dict[str, Any]) -> str:
        metric: str = proposal["value"]
        if metric not in (self.metrics or [""]):
            known = ", ".join(self.metrics) or "none"
            raise traitlets.TraitError(f"The methods were not measured by {metric!r}; there are: {known}.")
        return metric

    def _build(self) -> list[widgets.Widget]:
        choice = widgets.Dropdown(
            description="Measured by", options=[(_called(m), m) for m in self.metrics] or [("Nothing", "")]
        )
        self._meaning = widgets.HTML()
        self._chart, self._repeat, self._explore = ChartView(), ChartView(), ChartView()
        self._grid = Grid(describe(SHOWN), sortable=False, empty="Nothing was measured.")
        self._download = widgets.HTML()
        controls = row(field(self._bind(choice, METRIC)), self._reset_button())
        if not self.metrics:
            controls.layout.display = "none"
            self._grid.layout.display = "none"
        return [
            widgets.HTML(paragraph(self._how() if self.metrics else NOT_MEASURED)),
            controls,
            self._meaning,
            self._chart,
            columns(self._repeat, self._explore),
            self._grid,
            self._download,
            widgets.HTML(self._lists()),
        ]

    def _draw(self) -> None:
        scores = self._scores("")
        self._meaning.value = f'<div role="status">{paragraph(_meaning(self.metric))}</div>'
        for view, part in ((self._chart, ""), (self._repeat, REPEAT), (self._explore, EXPLORE)):
            of_part = self._scores(part)
            called = _called(part + self.metric)
            view.chart = None if of_part.empty else evaluation_comparison(of_part.assign(metric=called))
        self._grid.show(scores, caption=f"{_called(self.metric)} of every method")
        self._download.value = download_link(self.selection, "evaluation.csv", "values")

    def _scores(self, *parts: str) -> pd.DataFrame:
        """Return the rows of the chosen metric, or of parts of it, that have a value."""
        table = self._evaluation
        wanted = table[METRIC].isin([part + self.metric for part in parts])
        return table[wanted & table["value"].notna()].reset_index(drop=True)

    def _how(self) -> str:
        table = self._evaluation
        task = NEXT_ORDERS if any(m.startswith(REPEAT) for m in table[METRIC]) else BASKETS
        dates = [f"{date:%Y-%m-%d}" for date in sorted(set(pd.to_datetime(table[CUT_DATE])))]
        return f"Learning only from orders before {_listed(dates)}, and {task}. {INTERVALS}"

    def _lists(self) -> str:
        """Describe the methods' lists in a table; empty where nothing tells of them."""
        table = self._evaluation.dropna(subset=["value"])
        kind = table[METRIC].str.split("@").str[0]
        n = self._easiest_to_read().split("@")[-1]
        told = table[kind.isin(ABOUT_LISTS) & (table[METRIC].str.endswith(f"@{n}") | (table[METRIC] == kind))]
        if told.empty:
            return ""
        mean = told.pivot_table("value", METHOD, kind, sort=False).reset_index()
        names = [name for name in ABOUT_LISTS if name in mean]
        note = (
            "Means over the dates. A method that suggests only what sells anyway covers few products, has "
            "little novelty, and a popularity rank near 1."
        )
        shown = html_table(mean, describe([METHOD, *names]), caption="What is suggested", row_header=METHOD)
        return heading("What else tells the lists apart", 3) + shown + paragraph(note, "sw-note")


def _called(metric: str) -> str:
    """Write a metric as words: ``"repeat_ndcg@10"`` is NDCG at 10, bought before."""
    kind, _, n = metric.partition("@")
    aside = {REPEAT: ", bought before", EXPLORE: ", new to the customer"}
    part = next((part for part in aside if kind.startswith(part)), "")
    name = MEANING.get(kind.removeprefix(part), (kind, ""))[0]
    return f"{name} at {n}{aside.get(part, '')}" if n else name


def _meaning(metric: str) -> str:
    kind, _, n = metric.partition("@")
    if kind not in MEANING:
        return ""
    name, text = MEANING[kind]
    return f"{name}: {text.format(n=n)}."


def _listed(texts: list[str]) -> str:
    return f"{', '.join(texts[:-1])} or {texts[-1]}" if len(texts) > 1 else texts[0]
