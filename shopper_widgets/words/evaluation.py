"""The results of an evaluation in words, for people who decide: see `evaluate_both` for the frame."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_day, format_decimal, listed
from shopper_widgets._support.locale import N_, gettext
from shopper_widgets.recommend.evaluation.evaluate import BASKETS, MOST_TO_EVALUATE, NEXT_ORDERS
from shopper_widgets.recommend.evaluation.methods import OURS
from shopper_widgets.words.evaluation_figures import (
    Row,
    asked_of,
    between,
    compared,
    lead_over,
    number_of,
    of_100,
)

#: The tasks in a few words.
QUESTIONS = {BASKETS: N_("What goes with a product"), NEXT_ORDERS: N_("A customer's next order")}
#: The name of a metric and its meaning for lists of {n}; the easiest to read comes first.
METRICS = {
    "hit_rate": (
        N_("Hit rate of lists of {n}"),
        N_("the share of lists of {n} with at least one right product"),
    ),
    "recall": (
        N_("Recall of lists of {n}"),
        N_("the share of what was bought that a list of {n} names"),
    ),
    "precision": (
        N_("Precision of lists of {n}"),
        N_("the share of a list of {n} that was bought"),
    ),
    "ndcg": (
        N_("NDCG of lists of {n}"),
        N_("right products in a list of {n} count more the higher they stand; 1 is perfect"),
    ),
}
#: Prefixes of scores on products that the customer had bought before, and on products new to the customer.
REPEAT, EXPLORE = "repeat_", "explore_"
#: A description of each method in a few words.
METHODS = {
    OURS: N_("products alike in customers, orders, time and name; for a customer, also repeat purchases"),
    "Cosine, shrunk": N_("products with the same buyers, cautious where buyers are few"),
    "Cosine": N_("products with the same buyers"),
    "Cosine of orders": N_("products in the same orders"),
    "Orders, shrunk": N_("products in the same orders, cautious where orders are few"),
    "Cosine on quantities": N_("the textbook method: products with the same buyers, weighted by units"),
    "TIFU-KNN": N_("what the customer and similar customers order, most of all lately"),
    "GP-TopFreq": N_("what the customer orders most often, then best sellers"),
    "P-TopFreq": N_("only what the customer orders most often"),
    "Last order": N_("the products of the customer's last order"),
    "Popularity, last 28 days": N_("best sellers of the last 28 days, the same for everyone"),
    "Popularity": N_("best sellers of all time, the same for everyone"),
    "Random": N_("products drawn at random"),
}
BEST_SELLERS = "Popularity"
#: A share of fewer customers than this can't tell how good suggestions are.
FEWEST_ASKED = 30
#: The metrics by which sentences judge the methods.
HIT_RATE, NDCG = "hit_rate@10", "ndcg@10"
ASKED = {
    BASKETS: N_("Given one product of a later order, a list of 10 names another product of that order"),
    NEXT_ORDERS: N_("Given only the customer, a list of 10 names a product of the customer's next order"),
}
INTERVALS = N_(
    "Intervals are 95 % bootstrap intervals over customers. Differences are paired, question by "
    "question: where one method is ahead or behind, chance hardly explains it."
)


def method_name(method: str) -> str:
    """Return a method's name for readers: ours by the product's name.

    Examples
    --------
    >>> method_name("ours"), method_name("Popularity")
    ('Shopper Spectrum', 'Popularity')
    """
    return "Shopper Spectrum" if method == OURS else method


def with_names(evaluation: pd.DataFrame) -> pd.DataFrame:
    """Return a copy with the methods' names, for charts and lists."""
    return evaluation.assign(method=evaluation["method"].map(method_name))


def comparison(evaluation: pd.DataFrame, task: str, metric: str) -> pd.DataFrame:
    """Return each method's figures over all cut dates, best first, with the lead of ours, as text.

    Parameters
    ----------
    evaluation : DataFrame
        From `evaluate_both`.
    task : {"basket", "next_order"}
        Whether the rest of a basket or a next order was to be foretold.
    metric : str
        Such as ``"hit_rate@10"``.

    Returns
    -------
    DataFrame
        ``method, result, interval, ahead``, and ``about``: what the method does.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "task": "basket", "method": ["ours", "Popularity"], "cut_date": pd.NaT,
    ...     "metric": "hit_rate@10", "value": [0.7, 0.4], "low": [0.6, 0.3], "high": [0.8, 0.5],
    ...     "difference": [0, -0.3], "difference_low": [0, -0.35], "difference_high": [0, -0.25],
    ... })
    >>> comparison(table, "basket", "hit_rate@10").iloc[1, 1:4].tolist()
    ['40.0 of 100', '30.0 to 50.0', 'ahead by 30.0 of 100 (25.0 to 35.0)']
    """
    is_share = not metric.startswith("ndcg")
    rows = _pooled(evaluation, task, metric).sort_values("value", ascending=False, kind="stable")
    shown = [
        {
            "method": method_name(row["method"]),
            "result": gettext("{number} of 100", number=number_of(row["value"], True))
            if is_share
            else number_of(row["value"], False),
            "interval": gettext(
                "{low} to {high}",
                low=number_of(row["low"], is_share),
                high=number_of(row["high"], is_share),
            ),
            "ahead": "" if row["method"] == OURS else lead_over(row, is_share),
            "about": gettext(METHODS[row["method"]]) if row["method"] in METHODS else "",
        }
        for row in rows.to_dict("records")
    ]
    return pd.DataFrame(shown, columns=["method", "result", "interval", "ahead", "about"])


def verdicts(evaluation: pd.DataFrame, task: str) -> list[str]:
    """Say how good our recommendations are at a task, compared with other methods.

    Parameters
    ----------
    evaluation : DataFrame
        From `evaluate_both`.
    task : {"basket", "next_order"}
        Whether the rest of a basket or a next order was to be foretold.

    Returns
    -------
    list of str
        Empty if the task was not evaluated; a sentence that these orders can't tell, if there were too few
        customers for questions. Every share has its 95 % interval.
    """
    rows = _by_method(evaluation, task, HIT_RATE)
    if OURS not in rows:
        return []
    ours, popular = rows[OURS], rows[BEST_SELLERS]
    asked = asked_of(ours)
    if ours["customers"] < FEWEST_ASKED:
        return [
            gettext(
                "{questions}: too few orders to measure the recommendations. There are {asked}; at "
                "least {fewest} customers are needed.",
                questions=gettext(QUESTIONS[task]),
                asked=asked,
                fewest=FEWEST_ASKED,
            )
        ]
    if not any(row["value"] for row in rows.values()):
        return [
            gettext(
                "{questions}: no list of 10 names a right product, whichever method makes it ({asked}).",
                questions=gettext(QUESTIONS[task]),
                asked=asked,
            )
        ]
    said = [
        gettext(
            "{question} in {share} of 100 cases ({interval}; {asked}); a list of the 10 best sellers does so "
            "in {popular}: {compared}{times}.",
            question=gettext(ASKED[task]),
            share=format_decimal(100 * ours["value"], 0),
            interval=between(ours),
            asked=asked,
            popular=of_100(popular),
            compared=compared(popular),
            times=_times(ours, popular),
        )
    ]
    by_ndcg = _by_method(evaluation, task, NDCG)
    name = max((other for other in by_ndcg if other not in (OURS, BEST_SELLERS)), key=_value(by_ndcg))
    rival = rows[name]
    said.append(
        gettext(
            "The best other method is {method} ({about}), right in {share}: {compared}. By NDCG, which "
            "counts how many products are right and how high they stand: {by_ndcg}{by_period}.",
            method=name,
            about=gettext(METHODS[name]),
            share=of_100(rival),
            compared=compared(rival),
            by_ndcg=compared(by_ndcg[name], is_share=False),
            by_period=_by_period(evaluation, task, name),
        )
    )
    again, new = (_by_method(evaluation, task, part + HIT_RATE) for part in (REPEAT, EXPLORE))
    if OURS in again and OURS in new:
        said.append(_on_parts(again, new))
    return said


def _on_parts(again: dict[str, Row], new: dict[str, Row]) -> str:
    """Say how often lists name products bought before, and new ones, if enough orders hold such products."""
    scored = gettext("Repeat purchases and new products are scored separately.")
    parts = (
        (
            again[OURS],
            N_("Where an order holds products bought before, the list names one of them in {share}."),
            N_("Too few orders hold products bought before to tell how often the list names one: {asked}."),
        ),
        (
            new[OURS],
            N_("Where an order holds products new to the customer, the list names one of them in {share}."),
            N_(
                "Too few orders hold products new to the customer to tell how often the list names "
                "one: {asked}."
            ),
        ),
    )
    said = [
        gettext(enough, share=of_100(ours, asked_of(ours)))
        if ours["customers"] >= FEWEST_ASKED
        else gettext(few, asked=asked_of(ours))
        for ours, enough, few in parts
    ]
    most = max(new, key=_value(new))
    if most != OURS and new[OURS]["customers"] >= FEWEST_ASKED and new[most]["difference_low"] > 0:
        said.append(
            gettext(
                "For new products, {method} does better, in {share}: it repeats less of what the "
                "customer has. Recommendations that leave out products bought before show only "
                "new ones.",
                method=most,
                share=of_100(new[most]),
            )
        )
    return " ".join((scored, *said))


def how_measured(evaluation: pd.DataFrame) -> list[str]:
    """Say what was measured: on which orders, of how many customers, and what the intervals mean.

    Parameters
    ----------
    evaluation : DataFrame
        From `evaluate_both`.

    Returns
    -------
    list of str
        Sentences, for readers.
    """
    cuts = [format_day(cut) for cut in sorted(evaluation["cut_date"].dropna().unique())]
    days = format_count(evaluation["days"].max())
    said = [
        gettext(
            N_(
                "Every method learned only from orders before {cuts}, and was tested on the {days} days "
                "after each."
            )
            if len(cuts) > 1
            else N_(
                "Every method learned only from orders before {cuts}, and was tested on the {days} days "
                "after it."
            ),
            cuts=listed(cuts),
            days=days,
        )
    ]
    for task, what in (
        (BASKETS, N_("One product of an order was shown {questions}, in orders of {customers}.")),
        (NEXT_ORDERS, N_("A next order was predicted {questions}, for {customers}.")),
    ):
        rows = _pooled(evaluation, task, HIT_RATE)
        if len(rows):
            questions, customers = rows["questions"].max(), rows["customers"].max()
            said.append(
                gettext(
                    what, questions=count_of(questions, "time"), customers=count_of(customers, "customer")
                )
            )
    if evaluation["sampled"].any():
        some = count_of(MOST_TO_EVALUATE, "customer")
        said.append(
            gettext(
                "In a shop this large, the test uses {customers}, drawn at random; the recommendations "
                "themselves learned from everyone.",
                customers=some,
            )
        )
    return [*said, gettext(INTERVALS)]


def metric_name(metric: str) -> str:
    """Return the name of a metric, such as ``"Hit rate of lists of 10"``."""
    kind, _, n = metric.partition("@")
    return gettext(METRICS[kind][0], n=n)


def metric_meaning(metric: str) -> str:
    """Return a metric's meaning, such as ``"the share of lists of 10 with at least one right product"``."""
    kind, _, n = metric.partition("@")
    return gettext(METRICS[kind][1], n=n)


def _pooled(evaluation: pd.DataFrame, task: str, metric: str) -> pd.DataFrame:
    wanted = (evaluation["task"] == task) & (evaluation["metric"] == metric) & evaluation["cut_date"].isna()
    return evaluation[wanted & evaluation["value"].notna()]


def _by_method(evaluation: pd.DataFrame, task: str, metric: str) -> dict[str, Row]:
    rows = _pooled(evaluation, task, metric).to_dict("records")
    return {str(row["method"]): row for row in rows}


def _value(rows: dict[str, Row]) -> Callable[[str], float]:
    return lambda method: float(rows[method]["value"])


def can_tell(evaluation: pd.DataFrame, task: str) -> bool:
    """Return whether there are enough customers for a share of them to tell anything."""
    rows = _pooled(evaluation, task, HIT_RATE)
    return bool(len(rows)) and bool(rows["customers"].max() >= FEWEST_ASKED)


def _times(ours: Row, popular: Row) -> str:
    if not popular["difference_high"] < 0 < popular["value"] or ours["value"] < 1.05 * popular["value"]:
        return ""
    return gettext(
        ", and right {times} times as often", times=format_decimal(ours["value"] / popular["value"], 1)
    )


def _by_period(evaluation: pd.DataFrame, task: str, method: str) -> str:
    wanted = (evaluation["task"] == task) & (evaluation["metric"] == NDCG) & evaluation["cut_date"].notna()
    apart = evaluation[wanted & (evaluation["method"] == method)]
    if len(apart) < 2:
        return ""
    clear = int((apart["difference_high"] < 0).sum())
    if clear == len(apart):
        return gettext("; we are clearly ahead in each of the {all} periods", all=len(apart))
    if not clear:
        return gettext("; we are clearly ahead in none of the {all} periods", all=len(apart))
    return gettext("; we are clearly ahead in {number} of the {all} periods", number=clear, all=len(apart))
