"""Real servers and a real browser: Voilà's page, JupyterLab, and Chromium."""

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Playwright, expect

from .browsers import launch_options
from .servers import Server, free_port, running

# Nothing here measures speed, and other tests keep the machine busy.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Return how pytest-playwright starts Chromium; without one, the tests fail with a helpful message."""
    try:
        return {**browser_type_launch_args, **launch_options(playwright)}
    except FileNotFoundError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def voila_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run ``shopper-widgets dashboard`` on the sample, as a user starts it, with a warm pool."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "shopper_widgets.publish.cli",
        "dashboard",
        "--port",
        str(port),
        "--no-browser",
    ]
    # The request is for a missing path, since one for the page would take a kernel from the pool.
    with running(command, port=port, root=tmp_path_factory.mktemp("voila"), ready="ready") as server:
        server.wait_until_warm()
        yield server


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run JupyterLab without token, settings or news; notebooks go into its ``root``."""
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
    """Return a page on which a console error, failed request or request to another host fails the test."""
    troubles: list[str] = []

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost"):
            troubles.append(f"off the machine: {url}")

    def on_failure(url: str, reason: str | None) -> None:
        # A page that is left sends a last request to stop its kernel; Chromium reports it as failed.
        if "/voila/api/shutdown/" not in url:
            troubles.append(f"{reason}: {url}")

    page.on("request", lambda request: on_request(request.url))
    page.on("websocket", lambda websocket: on_request(websocket.url))
    page.on("requestfailed", lambda request: on_failure(request.url, request.failure))
    page.on("response", lambda r: troubles.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    yield page
    found = "\n".join(troubles)
    # Playwright closes a page as a crash would: leaving it first frees its kernel for later tests.
    if not page.is_closed():
        page.goto("about:blank")
    assert not found, found
