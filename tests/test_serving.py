"""Voilà's settings, and the clock of pooled kernels; the page itself is tried in tests/browser."""

import asyncio
import os
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from shopper_widgets._shipped import shipped
from shopper_widgets.serving import (
    PoolSafeKernelManager,
    check_address,
    folder_for_sockets,
    use_shipped_jupyter_files,
    voila_config,
)


def test_every_setting_is_one_that_voila_knows() -> None:
    from jupyter_client.manager import KernelManager
    from voila.app import Voila
    from voila.configuration import VoilaConfiguration
    from voila.execute import VoilaExecutor

    known = {
        "Voila": Voila,
        "VoilaConfiguration": VoilaConfiguration,
        "VoilaExecutor": VoilaExecutor,
        "MappingKernelManager": AsyncMappingKernelManager,
        "KernelManager": KernelManager,
    }
    config = voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1")
    assert config.keys() == known.keys()
    for section, settings in config.items():
        assert settings.keys() <= set(known[section].class_trait_names(config=True))


def test_a_kernel_is_spared_until_it_has_been_out_of_the_pool_for_the_idle_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pooled: set[str] = set()
    culled: list[str] = []

    class Pool(PoolSafeKernelManager):
        """As Voilà's: asked about kernels outside the pool only, and about those that start."""

        async def cull_kernel_if_idle(self, kernel_id: str) -> None:
            if kernel_id not in pooled:
                await super().cull_kernel_if_idle(kernel_id)

    async def cull(self: AsyncMappingKernelManager, kernel_id: str) -> None:
        culled.append(kernel_id)

    monkeypatch.setattr(AsyncMappingKernelManager, "cull_kernel_if_idle", cull)
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def start_rest_and_leave() -> None:
        nonlocal now
        manager = Pool(cull_idle_timeout=10)
        manager._kernels["kernel"] = None  # type: ignore[index]
        await manager.cull_kernels()
        pooled.add("kernel")
        for _ in range(5):
            now += 5
            await manager.cull_kernels()
        pooled.remove("kernel")
        for _ in range(2):
            now += 5
            await manager.cull_kernels()
        assert culled == []
        now += 5
        await manager.cull_kernels()
        assert culled == ["kernel"]

    # Not in this thread: after the browser's tests Playwright's event loop occupies it.
    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, start_rest_and_leave()).result()


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
    assert os.environ["JUPYTER_PATH"] == os.pathsep.join([str(shipped("jupyter")), str(tmp_path)])
    # Jupyter's client starts "python" with the interpreter that asks for it.
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] == "python"


def test_a_used_port_is_told_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1 can't be used .*--port"):
            check_address("127.0.0.1", port)


def test_shipped_files_are_found_or_named() -> None:
    assert shipped("notebooks", "dashboard.ipynb").is_file()
    with pytest.raises(FileNotFoundError, match=r"notebooks/nothing\.ipynb should have come with"):
        shipped("notebooks", "nothing.ipynb")
