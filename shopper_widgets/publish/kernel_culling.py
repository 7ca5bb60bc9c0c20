"""When a visitor's kernel is stopped: after its page was closed, or if no page ever connected to it."""

import time
import uuid
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Float

#: Seconds that a kernel outside the pool waits for the first connection of its page.
JOIN_SECONDS = 60.0


class PoolSafeKernelManager(AsyncMappingKernelManager):
    """A kernel manager whose idle clock starts when a kernel leaves Voilà's pool.

    Voilà exempts pooled kernels from culling, but their clock runs: a kernel that waited longer than
    `cull_idle_timeout` would be stopped between the visitor's request and the browser's connection. A kernel
    whose page never connects, as after a request by a program, is stopped after `join_timeout`.
    """

    join_timeout = Float(JOIN_SECONDS, help="Seconds to wait for a page's first connection").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._outside_since: dict[str, float] = {}
        self._seen_outside: set[str] = set()
        self._joined: set[str] = set()
        self._refilling: set[str] = set()
        self._stopping: set[str] = set()

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel; one that refills the pool is not counted as a visitor's until it is in the pool."""
        start: Any = super().start_kernel
        if kwargs.get("env", {}).get("VOILA_PREHEAT") != "True":
            return str(await start(**kwargs))
        kernel_id = kwargs.setdefault("kernel_id", str(uuid.uuid4()))
        self._refilling.add(kernel_id)
        try:
            return str(await start(**kwargs))
        finally:
            self._refilling.discard(kernel_id)

    async def shutdown_kernel(  # type: ignore[override]
        self, kernel_id: str, *args: Any, **kwargs: Any
    ) -> None:
        """Stop a kernel; its place is free at once, although it is listed until its process has ended."""
        self._stopping.add(kernel_id)
        try:
            stop: Any = super().shutdown_kernel
            await stop(kernel_id, *args, **kwargs)
        finally:
            self._stopping.discard(kernel_id)

    def notify_connect(self, kernel_id: str) -> None:
        """Note that a page has connected to its kernel."""
        self._joined.add(kernel_id)
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]

    async def cull_kernels(self) -> None:
        """Stop the kernels that have been idle, and outside the pool, for `cull_idle_timeout`."""
        self._seen_outside = set()
        self._joined &= set(self.list_kernel_ids())
        await super().cull_kernels()  # type: ignore[no-untyped-call]
        # Voilà regards a starting kernel as outside the pool. If it is in the pool since, its clock starts
        # again.
        self._outside_since = {
            k: since for k, since in self._outside_since.items() if k in self._seen_outside
        }

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Stop a kernel that has been idle, and outside the pool, for `cull_idle_timeout`."""
        # Voilà's subclass calls this for kernels outside the pool only.
        self._seen_outside.add(kernel_id)
        waited = time.monotonic() - self._outside_since.setdefault(kernel_id, time.monotonic())
        busy = getattr(self._kernels[kernel_id], "execution_state", None) == "busy"
        if kernel_id not in self._joined and waited >= self.join_timeout and not busy:
            self.log.info("No page has reached kernel %s for %d seconds: it is stopped.", kernel_id, waited)
            await self.shutdown_kernel(kernel_id)
        elif waited >= self.cull_idle_timeout:
            await super().cull_kernel_if_idle(kernel_id)  # type: ignore[no-untyped-call]

    def count_visitors(self, pages_being_made: int) -> int:
        """Return the number of visitors: pages that have reached their kernel, and pages that are loading.

        Parameters
        ----------
        pages_being_made : int
            Requests for the page that are not yet answered completely.
        """
        pooled = {
            task.result().get("kernel_id")
            for pool in getattr(self, "_pools", {}).values()
            for task in pool
            if task.done() and not task.cancelled() and not task.exception()
        }
        outside = set(self.list_kernel_ids()) - pooled - self._refilling - self._stopping
        joined = outside & self._joined
        # A page that is being made has a kernel to which it has not connected, or gets one soon.
        return len(joined) + max(len(outside - joined), pages_being_made)
