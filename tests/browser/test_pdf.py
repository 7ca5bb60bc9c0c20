"""A real browser prints a report as a PDF, with its folded parts."""

import re
from pathlib import Path

import pytest

from shopper_widgets.publish.page.pdf import VARIABLE, print_pdf

from ..get_programs import on_path

#: Like the report, it has content that a script draws late, in a part that is folded until it is printed.
PAGE = """<!DOCTYPE html><html><body><main>
<details open><summary>More</summary><p id="far"></p></details></main>
<script type="module">
const fold = document.querySelector("details");
fold.open = false;
addEventListener("beforeprint", () => { fold.open = true; });
await new Promise((done) => setTimeout(done, 2000));
document.querySelector("#far").innerHTML = Array(300).fill("A line that was drawn late.").join("<br>");
</script></body></html>
"""


def test_a_page_prints_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = on_path()
    if browser is None:
        pytest.skip("no browser on PATH")
    monkeypatch.setenv(VARIABLE, browser)
    page = tmp_path / "a page & more.html"
    page.write_text(PAGE, encoding="utf-8")
    pdf = print_pdf(page, tmp_path / "page.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    # Three hundred lines take several pages, if they are neither folded nor printed before they are drawn.
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4
