"""Results appear whole or not at all, and two writers of one place never interfere."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

#: Part of the names of folders in which something is being written; those of a killed process remain.
_UNFINISHED = ".unfinished-"
#: Seconds that a second writer waits for the first.
WAIT_SECONDS = 60.0
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


@contextmanager
def only_writer(place: Path, *, seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Lock a path for one writer by a hidden file next to it; the system releases it if the process dies.

    Parameters
    ----------
    place : Path
        It needn't exist, but its folder must.
    seconds : float
        How long to wait for another writer.

    Raises
    ------
    FileExistsError
        Another process is still writing there.
    """
    lock = filelock.FileLock(place.with_name(f".{place.name}.lock"), timeout=seconds)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise FileExistsError(
            f"{place} is being written by another process. Wait until that is done, or give another place."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def scratch_beside(place: Path) -> Iterator[Path]:
    """Give a temporary folder on the file system of `place`, and remove those that killed processes left.

    Only the writer that holds `place` may call this.
    """
    for left in unfinished(place):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}{_UNFINISHED}", dir=place.parent) as scratch:
        yield Path(scratch)


def unfinished(place: Path) -> list[Path]:
    """Return the folders that writers of `place` work in, or were killed in."""
    if not place.parent.is_dir():
        return []
    return sorted(p for p in place.parent.iterdir() if p.name.startswith(f".{place.name}{_UNFINISHED}"))


def move_into_place(new: Path, place: Path) -> None:
    """Put a finished folder in its place, in one step where the system can.

    Where it can't, `place` is missing for a moment; its content is then ``old`` beside `new`: see
    :func:`put_back`.
    """
    if not place.exists():
        new.rename(place)
    elif not exchange(new, place):
        old = new.with_name("old")
        place.rename(old)
        try:
            new.rename(place)
        except OSError:
            old.rename(place)
            raise


def put_back(place: Path) -> None:
    """Undo a move that was interrupted between its two steps; for the only writer of `place`."""
    for left in unfinished(place):
        if not place.exists() and (left / "old").is_dir():
            (left / "old").rename(place)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one step.

    Returns
    -------
    bool
        False where the system or the file system can't do this; nothing is changed then.

    Notes
    -----
    ``renameat2`` with ``RENAME_EXCHANGE`` on Linux, ``renamex_np`` with ``RENAME_SWAP`` on macOS; Python has
    neither.
    """
    if sys.platform not in ("linux", "darwin"):
        return False
    library = ctypes.CDLL(None)
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            done = library.renamex_np(*names, _RENAME_SWAP)
        else:
            done = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    except AttributeError:  # a C library without this function
        return False
    return bool(done == 0)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file that is complete, or stays as it was if writing fails or is interrupted.

    Text is written as UTF-8, with unchanged line ends.

    Raises
    ------
    OSError
        For instance, the disk is full; the error names the file.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    place = path.resolve()  # a link remains a link
    scratch: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=place.parent)
        scratch = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.chmod(_usual_mode(place))
        scratch.replace(place)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror}: it could not be written", str(path)) from error
    finally:
        if scratch:
            scratch.unlink(missing_ok=True)


def _usual_mode(path: Path) -> int:
    """Return the permissions of a file: those that it had, or those of new files of this process."""
    if path.exists():
        return path.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
