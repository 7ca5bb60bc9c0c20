"""A kernel of the published page sends its visitor widgets, and nothing about this machine."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from shopper_widgets._support import locale as language
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels.dashboard import Dashboard
from shopper_widgets.publish.dashboard_page import dashboard_page


@pytest.fixture
def visited(
    small_model: ShopperModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BlockingKernelClient]:
    """Start a kernel that makes its page, as in Voilà; its output to the server is in `server.log`."""
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, a kernel doesn't redirect file descriptors
    folder = small_model.save(tmp_path / "model")
    with (tmp_path / "server.log").open("w") as log:
        kernel, client = start_new_kernel(kernel_name="python3", stderr=log, stdout=log)
        try:
            code = "from shopper_widgets.publish.dashboard_page import dashboard_page\n"
            client.execute_interactive(f"{code}dashboard_page({str(folder)!r});", output_hook=lambda _: None)
            yield client
        finally:
            client.stop_channels()
            kernel.shutdown_kernel(now=True)


def told(client: BlockingKernelClient) -> list[dict[str, Any]]:
    """Return what the kernel publishes until it is silent for a second, without its states."""
    messages: list[dict[str, Any]] = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=1)
        except Empty:
            return messages
        if message["msg_type"] != "status":
            messages.append(message)


def test_odd_messages_are_told_to_the_server_and_not_to_the_visitor(
    visited: BlockingKernelClient, tmp_path: Path
) -> None:
    told(visited)
    odd: list[tuple[str, dict[str, Any]]] = [
        ("comm_open", {"target_name": "jupyter.widget", "comm_id": "a", "data": {}}),
        ("comm_open", {"target_name": "no such\x1b[2J", "comm_id": "b", "data": {}}),
        ("comm_open", {"odd": 1}),
        ("comm_msg", {"comm_id": "no such", "data": {}}),
        ("comm_msg", {"odd": 1}),
    ]
    for kind, content in odd:
        visited.shell_channel.send(visited.session.msg(kind, content))
    answers = told(visited)
    assert {answer["msg_type"] for answer in answers} <= {"comm_close"}
    assert "/" not in str([answer["content"] for answer in answers])
    log = (tmp_path / "server.log").read_text()
    assert "Incompatible widget protocol versions" in log
    assert r"No such comm target registered: no such\x1b[2J" in log


def test_a_page_that_fits_its_model_leaves_no_progress_bar(
    small_model: ShopperModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []

    def fit(*_: Any, **options: Any) -> ShopperModel:
        told.append(options)
        return small_model

    monkeypatch.delenv("SHOPPER_MODEL", raising=False)
    monkeypatch.setattr(ShopperModel, "fit", fit)
    assert isinstance(dashboard_page(), Dashboard)
    assert [options["progress"] for options in told] == [False]


def test_a_page_speaks_the_language_that_the_server_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_of_process", "en")  # the page sets it
    monkeypatch.setenv("SHOPPER_LOCALE", "de")
    page = dashboard_page()
    assert isinstance(page, Dashboard) and page.locale == "de"
