"""Real servers and a real browser: Voilà's page, JupyterLab, and Chromium."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page, Playwright

from shopper_widgets.serving import POOL_SIZE

#: What Chromium would otherwise fetch for itself.
QUIET_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Chromium from PATH, or else Playwright's own; without either the tests fail, in words."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), playwright.chromium.executable_path)
    if not Path(found).exists():
        pytest.fail(
            f"No Chromium: none of {', '.join(names)} is on PATH and Playwright has none of its own;"
            " install one, or run `python -m playwright install chromium`",
            pytrace=False,
        )
    # Chromium's sandbox refuses to run as root, as in containers.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": found, "args": [*QUIET_FLAGS, *as_root]}


@dataclass
class Server:
    """A server process on loopback, its log, and the kernels that it runs."""

    process: psutil.Popen
    url: str
    log: Path
    root: Path

    def kernels(self) -> set[str]:
        """Ids of the running kernels, in the pool and out of it."""
        commands = []
        for child in self.process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                commands.append(" ".join(child.cmdline()))
        return {
            found[1] for command in commands if (found := re.search(r"kernel-([\w-]{36})\.json", command))
        }

    def wait_until_warm(self, size: int = POOL_SIZE, seconds: float = 60) -> None:
        """Wait until the kernels have made their pages: at rest, with the same last sign of life, twice."""
        deadline = time.monotonic() + seconds
        before: set[str] = set()
        while time.monotonic() < deadline:
            with suppress(OSError):
                after = {self.last_activity(kernel) for kernel in self.kernels()}
                if len(after) >= size and after == before and all(after):
                    return
                before = after
            time.sleep(0.5)
        pytest.fail(f"The kernels weren't ready after {seconds} s; the server's log:\n{self.log.read_text()}")

    def last_activity(self, kernel: str) -> str:
        """When a kernel last said something; empty while it works."""
        with urllib.request.urlopen(f"{self.url}api/kernels/{kernel}", timeout=5) as reply:
            state = json.load(reply)
        return str(state["last_activity"]) if state["execution_state"] == "idle" else ""


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], *, port: int, root: Path, ready: str, **env: str) -> Iterator[Server]:
    """Run a server in ``root`` until the block ends; it is up when it answers for the path ``ready``."""
    log = root / "server.log"
    with log.open("w") as stream:
        process = psutil.Popen(
            command, cwd=root, env={**os.environ, **env}, stdout=stream, stderr=subprocess.STDOUT
        )
    server = Server(process, f"http://127.0.0.1:{port}/", log, root)
    try:
        deadline = time.monotonic() + 60
        while not answers(server.url + ready):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{' '.join(command)} doesn't serve; its log:\n{log.read_text()}")
            time.sleep(0.2)
        yield server
    finally:
        family = [*process.children(recursive=True), process] if process.is_running() else []
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=10)
        for survivor in alive:
            survivor.kill()


def answers(url: str) -> bool:
    """Whether a server answers, with anything."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@pytest.fixture(scope="session")
def voila_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``shopper-widgets dashboard`` on the sample, as a user starts it, with a warm pool."""
    port = free_port()
    command = [sys.executable, "-m", "shopper_widgets.cli", "dashboard", "--port", str(port), "--no-browser"]
    # A path that exists nowhere is asked for, since asking for the page takes a kernel from the pool.
    with running(command, port=port, root=tmp_path_factory.mktemp("voila"), ready="ready") as server:
        server.wait_until_warm()
        yield server


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab without token, settings or news; notebooks go into its ``root``."""
    port = free_port()
    root = tmp_path_factory.mktemp("lab")
    config = tmp_path_factory.mktemp("lab_config")
    (config / "labconfig").mkdir()
    (config / "labconfig" / "page_config.json").write_text(
        '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}'
    )
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"]
    command += [f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
    command += [f"--ServerApp.root_dir={root}", "--LabApp.extension_manager=readonly", "--allow-root"]
    with running(command, port=port, root=root, ready="api/status", JUPYTER_CONFIG_DIR=str(config)) as server:
        yield server


@pytest.fixture
def quiet_page(page: Page) -> Iterator[Page]:
    """A page on which any console error, failed request or request off the machine fails the test."""
    troubles: list[str] = []

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost"):
            troubles.append(f"off the machine: {url}")

    def on_failure(url: str, reason: str | None) -> None:
        # The message by which a page that is left stops its kernel outlives the page: Chromium reports it so.
        if "/voila/api/shutdown/" not in url:
            troubles.append(f"{reason}: {url}")

    page.on("request", lambda request: on_request(request.url))
    page.on("websocket", lambda websocket: on_request(websocket.url))
    page.on("requestfailed", lambda request: on_failure(request.url, request.failure))
    page.on("response", lambda r: troubles.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    yield page
    assert not troubles, "\n".join(troubles)
