import numpy as np
import pandas as pd
import pytest

from shopper_widgets.recommend.evaluation import default_methods, next_order_methods
from shopper_widgets.words import evaluation as wording
from shopper_widgets.words.evaluation_figures import lead


def row(task, method, metric, value, difference, cut=pd.NaT):
    return {
        "task": task, "method": method, "metric": metric, "cut_date": cut, "days": 28,
        "value": value, "low": value - 0.02, "high": value + 0.02, "questions": 500, "customers": 90,
        "difference": difference, "difference_low": difference - 0.01, "difference_high": difference + 0.01,
    }  # fmt: skip


@pytest.fixture
def table():
    cuts = pd.to_datetime(["2011-09-17", "2011-10-15"])
    rows = [
        row(task, method, metric, value, value - 0.6, cut)
        for task, other in (("basket", "Cosine"), ("next_order", "GP-TopFreq"))
        for method, value in (("ours", 0.6), ("Popularity", 0.3), (other, 0.605))
        for metric in ("hit_rate@10", "ndcg@10")
        for cut in (*cuts, pd.NaT)
    ]
    rows += [
        row("next_order", method, f"{part}hit_rate@10", value, value - ours)
        for part, ours, others in (("repeat_", 0.8, 0.3), ("explore_", 0.1, 0.25))
        for method, value in (("ours", ours), ("Popularity", others))
    ]
    return pd.DataFrame(rows).assign(sampled=False)


def test_every_method_is_described():
    assert set(default_methods()) | set(next_order_methods()) == set(wording.METHODS)


def test_verdicts_hold_the_figures_and_who_is_ahead(table):
    first, second = wording.verdicts(table, "basket")
    assert "in 60 of 100 cases (58 to 62; 500 questions about 90 customers); a list of the 10 best" in first
    assert "best sellers does so in 30 of 100 (28 to 32)" in first
    assert "we are ahead by 30.0 of 100 (29.0 to 31.0), and right 2.0 times as often." in first
    assert (
        "The best other method is Cosine (products with the same buyers), right in 60 of 100 (58 to 62)"
        in second
    )
    assert "no clear difference (-1.5 to 0.5 of 100)" in second
    assert "clearly ahead in none of the 2 periods." in second


@pytest.mark.parametrize(("customers", "told"), [(30, True), (29, False), (1, False)])
def test_of_few_the_data_can_t_tell(table, customers, told):
    table["customers"] = customers
    said = wording.verdicts(table, "basket")
    assert wording.can_tell(table, "basket") == told
    assert (len(said) == 2) == told
    assert any("too few orders to measure" in sentence for sentence in said) != told
    assert any("of 100" in sentence for sentence in said) == told
    assert told or said[0].endswith(
        f"about {customers} customer{'s' * (customers > 1)}; at least 30 customers are needed."
    )


def test_what_is_new_is_not_passed_over(table):
    told = wording.verdicts(table, "next_order")[-1]
    assert "names one of them in 80 of 100 (78 to 82; 500 questions about 90 customers)" in told
    assert "in 10 of 100 (8 to 12; 500 questions about 90 customers). For new products, Popularity" in told
    assert "Popularity does better, in 25 of 100 (23 to 27)" in told


@pytest.mark.parametrize(
    ("part", "what"), [("repeat_", "bought before"), ("explore_", "new to the customer")]
)
def test_of_few_repeat_purchases_or_new_products_no_share_is_told(table, part, what):
    few = table["metric"] == f"{part}hit_rate@10"
    table.loc[few, ["questions", "customers"]] = [31, 30]
    assert f"hold products {what}" not in wording.verdicts(table, "next_order")[-1]
    table.loc[few, ["questions", "customers"]] = [31, 29]
    told = wording.verdicts(table, "next_order")[-1]
    assert (
        f"Too few orders hold products {what} to tell how often the list names one: 31 questions about "
        "29 customers."
    ) in told
    assert f"Where an order holds products {what}" not in told
    assert ("does better" in told) == (part == "repeat_")


def test_where_no_list_is_right_no_method_is_called_the_best(table):
    table.loc[table["task"] == "next_order", "value"] = 0.0
    assert wording.verdicts(table, "next_order") == [
        "A customer's next order: no list of 10 names a right product, whichever method makes it "
        "(500 questions about 90 customers)."
    ]


def test_what_may_be_chance_is_not_told_as_more(table):
    table.loc[table["method"] == "Popularity", "difference_high"] = 0.3
    table.loc[table["method"] == "Popularity", "difference_low"] = -0.7
    first, *_, last = wording.verdicts(table, "next_order")
    assert "no clear difference" in first
    assert "times as often" not in first
    assert "does better" not in last


def test_what_was_not_asked_has_no_verdict(table):
    assert wording.verdicts(table[table["task"] == "basket"], "next_order") == []


def test_comparison_is_best_first_and_of_all_dates_together(table):
    compared = wording.comparison(table, "next_order", "hit_rate@10")
    assert compared["method"].tolist() == ["GP-TopFreq", "Shopper Spectrum", "Popularity"]
    assert compared["ahead"].tolist()[1:] == ["", "ahead by 30.0 of 100 (29.0 to 31.0)"]
    assert compared["result"].tolist() == ["60.5 of 100", "60.0 of 100", "30.0 of 100"]


def test_how_it_was_measured(table):
    told = wording.how_measured(table)
    assert told[0].endswith("before 17 Sep 2011 and 15 Oct 2011, and was tested on the 28 days after each.")
    assert told[1] == "One product of an order was shown 500 times, in orders of 90 customers."
    one = table[table["cut_date"].isna() | (table["cut_date"] == table["cut_date"].min())]
    assert wording.how_measured(one)[0].endswith("17 Sep 2011, and was tested on the 28 days after it.")


def test_names_and_meanings_say_how_long_the_lists_are():
    for kind in wording.METRICS:
        assert " 5" in wording.metric_name(f"{kind}@5")
        assert "lists of 5" in wording.metric_meaning(f"{kind}@5") or "list of 5" in wording.metric_meaning(
            f"{kind}@5"
        )


def test_a_difference_without_an_interval_is_not_clear():
    assert lead(0.1, np.nan, np.nan).startswith("no clear difference")
