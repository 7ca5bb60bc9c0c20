"""Pictures look the same with a palette as before."""

import struct
import zlib

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from shopper_widgets._support.png import _pixels, with_palette


def _shown(png: bytes) -> np.ndarray:
    """Return the colors of a picture with a palette."""
    palette = png[png.index(b"PLTE") + 4 :]
    colors = np.frombuffer(
        palette[: struct.unpack(">I", png[png.index(b"PLTE") - 4 : png.index(b"PLTE")])[0]], np.uint8
    )
    return colors.reshape(-1, 3)[_pixels(png, 1)[..., 0]]


def test_a_chart_stays_what_it_was_and_is_a_third_as_large() -> None:
    frame = pd.DataFrame({"x": list("abcd"), "y": [3, 1, 2, 5]})
    chart = alt.Chart(frame, title="Four bars").mark_bar().encode(x="x", y="y", color="x")
    png = vl_convert.vegalite_to_png(chart.to_dict(), scale=2)
    small = with_palette(png)
    assert len(small) < len(png) / 2
    before = _pixels(png, 4).astype(int)
    on_white = (before[..., :3] * before[..., 3:] + 255 * (255 - before[..., 3:])) // 255
    away = np.abs(_shown(small).astype(int) - on_white)
    assert away.max() <= 32 and away.mean() < 2
    # Nine tenths of the pixels are background and bars, whose colors are kept almost exactly.
    assert (away.max(axis=2) <= 4).mean() > 0.9


@pytest.mark.parametrize("kind", range(5))
def test_each_filter_of_a_row_is_undone(kind: int) -> None:
    pixels = np.random.default_rng(kind).integers(0, 256, (6, 7, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    flat, rows = pixels.reshape(6, 28).astype(int), b""
    for y in range(6):
        left = np.concatenate([np.zeros(4, int), flat[y, :-4]])
        up = flat[y - 1] if y else np.zeros(28, int)
        corner = np.concatenate([np.zeros(4, int), up[:-4]])
        guess = left + up - corner
        near = [
            min(three, key=lambda one: abs(g - one))
            for g, *three in zip(guess, left, up, corner, strict=True)
        ]
        by_kind = [np.zeros(28, int), left, up, (left + up) // 2, np.array(near)]
        rows += bytes([kind, *((flat[y] - by_kind[kind]) % 256)])
    head = struct.pack(">IIBBBBB", 7, 6, 8, 6, 0, 0, 0)
    body = zlib.compress(rows)
    chunks = [(b"IHDR", head), (b"IDAT", body)]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks
    )
    assert (_pixels(png, 4) == pixels).all()
    assert np.abs(_shown(with_palette(png)).astype(int) - pixels[..., :3]).max() <= 1


def test_another_kind_of_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="8 bits a channel"):
        with_palette(b"GIF89a")
