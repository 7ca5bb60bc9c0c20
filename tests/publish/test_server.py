"""Voilà's settings, and the idle time of pooled kernels; tests/browser has tests of the page itself."""

import os
import re
import socket
import tempfile
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from shopper_widgets._support.resources import shipped, use_shipped_jupyter_files
from shopper_widgets.publish.kernel_culling import PoolSafeKernelManager
from shopper_widgets.publish.server import (
    check_address,
    folder_for_sockets,
    voila_config,
)
from shopper_widgets.publish.templates import WORDS, PageExporter
from shopper_widgets.publish.visitors import PageServer


def test_every_setting_is_one_that_voila_knows() -> None:
    from jupyter_client.manager import KernelManager
    from jupyter_client.provisioning.factory import KernelProvisionerFactory
    from jupyter_server.auth.identity import PasswordIdentityProvider
    from nbconvert.exporters import HTMLExporter
    from voila.app import Voila
    from voila.configuration import VoilaConfiguration
    from voila.execute import VoilaExecutor
    from voila.voila_kernel_manager import voila_kernel_manager_factory

    known = {
        "HTMLExporter": HTMLExporter,
        "Voila": Voila,
        "VoilaConfiguration": VoilaConfiguration,
        "VoilaExecutor": VoilaExecutor,
        "MappingKernelManager": AsyncMappingKernelManager,
        "KernelManager": KernelManager,
        "KernelProvisionerFactory": KernelProvisionerFactory,
        "PasswordIdentityProvider": PasswordIdentityProvider,
        "VoilaKernelManager": voila_kernel_manager_factory(PoolSafeKernelManager, True, 1),
        "PageServer": PageServer,
        "PoolSafeKernelManager": PoolSafeKernelManager,
    }
    config = voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1")
    assert config.keys() == known.keys()
    for section, settings in config.items():
        assert settings.keys() <= set(known[section].class_trait_names(config=True))


def test_kernels_are_reached_by_sockets_wherever_their_paths_can_be_short(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def transport(folder: str) -> tuple[str, str]:
        monkeypatch.setattr(tempfile, "gettempdir", lambda: folder)
        config = voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1")
        return config.KernelManager.get("transport", "tcp"), config.Voila.get("connection_dir_root", "")

    assert transport("/tmp") == ("ipc", "/tmp")
    too_long = tmp_path / ("x" * 100)
    too_long.mkdir()
    assert transport(str(too_long)) == ("ipc", "/tmp")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert transport("/tmp") == ("tcp", "")
    monkeypatch.undo()
    monkeypatch.setattr(os, "name", "nt")
    assert folder_for_sockets() is None


def test_the_shipped_kernel_and_template_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text(
        '{"argv": ["/bin/false"], "display_name": "Other", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert KernelSpecManager().get_kernel_spec("python3").argv == ["/bin/false"]

    use_shipped_jupyter_files()
    assert os.environ["JUPYTER_PATH"] == os.pathsep.join([str(shipped("publish", "jupyter")), str(tmp_path)])
    # Jupyter's client starts "python" with its own interpreter.
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] == "python"


def test_what_a_browser_is_told_of_the_page() -> None:
    config = voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1")
    headers = config.Voila.tornado_settings["headers"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self' data: blob:"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'self'"


@pytest.mark.parametrize(
    ("ip", "names"), [("127.0.0.1", ["127.0.0.1"]), ("10.1.2.3", ["10.1.2.3"]), ("0.0.0.0", []), ("::", [])]
)
def test_the_page_is_meant_for_its_address_and_the_names_that_are_given(ip: str, names: list[str]) -> None:
    config = voila_config(Path("page.ipynb"), port=8866, ip=ip, host_names=["shop.example.com"], visitors=7)
    assert config.PageServer.host_names == ["shop.example.com", *names]
    assert config.PageServer.visitors == 7


def test_a_used_port_is_told_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1 can't be used .*--port"):
            check_address("127.0.0.1", port)


def test_a_page_says_which_language_it_is_in_and_speaks_it_without_its_kernel() -> None:
    def page(**options: str) -> PageExporter:
        return PageExporter(config=voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1", **options))  # type: ignore[arg-type]

    assert (page().language_code, page(locale="de").language_code) == ("en", "de")
    assert page().environment.globals["words"] == WORDS
    assert page(locale="de").environment.globals["words"]["reload"] == "Seite neu laden"
    template = shipped("publish", "jupyter", "voila", "templates", "shopper", "index.html.j2").read_text()
    assert set(re.findall(r"words\.(\w+)", template)) == set(WORDS)


def test_shipped_files_are_found_or_named() -> None:
    assert shipped("notebooks", "dashboard.ipynb").is_file()
    with pytest.raises(FileNotFoundError, match=r"notebooks/nothing\.ipynb should have come with"):
        shipped("notebooks", "nothing.ipynb")
