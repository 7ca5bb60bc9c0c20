import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.number_box import NumberBox
from shopper_widgets.panels.number_limits import Limits


@pytest.fixture
def orders():
    box = NumberBox(Limits("Number of orders", least=1, most=100, whole=True), live=True)
    box.value = 3
    return box


@pytest.fixture
def price():
    return NumberBox(Limits("Price to", empty="no limit"), currency="£", step=10)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "; the box is empty."),
        ("2.7", ", not 2.7."),
        ("-5", ", not -5."),
        ("ten", ", not “ten”."),
        ("0", ", not 0."),
    ],
)
def test_what_cannot_be_used_is_told_with_what_still_is(orders, text, why):
    orders.enter(text)
    assert orders.message == f"Number of orders: a whole number from 1 to 100{why} 3 is still used."
    assert (orders.value, orders.shown, orders.wrong) == (3, "3", True)
    orders.enter("3")
    assert (orders.message, orders.wrong) == ("", False)


def test_what_is_set_takes_the_message_away(orders):
    orders.enter("x")
    orders.value = 4
    assert (orders.message, orders.shown) == ("", "4")


def test_an_empty_box_means_what_its_label_says(price):
    assert (price.description, price.label, price.shown) == ("Price to (£)", "Price to", "")
    price.enter("£1,250.50")
    assert (price.value, price.shown, price.message) == (1250.5, "1250.5", "")
    price.enter("x")
    assert price.message.endswith("not “x”. 1250.5 is still used.")
    for text in ("", "0"):
        price.enter("5")
        price.enter(text)
        assert (price.value, price.shown) == (0, "")
        assert (price.message, price.wrong) == ("Empty: no limit.", False)
    price.enter("x")
    assert price.message.endswith("not “x”. Still empty: no limit.")
    assert price.wrong


def test_a_share_is_read_and_written_as_a_percentage():
    box = NumberBox(Limits("Held out", most=0.9, percent=True), step=5, slider=(0, 90))
    assert (box.description, box.limits) == ("Held out (%)", ["0", "90"])
    for text in ("7", "7 %", "7,0"):
        box.enter(text)
        assert (box.value, box.shown, box.message) == (0.07, "7", "")
    box.enter("95")
    assert box.message == "Held out: a number from 0 to 90, not 95. 7 is still used."


def test_what_a_box_is_for_stands_with_it():
    box = NumberBox(Limits("Silence", unit="days", empty="any", help="since the last order"))
    assert (box.description, box.placeholder, box.help) == ("Silence (days)", "any", "since the last order")
    box.enter("5 %")
    assert box.wrong


def test_it_reads_and_writes_the_marks_of_its_language():
    with in_locale("de"):
        box = NumberBox(Limits("Spent at least", empty="any"), slider=(0, 90.5))
    assert (box.decimal, box.limits) == (",", ["0", "90.5"])
    for text, value, shown in (("1.500", 1500, "1500"), ("1,5", 1.5, "1,5")):
        box._on_typed(box, {"text": text}, [])
        assert (box.value, box.shown, box.message) == (value, shown, "")
    box._on_typed(box, {"text": "x"}, [])
    assert box.message.endswith(", nicht „x“. 1,5 gilt weiterhin.")


def test_what_is_a_little_off_is_told_as_people_write_it():
    box = NumberBox(Limits("Held out", most=0.9, percent=True))
    box.enter("1000.5")
    assert box.message == "Held out: a number from 0 to 90, not 1000.5. 0 is still used."
