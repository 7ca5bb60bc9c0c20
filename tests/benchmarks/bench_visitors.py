"""How many visitors one machine serves: one alone, crowds, and hundreds one after another.

    SHOPPER_MODEL=out/model python -m tests.benchmarks.bench_visitors

Without ``SHOPPER_MODEL`` the sample is served. The single visitor is Chromium with an empty cache. Visitors
of crowds speak the page's protocol without a browser, which would take up the machine under test: each
fetches the page and all files that Chromium fetched, asks for all widgets as the page's script does, opens a
view and waits for the kernel's answer. Bars, on two cores: one alone takes at most 1.2 times as long as an
empty page, and 2 s; 20 within 10 s can all use the page, 95 % of them after 8 s, with all processes within 2
GB; 50 within a minute are served or told to wait; after 500 visits, no page was empty and no process is left.
"""

import http.client
import json
import os
import re
import statistics
import struct
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import websocket
from playwright.sync_api import Browser, expect, sync_playwright

from shopper_widgets.datasets import load_sample
from shopper_widgets.model.shopper_model import ShopperModel
from tests.benchmarks.bench_page import CLICKS, EMPTY, visit
from tests.benchmarks.measuring import SMALL, exit_code, say
from tests.browser.browsers import launch_options
from tests.browser.servers import Server, free_port, running, serving
from tests.browser.test_voila import write_notebook

ALONE = 1 if SMALL else 7
#: Numbers of visitors, and the seconds within which they come.
CROWDS = ((3, 1),) if SMALL else ((20, 10), (50, 60))
SOAK = 4 if SMALL else 500
#: How many visitors of the soak test are there at a time.
AT_A_TIME = 2 if SMALL else 4
PLACES = 50
MOST_TIMES_EMPTY, MOST_SECONDS = 1.2, 2.0
MOST_SECONDS_OF_20, MOST_BYTES_OF_20 = 8.0, 2e9


@dataclass
class Visit:
    """The outcome of a visit: the page's status, and the seconds until the kernel's first answer."""

    status: int = 0
    seconds: float = float("nan")
    widgets: int = 0


class Visitor:
    """Speaks to a server as the page's script does."""

    def __init__(self, server: Server, files: list[str]) -> None:
        self.netloc, self.files = urlsplit(server.url).netloc, files
        self.visit, self.leave = Visit(), threading.Event()

    def run(self, stays: bool = True) -> None:
        """Open the page and a view, stay until told to leave, and leave."""
        start = time.perf_counter()
        connection = http.client.HTTPConnection(self.netloc, timeout=120)
        connection.request("GET", "/", headers={"Accept": "text/html"})
        reply = connection.getresponse()
        text = reply.read().decode()
        self.visit.status = reply.status
        if reply.status != 200:
            return
        kernel = str(re.findall(r'"kernelId": ?"([^"]+)"', text)[0])
        for file in self.files:
            connection.request("GET", file, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
        self._socket = websocket.create_connection(
            f"ws://{self.netloc}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}", timeout=120
        )
        try:
            self._click(self._widgets())
            self.visit.seconds = time.perf_counter() - start
            if stays:
                self.leave.wait()
        finally:
            farewell = http.client.HTTPConnection(self.netloc, timeout=120)
            farewell.request("POST", f"/voila/api/shutdown/{kernel}")
            farewell.getresponse().read()
            self._socket.close()

    def _widgets(self) -> dict[str, Any]:
        comm = uuid.uuid4().hex
        self._send("kernel_info_request", {})
        opening = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
        self._send("comm_open", opening, version="1.0.0")
        self._send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        while True:
            data = self._receive()["content"].get("data", {})
            if data.get("method") == "update_states":
                states: dict[str, Any] = data["states"]
                self.visit.widgets = len(states)
                return states

    def _click(self, widgets: dict[str, Any]) -> None:
        doors = next(key for key, w in widgets.items() if "sw-doors" in w["state"].get("_dom_classes", ()))
        data = {"method": "update", "state": {"selected_index": 4}, "buffer_paths": []}
        self._send("comm_msg", {"comm_id": doors, "data": data})
        while CLICKS["dashboard"][2] not in json.dumps(self._receive()["content"]):
            pass

    def _send(self, kind: str, content: dict[str, Any], **metadata: str) -> None:
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "session": "s",
            "username": "u",
            "version": "5.3",
            "date": "",
        }
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": metadata}
        self._socket.send(json.dumps({**message, "content": content, "buffers": []}))

    def _receive(self) -> dict[str, Any]:
        received = self._socket.recv()
        if isinstance(received, bytes):  # with buffers: their number, their offsets, then the message
            number = struct.unpack(">I", received[:4])[0]
            starts = [*struct.unpack(f">{number}I", received[4 : 4 + 4 * number]), len(received)]
            received = received[starts[0] : starts[1]].decode()
        message: dict[str, Any] = json.loads(received)
        return message


def bytes_of(server: Server) -> int:
    """Return the memory of a server and all its processes; shared memory counts once where it is known."""
    total = 0
    for process in (server.process, *server.process.children(recursive=True)):
        try:
            held = process.memory_full_info()
        except psutil.Error:
            continue
        total += getattr(held, "pss", held.uss)
    return total


def crowd(server: Server, files: list[str], number: int, seconds: float) -> tuple[list[Visit], int]:
    """Let visitors come evenly within these seconds and stay; return their outcomes, and the memory."""
    visitors = [Visitor(server, files) for _ in range(number)]
    threads = [threading.Thread(target=visitor.run, daemon=True) for visitor in visitors]
    for thread in threads:
        thread.start()
        time.sleep(seconds / number)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and any(
        thread.is_alive() and visitor.visit.seconds != visitor.visit.seconds
        for thread, visitor in zip(threads, visitors, strict=True)
    ):
        time.sleep(0.1)
    held = bytes_of(server)
    for visitor in visitors:
        visitor.leave.set()
    for thread in threads:
        thread.join(60)
    return [visitor.visit for visitor in visitors], held


def soak(server: Server, number: int) -> list[Visit]:
    """Let visitors come and go, a few at a time."""
    visits: list[Visit] = []
    while len(visits) < number:
        visitors = [Visitor(server, []) for _ in range(AT_A_TIME)]
        threads = [threading.Thread(target=visitor.run, args=(False,), daemon=True) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        visits += [visitor.visit for visitor in visitors]
    return visits


def files_of(browser: Browser, server: Server) -> list[str]:
    """Return the files that a browser fetches with an empty cache, and the bytes up to the first widget."""
    files: list[str] = []
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[int] = []
    session.on("Network.loadingFinished", lambda done: weights.append(int(done["encodedDataLength"])))
    page.on("request", lambda request: files.append(request.url))
    page.goto(server.url)
    role, name, _ = CLICKS["dashboard"]
    expect(page.get_by_role(role, name=name)).to_be_visible(timeout=30_000)  # type: ignore[arg-type]
    say(f"first widget after {len(weights)} files, {sum(weights) / 1e6:.1f} MB")
    page.goto("about:blank")
    return [url.removeprefix(server.url.rstrip("/")) for url in files if "/static/" in url]


def alone(browser: Browser, dashboard: Server, empty: Server) -> bool:
    """Compare the page with an empty one, both for their first visitor."""
    visits = [
        (visit(browser, dashboard, *CLICKS["dashboard"]), visit(browser, empty, *CLICKS["empty page"]))
        for _ in range(ALONE)
    ]
    ours, theirs = (statistics.median(times[which][0] for times in visits) for which in (0, 1))
    say(f"alone: first widget after {ours:.2f} s, of an empty page {theirs:.2f} s: {ours / theirs:.2f} times")
    return ours <= MOST_SECONDS and ours <= MOST_TIMES_EMPTY * theirs


def together(server: Server, files: list[str]) -> bool:
    """Measure the crowds and the soak test."""
    kept = True
    for number, seconds in CROWDS:
        visits, held = crowd(server, files, number, seconds)
        served = sorted(found.seconds for found in visits if found.widgets)
        told = sum(found.status == 503 for found in visits)
        late = served[int(0.95 * len(served))] if served else float("nan")
        say(
            f"{number} within {seconds} s: {len(served)} served, {told} told to wait, "
            f"{number - len(served) - told} lost; median {statistics.median(served):.1f} s, "
            f"95 of 100 within {late:.1f} s; {held / 1e9:.2f} GB"
        )
        kept &= len(served) + told == number
        if number == 20:
            kept &= len(served) == 20 and late <= MOST_SECONDS_OF_20 and held <= MOST_BYTES_OF_20
        server.wait_until_warm()
    before = len(server.kernels())
    visits = soak(server, SOAK)
    empty_pages = sum(not found.widgets for found in visits)
    deadline = time.monotonic() + 60
    while len(server.kernels()) > before and time.monotonic() < deadline:
        time.sleep(0.5)
    left = len(server.kernels()) - before
    gigabytes = bytes_of(server) / 1e9
    say(f"{len(visits)} visits: {empty_pages} pages empty, {max(left, 0)} kernels left; {gigabytes:.2f} GB")
    return kept and not empty_pages and left <= 0


def main() -> int:
    """Measure, print, and return 0 if the bars are met."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        root = Path(scratch)
        model = os.environ.get("SHOPPER_MODEL", "")
        if not model or SMALL:
            model = str(ShopperModel.fit(load_sample(), progress=False).save(root / "model"))
        write_notebook(root / "empty.ipynb", EMPTY)
        ports = free_port(), free_port()
        for name in ("dashboard", "empty"):
            (root / name).mkdir()
        pages = (
            serving(ports[0], model=Path(model), visitors=PLACES),
            serving(ports[1], model=None, notebook=root / "empty.ipynb"),
        )
        with running(pages[0], port=ports[0], root=root / "dashboard", ready="ready") as dashboard:
            browser = playwright.chromium.launch(**launch_options(playwright))
            with running(pages[1], port=ports[1], root=root / "empty", ready="ready") as empty:
                kept = alone(browser, dashboard, empty)
            dashboard.wait_until_warm()
            files = files_of(browser, dashboard)
            browser.close()
            dashboard.wait_until_warm()
            kept &= together(dashboard, files)
    say(f"{'within' if kept else 'BEYOND'} the limits")
    return exit_code(kept)


if __name__ == "__main__":
    sys.exit(main())
