"""A picture for the page looks the same with half of the text."""

import re

import altair as alt
import pandas as pd
import vl_convert

from shopper_widgets import charts
from shopper_widgets.publish.page.pictures import slim


def drawn(names: list[str]) -> str:
    frame = pd.DataFrame({"name": names, "amount": range(1, len(names) + 1)})
    bars = alt.Chart(frame).mark_bar().encode(x="amount:Q", y="name:N")
    spec = charts.to_spec(charts.theme.finish(bars, "What was sold"))
    svg: str = vl_convert.vegalite_to_svg(spec | {"width": 300})
    return svg


def shown(svg: str) -> tuple[list[str], int]:
    """Return the words of a drawing, and the number of shapes with a color."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg), len(re.findall(r"fill=['\"]#", svg))


def test_words_and_shapes_stay_and_the_rest_goes() -> None:
    svg = drawn(["MUG", 'class="x" <b>', "don't & won't"])
    found = slim(svg)
    assert shown(found) == shown(svg)
    assert len(found) < 0.6 * len(svg)
    assert not re.search(r"<[^>]* (class|role|aria-\w+)=", found)
    assert vl_convert.svg_to_png(found)


def test_one_font_is_said_once_and_several_each() -> None:
    text = '<text font-family="{}">x</text>'
    one, two = (
        f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(map(text.format, f))}</svg>' for f in ("aa", "ab")
    )
    assert (slim(one).count("font-family"), slim(two).count("font-family")) == (1, 2)


def test_what_is_no_drawing_stays_as_it_is() -> None:
    assert slim("<svg") == "<svg"
