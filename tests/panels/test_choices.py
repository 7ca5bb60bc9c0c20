"""Chips that can be ticked."""

from shopper_widgets.panels.choices import Choices


def test_the_browser_chooses_of_what_there_is_and_nothing_else() -> None:
    choices = Choices("Segments", ["High-Value", "New", "At-Risk"])
    choices.set_state({"value": ["At-Risk", "<b>", "High-Value"], "options": ["<b>"]})
    assert choices.value == ("High-Value", "At-Risk")
    assert choices.options == ["High-Value", "New", "At-Risk"]
    choices.set_state({"value": "New"})
    assert choices.value == ("High-Value", "At-Risk")
