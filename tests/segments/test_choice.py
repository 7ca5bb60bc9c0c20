"""The number of segments: each branch of the rule, and its reason."""

import numpy as np
import pandas as pd
import pytest

from shopper_widgets.segments.choice import CHOOSING_RULE, choose, describe_choice, describe_given


def diagnostics(silhouette, smallest_share, elbow=None):
    numbers = range(2, 2 + len(silhouette))
    return pd.DataFrame(
        {
            "n_clusters": list(numbers),
            "silhouette": silhouette,
            "smallest_share": smallest_share,
            "is_elbow": [k == elbow for k in numbers],
        }
    )


def test_the_silhouette_picks_next_to_the_elbow_not_far_from_it():
    table = diagnostics([0.43, 0.34, 0.336, 0.316, 0.315], [0.4, 0.2, 0.17, 0.08, 0.08], elbow=5)
    assert choose(table, 4338, 0.05) == (
        4,
        "4 segments: inertia bends at k = 5, and of k = 4, 5 and 6 the silhouette is highest at k = 4 "
        "(0.336 over all 4,338 customers); its smallest segment holds 17 % of customers (the floor is 5 %).",
    )


def test_small_segments_are_avoided():
    table = diagnostics([0.43, 0.34, 0.336, 0.316], [0.4, 0.2, 0.04, 0.08], elbow=4)
    assert choose(table, 1000, 0.05)[0] == 3
    n_clusters, reason = choose(table, 1000, 0.15)
    assert n_clusters == 3
    assert "bends at k = 4, and near it only k = 3 meets the rule" in reason


def test_where_nothing_near_the_elbow_will_do_the_rest_is_compared():
    table = diagnostics([0.43, 0.45, 0.3, 0.3, 0.3], [0.4, 0.2, 0.01, 0.01, 0.01], elbow=5)
    n_clusters, reason = choose(table, 1000, 0.05)
    assert n_clusters == 3
    assert "of k = 2 and 3 the silhouette is highest at k = 3" in reason


def test_where_there_is_no_elbow_all_are_compared_and_fewer_win_ties():
    n_clusters, reason = choose(diagnostics([0.3, 0.4, 0.4], [0.3, 0.2, 0.2]), 100, 0.05)
    assert n_clusters == 3
    assert "inertia has no clear bend, and of k = 2, 3 and 4" in reason


def test_where_every_division_has_a_small_segment_the_least_small_is_taken():
    n_clusters, reason = choose(diagnostics([0.9, 0.6, 0.6], [0.006, 0.006, 0.003], elbow=3), 4338, 0.05)
    assert n_clusters == 2
    assert "no number keeps 5 % of customers in every segment" in reason
    assert "(0.6 % in its smallest)" in reason


def test_nobody_is_a_segment_alone():
    table = diagnostics([0.5, 0.6], [0.4, 0.2], elbow=3)
    n_clusters, reason = choose(table, 10, 0.05)
    assert n_clusters == 3
    assert "the floor is 2 customers" in reason
    alone = choose(diagnostics([0.5], [1 / 12]), 12, 0.05)
    assert alone == (1, "1 segment: any more would leave a customer alone in one.")


@pytest.mark.parametrize(
    ("n_customers", "reason"),
    [
        (12, "1 segment: all 12 customers are alike."),
        (1200, "1 segment: all 1,200 customers are alike."),
    ],
)
def test_where_nothing_can_be_divided_there_is_one_segment(n_customers, reason):
    assert choose(diagnostics([], []), n_customers, 0.05) == (1, reason)


STABLE = {"stability": [0.99, 0.95, 0.80, 0.94], "stability_low": [0.98, 0.94, 0.75, 0.92]}


def test_divisions_that_come_out_differently_each_time_are_left_out():
    table = diagnostics([0.43, 0.34, 0.36, 0.31], [0.4, 0.2, 0.2, 0.1], elbow=4)
    assert choose(table, 1000, 0.05)[0] == 4
    n_clusters, reason = choose(table.assign(**STABLE), 1000, 0.05)
    assert n_clusters == 3
    assert "k = 4 is less stable on bootstrap samples (adjusted Rand index 0.80, at best 0.95)" in reason
    assert "of k = 3 and 5 the silhouette is highest at k = 3" in reason
    alike = choose(table.assign(**STABLE | {"stability": [0.99, 0.95, 0.93, 0.94]}), 1000, 0.05)
    assert alike[0] == 4
    assert (
        "k = 3, 4 and 5 are about equally stable on bootstrap samples (adjusted Rand index 0.93 to 0.95)"
        in alike[1]
    )


def test_where_only_one_is_stable_it_is_taken():
    table = diagnostics([0.43, 0.34, 0.36], [0.4, 0.2, 0.2], elbow=4)
    table = table.assign(stability=[0.9, 0.95, 0.7], stability_low=[0.9, 0.9, 0.6])
    n_clusters, reason = choose(table, 1000, 0.05)
    assert n_clusters == 3
    assert "only k = 3 is as stable" in reason


def test_segments_that_are_no_finding_are_called_so():
    table = diagnostics([0.43, 0.34, 0.36], [0.4, 0.2, 0.2], elbow=4)
    assert choose(table.assign(stability=0.4, stability_low=0.3), 1000, 0.05) == (
        1,
        "1 segment: no number of segments is stable on bootstrap samples (adjusted Rand index at best "
        "0.40; 1 is identical).",
    )
    given = describe_given(table.assign(stability=0.4, stability_low=0.3), 4, 1000, 4)
    assert "agree to 0.40 ± 0.10 (adjusted Rand index; 1 is identical), so low that they are a conv" in given
    given = describe_given(table.assign(stability=0.9, stability_low=0.88), 4, 1000, 4)
    assert "agree to 0.90 ± 0.02" in given


def test_what_comes_out_differently_each_time_is_no_choice():
    table = diagnostics([0.43, 0.34, 0.36], [0.4, 0.2, 0.2], elbow=4)
    table = table.assign(stability=[0.9, 0.6, 0.64], stability_low=[0.85, 0.5, 0.5])
    n_clusters, reason = choose(table, 1000, 0.05)
    assert n_clusters == 2
    assert "of all only k = 2 meets the rule" in reason


def test_mixtures_are_chosen_by_their_bic():
    table = diagnostics([0.43, 0.34, 0.36, 0.2], [0.4, 0.2, 0.2, 0.01], elbow=2)
    n_clusters, reason = choose(table.assign(bic=[9.0, 8.0, 7.0, 1.0]), 1000, 0.05)
    assert n_clusters == 4
    assert reason.startswith("4 segments: of k = 2, 3 and 4 the BIC is lowest at k = 4; its silhouette is")
    steady = {"stability": 0.9, "stability_low": 0.88}
    assert "agree to 0.90 ± 0.02" in choose(table.assign(bic=[9.0, 8.0, 7.0, 1.0], **steady), 1000, 0.05)[1]


def test_a_sampled_silhouette_says_so():
    reason = choose(diagnostics([0.43, 0.3], [0.4, 0.3]), 25_000, 0.05)[1]
    assert "(0.430 over a sample of 10,000 of the 25,000 customers)" in reason


def test_a_silhouette_that_could_not_be_computed_never_wins():
    assert choose(diagnostics([np.nan, 0.1], [0.4, 0.3]), 100, 0.05)[0] == 3


@pytest.mark.parametrize(
    ("n_clusters", "asked", "reason"),
    [
        (1, 1, "1 segment, as requested."),
        (1, 4, "1 segment: 4 were requested, but all customers are alike."),
        (2, 4, "2 segments: 4 were requested, but only 2 customers differ."),
    ],
)
def test_what_was_asked_for_is_described(n_clusters, asked, reason):
    assert describe_given(diagnostics([0.4], [0.4]), n_clusters, 100, asked) == reason


def test_the_rule_in_words_names_what_decides():
    for word in ("elbow", "silhouette", "2 to 10"):
        assert word in CHOOSING_RULE


@pytest.mark.parametrize(
    ("table", "begins", "says_more_is_in_vain"),
    [
        (diagnostics([0.43, 0.34, 0.336, 0.316], [0.4, 0.2, 0.17, 0.08], elbow=5), "There are 4", True),
        (diagnostics([0.43, 0.45, 0.3, 0.3], [0.4, 0.2, 0.01, 0.01], elbow=5), "There are 3", False),
        (diagnostics([0.3, 0.4, 0.4], [0.3, 0.2, 0.2]), "There are 3", False),
    ],
)
def test_why_so_many_is_said_in_plain_words_that_the_rule_bears(table, begins, says_more_is_in_vain):
    k, _ = choose(table, 4338, 0.05)
    plain = describe_choice(table.assign(is_chosen=table["n_clusters"] == k), "auto", 0.05)
    assert plain.startswith(f"{begins} segments: ")
    assert plain.endswith("of the possible numbers, this one separates the segments as clearly as any.")
    assert ("with more, customers within" in plain) == says_more_is_in_vain


def test_where_plain_words_would_claim_too_much_the_reason_stands_alone():
    small = diagnostics([0.9, 0.6], [0.006, 0.003], elbow=3).assign(is_chosen=[True, False])
    assert describe_choice(small, "auto", 0.05) == ""
    one = pd.DataFrame({"n_clusters": [1], "smallest_share": [1.0], "is_elbow": [False], "is_chosen": [True]})
    assert describe_choice(one, "auto", 0.05) == ""
    mixtures = diagnostics([0.4, 0.3], [0.4, 0.2]).assign(bic=[2.0, 1.0], is_chosen=[False, True])
    assert "fits the customers best" in describe_choice(mixtures, "auto", 0.05)
    assert "customers differ in no more ways" in describe_choice(mixtures, 7, 0.05)
