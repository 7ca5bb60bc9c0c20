"""Six views look as before: no card, column or chart is missing or has moved.

Fonts differ between machines, so every character is a box here, equally wide on the page and in the
measurements of its charts; a picture is an eighth of the page's size, in sixteen grays.
``UPDATE_SNAPSHOTS=1`` takes new pictures: look at them before you commit them.
"""

import base64
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from .servers import Server
from .steps import open_view
from .test_panels import CHARTS, see_charts

Greys = npt.NDArray[np.int64]

LOOKS = Path(__file__).parent / "looks"
VIEWS = [
    ("Overview", 1280),
    ("Segments", 1280),
    ("Campaign", 1280),
    ("Sales", 390),
    ("Movements", 390),
    ("Customer", 390),
]
#: A font of 664 bytes, in which each character but the space is the same box.
BOXES = """
AAEAAAAKAIAAAwAgT1MvMkWZQ4wAAAEoAAAAYGNtYXAAEvvYAAABlAAAAGRnbHlmg2y2GgAAAgAAAAAaaGVhZC+C8CoAAACsAAAANmhoZWEF
jgE6AAAA5AAAACRobXR4BTwAKAAAAYgAAAAMbG9jYQAAAA0AAAH4AAAACG1heHAABQAGAAABCAAAACBuYW1lQg811wAAAhwAAABacG9zdAAD
AAAAAAJ4AAAAIAABAAAAAQAAGp5h9V8PPPUAAwPoAAAAAOcyVnkAAAAA5zJWeQAoAAAB4AJYAAAAAwACAAAAAAAAAAEAAAOE/wYAAAIIACgA
KAHgAAEAAAAAAAAAAAAAAAAAAAADAAEAAAADAAQAAQAAAAAAAgAAAAAAAAAAAAAAAAAAAAAAAwG/AZAABQAEAAAAAAAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAAADAAAAAAAAAAAAAAAAPz8/PwAAACD//wOE/wYAAAOEAPoAAAAAAAAAAAAAAAAAAAAgAAACCAAAASwAAAIIACgA
AAABAAMACgAAAAwADQAAAAAAWAAAAAAAAAAGAAAAIAAAACAAAAABAAAAIQAAAJ8AAAACAAAAoAAAAKAAAAABAAAAoQAAIAoAAAACAAAgcAAA
1/8AAAACAADgAAAA//8AAAACAAAAAAAAAA0AAQAoAAAB4AJYAAMAADMRIREoAbgCWP2oAAAAAAAABAA2AAEAAAAAAAEABQAAAAEAAAAAAAIA
BwAFAAMAAQQJAAEACgAMAAMAAQQJAAIADgAWQm94ZXNSZWd1bGFyAEIAbwB4AGUAcwBSAGUAZwB1AGwAYQByAAAAAwAAAAAAAAAAAAAAAAAA
AAAAAAAAAAAAAAAAAAAAAA==
"""
AS_BOXES = f"""
@font-face {{ font-family: Boxes; src: url(data:font/ttf;base64,{"".join(BOXES.split())}); }}
* {{ font-family: Boxes !important; caret-color: transparent !important; }}
"""
#: Charts measure their text by a canvas, and make room for it.
MEASURED = """
CanvasRenderingContext2D.prototype.measureText = function (text) {
  const [, px] = /([\\d.]+)px/.exec(this.font);
  return { width: 0.52 * px * String(text).length };
};
"""
#: Returns a picture in grays, an eighth as wide and high.
SMALL = """
async (picture) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const [width, height] = [bitmap.width / 8, bitmap.height / 8].map(Math.floor);
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const grey = (at) => Math.round((0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2]) / 17);
  return { width, greys: Array.from({ length: width * height }, (_, i) => grey(4 * i)) };
}
"""
#: Grays, of 0 to 15, differ if they are this far apart, and so many pixels may differ. A missing button makes
#: 21 differ, a missing line of a card 16, a missing column of a table 38; the same page on the same machine,
#: none.
APART, MOST = 3, 12


def picture(page: Page) -> Greys:
    """Return what the page shows once nothing moves any more."""
    before = b""
    for _ in range(20):
        now = page.screenshot()
        if now == before:
            break
        before = now
        page.wait_for_timeout(250)
    found = page.evaluate(SMALL, base64.b64encode(before).decode())
    return np.array(found["greys"]).reshape(-1, found["width"])


def differing(old: Greys, new: Greys) -> npt.NDArray[np.bool_]:
    """Return the pixels of either picture that the other has neither there nor next to it."""

    def away(these: Greys, those: Greys) -> Greys:
        rows, across = these.shape
        near = np.pad(those, 1, mode="edge")
        shifts = [near[y : y + rows, x : x + across] for y in range(3) for x in range(3)]
        return np.abs(np.stack(shifts) - these).min(axis=0)

    return np.maximum(away(old, new), away(new, old)) >= APART


def as_png(greys: Greys) -> bytes:
    """Write sixteen grays as PNG: a signature, and chunks of length, name, content and checksum."""
    height, width = greys.shape
    even = np.pad(greys, ((0, 0), (0, width % 2)))
    packed = (even[:, ::2] << 4 | even[:, 1::2]).astype(np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in packed)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0),
        b"IDAT": zlib.compress(lines, 9),
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in {**chunks, b"IEND": b""}.items()
    )


def from_png(file: bytes) -> Greys:
    """Read what `as_png` wrote."""
    width, height = struct.unpack(">II", file[16:24])
    start = file.index(b"IDAT")
    (size,) = struct.unpack(">I", file[start - 4 : start])
    lines = np.frombuffer(zlib.decompress(file[start + 4 : start + 4 + size]), dtype=np.uint8).reshape(
        height, -1
    )
    packed = lines[:, 1:].astype(np.int64)
    return np.stack([packed >> 4, packed & 15], axis=2).reshape(height, -1)[:, :width]


def test_a_picture_is_read_as_it_was_written() -> None:
    greys = np.random.default_rng(0).integers(16, size=(7, 11))
    assert (from_png(as_png(greys)) == greys).all()
    assert not differing(greys, greys).any()


def test_six_views_look_as_they_did(quiet_page: Page, voila_server: Server, tmp_path: Path) -> None:
    page = quiet_page
    page.add_init_script(MEASURED)
    page.goto(voila_server.url)
    expect(page.get_by_role("tab", name="Products")).to_be_visible()
    page.add_style_tag(content=AS_BOXES)
    page.evaluate("document.fonts.load('14px Boxes')")
    changed = []
    for name, width in VIEWS:
        page.set_viewport_size({"width": width, "height": 1400})
        open_view(page, name)
        if name == "Customer":
            page.get_by_label("Top spenders").select_option(index=0)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        see_charts(page, CHARTS[name])
        now, file = picture(page), LOOKS / f"{name.lower()}-{width}.png"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            file.write_bytes(as_png(now))
        before = from_png(file.read_bytes())
        assert before.shape == now.shape
        places = int(differing(before, now).sum())
        if places > MOST:
            (tmp_path / file.name).write_bytes(as_png(now))
            changed.append(f"{places} places of {file.name} differ; now: {tmp_path / file.name}")
    if changed:
        pytest.fail("\n".join([*changed, "UPDATE_SNAPSHOTS=1 takes them anew."]), pytrace=False)
