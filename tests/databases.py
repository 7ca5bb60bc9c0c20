"""A real PostgreSQL for tests: Debian's, started in its own folder and stopped afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.get_programs import HINT, postgresql_programs

_SECONDS = 60


@contextmanager
def postgres() -> Iterator[dict[str, Any]]:
    """Run a server, and yield how to connect; without PostgreSQL, tests are skipped, or fail in CI."""
    binaries = postgresql_programs()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail(HINT)
        pytest.skip(HINT)
    # the path of a socket must be short
    with (
        tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder,
        _running(binaries, Path(folder)) as address,
    ):
        yield address


@contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Run a server that only listens on a socket in `folder`."""
    data, environment = folder / "data", {**os.environ, "LC_ALL": "C.UTF-8"}
    user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(0o755)
        shutil.chown(folder, "postgres")
        user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        done = subprocess.run(
            [*user, *command],
            cwd=folder,
            env=environment,
            timeout=_SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command[0]}: {done.stderr or done.stdout}"

    run(str(binaries / "initdb"), "-D", str(data), "-U", "shop", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    control = str(binaries / "pg_ctl")
    run(control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield {"host": str(folder), "user": "shop", "dbname": "postgres"}
    finally:
        run(control, "-D", str(data), "-m", "immediate", "stop")
