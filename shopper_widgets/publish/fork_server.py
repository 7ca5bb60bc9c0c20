"""The process that is forked for each visitor's kernel: everything is already imported, loaded and drawn.

The page's server starts it and is its only partner: they exchange lines of JSON over the socket that it was
started with. It opens no other socket, and has one thread. Libraries that start threads (ZeroMQ, BLAS, Arrow)
do so in the forks: a fork has only the thread that forked, and would wait forever for locks that other
threads held.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
import sys
from importlib import import_module
from typing import Any

#: The modules that a kernel imports when it starts.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
)
#: With these settings, neither NumPy nor reading a model starts threads, and each of many kernels has few.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def main() -> None:
    """Prepare everything, then fork a kernel whenever the page's server asks for one, until it ends."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    # Ctrl-C is for the page's server, which stops its kernels and then closes the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _make_ready()
    # Garbage collection ignores all present objects from now on: otherwise each fork would copy their memory.
    gc.collect()
    gc.freeze()
    asked = _Forks(channel).serve()
    if asked is None:
        return
    try:
        _be_a_kernel(asked)
    finally:
        # The interpreter's own shutdown is skipped: it would destroy, and so copy, all shared objects.
        atexit._run_exitfuncs()
        os._exit(0)


def _make_ready() -> None:
    """Import what kernels need, and make the page of the model, if there is one."""
    # Nobody debugs a visitor's page: None lets the kernel find no debugger, which would be large.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in KERNEL_MODULES:
        import_module(name)
    folder = os.environ.get("SHOPPER_MODEL")
    if folder:
        from shopper_widgets.publish.dashboard_page import make_ready

        # If this fails, each kernel tries by itself, and shows the error.
        with contextlib.suppress(Exception):
            make_ready(folder)


class _Forks:
    """The requests of the server, and the forks that they started."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._heard = channel, b""
        self._running: set[int] = set()

    def serve(self) -> dict[str, Any] | None:
        """Fork until the server ends, and return None; in each fork, return its request."""
        ended, ends = socket.socketpair()
        for end in (ended, ends):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ends.fileno(), warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self._channel, ended], [], [])
            if ended in ready:
                ended.recv(4096)
                self._bury()
            if self._channel not in ready:
                continue
            lines = self._read()
            if lines is None:
                return None
            for asked in lines:
                if "signal" in asked:
                    self._signal(asked["pid"], asked["signal"])
                elif pid := os.fork():
                    self._running.add(pid)
                    self._tell(fork=asked["fork"], pid=pid)
                else:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for own in (self._channel, ended, ends):
                        own.close()
                    return asked

    def _read(self) -> list[dict[str, Any]] | None:
        """Return the complete requests so far; None if no more will come."""
        try:
            heard = self._channel.recv(65536)
        except ConnectionError:
            heard = b""
        if not heard:
            return None
        *lines, self._heard = (self._heard + heard).split(b"\n")
        return [json.loads(line) for line in lines]

    def _tell(self, **news: int) -> None:
        with contextlib.suppress(ConnectionError):  # the server has ended: the next read ends this process
            self._channel.sendall(json.dumps(news).encode() + b"\n")

    def _bury(self) -> None:
        """Report the forks that have ended."""
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._running.discard(pid)
            self._tell(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _signal(self, pid: int, number: int) -> None:
        """Send a signal to a fork and its children, but never to another process that has got its number."""
        if pid not in self._running:
            return
        try:
            os.killpg(pid, number)
        except ProcessLookupError:  # it has no process group yet
            os.kill(pid, number)


def _be_a_kernel(asked: dict[str, Any]) -> None:
    """Become the requested kernel, as `python -m ipykernel_launcher` would."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    os.chdir(asked["cwd"] or ".")
    os.environ.clear()
    os.environ.update(asked["env"] | ONE_THREAD)
    gc.enable()
    _draw_afresh()
    sys.argv = ["ipykernel_launcher", *asked["argv"]]
    app: Any = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize([*asked["argv"], "--HistoryManager.enabled=False"])
    # Comms that were opened before there was a kernel would never send it anything.
    for opened in app.kernel.comm_manager.comms.values():
        opened.kernel = app.kernel
    app.start()


def _draw_afresh() -> None:
    """Seed again, so that no two forks draw the same random numbers."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


if __name__ == "__main__":
    main()
