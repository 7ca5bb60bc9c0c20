"""Kernels as forks of one process: no visitor gets another's page, and none reaches the process itself."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from shopper_widgets._support.resources import use_shipped_jupyter_files
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish.fork_server import ONE_THREAD
from shopper_widgets.publish.forking import ForkProvisioner, ForkServer, can_fork, offer_forks
from shopper_widgets.publish.server import folder_for_sockets

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are forks on Linux only")

PAGE = "import os; from shopper_widgets.publish.dashboard_page import dashboard_page; page = dashboard_page()"


class Kernel:
    """A kernel as the page's server starts it, which can be asked."""

    def __init__(self, manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        self.manager, self.client = manager, client
        provisioner: Any = manager.provisioner
        self.process = psutil.Process(provisioner.pid)

    async def ask(self, code: str) -> str:
        """Return what a line of code prints."""
        told: list[str] = []
        reply = await self.client.execute_interactive(
            code, timeout=60, output_hook=lambda message: told.append(message["content"].get("text", ""))
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(told).strip()


@asynccontextmanager
async def kernels(number: int, folder: Path | None, scratch: Path) -> AsyncIterator[list[Kernel]]:
    """Start several kernels, and stop them and the process that they are forks of."""
    os.environ["SHOPPER_MODEL"] = str(folder or "")
    ForkProvisioner._server = ForkServer()
    started: list[Kernel] = []
    try:
        for each in range(number):
            manager = AsyncKernelManager(
                connection_file=str(scratch / f"kernel-{each}.json"), transport="ipc", kernel_name="python3"
            )
            manager.provisioner = ForkProvisioner(
                kernel_id=str(each), kernel_spec=manager.kernel_spec, parent=manager
            )
            await manager.start_kernel(cwd=str(scratch), env=os.environ | {"VISITOR": str(each)})
            client: Any = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=60)
            started.append(Kernel(manager, client))
        yield started
    finally:
        for kernel in started:
            kernel.client.stop_channels()
            await kernel.manager.shutdown_kernel(now=True)
        server = ForkProvisioner._server
        ForkProvisioner._server = None
        if server._writer is not None:
            server._writer.close()
        if server.process is not None:
            assert await asyncio.to_thread(server.process.wait, 10) is not None


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Callable[[Path], Awaitable[None]]], None]:
    """Run a test's coroutine in a thread, since Playwright's loop may run in this one."""
    use_shipped_jupyter_files()
    offer_forks()
    monkeypatch.setenv("SHOPPER_MODEL", "")
    # The path of a socket must be short.
    scratch = Path(os.path.realpath(folder_for_sockets() or "/tmp")) / f"forks-{os.getpid()}"
    scratch.mkdir(exist_ok=True)

    def run(test: Callable[[Path], Awaitable[None]]) -> None:
        async def whole() -> None:
            await test(scratch)

        with ThreadPoolExecutor(1) as other_thread:
            other_thread.submit(asyncio.run, whole()).result()

    return run


def test_what_one_visitor_does_is_never_anothers(
    run: Callable[..., None], small_model: ShopperModel, tmp_path: Path
) -> None:
    folder = small_model.save(tmp_path / "model")

    async def visit(scratch: Path) -> None:
        async with kernels(2, folder, scratch) as (one, other):
            server: Any = ForkProvisioner._server
            parent = psutil.Process(server.process.pid)
            # The process that forks has one thread and no network port, and the kernels are its children.
            assert parent.num_threads() == 1
            assert parent.net_connections("inet") == []
            assert {held.laddr for held in parent.net_connections("unix")} == {""}
            assert [each.process.ppid() for each in (one, other)] == [parent.pid] * 2

            # The page was made before the fork, and each fork has its own.
            for each in (one, other):
                await each.ask(PAGE)
                assert (
                    await each.ask("print(page.page, type(page.comm.kernel).__name__)")
                    == "Overview IPythonKernel"
                )
            await one.ask("page.page = 'Predict'; page.title = 'Mine'; page.model.customers['mine'] = 1")
            assert await one.ask("print(page.page, page.title)") == "Predict Mine"
            assert await other.ask("print(page.page, page.title == 'Mine')") == "Overview False"
            there = "print('mine' in page.model.customers)"
            assert (await one.ask(there), await other.ask(there)) == ("True", "False")

            # Random draws, ids, environment variables and open files aren't shared, either.
            draws = "import random, uuid, numpy; print(random.random(), uuid.uuid4(), numpy.random.rand())"
            first, second = [(await each.ask(draws)).split() for each in (one, other)]
            assert not set(first) & set(second)
            assert await one.ask("print(os.environ['VISITOR'])") == "0"
            assert await other.ask("print(os.environ['VISITOR'])") == "1"
            await one.ask("file = open('secret.txt', 'w')")
            held = [{found.path for found in each.process.open_files()} for each in (one, other)]
            assert str(scratch / "secret.txt") in held[0]
            assert not held[0] & held[1]
            # No kernel holds an end of the parent's socket, which commands it to fork and to kill.
            told = {_inode(parent.pid, number) for number in _sockets(parent.pid)}
            for each in (one, other):
                assert not told & {_inode(each.process.pid, number) for number in _sockets(each.process.pid)}
            # Forks have their own threads.
            assert one.process.num_threads() > 1
            assert await other.ask("import sys; print(sys.modules.get('debugpy'))") == "None"

    run(visit)


def _sockets(pid: int) -> list[str]:
    folder = Path(f"/proc/{pid}/fd")
    return [path.name for path in folder.iterdir() if str(path.readlink()).startswith("socket:")]


def _inode(pid: int, number: str) -> str:
    return str(Path(f"/proc/{pid}/fd/{number}").readlink())


def test_a_kernel_that_ends_is_noticed_and_a_lost_server_is_replaced(run: Callable[..., None]) -> None:
    async def end(scratch: Path) -> None:
        async with kernels(2, None, scratch) as (one, other):
            server: Any = ForkProvisioner._server
            parent = psutil.Process(server.process.pid)
            one.process.kill()
            assert await _soon(lambda: one.manager.provisioner.process.poll() == -signal.SIGKILL)
            assert not one.process.is_running()  # its exit status was collected, too
            assert await other.manager.is_alive()
            # A signal must not reach another process that has reused the number.
            server.say(signal=int(signal.SIGKILL), pid=os.getpid())
            await other.ask("print()")

            parent.kill()
            assert await _soon(lambda: other.manager.provisioner.process.poll() is not None)
            assert await _soon(lambda: not other.process.is_running())  # it notices that its parent is dead
            again = await server.fork(["-f", str(scratch / "again.json")], dict(os.environ), str(scratch))
            assert psutil.Process(again.pid).ppid() == server.process.pid != parent.pid
            again.kill()
            assert await _soon(lambda: again.poll() is not None)

    run(end)


async def _soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    for _ in range(int(seconds * 10)):
        if condition():
            return True
        await asyncio.sleep(0.1)
    return condition()


def test_reading_a_model_starts_no_thread(small_model: ShopperModel, tmp_path: Path) -> None:
    folder = small_model.save(tmp_path / "model")
    code = (
        "import psutil; from shopper_widgets.publish import fork_server; fork_server._make_ready();"
        "from shopper_widgets.publish.dashboard_page import _ready;"
        "print(len(_ready), psutil.Process().num_threads())"
    )
    env = os.environ | ONE_THREAD | {"SHOPPER_MODEL": str(folder)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert done.stdout.split() == ["1", "1"]
