import datetime as dt

import pytest
import traitlets

from shopper_widgets.panels.days import Day, day_refusal


class Chooser(traitlets.HasTraits):
    start = Day("From")


@pytest.mark.parametrize("value", [None, "1 January", 3, 2011.5])
def test_what_is_no_day_is_refused_in_the_words_of_the_label(value):
    with pytest.raises(traitlets.TraitError, match=r"^From: a day, such as 2011-12-09, not [\w“”. -]+\.$"):
        Chooser(start=value)


def test_a_moment_is_its_day():
    assert Chooser(start=dt.datetime(2011, 1, 2, 23)).start == dt.date(2011, 1, 2)


def test_both_ends_of_a_stretch_are_days_of_it():
    first, last, day = dt.date(2011, 1, 1), dt.date(2011, 12, 9), dt.timedelta(days=1)
    assert day_refusal("To", first, first, last) == day_refusal("To", last, first, last) == ""
    assert day_refusal("To", last + day, first, last).endswith(", not 2011-12-10.")
    assert day_refusal("To", first - day, first, last).endswith(", not 2010-12-31.")
    assert day_refusal("To", None, first, last).endswith("to 2011-12-09; the box holds no day.")


def test_a_day_may_be_given_as_text():
    assert Chooser(start="2011-01-01").start == dt.date(2011, 1, 1)
