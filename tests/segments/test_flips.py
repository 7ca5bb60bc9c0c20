"""The smallest change that moves a customer, and its sentence."""

import numpy as np
import pytest

from shopper_widgets.segments.flips import Flip, find_flips, flip_sentences

BOUNDS = np.array([[0.0, 1, 0], [400, 50, 100_000]])


def flips(customer, label, edges=None):
    return find_flips(np.array([customer], dtype=float), BOUNDS, label, np.log1p, edges)


def test_both_directions_of_every_measure_are_looked_at():
    def label(rows):
        inside = (np.abs(rows - [100, 10, 500.0]) < [30, 4, 250.25]).all(axis=1)
        return np.where(inside, "in", "out")

    found = {(flip.measure, flip.change): flip.value for flip in flips((100, 10, 500.0), label)}
    assert found == {
        ("recency", 30): 130,
        ("recency", -30): 70,
        ("frequency", 4): 14,
        ("frequency", -4): 6,
        ("monetary", 250.25): 750.25,
        ("monetary", -250.25): 249.75,
    }


def test_edges_show_what_lies_between():
    def label(rows):
        return np.where((rows[:, 0] >= 37) & (rows[:, 0] < 38), "thin", "wide")

    assert flips((5, 1, 9.0), label) == ()
    one, two = (
        flips((5, 1, 9.0), label, lambda place: np.log1p([36.5, 37.5]) if place == 0 else np.empty(0)),
        (),
    )
    assert [(flip.value, flip.segment) for flip in (*one, *two)] == [(37, "thin")]


def test_nothing_beyond_the_bounds_is_named():
    assert flips((300, 2, 9.0), lambda rows: np.where(rows[:, 0] > 400, "far", "near")) == ()
    beyond = flips((900, 2, 9.0), lambda rows: np.where(rows[:, 0] > 400, "far", "near"))
    assert [(flip.change, flip.value) for flip in beyond] == [(-500, 400)]


def test_the_smallest_comes_first():
    found = flips(
        (100, 10, 500.0), lambda rows: np.where((rows == [100, 10, 500.0]).all(axis=1), "in", "out")
    )
    assert [flip.steps for flip in found] == sorted(flip.steps for flip in found)
    assert found[0].change == 0.01


@pytest.mark.parametrize(
    ("measure", "change", "words"),
    [
        ("recency", 1, "one more day of silence"),
        ("recency", -30, "30 fewer days of silence"),
        ("frequency", 1, "one more order"),
        ("frequency", -12, "12 fewer orders"),
        ("monetary", 2064.37, "£2,064.37 more spent"),
        ("monetary", -0.01, "£0.01 less spent"),
    ],
)
def test_changes_are_written_to_the_last_step(measure, change, words):
    assert Flip(measure, change, 5, "Regular", 1.0).words("£") == words


def test_sentences_name_what_may_come_and_the_smallest_change():
    fewer, more = Flip("frequency", -1, 2, "Occasional", 0.1), Flip("monetary", 20.0, 90, "Regular", 0.2)
    sooner, less = Flip("recency", -9, 3, "Regular", 0.3), Flip("monetary", -20.0, 50, "Occasional", 0.4)
    assert flip_sentences([fewer, more, sooner, less]) == [
        "The smallest change: one fewer order would make them Occasional.",
        "20.00 more spent would make them Regular.",
        "9 fewer days of silence would make them Regular.",
    ]
    assert flip_sentences([]) == [
        "No change of a single figure, within the range of this shop, would change the segment."
    ]
