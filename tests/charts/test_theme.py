"""Colors that everyone can tell apart and words that everyone can read, on light and dark pages."""

import itertools
import json
import re
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from shopper_widgets._support.locale import in_locale
from shopper_widgets.charts import colors
from shopper_widgets.charts.colors import DARK
from shopper_widgets.charts.theme import (
    SEGMENT_COLORS,
    SEGMENT_SHAPES,
    finish,
    money_axis,
    segment_shapes,
    to_spec,
)
from shopper_widgets.segments.naming_claims import CLAIMS
from shopper_widgets.segments.rules import RULES

from .test_charts import DRAWN

#: The background of a chart on a light and on a dark page.
BACK = {"light": "#FFFFFF", "dark": DARK["white"]}
#: How eyes that lack one kind of cone mix red, green and blue light (Machado and others, 2009).
CONES = {
    "all": np.eye(3),
    "no long": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no middle": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "no short": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def light(color: str) -> np.ndarray:
    """Return the linear red, green and blue light of a color such as #0072B2."""
    parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def contrast(one: str, other: str) -> float:
    """Return WCAG 2's contrast of two colors."""
    low, high = sorted(float(light(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(color: str, cones: str) -> np.ndarray:
    """Return a color as an eye with these cones sees it, in Oklab (Ottosson, 2020), a uniform color space."""
    mixed = np.clip(np.asarray(CONES[cones]) @ light(color), 0, 1)
    cone = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]]) @ mixed
    turn = [[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    return np.asarray(np.array(turn) @ np.cbrt(cone))


def on(scheme: str, color: str) -> str:
    return color if scheme == "light" else DARK[color]


def test_every_colour_of_a_chart_has_one_for_dark_pages() -> None:
    for make, frame, options in DRAWN.values():
        spec = to_spec(make(frame, **options))
        del spec["datasets"]
        spec["config"].pop("title")  # titles are text of the page
        assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", json.dumps(spec))) <= DARK.keys(), make


@pytest.mark.parametrize("scheme", BACK)
def test_words_can_be_read_and_marks_be_seen(scheme: str) -> None:
    for color in (colors.INK, colors.FAINT_INK, colors.EMBER):
        assert contrast(on(scheme, color), BACK[scheme]) >= 4.5
    for color in SEGMENT_COLORS.values():
        assert contrast(on(scheme, color), BACK[scheme]) >= 2.5, color


@pytest.mark.parametrize("scheme", BACK)
def test_words_on_shades_can_be_read_on_each(scheme: str) -> None:
    pale, deep = (np.array([int(on(scheme, c)[i : i + 2], 16) for i in (1, 3, 5)]) for c in colors.SHADES)
    for depth in np.linspace(0, 1, 101):
        shade = "#" + "".join(f"{round(part):02X}" for part in pale + depth * (deep - pale))
        words = colors.ON_DEEP if depth > colors.WHITE_FROM else colors.ON_PALE
        assert contrast(on(scheme, words), shade) >= 4.5, depth


@pytest.mark.parametrize("scheme", BACK)
def test_segments_are_told_apart_by_every_eye(scheme: str) -> None:
    for names in ([claim.name for claim in CLAIMS], [rule[0] for rule in RULES]):
        colors = {SEGMENT_COLORS[name] for name in names}
        for cones in CONES:
            seen = [lab(on(scheme, color), cones) for color in colors]
            assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)) > 0.055


def test_segments_are_told_apart_on_paper_too() -> None:
    def grey(name: str) -> float:
        red, green, blue = (int(SEGMENT_COLORS[name][at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert list(SEGMENT_SHAPES) == list(SEGMENT_COLORS)
    for names in ([claim.name for claim in CLAIMS], [rule[0] for rule in RULES]):
        for a, b in itertools.combinations(names, 2):
            assert SEGMENT_SHAPES[a] != SEGMENT_SHAPES[b] or abs(grey(a) - grey(b)) > 40, (a, b)
    assert segment_shapes(["Regular", "Regular Two"]).to_dict()["range"] == ["square", "circle"]


def test_a_chart_in_german_has_german_marks_and_words() -> None:
    def drawn() -> dict[str, Any]:
        table = pd.DataFrame({"month": ["a"], "value": [2_000]})
        base = alt.Chart(table).mark_bar().encode(x="month:N", y=alt.Y("value:Q", axis=money_axis("£")))
        return to_spec(finish(base, "Mugs"))

    english = drawn()
    assert "usermeta" not in english and "locale" not in english["config"]
    with in_locale("de"):
        german = drawn()
    assert german["usermeta"] == {"table": "Tabelle"}
    assert german["config"]["locale"]["number"]["decimal"] == ","
    picture = vl_convert.vegalite_to_svg(german)
    assert "2 Tsd.\N{NO-BREAK SPACE}£" in picture and "£2 k" in vl_convert.vegalite_to_svg(english)


def test_a_title_that_ends_with_an_abbreviation_has_one_full_stop() -> None:
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_tick().encode(x="x")
    described = [
        finish(chart, title, subtitle="Monthly.")["description"] for title in ("80,1 Tsd.", "£80.1 k")
    ]
    assert described == ["80,1 Tsd. Monthly.", "£80.1 k. Monthly."]
