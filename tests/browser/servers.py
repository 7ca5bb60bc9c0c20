"""A real server, Voilà or JupyterLab, and its kernels."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from shopper_widgets.publish.server import POOL_SIZE


@dataclass
class Server:
    """A server process on loopback, its log, and the kernels that it runs."""

    process: psutil.Popen
    url: str
    log: Path
    root: Path

    def kernels(self) -> set[str]:
        """Return the ids of all running kernels, in the pool or not; those of forks come from the sockets."""
        told = []
        for child in self.process.children(recursive=True):
            with suppress(psutil.Error):
                told += [*child.cmdline(), *(str(held.laddr) for held in child.net_connections("unix"))]
        return {found[1] for text in told if (found := re.search(r"kernel-([0-9a-f-]{36})", text))}

    def wait_until_warm(self, size: int = POOL_SIZE, seconds: float = 120) -> None:
        """Wait until the kernels have made their pages: twice idle with the same last activity."""
        deadline = time.monotonic() + seconds
        before: set[str] = set()
        while time.monotonic() < deadline:
            with suppress(OSError):
                after = {self.last_activity(kernel) for kernel in self.kernels()}
                if len(after) >= size and after == before and all(after):
                    return
                before = after
            time.sleep(0.5)
        raise TimeoutError(
            f"The kernels weren't ready after {seconds} s; the server's log:\n{self.log.read_text()}"
        )

    def last_activity(self, kernel: str) -> str:
        """Return when a kernel was last active; empty while it is busy."""
        with urllib.request.urlopen(f"{self.url}api/kernels/{kernel}", timeout=5) as reply:
            state = json.load(reply)
        return str(state["last_activity"]) if state["execution_state"] == "idle" else ""


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], *, port: int, root: Path, ready: str, **env: str) -> Iterator[Server]:
    """Run a server in ``root`` until the block ends; it is up once it answers for the path ``ready``."""
    log = root / "server.log"
    with log.open("w") as stream:
        process = psutil.Popen(
            command, cwd=root, env={**os.environ, **env}, stdout=stream, stderr=subprocess.STDOUT
        )
    server = Server(process, f"http://127.0.0.1:{port}/", log, root)
    try:
        deadline = time.monotonic() + 120
        while not answers(server.url + ready):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} doesn't serve; its log:\n{log.read_text()}")
            time.sleep(0.2)
        yield server
    finally:
        family = [*process.children(recursive=True), process] if process.is_running() else []
        process.terminate()
        _, alive = psutil.wait_procs(family, timeout=10)
        for survivor in alive:
            survivor.kill()
        psutil.wait_procs(alive, timeout=10)


def serving(port: int, **options: Any) -> list[str]:
    """Return a command that serves with options which the command line doesn't have."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in {"port": port, **options}.items())
    code = f"from pathlib import *; from shopper_widgets.publish.server import serve; serve({arguments})"
    return [sys.executable, "-c", code]


def answers(url: str) -> bool:
    """Return whether a server answers, with any status."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
