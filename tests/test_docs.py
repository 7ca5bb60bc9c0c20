"""The documentation builds without a warning, has every public name, and loads nothing from other hosts."""

import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import shopper_widgets
from shopper_widgets import charts, panels, segments
from shopper_widgets.publish import options
from tests import rooms

DOCS = Path(__file__).parent.parent / "docs"
PUBLIC = [
    (module.__name__, name)
    for module in (shopper_widgets, segments, charts, panels)
    for name in module.__all__
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages as HTML."""
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-E", "-q", str(DOCS), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def entries(built: Path) -> set[str]:
    """Return the names with an entry in the API reference."""
    packed = (built / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.split(" ", 1)[0] for line in zlib.decompress(packed).decode().splitlines() if " py:" in line}


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_every_public_name_is_in_the_reference(entries: set[str], module: str, name: str) -> None:
    """It has an entry under this name, or under another public name of the same object."""
    others = {f"{other}.{name}" for other, public in PUBLIC if public == name}
    assert {f"{module}.{name}", *others} & entries


class _Loaded(HTMLParser):
    """Collects what a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the sources of scripts, styles, pictures and frames, but not links."""
        told = dict(attrs)
        if tag == "link" and told.get("rel") not in ("canonical", "index", "search", "next", "prev"):
            self.found.append(told.get("href") or "")
        elif tag != "a":
            self.found += [value or "" for name, value in attrs if name in ("src", "srcset", "data")]


def test_a_page_loads_nothing_from_elsewhere(built: Path) -> None:
    sources = [path.relative_to(DOCS) for path in DOCS.rglob("*") if path.suffix in (".md", ".rst")]
    assert all((built / source).with_suffix(".html").is_file() for source in sources)
    for page in built.rglob("*.html"):
        loaded = _Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.found
        assert [source for source in loaded.found if re.match(r"(https?:)?//", source)] == [], page.name
    for style in built.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", style.read_text(encoding="utf-8")), (
            style.name
        )


def test_the_options_page_has_every_option(built: Path) -> None:
    page = (built / "options.html").read_text(encoding="utf-8")
    for option in (*options.PARAMETERS, *options.READING, *options.CLEANING):
        assert f">{option.name}</span>" in page or f">{option.name}</code>" in page, option.name


def test_the_picture_has_every_room(built: Path) -> None:
    picture = (built / "_images" / "rooms.svg").read_text(encoding="utf-8")
    for name in set(rooms.MAY_IMPORT) - {"__init__"}:
        assert f">{name}</text>" in picture


def test_the_gallery_has_every_panel_with_a_picture(built: Path) -> None:
    for name, panel in panels.dashboard_views.PAGES.items():
        pages = [
            page for page in (built / "gallery").glob("*.html") if f"{panel.__name__}(model)" in _text(page)
        ]
        assert len(pages) == 1, name
        assert "_images/gallery-" in pages[0].read_text(encoding="utf-8"), name


def _text(page: Path) -> str:
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
