"""The published page for strangers: what they see, what they can't reach, and what they leave behind."""

import base64
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from playwright.sync_api import Page, expect

from shopper_widgets.publish.server import POOL_SIZE

from .servers import Server, free_port, running, serving
from .steps import brush_customers, open_view, predict_a_segment, read_recommendations

# Longer than a busy machine takes to open a page, whose kernel would otherwise be stopped meanwhile.
IDLE_SECONDS = 12

PRESS = """
import ipywidgets as widgets
secret_source = "sesame"
button, label = widgets.Button(description="Press"), widgets.Label("0")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
widgets.VBox([button, label])
"""


def write_notebook(path: Path, *cells: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a notebook of one button, next to files that nobody should get; kernels are soon idle."""
    root = tmp_path_factory.mktemp("small")
    write_notebook(root / "page.ipynb", PRESS)
    write_notebook(root / "other.ipynb", "'another notebook'")
    (root / "module.py").write_text("secret_source = 'sesame'")
    (root / "data").mkdir()
    for name in ("orders.csv", "data/orders.csv", "chart.png", "data/chart.svg"):
        (root / name).write_text("sesame")
    # A configuration in the working folder, which anybody may have written, must not undo the settings.
    (root / "voila.json").write_text(
        '{"VoilaConfiguration": {"file_allowlist": [".*"], "strip_sources": false}}'
    )
    port = free_port()
    command = serving(port, model=None, notebook=root / "page.ipynb", idle_seconds=IDLE_SECONDS)
    with running(command, port=port, root=root, ready="ready") as server:
        server.wait_until_warm()
        yield server


def fetch(server: Server, path: str, method: str = "GET") -> tuple[int, str]:
    """Return status and text of a path, sent as it is (a browser would resolve ``..``), with redirects."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    connection.putrequest(method, path, skip_accept_encoding=True)
    connection.endheaders()
    reply = connection.getresponse()
    text = reply.read().decode(errors="replace")
    connection.close()
    if reply.status in (301, 302):
        return fetch(server, reply.headers["Location"], method)
    return reply.status, text


def kernel_id(page: Page) -> str:
    found = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    return str(found)


def is_alive(server: Server, kernel: str) -> bool:
    return fetch(server, f"/api/kernels/{kernel}")[0] == 200


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)
    return condition()


def open_small(page: Page, server: Server) -> str:
    page.goto(server.url)
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("1", exact=True)).to_be_visible()
    return kernel_id(page)


# What is seen and done


def test_the_page_comes_from_this_machine_alone(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(voila_server.url)
    expect(quiet_page.locator(".jupyter-widgets").first).to_be_visible()
    quiet_page.wait_for_load_state("networkidle")
    expect(quiet_page).to_have_title("Shopper Spectrum")
    assert quiet_page.locator("html").get_attribute("lang") == "en"
    assert quiet_page.get_by_role("main").count() == 1
    expect(quiet_page.get_by_role("alert")).to_have_count(0)


def test_the_dashboard_works_in_voila(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(voila_server.url)
    read_recommendations(quiet_page)
    predict_a_segment(quiet_page)
    brush_customers(quiet_page)


def test_a_link_opens_its_view_and_back_goes_back(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(f"{voila_server.url}?view=movements&from_segment=High-Value")
    expect(quiet_page.get_by_label("Moved from")).to_have_value("High-Value")
    open_view(quiet_page, "Predict")
    expect(quiet_page).to_have_url(re.compile(r"\?view=predict$"))
    quiet_page.go_back()
    expect(quiet_page.get_by_label("Moved from")).to_have_value("High-Value")
    expect(quiet_page).to_have_url(re.compile(r"\?view=movements&from_segment=High-Value$"))
    quiet_page.go_forward()
    expect(quiet_page.get_by_label("Money spent")).to_be_visible()


#: Adds a widget after its manager has stopped looking for it, as it does many times within two seconds.
LATE = """
async () => {
    const manager = jupyterapp.widgetManager, now = Date.now;
    const found = manager.get_model("late");
    manager.register_model("late", Promise.resolve({ once() {}, late: true }));
    Date.now = () => now() + 5000;
    try { return (await found).late; } finally { Date.now = now; }
}
"""


def test_a_widget_that_comes_late_is_shown(page: Page, small_server: Server) -> None:
    open_small(page, small_server)
    assert page.evaluate(LATE) is True


def test_a_page_without_its_kernel_says_so(page: Page, small_server: Server) -> None:
    kernel = open_small(page, small_server)
    assert fetch(small_server, f"/voila/api/shutdown/{kernel}", "POST")[0] == 204
    # The event that a browser sends when its reader comes back to the tab; there is also a timer.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert")).to_contain_text("This session has ended")
    page.get_by_role("button", name="Reload the page").click()
    expect(page.get_by_text("0", exact=True)).to_be_visible()


def test_a_broken_model_shows_a_sentence_and_logs_the_rest(
    quiet_page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "manifest.json").write_text("{")
    port = free_port()
    with running(serving(port, model=tmp_path / "model"), port=port, root=tmp_path, ready="ready") as server:
        quiet_page.goto(server.url)
        expect(quiet_page.get_by_text("This page can't be shown")).to_be_visible()
        page = quiet_page.content()
        assert "Traceback" not in page
        assert str(tmp_path) not in page
        assert "manifest" not in page
        assert "Traceback" in server.log.read_text()
        assert "manifest" in server.log.read_text()
        quiet_page.goto("about:blank")


def test_a_failing_cell_shows_no_traceback(page: Page, tmp_path: Path) -> None:
    write_notebook(tmp_path / "page.ipynb", "raise ValueError('sesame')")
    port = free_port()
    command = serving(port, model=None, notebook=tmp_path / "page.ipynb")
    with running(command, port=port, root=tmp_path, ready="ready") as server:
        page.goto(server.url)
        expect(page.get_by_text("Details are in the server's log")).to_be_visible()
        assert "sesame" not in page.content()
        assert "sesame" in server.log.read_text()


# What can't be reached


@pytest.mark.parametrize(
    "path",
    [
        "/page.ipynb",
        "/other.ipynb",
        "/voila/render/other.ipynb",
        "/voila/files/page.ipynb",
        "/voila/files/other.ipynb",
        "/voila/files/module.py",
        "/voila/files/orders.csv",
        "/voila/files/data/orders.csv",
        "/voila/files/chart.png",
        "/voila/files/data/chart.svg",
        "/voila/files/voila.json",
        "/voila/files/server.log",
        "/voila/files/../small0/orders.csv",
        "/voila/files/%2e%2e/%2e%2e/etc/passwd",
        "/voila/files//etc/passwd",
        "/voila/static/../../../../../../../../../etc/passwd",
        "/voila/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/voila/templates/shopper/static/../index.html.j2",
        "/voila/templates/shopper/static/%2e%2e/index.html.j2",
        "/voila/labextensions/../../../../../../../../etc/passwd",
        "/voila/api/themes/../../../../../../../../etc/passwd",
        "/voila/tree",
        "/voila/api/contents",
        "/api/contents",
        "/api/kernels",
        "/api/sessions",
        "/api/terminals",
        "/files/orders.csv",
        "/tree",
        "/lab",
    ],
)
def test_nothing_but_the_page_can_be_had(small_server: Server, path: str) -> None:
    status, text = fetch(small_server, path)
    assert status in (400, 403, 404, 500), text
    assert "sesame" not in text
    assert "root:" not in text


def test_the_page_holds_no_source(page: Page, small_server: Server) -> None:
    open_small(page, small_server)
    assert "sesame" not in page.content()


@pytest.mark.parametrize(
    "query", ["template=classic&theme=dark", "template=reveal", "template=..%2F..", "theme=x"]
)
def test_a_visitor_chooses_neither_template_nor_theme(small_server: Server, query: str) -> None:
    status, text = fetch(small_server, f"/?{query}")
    assert status == 200
    assert 'id="connection-lost"' in text
    assert 'data-jp-theme-name="JupyterLab Light"' in text


ASK = """
async ([url, protocol, texts, packed]) => {
    const replies = [];
    const socket = protocol ? new WebSocket(url, protocol) : new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => replies.push(
        typeof event.data == "string" ? event.data : new TextDecoder().decode(event.data));
    await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
    for (const text of texts) socket.send(text);
    for (const bytes of packed) socket.send(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)));
    const end = Date.now() + 5000;
    while (Date.now() < end && !replies.some((reply) => reply.includes("kernel_info_reply")))
        await new Promise((resolve) => setTimeout(resolve, 50));
    socket.close();
    return replies;
}
"""


@pytest.mark.parametrize("protocol", ["", "v1.kernel.websocket.jupyter.org"])
def test_a_visitor_cannot_execute(page: Page, small_server: Server, tmp_path: Path, protocol: str) -> None:
    kernel = open_small(page, small_server)
    trace = tmp_path / "was_here"
    code = f"open({str(trace)!r}, 'w')"
    contents = {
        "execute_request": {"code": code, "silent": False, "user_expressions": {"x": code}},
        "complete_request": {"code": "secret_", "cursor_pos": 7},
        "inspect_request": {"code": "secret_source", "cursor_pos": 7, "detail_level": 1},
        "history_request": {"hist_access_type": "tail", "n": 10, "output": True, "raw": True},
        # This one is answered, and requests are handled in order: the others are done by then.
        "kernel_info_request": {},
    }
    messages = []
    for number, (kind, content) in enumerate(contents.items()):
        header = {"msg_id": f"m{number}", "msg_type": kind, "session": "s", "username": "u", "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        messages.append({**message, "channel": "shell", "buffers": []})
    texts = [json.dumps(message) for message in messages]
    packed = [
        base64.b64encode(
            serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode())
        ).decode()
        for message in messages
    ]
    url = f"{small_server.url.replace('http', 'ws')}api/kernels/{kernel}/channels?session_id=s"
    replies = page.evaluate(ASK, [url, protocol, [] if protocol else texts, packed if protocol else []])

    assert any("kernel_info_reply" in reply for reply in replies)
    for answer in ("execute_reply", "complete_reply", "inspect_reply", "history_reply", "sesame"):
        assert not any(answer in reply for reply in replies)
    assert not trace.exists()


# What is left behind


def test_leaving_or_closing_the_page_stops_its_kernel(page: Page, voila_server: Server) -> None:
    def visit() -> str:
        page.goto(voila_server.url)
        expect(page.locator(".jupyter-widgets").first).to_be_visible()
        return kernel_id(page)

    first = visit()
    assert is_alive(voila_server, first)
    page.goto("about:blank")
    assert eventually(lambda: not is_alive(voila_server, first))
    second = visit()
    page.close(run_before_unload=True)
    assert eventually(lambda: not is_alive(voila_server, second))
    assert eventually(lambda: not {first, second} & voila_server.kernels())


def test_abandoned_kernels_go_while_open_tabs_and_the_pool_live_on(
    quiet_page: Page, small_server: Server
) -> None:
    small_server.wait_until_warm()
    time.sleep(1.2 * IDLE_SECONDS)
    assert len(small_server.kernels()) >= POOL_SIZE

    # The pool has been idle beyond the limit: a visitor is still served from it.
    open_kernel = open_small(quiet_page, small_server)
    # Playwright closes this tab without a last request, as if it crashed.
    crashed = quiet_page.context.new_page()
    crashed_kernel = open_small(crashed, small_server)
    crashed.close()
    assert is_alive(small_server, crashed_kernel)
    assert eventually(lambda: not is_alive(small_server, crashed_kernel), seconds=5 * IDLE_SECONDS)

    assert is_alive(small_server, open_kernel)
    quiet_page.get_by_role("button", name="Press").click()
    expect(quiet_page.get_by_text("2", exact=True)).to_be_visible()
    assert eventually(lambda: len(small_server.kernels()) == POOL_SIZE + 1)
