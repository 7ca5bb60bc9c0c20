"""Folded content is made when it is opened."""

import ipywidgets as widgets

from shopper_widgets.panels.fold import Fold


def test_a_click_on_the_line_opens_and_closes() -> None:
    fold = Fold("More", widgets.HTML("figures"))
    line, room = fold.children
    for opened, display in ((True, None), (False, "none")):
        line.set_state({"opened": opened})
        assert (fold.opened, room.layout.display) == (opened, display)
    fold.opened = True
    assert line.opened is True
