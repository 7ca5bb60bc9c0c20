import datetime as dt

import pytest

from shopper_widgets.panels.date_box import DateBox


@pytest.fixture
def box():
    return DateBox("From", dt.date(2011, 1, 1), dt.date(2011, 12, 9))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "; the box holds no day."),
        ("2011-02-30", "; the box holds no day."),
        ("soon", "; the box holds no day."),
        ("0002-01-01", ", not 0002-01-01."),
        ("2011-12-10", ", not 2011-12-10."),
    ],
)
def test_what_cannot_be_used_is_told_with_what_still_is(box, text, why):
    box.value = dt.date(2011, 3, 4)
    box.enter(text)
    assert box.message == f"From: a day from 2011-01-01 to 2011-12-09{why} 2011-03-04 is still used."
    assert (box.value, box.shown, box.wrong) == (dt.date(2011, 3, 4), "2011-03-04", True)
    box.enter("2011-12-09")
    assert (box.value, box.shown, box.message) == (dt.date(2011, 12, 9), "2011-12-09", "")


def test_the_browser_is_told_what_may_be_chosen(box):
    assert (box.limits, box.kind) == (["2011-01-01", "2011-12-09"], "date")
