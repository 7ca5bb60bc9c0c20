"""A shop's own color and logo."""

import colorsys
from pathlib import Path

import pytest

from shopper_widgets.words.brand import DARK, LIGHT, MOST_BYTES, READABLE, Brand, contrast, readable


@pytest.mark.parametrize("back", [LIGHT, DARK])
def test_any_colour_is_made_readable_and_a_readable_one_is_left_alone(back: str) -> None:
    for hue in range(0, 360, 30):
        for light in (0.05, 0.5, 0.95):
            parts = colorsys.hls_to_rgb(hue / 360, light, 0.9)
            color = "#" + "".join(f"{round(255 * part):02X}" for part in parts)
            found = readable(color, back)
            assert contrast(found, back) >= READABLE
            assert (found == color) is (contrast(color, back) >= READABLE)


def test_a_logo_is_a_picture_that_the_page_carries_and_its_name_is_text(tmp_path: Path) -> None:
    (tmp_path / "logo.SVG").write_text("<svg/>")
    brand = Brand.of(logo=tmp_path / "logo.SVG")
    assert brand.logo == "data:image/svg+xml;base64,PHN2Zy8+"
    assert 'alt="&lt;b&gt; &#34;Mugs&#34;"' in brand.image('<b> "Mugs"')
    assert Brand().image("Mugs") == Brand().accent == ""


def test_what_is_no_colour_or_no_picture_is_refused(tmp_path: Path) -> None:
    for color in ("red", "#FFF", "#12345G", "#123456; }"):
        with pytest.raises(ValueError, match="color must be written as #RRGGBB"):
            Brand.of(color)
    (tmp_path / "logo.html").touch()
    (tmp_path / "large.png").write_bytes(bytes(MOST_BYTES + 1))
    for name in ("logo.html", "none.png"):
        with pytest.raises(ValueError, match=f"logo must be a picture .*{name}"):
            Brand.of(logo=tmp_path / name)
    with pytest.raises(ValueError, match="at most 300,000 bytes"):
        Brand.of(logo=tmp_path / "large.png")
