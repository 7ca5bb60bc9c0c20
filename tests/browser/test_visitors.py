"""A real server gives the page only to the right host, to one tab per kernel, and while there is room."""

import base64
import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from shopper_widgets.publish.password import GUESSES_PER_MINUTE, read_password, write_password
from shopper_widgets.publish.server import POOL_SIZE
from tests.publish.test_dockerfile import health_check

from .servers import Server, free_port, running, serving
from .test_voila import PRESS, eventually, fetch, open_small, write_notebook

#: Longer than a busy machine takes from sending the page to its connection.
IDLE_SECONDS = 12
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a notebook of one button to at most two visitors, also as shop.example.com."""
    root = tmp_path_factory.mktemp("visitors")
    write_notebook(root / "page.ipynb", PRESS)
    port = free_port()
    command = serving(
        port,
        model=None,
        notebook=root / "page.ipynb",
        idle_seconds=IDLE_SECONDS,
        host_names=["shop.example.com"],
        visitors=2,
    )
    with running(command, port=port, root=root, ready="ready") as started:
        started.wait_until_warm()
        yield started


def ask(server: Server, path: str = "/", **headers: str) -> tuple[int, str]:
    """Return the status and the text that a program gets with these headers."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    reply = connection.getresponse()
    text = reply.read().decode(errors="replace") if reply.status != 101 else ""
    connection.close()
    return reply.status, text


def test_a_monitor_is_answered_and_starts_nothing(server: Server) -> None:
    kernels = server.kernels()
    assert ask(server, "/healthy", Host="localhost") == (200, "healthy")
    assert ask(server, "/healthy", Host="evil.example")[0] == 403
    check = health_check().replace(":8866", f":{urlsplit(server.url).port}")
    assert subprocess.run([sys.executable, "-c", check], timeout=60).returncode == 0
    assert server.kernels() == kernels


def test_scripts_are_kept_by_the_browser_and_pages_are_not(page: Page, server: Server) -> None:
    kept: dict[str, str] = {}
    page.on("response", lambda reply: kept.update({reply.url: reply.headers.get("cache-control", "")}))
    open_small(page, server)
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    scripts = {url: rule for url, rule in kept.items() if ".js" in url}
    for url, rule in scripts.items():
        # Voilà's template has the version in the address of its style, and caches it for ten years.
        assert "immutable" in rule or "max-age=315360000" in rule, url
    assert len(scripts) > 50
    assert "no-store" in kept[server.url]
    version = next(url for url in scripts if url.endswith("/voila.js"))
    assert ask(server, urlsplit(version).path.replace("voila.js", "../../../page.ipynb"))[0] in (403, 404)


def test_another_host_gets_neither_page_nor_kernel_nor_socket(server: Server) -> None:
    evil = "evil.example:8866"
    kernels = server.kernels()
    kernel = min(kernels)
    assert ask(server, Host=evil)[0] == 403
    assert ask(server, "/static/", Host=evil)[0] == 403
    assert ask(server, f"/api/kernels/{kernel}", Host=evil)[0] == 403
    origin = {"Host": evil, "Origin": f"http://{evil}"}
    assert ask(server, f"/api/kernels/{kernel}/channels", **UPGRADE, **origin)[0] == 403
    assert server.kernels() == kernels
    assert ask(server, f"/api/kernels/{kernel}")[0] == 200
    assert ask(server, f"/api/kernels/{kernel}", Host="shop.example.com")[0] == 200


def test_what_is_no_page_in_a_tab_starts_no_kernel(server: Server) -> None:
    kernels = server.kernels()
    for wanted in ("image", "empty", "iframe"):
        status, text = ask(server, **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": wanted})
        assert status == 403
        assert "in a tab of a browser" in text
    assert server.kernels() == kernels


def test_a_full_page_says_so_until_there_is_room_again(page: Page, server: Server) -> None:
    # Visitors of earlier tests have left.
    assert eventually(lambda: len(server.kernels()) == POOL_SIZE, seconds=5 * IDLE_SECONDS)
    open_small(page, server)
    # A program takes a place, and never connects.
    status, text = ask(server)
    kernel = re.search(r'"kernelId": ?"([^"]+)"', text)
    assert status == 200
    assert kernel
    # The next visitor is told to wait, and gets the program's place, before those who come later, once its
    # kernel stops.
    waiting = page.context.new_page()
    reply = waiting.goto(f"{server.url}?from=a+link")
    assert reply is not None
    assert reply.status == 503
    expect(waiting.get_by_role("status")).to_contain_text("you are next in line")
    assert "you are number 2 in line" in ask(server)[1]
    expect(waiting.get_by_role("button", name="Press")).to_be_visible(timeout=5000 * IDLE_SECONDS)
    assert kernel[1] not in server.kernels()
    assert waiting.url.endswith("?from=a+link")
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("2", exact=True)).to_be_visible()
    for left in (page, waiting):
        left.goto("about:blank")
    assert eventually(lambda: len(server.kernels()) == POOL_SIZE, seconds=5 * IDLE_SECONDS)


def test_a_page_with_a_password_is_for_those_who_know_it(page: Page, tmp_path: Path) -> None:
    write_notebook(tmp_path / "page.ipynb", PRESS)
    write_password(tmp_path / "hash", "open <sesame>")
    port = free_port()
    hashed = read_password(tmp_path / "hash")
    command = serving(port, model=None, notebook=tmp_path / "page.ipynb", visitors=1, password=hashed)
    with running(command, port=port, root=tmp_path, ready="ready") as server:
        assert eventually(lambda: len(server.kernels()) == POOL_SIZE)
        kernel = f"api/kernels/{min(server.kernels())}"
        assert ask(server, f"/{kernel}")[0] == ask(server, f"/{kernel}/channels", **UPGRADE)[0] == 403
        assert fetch(server, f"/voila/{kernel}".replace("kernels", "shutdown"), "POST")[0] == 403
        assert ask(server, "/healthy")[0] == 200
        assert ask(server)[0] == 302  # it takes no place
        page.goto(f"{server.url}?from=a+link")
        field = page.get_by_label("This page asks for a password.")
        field.fill("open sesame")
        field.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("That is not the password.")
        field.fill("open <sesame>")
        field.press("Enter")
        page.get_by_role("button", name="Press").click()
        expect(page.get_by_text("1", exact=True)).to_be_visible()
        assert page.url.endswith("?from=a+link")
        assert "sesame" not in server.log.read_text()
        stranger = page.context.browser.new_page() if page.context.browser else page
        for _ in range(GUESSES_PER_MINUTE):
            stranger.request.post(f"{server.url}login", form={"password": "guess"})
        assert stranger.request.post(f"{server.url}login", form={"password": "open <sesame>"}).status == 429
        page.goto("about:blank")


def test_the_server_speaks_the_language_of_its_page(page: Page, tmp_path: Path) -> None:
    write_notebook(tmp_path / "page.ipynb", PRESS)
    write_password(tmp_path / "hash", "open <sesame>")
    port = free_port()
    hashed = read_password(tmp_path / "hash")
    notebook = tmp_path / "page.ipynb"
    command = serving(port, model=None, notebook=notebook, visitors=0, password=hashed, locale="de")
    with running(command, port=port, root=tmp_path, ready="ready"):
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator("html")).to_have_attribute("lang", "de")
        field = page.get_by_label("Diese Seite fragt nach einem Passwort.")
        field.fill("open <sesame>")
        page.get_by_role("button", name="Seite öffnen").click()
        expect(page.get_by_role("status")).to_contain_text("dieser Tab ist der nächste in der Reihe")
        page.goto("about:blank")


def test_a_page_of_a_rebound_name_reads_nothing(page: Page, server: Server) -> None:
    # Browsers resolve every name under .localhost to this machine, as DNS rebinding would.
    port = urlsplit(server.url).port
    reply = page.goto(f"http://rebound.localhost:{port}/")
    assert reply is not None
    assert reply.status == 403
    expect(page.get_by_text("not published under this name")).to_be_visible()
