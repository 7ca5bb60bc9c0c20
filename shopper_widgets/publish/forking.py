"""Kernels as forks of one process that has the page ready: the server's side of `fork_server`."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from shopper_widgets.publish.fork_server import ONE_THREAD

#: The name of this provisioner in Jupyter.
PROVISIONER = "shopper-widgets-fork"
#: How Jupyter starts the package's own kernel; other kernels are started by their own commands.
LAUNCHER = ["-m", "ipykernel_launcher"]


def can_fork() -> bool:
    """Return whether kernels are forks on this system.

    Only on Linux: on macOS system libraries, which numpy may use, break in forks (CPython's issue 77906), and
    Windows has none.

    Returns
    -------
    bool
        True only on Linux.

    Examples
    --------
    >>> can_fork() == (sys.platform == "linux")
    True
    """
    return sys.platform == "linux"


def offer_forks() -> None:
    """Let Jupyter find this provisioner by its name, without an entry point of an installed package."""
    entry = EntryPoint(
        PROVISIONER, f"{__name__}:{ForkProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME
    )
    KernelProvisionerFactory.provisioners[PROVISIONER] = entry


class ForkedKernel:
    """A kernel's process with the interface of `subprocess.Popen`; its parent is the fork server."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, server: ForkServer) -> None:
        self.pid, self._server = pid, server
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code; None while the process runs."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:  # when the page's server ends, nobody reports the exit
                self.returncode = 0
        return self.returncode

    wait = poll  # Jupyter calls this only after the process has ended

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and its children."""
        if self.returncode is None:
            self._server.say(signal=number, pid=self.pid)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The process that forks kernels; it is started for the first one, and again after it has ended."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[ForkedKernel]] = {}
        self._kernels: dict[int, ForkedKernel] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._starting = asyncio.Lock()
        #: The process; None before the first kernel.
        self.process: subprocess.Popen[bytes] | None = None

    async def fork(self, argv: list[str], env: dict[str, str], cwd: str | None) -> ForkedKernel:
        """Return a new kernel, started with these arguments.

        Raises
        ------
        ConnectionError
            The process ended before it had forked.
        """
        async with self._starting:
            if self._writer is None:
                await self._start()
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        self.say(fork=number, argv=argv, env=env, cwd=cwd and os.fspath(cwd))
        return await self._asked[number]

    def say(self, **words: Any) -> None:
        """Send the process a request; if it has ended, there is nothing to do."""
        if self._writer is not None:
            self._writer.write(json.dumps(words).encode() + b"\n")

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                # -P: modules in the folder in which the server was started must not replace others.
                [sys.executable, "-P", "-m", "shopper_widgets.publish.fork_server", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                env=os.environ | ONE_THREAD,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen(reader, self.process))

    async def _listen(self, reader: asyncio.StreamReader, process: subprocess.Popen[bytes]) -> None:
        """Read the messages of the process until it ends: then its kernels end as well."""
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                news = json.loads(line)
                pid = news.get("pid", news.get("ended"))
                if "fork" in news:
                    kernel = self._kernels[pid] = ForkedKernel(pid, self)
                    waiting = self._asked.pop(news["fork"])
                    if not waiting.done():
                        waiting.set_result(kernel)
                else:
                    self._kernels.pop(pid).returncode = news["code"]
        assert self._writer is not None
        self._writer.close()
        self._writer = None
        for kernel in self._kernels.values():
            kernel.returncode = -signal.SIGKILL
        for waiting in self._asked.values():
            waiting.set_exception(ConnectionError("The process that forks kernels has ended"))
        self._kernels, self._asked = {}, {}
        await asyncio.to_thread(process.wait)


class ForkProvisioner(LocalProvisioner):
    """Starts the package's own kernel as a fork; any other kernel, or if forking fails, as Jupyter does."""

    _server: ForkServer | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        if cmd[1:3] != LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        kind = type(self)
        kind._server = kind._server or ForkServer()
        try:
            kernel = await kind._server.fork(cmd[3:], kwargs["env"], kwargs.get("cwd"))
        except ConnectionError:
            self.log.warning("The process that forks kernels has ended: each kernel now starts from scratch.")
            return await super().launch_kernel(cmd, **kwargs)
        as_process: Any = kernel
        self.process, self.pid, self.cwd = as_process, kernel.pid, kwargs.get("cwd")
        return self.connection_info
