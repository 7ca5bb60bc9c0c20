"""How good the recommendations are, compared with simpler methods, on orders that no method had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from shopper_widgets._support.checks import plain
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.charts import evaluation_comparison
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.panels.base import Panel, field, row
from shopper_widgets.panels.chart_view import ChartView
from shopper_widgets.panels.download import download_link
from shopper_widgets.recommend.evaluation import BASKETS
from shopper_widgets.recommend.evidence import hubs_sentence
from shopper_widgets.words import evaluation as wording
from shopper_widgets.words.html import bullets, heading, html_table, paragraph, paragraphs, status
from shopper_widgets.words.labels import describe
from shopper_widgets.words.recommendations import everywhere

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

TASK, METHOD, METRIC = "task", "method", "metric"
SHOWN = [METHOD, "result", "interval", "ahead", "about"]
#: Metrics that describe lists and don't rank them.
ABOUT_LISTS = ("coverage", "novelty", "popularity_rank")
#: The number of products in very many lists that are shown.
HUBS_LISTED = 10
NOT_MEASURED = N_(
    "The recommendations were not evaluated. A report evaluates them where the orders cover two months or "
    "more."
)


class EvaluationPanel(Panel):
    """Compare methods, with intervals, on orders that none of them has seen.

    Two questions are asked: what goes with a product, and what a customer orders next; for the latter, repeat
    purchases and new products are also scored separately. For a model that was not evaluated, the panel says
    so. Products that are recommended everywhere are listed.

    Parameters
    ----------
    model : ShopperModel
        Gives the evaluation and the recommender.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    task : str
        Which question: ``"basket"`` or ``"next_order"``; ``""`` where none was asked.
    metric : str
        The metric by which methods are measured, such as ``"hit_rate@10"``; ``""`` where none was.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=150, n_products=60, n_days=200, random_state=0)
    >>> panel = EvaluationPanel(ShopperModel.fit(orders, evaluate=True, progress=False))
    >>> panel.task, panel.metric
    ('basket', 'hit_rate@10')
    >>> panel.task = "next_order"
    >>> panel.selection["metric"].unique().tolist()
    ['hit_rate@10', 'repeat_hit_rate@10', 'explore_hit_rate@10']
    """

    heading = N_("How good are the recommendations?")
    state = (TASK, METRIC)

    task = traitlets.Unicode()
    metric = traitlets.Unicode()

    def __init__(self, model: ShopperModel, **state: Any) -> None:
        measured = model.evaluation
        self._evaluation = (
            pd.DataFrame(columns=[TASK, METHOD, "cut_date", METRIC, "value"])
            if measured is None
            else measured
        )
        asked = set(self._evaluation[TASK]) if TASK in self._evaluation else set()
        #: The tasks and the metrics of the evaluation, the easiest to read first.
        self.tasks = [task for task in wording.QUESTIONS if task in asked]
        known = self._evaluation[METRIC].unique().tolist() if self.tasks else []
        self.metrics = [m for kind in wording.METRICS for m in known[::-1] if m.split("@")[0] == kind]
        super().__init__(model, **state)

    def _selected(self) -> pd.DataFrame:
        """Return the evaluation of the task by the chosen metric: each cut date, and all together (NaT)."""
        parts = ("", wording.REPEAT, wording.EXPLORE)
        return self._rows([part + self.metric for part in parts])

    @traitlets.default("task")
    def _first_question(self) -> str:
        return self.tasks[0] if self.tasks else ""

    @traitlets.default("metric")
    def _easiest_to_read(self) -> str:
        return self.metrics[0] if self.metrics else ""

    @traitlets.validate("task")
    def _asked(self, proposal: dict[str, Any]) -> str:
        task: str = proposal["value"]
        if task not in (self.tasks or [""]):
            raise traitlets.TraitError(
                gettext(
                    "The question {task} was not asked; there are: {names}.",
                    task=repr(plain(task)),
                    names=", ".join(self.tasks) or gettext("none"),
                )
            )
        return task

    @traitlets.validate("metric")
    def _known(self, proposal: dict[str, Any]) -> str:
        metric: str = proposal["value"]
        if metric not in (self.metrics or [""]):
            raise traitlets.TraitError(
                gettext(
                    "The methods were not measured by {metric}; there are: {names}.",
                    metric=repr(metric),
                    names=", ".join(self.metrics) or gettext("none"),
                )
            )
        return metric

    def _build(self) -> list[widgets.Widget]:
        questions = [(gettext(wording.QUESTIONS[task]), task) for task in self.tasks] or [
            (gettext("None"), "")
        ]
        names = [(wording.metric_name(m), m) for m in self.metrics] or [(gettext("Nothing"), "")]
        question = widgets.Dropdown(description=gettext("Question"), options=questions)
        choice = widgets.Dropdown(description=gettext("Metric"), options=names)
        self._told, self._table, self._lists, self._download = (widgets.HTML() for _ in range(4))
        self._chart = ChartView()
        controls = row(
            field(self._bind(question, TASK), "sw-wide"),
            field(self._bind(choice, METRIC), "sw-wide"),
            self._reset_button(),
        )
        if not self.tasks:
            controls.layout.display = "none"
        return [
            controls,
            self._told,
            self._chart,
            self._table,
            self._download,
            widgets.HTML(self._how()),
            self._lists,
            widgets.HTML(self._everywhere()),
        ]

    def _draw(self) -> None:
        if not self.tasks:
            self._told.value = status(paragraph(gettext(NOT_MEASURED)))
            return
        self._told.value = status(bullets(wording.verdicts(self._evaluation, self.task)))
        if not wording.can_tell(self._evaluation, self.task):
            # Captions are removed with their tables and charts.
            self._chart.chart, self._table.value, self._lists.value = None, "", ""
            self._download.value = ""
            return
        called, shown = wording.metric_name(self.metric), wording.with_names(self.selection)
        self._chart.chart = evaluation_comparison(shown, metric=self.metric, called=called)
        compared = wording.comparison(self._evaluation, self.task, self.metric)
        meaning = f"{called}: {wording.metric_meaning(self.metric)}."
        self._table.value = paragraph(meaning) + html_table(
            compared,
            describe(SHOWN),
            caption=gettext("All methods, and our lead over each"),
            row_header=METHOD,
        )
        self._download.value = download_link(shown, "evaluation.csv", "value")
        self._lists.value = self._about_lists()

    def _rows(self, metrics: list[str]) -> pd.DataFrame:
        if not self.tasks:
            return self._evaluation.copy()
        table = self._evaluation
        wanted = (table[TASK] == self.task) & table[METRIC].isin(metrics) & table["value"].notna()
        return table[wanted].reset_index(drop=True)

    def _how(self) -> str:
        if not self.tasks:
            return ""
        return heading(gettext("How this was measured"), 3) + paragraphs(
            wording.how_measured(self._evaluation)
        )

    def _about_lists(self) -> str:
        """Describe the methods' lists in a table; empty if nothing describes them."""
        n = self.metric.partition("@")[2]
        # If only lists of one length were judged, coverage has its plain name.
        table = self._rows(["coverage", *(f"{kind}@{n}" for kind in ABOUT_LISTS)])
        table = table[table["cut_date"].isna()]
        if table.empty:
            return ""
        kind = table[METRIC].str.split("@").str[0].rename(METRIC)
        mean = wording.with_names(table).pivot_table("value", METHOD, kind, sort=False).reset_index()
        names = [name for name in ABOUT_LISTS if name in mean]
        coverage = (
            gettext("Coverage (share of all products)")
            if self.task == BASKETS
            else gettext("Coverage (share of all products) for customers who ordered")
        )
        note = gettext(
            "A method that recommends only best sellers has low coverage, low novelty and a "
            "popularity rank near 1."
        )
        columns = describe([METHOD, *names], coverage=coverage)
        shown = html_table(
            mean, columns, caption=gettext("Coverage, novelty and popularity"), row_header=METHOD
        )
        return heading(gettext("Variety of lists of {n}", n=n), 3) + shown + paragraph(note, "sw-note")

    def _everywhere(self) -> str:
        """Show which products are in very many lists."""
        found, n_lists = everywhere(self.model.recommender)
        told = paragraph(hubs_sentence(found, n_lists))
        if len(found):
            columns = describe(
                [PRODUCT_NAME, PRODUCT_ID, "lists", "share"],
                share=gettext("Share of all lists"),
            )
            caption = gettext("Products recommended most often")
            told += html_table(found.head(HUBS_LISTED), columns, caption=caption, row_header=PRODUCT_NAME)
        return heading(gettext("Products recommended everywhere"), 3) + told
