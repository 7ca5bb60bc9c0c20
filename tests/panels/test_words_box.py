import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.typed_box import LONGEST_ENTRY
from shopper_widgets.panels.words_box import WordsBox


@pytest.fixture
def box():
    return WordsBox("At-Risk", "no action", most=300, lines=True)


def test_what_is_typed_is_taken_without_spaces_around_it(box):
    box.enter("  Ring them,\nthen write. ")
    assert (box.value, box.shown, box.message) == (*["Ring them,\nthen write."] * 2, "")


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
def test_an_emptied_box_says_what_that_means_until_it_is_filled(box, text):
    box.enter("Ring them.")
    box.enter(text)
    assert (box.value, box.message, box.wrong) == ("", "Empty: no action.", False)
    box.value = "Write."
    assert (box.shown, box.message) == ("Write.", "")


@pytest.mark.parametrize(("n", "told"), [(300, False), (301, True), (100_000, True)])
def test_what_is_too_long_is_cut_and_told(box, n, told):
    box._handle_custom_msg({"text": "x" * n}, [])  # what the browser sends
    assert len(box.value) == 300 > LONGEST_ENTRY
    assert box.wrong is told
    assert box.message == "At-Risk: at most 300 characters; the rest is left out." * told


def test_it_speaks_its_language():
    with in_locale("de"):
        box = WordsBox("Name", "ohne Namen", most=1_000)
        box.enter(" ")
        assert (box.kind, box.placeholder, box.message) == ("text", "ohne Namen", "Leer: ohne Namen.")
        box.enter("x" * 1_001)
        assert box.message == "Name: höchstens 1.000 Zeichen; der Rest entfällt."
