"""Limits on the server's connections: how many, how long, and how much is logged about them."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from typing import Any
from weakref import WeakSet

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

#: Seconds within which a request's headers, and then its body, must arrive; a websocket has no such limit.
PATIENCE_SECONDS = 30.0
#: The number of open files and connections that the server requests, as far as the system allows it.
FILES_WANTED = 16_384
#: The share of these for connections; kernels, their sockets and static files take the rest.
SHARE_FOR_CONNECTIONS = 0.5
#: The most lines that one logger writes per minute, so that a flood of requests doesn't fill the disk.
LINES_PER_MINUTE = 60


def room_for_connections() -> int:
    """Raise this process's limit of open files as far as allowed, and return how many connections fit.

    Returns
    -------
    int
        A share of the files that it may open; the rest is for kernels and notebooks.

    Examples
    --------
    >>> room_for_connections() > 100
    True
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return int(FILES_WANTED * SHARE_FOR_CONNECTIONS)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = FILES_WANTED if hard == unlimited else min(FILES_WANTED, hard)
    if soft != unlimited and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit that it doesn't report
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    files = FILES_WANTED if soft == unlimited else min(soft, FILES_WANTED)
    return int(files * SHARE_FOR_CONNECTIONS)


class Entrance(HTTPServer):
    """Tornado's server with a time limit for requests and a limit on connections.

    Tornado's servers are initialized by `initialize`, which takes the arguments.
    """

    def initialize(self, app: Any, room: int, patience: float = PATIENCE_SECONDS) -> None:  # type: ignore[override]
        """Store the limits.

        Parameters
        ----------
        app : tornado.web.Application
            The application that answers the requests.
        room : int
            How many connections may be open at a time, websockets among them; the next are closed at once.
        patience : float, default `PATIENCE_SECONDS`
            Seconds within which a request's headers have to arrive, and then its body.
        """
        super().initialize(app, idle_connection_timeout=patience, body_timeout=patience)
        self._room = room
        self._streams: WeakSet[IOStream] = WeakSet()

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Accept a connection, or close it."""
        if len(self._streams) >= self._room:
            self._streams = WeakSet(known for known in self._streams if not known.closed())
        if len(self._streams) >= self._room:
            stream.close()
            return
        self._streams.add(stream)
        super().handle_stream(stream, address)


class SparingLog(logging.Filter):
    r"""Limits a logger's lines per level and minute, and writes each without control characters.

    These lines contain what visitors send, so that a line could end early, move a terminal's cursor, or be
    one of millions. The first line that is left out is replaced by one that says so. Lines below a warning
    are left to the handlers, and aren't counted: a server logs far more than is written.

    Examples
    --------
    >>> log = SparingLog(lines=2)
    >>> def said(text, second):
    ...     record = logging.makeLogRecord({"msg": text, "created": second, "levelno": 30})
    ...     return record.getMessage() if log.filter(record) else None
    >>> said("404 GET /\x1b[2J\n", 0)
    '404 GET /\\x1b[2J\\n'
    >>> [said(str(second), second) for second in (1, 2, 3, 61)]
    ['1', 'More lines than 2 a minute are left out.', None, '61']
    """

    def __init__(self, lines: int = LINES_PER_MINUTE) -> None:
        super().__init__()
        self.lines = lines
        self._since, self._written = float("-inf"), Counter[int]()

    def filter(self, record: logging.LogRecord) -> bool:
        """Turn a record into one line, and return whether it is written."""
        if record.levelno < logging.WARNING:
            return True
        if record.created - self._since >= 60:
            self._since, self._written = record.created, Counter[int]()
        # Each level is counted by itself: a flood of requests must not hide an error.
        self._written[record.levelno] += 1
        written = self._written[record.levelno]
        if written == self.lines + 1:
            record.msg, record.args = f"More lines than {self.lines} a minute are left out.", ()
            record.exc_info = record.exc_text = record.stack_info = None
        else:
            record.msg, record.args = _in_one_line(record.getMessage()), ()
        return written <= self.lines + 1


def _in_one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
