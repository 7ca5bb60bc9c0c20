"""The process that is forked for each visitor's kernel: everything is imported, loaded and drawn in it.

The page's server starts it, and is all that it hears: by the socket that it was started with, in lines of
JSON. It opens no other, and has one thread. What starts threads (ZeroMQ, BLAS, Arrow) does so in the forks:
a fork has of all threads but the one that forked, and would wait for ever for what the others held.
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

#: What a kernel imports when it starts.
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
#: With these neither numpy nor reading a model starts a thread, nor does a visitor's kernel, one of many.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def main() -> None:
    """Make all ready, then fork a kernel whenever the page's server asks for one, until that has gone."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    # Ctrl-C is for the page's server, which stops its kernels and then closes the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _make_ready()
    # What is here now is never looked at by a collection again, or each fork would have a copy of its own.
    gc.collect()
    gc.freeze()
    asked = _Forks(channel).serve()
    if asked is None:
        return
    try:
        _be_a_kernel(asked)
    finally:
        # Without the interpreter's own end, which would take apart, and so copy, all that is shared.
        atexit._run_exitfuncs()
        os._exit(0)


def _make_ready() -> None:
    """Import what kernels need, and make the page of the model, where there is one."""
    # Nobody halts a visitor's page: the kernel takes the debugger, which is large, for one that isn't there.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    for name in KERNEL_MODULES:
        import_module(name)
    folder = os.environ.get("SHOPPER_MODEL")
    if folder:
        from shopper_widgets.publish.dashboard_page import make_ready

        # Where this fails, each kernel tries by itself, and says what was wrong.
        with contextlib.suppress(Exception):
            make_ready(folder)


class _Forks:
    """What the server asks for, and what becomes of it."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel, self._heard = channel, b""
        self._running: set[int] = set()

    def serve(self) -> dict[str, Any] | None:
        """Fork until the server has gone, which gives None; in each fork, return what was asked for."""
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
        """Return what has been asked for in full; None where nothing will be asked any more."""
        try:
            heard = self._channel.recv(65536)
        except ConnectionError:
            heard = b""
        if not heard:
            return None
        *lines, self._heard = (self._heard + heard).split(b"\n")
        return [json.loads(line) for line in lines]

    def _tell(self, **news: int) -> None:
        with contextlib.suppress(ConnectionError):  # the server has gone: the next look ends this process
            self._channel.sendall(json.dumps(news).encode() + b"\n")

    def _bury(self) -> None:
        """Tell of the forks that have ended."""
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._running.discard(pid)
            self._tell(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _signal(self, pid: int, number: int) -> None:
        """Send a signal to a fork and what it has started; never to a stranger who has its number since."""
        if pid not in self._running:
            return
        try:
            os.killpg(pid, number)
        except ProcessLookupError:  # it has not got its group yet
            os.kill(pid, number)


def _be_a_kernel(asked: dict[str, Any]) -> None:
    """Become the kernel that was asked for, as `python -m ipykernel_launcher` would."""
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
    # Comms that were opened where there was no kernel yet would never tell it anything.
    for opened in app.kernel.comm_manager.comms.values():
        opened.kernel = app.kernel
    app.start()


def _draw_afresh() -> None:
    """Let no fork draw the random numbers that another draws."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


if __name__ == "__main__":
    main()
