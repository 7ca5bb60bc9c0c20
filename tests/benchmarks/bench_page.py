"""How soon the published page answers, compared with an empty page with the same imports.

    python -m tests.benchmarks.bench_page

Both pages are served as the dashboard is, each with a warm pool, and visited in turn. What counts is the time
from the request until the kernel has answered the first click. Bar: 3.5 s, and 1.5 times the empty page.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, expect, sync_playwright

from shopper_widgets.datasets import load_sample
from shopper_widgets.model.shopper_model import ShopperModel
from tests.benchmarks.measuring import SMALL, exit_code
from tests.browser.browsers import launch_options
from tests.browser.servers import Server, free_port, running, serving

VISITS = 1 if SMALL else 7
MOST_SECONDS = 3.5
MOST_TIMES_EMPTY = 1.5

EMPTY = """
import ipywidgets as widgets
import shopper_widgets.panels.dashboard, shopper_widgets.publish.dashboard_page
button, answer = widgets.Button(description="Ask"), widgets.Label()
button.on_click(lambda _: setattr(answer, "value", "An answer"))
widgets.VBox([button, answer])
"""


#: Page → the role and name of the element to click, and a text of the kernel's answer.
CLICKS = {
    "dashboard": ("tab", "Data & evaluation", "What was left out, and why?"),
    "empty page": ("button", "Ask", "An answer"),
}


def visit(browser: Browser, server: Server, role: str, name: str, answer: str) -> tuple[float, float]:
    """Return the seconds until the first control is there, and until the kernel has answered it."""
    server.wait_until_warm()
    page = browser.new_page()
    start = time.perf_counter()
    page.goto(server.url, wait_until="commit")
    control = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    expect(control).to_be_visible(timeout=30_000)
    shown = time.perf_counter() - start
    control.click()
    expect(page.get_by_text(answer).first).to_be_visible(timeout=30_000)
    answered = time.perf_counter() - start
    page.goto("about:blank")  # leaving the page frees its kernel
    page.close()
    return shown, answered


def main() -> int:
    """Measure, print, and return 0 if the bars are met."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        root = Path(scratch)
        ShopperModel.fit(load_sample()).save(root / "model")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(EMPTY)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python", "language": "python"}
        nbformat.write(notebook, root / "empty.ipynb")
        for name in ("dashboard", "empty"):
            (root / name).mkdir()
        ports = free_port(), free_port()
        pages = (
            serving(ports[0], model=root / "model"),
            serving(ports[1], model=None, notebook=root / "empty.ipynb"),
        )
        with (
            running(pages[0], port=ports[0], root=root / "dashboard", ready="ready") as dashboard,
            running(pages[1], port=ports[1], root=root / "empty", ready="ready") as empty,
        ):
            browser = playwright.chromium.launch(**launch_options(playwright))
            times: dict[str, list[tuple[float, float]]] = {"dashboard": [], "empty page": []}
            for _ in range(VISITS):
                times["dashboard"].append(visit(browser, dashboard, *CLICKS["dashboard"]))
                times["empty page"].append(visit(browser, empty, *CLICKS["empty page"]))
            browser.close()

    medians = {}
    for name, visits in times.items():
        shown, answered = (statistics.median(column) for column in zip(*visits, strict=True))
        medians[name] = answered
        spread = f"{min(v[1] for v in visits):.2f} to {max(v[1] for v in visits):.2f}"
        sys.stdout.write(f"{name:10}  shown {shown:.2f} s  answered {answered:.2f} s ({spread})\n")
    ratio = medians["dashboard"] / medians["empty page"]
    kept = medians["dashboard"] < MOST_SECONDS and ratio < MOST_TIMES_EMPTY
    sys.stdout.write(f"{ratio:.2f} times the empty page: {'within' if kept else 'BEYOND'} the limits\n")
    return exit_code(kept)


if __name__ == "__main__":
    sys.exit(main())
