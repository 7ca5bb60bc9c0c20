"""One type scale, one scale of spaces, one palette: style sheets only use the tokens of tokens.css."""

import re
from pathlib import Path

import pytest

from shopper_widgets.panels.base import STYLE

ROOM = Path(__file__).parents[2] / "shopper_widgets"
TOKENS = (ROOM / "panels" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", ["panels/panels.css", "panels/chart_view.css", "publish/page/page.css"])
def test_a_style_sheet_colours_with_tokens_and_with_nothing_else(sheet: str) -> None:
    css = (ROOM / sheet).read_text(encoding="utf-8")
    # Vega's tooltips and pictures have their own background.
    own = re.sub(r"^(#vg-tooltip|figure img).*$", "", css, flags=re.MULTILINE)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\((?!128 128 128)", own) == []
    assert set(re.findall(r"var\((--s[wh][\w-]*)", css)) <= set(re.findall(r"(--sw-[\w-]+):", TOKENS))


@pytest.mark.parametrize("sheet", ["panels/panels.css", "panels/chart_view.css"])
def test_type_and_spaces_are_steps_of_the_scales(sheet: str) -> None:
    css = (ROOM / sheet).read_text(encoding="utf-8")
    assert re.findall(r"font-size: (?!var\(--sw-|inherit)[^;}]*", css) == []
    spaces = re.findall(r"(?:margin|padding|gap)[\w-]*: ([^;}]*)", css)
    assert [space for space in spaces if re.search(r"\b(?!1px|2px|20px)\d+px", space)] == []


def test_every_panel_carries_the_tokens() -> None:
    assert TOKENS in STYLE
