"""When a kernel without visitor is stopped, and how visitors are counted."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from shopper_widgets.publish.kernel_culling import PoolSafeKernelManager


def test_a_kernel_is_spared_until_it_has_been_out_of_the_pool_for_the_idle_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pooled: set[str] = set()
    culled: list[str] = []

    class Pool(PoolSafeKernelManager):
        """Like Voilà's pool: only kernels outside it are culled, including those that start."""

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
        manager.notify_connect("kernel")
        manager._kernels["kernel"] = None
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

    # This runs in another thread, since Playwright's event loop may run in this one.
    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, start_rest_and_leave()).result()


class _Kernels(PoolSafeKernelManager):
    """Kernels that are only names, with a list of those that were stopped."""

    def __init__(self, **states: str) -> None:
        super().__init__(join_timeout=60, cull_idle_timeout=900)
        self.states = {name: SimpleNamespace(execution_state=state) for name, state in states.items()}
        self._kernels.update(self.states)
        self.stopped: list[str] = []

    async def shutdown_kernel(self, kernel_id: str, **_: object) -> None:  # type: ignore[override]
        self.stopped.append(kernel_id)


def test_a_kernel_that_no_page_reaches_is_stopped_and_one_at_work_or_reached_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def wait() -> None:
        nonlocal now
        kernels = _Kernels(alone="idle", working="busy", reached="idle")
        kernels.notify_connect("reached")
        for kernel in kernels.states:
            await kernels.cull_kernel_if_idle(kernel)
        now += 59
        for kernel in kernels.states:
            await kernels.cull_kernel_if_idle(kernel)
        assert kernels.stopped == []
        now += 1
        for kernel in kernels.states:
            await kernels.cull_kernel_if_idle(kernel)
        assert kernels.stopped == ["alone"]

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, wait()).result()


def test_visitors_are_pages_that_reached_their_kernel_and_pages_on_their_way() -> None:
    async def count() -> None:
        kernels = _Kernels(pooled="idle", joined="idle", making="busy", abandoned="idle")
        done: asyncio.Future[dict[str, str]] = asyncio.Future()
        done.set_result({"kernel_id": "pooled"})
        kernels._pools = {"page.ipynb": [done, asyncio.Future()]}  # type: ignore[attr-defined]
        kernels.notify_connect("joined")
        assert kernels.count_visitors(1) == 3
        assert kernels.count_visitors(5) == 6

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, count()).result()


def test_kernels_that_refill_the_pool_are_no_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    async def count() -> None:
        ready = asyncio.Event()

        async def start(self: Any, *, kernel_id: str = "for a page", **_: object) -> str:
            self._kernels[kernel_id] = SimpleNamespace(execution_state="starting")
            await ready.wait()
            return kernel_id

        monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
        kernels = _Kernels(joined="idle")
        kernels.notify_connect("joined")
        page = asyncio.create_task(kernels.start_kernel(env={"VOILA_PREHEAT": "False"}))
        refill = asyncio.create_task(kernels.start_kernel(env={"VOILA_PREHEAT": "True"}))
        kernels._pools = {"page.ipynb": [refill]}  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        assert len(kernels.list_kernel_ids()) == 3
        assert kernels.count_visitors(0) == kernels.count_visitors(1) == 2
        ready.set()
        started = await refill, await page
        assert set(started) < set(kernels.list_kernel_ids())
        done: asyncio.Future[dict[str, str]] = asyncio.Future()
        done.set_result({"kernel_id": started[0]})
        kernels._pools["page.ipynb"] = [done]  # type: ignore[attr-defined]
        assert kernels.count_visitors(1) == 2
        kernels._pools["page.ipynb"] = []  # type: ignore[attr-defined]  # taken by a visitor
        assert kernels.count_visitors(1) == 3

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, count()).result()


def test_a_kernel_that_is_being_stopped_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def count() -> None:
        gone = asyncio.Event()

        async def stop(self: Any, kernel_id: str, **_: object) -> None:
            await gone.wait()
            del self._kernels[kernel_id]

        monkeypatch.setattr(AsyncMappingKernelManager, "shutdown_kernel", stop)
        kernels = _Kernels(joined="idle", never="idle")
        kernels.notify_connect("joined")
        assert kernels.count_visitors(0) == 2
        stopping = asyncio.create_task(PoolSafeKernelManager.shutdown_kernel(kernels, "never"))
        await asyncio.sleep(0)
        assert set(kernels.list_kernel_ids()) == {"joined", "never"}
        assert kernels.count_visitors(0) == 1
        gone.set()
        await stopping
        assert kernels.count_visitors(0) == 1

    with ThreadPoolExecutor(1) as other_thread:
        other_thread.submit(asyncio.run, count()).result()
