import pytest

from shopper_widgets.panels.typed_box import LONGEST_ENTRY, TypedBox, tell_order


class Echo(TypedBox):
    def enter(self, text, *, enter=False):
        if text == "boom":
            raise RuntimeError("sesame")
        self.shown = text + "!" * enter


@pytest.fixture
def box(monkeypatch):
    made = Echo("Word (any)")
    made.sent = []
    monkeypatch.setattr(made, "send", made.sent.append, raising=False)
    return made


def typed(box, **content):
    """Do what the browser does when a reader types."""
    box._handle_custom_msg(content, [])


def test_an_entry_is_taken_and_answered(box):
    typed(box, text="tea", enter=False, left=True, number=3)
    assert box.shown == "tea"
    assert box.sent == [{"number": 3, "left": True}]
    typed(box, text="tea", enter=True, left=False, number=4)
    assert box.shown == "tea!"
    assert box.sent[-1] == {"number": 4, "left": False}


@pytest.mark.parametrize("content", [{}, {"text": None}, {"text": 3, "enter": "yes"}])
def test_what_is_no_entry_is_passed_over_and_answered(box, content):
    typed(box, **content)
    assert box.shown == ""
    assert len(box.sent) == 1


def test_a_visitor_sends_neither_endless_entries_nor_state(box):
    typed(box, text="x" * 100_000)
    assert len(box.shown) == LONGEST_ENTRY
    box.set_state({"shown": "mine", "message": "mine", "description": "mine"})
    assert (len(box.shown), box.message, box.description) == (LONGEST_ENTRY, "", "Word (any)")


def test_an_error_is_told_beside_the_box_without_detail_and_answered(box, caplog):
    typed(box, text="boom", number=1)
    assert "Something went wrong" in box.message
    assert box.wrong
    assert "sesame" not in box.message
    assert "sesame" in caplog.text
    assert len(box.sent) == 1


def test_what_is_said_of_an_entry_stands_before_what_is_warned_of(box):
    box.warn("It is too late.")
    assert (box.message, box.wrong) == ("It is too late.", True)
    box.say("An empty box.", wrong=False)
    assert (box.message, box.wrong) == ("An empty box.", False)
    box.forget()
    assert (box.message, box.wrong) == ("It is too late.", True)
    box.warn("")
    assert (box.message, box.wrong) == ("", False)


def test_two_boxes_that_exclude_each_other_say_so_both():
    first, last = TypedBox("From (day)"), TypedBox("To")
    tell_order(first, last, crossed=True, words=("later than", "earlier than"))
    assert first.message == "“From” is later than “To”: nothing lies between them."
    assert last.message == "“To” is earlier than “From”: nothing lies between them."
    tell_order(first, last, crossed=False, words=("later than", "earlier than"))
    assert first.message == last.message == ""
