"""The queue for the published page: visitors see their place and get in as soon as there is room."""

import html
import math
import secrets
import time
from pathlib import Path

import psutil
from tornado.web import RequestHandler

from shopper_widgets._support.formatting import format_count
from shopper_widgets._support.locale import current_locale, gettext

#: Seconds after which the page of a waiting visitor asks again by itself.
LOOK_AGAIN_SECONDS = 5
#: Seconds without a request after which a visitor counts as gone; a tab in the background may sleep for a
#: while.
GONE_SECONDS = 90
#: The most visitors who may wait; others are asked to come back later.
MOST_WAITING = 1000
#: The cookie that identifies a waiting browser.
TICKET = "shopper-place"
#: Memory that is kept free for everything else on the machine.
SPARE_BYTES = 512 * 2**20
#: Files with the memory that a container may use, and that it uses (control groups, versions 2 and 1).
_CGROUPS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)


class WaitingRoom:
    """Waiting visitors in the order in which they came; those who no longer ask lose their place.

    Examples
    --------
    >>> room = WaitingRoom()
    >>> anna, place = room.place("", free=0)
    >>> ben, second = room.place("", free=0)
    >>> place, second, room.place(ben, free=1)[1], room.place(anna, free=1)[1], room.place(ben, free=0)[1]
    (1, 2, 2, 0, 1)
    """

    def __init__(self) -> None:
        self._looked: dict[str, float] = {}

    def place(self, ticket: str, free: int) -> tuple[str, int]:
        """Return a ticket, and how many more have to leave before its holder gets in.

        Parameters
        ----------
        ticket : str
            The visitor's earlier ticket; empty, or an expired one, for a new visitor.
        free : int
            How many places are free now.

        Returns
        -------
        tuple of str and int
            0 means that the visitor gets in. The ticket is empty if there is no place to wait, either.
        """
        now = time.monotonic()
        self._looked = {known: at for known, at in self._looked.items() if now - at < GONE_SECONDS}
        if ticket not in self._looked:
            if len(self._looked) < free:
                return "", 0
            if len(self._looked) >= MOST_WAITING:
                return "", len(self._looked) + 1
            ticket = secrets.token_urlsafe(16)
        self._looked[ticket] = now
        place = 1 + list(self._looked).index(ticket)
        if place <= free:
            del self._looked[ticket]
            return ticket, 0
        return ticket, place


def available_memory(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many bytes are still available on this machine, or in this process's container.

    Parameters
    ----------
    cgroup : Path
        Where Linux has the limits of a container.
    """
    left: list[int] = [psutil.virtual_memory().available]
    for limit, used in _CGROUPS:
        try:
            left.append(int((cgroup / limit).read_text()) - int((cgroup / used).read_text()))
        except (OSError, ValueError):  # no container, or a container without a limit ("max")
            continue
    return max(0, min(left))


def room_in_memory(bytes_per_visitor: int, available: float = math.nan) -> int:
    """Return how many more visitors fit into the memory.

    Parameters
    ----------
    bytes_per_visitor : int
        Memory of one visitor's kernel.
    available : float, optional
        Default: `available_memory`.

    Examples
    --------
    >>> room_in_memory(100 * 2**20, 2 * 2**30), room_in_memory(100 * 2**20, 0)
    (15, 0)
    """
    left = available_memory() if math.isnan(available) else available
    return max(0, int((left - SPARE_BYTES) // bytes_per_visitor))


def say(handler: RequestHandler, status: int, words: str, look_again: int = 0) -> None:
    """Answer a request with a sentence instead of the page.

    Parameters
    ----------
    handler : RequestHandler
        The request's handler; it finishes with this answer.
    status : int
        The HTTP status, such as 503.
    words : str
        The sentence; it is escaped.
    look_again : int
        Seconds after which the page asks again by itself; 0 for never.
    """
    handler.set_status(status)
    handler.set_header("Content-Type", "text/html; charset=utf-8")
    handler.set_header("Cache-Control", "no-store")
    again = f'<meta http-equiv="refresh" content="{look_again}">' if look_again else ""
    if look_again:
        handler.set_header("Retry-After", str(look_again))
    handler.finish(page(f'<p role="status">{html.escape(words)}</p>', again))


def page(body: str, head: str = "") -> str:
    """Return a plain page in the style of the server's other pages."""
    return (
        f'<!DOCTYPE html><html lang="{current_locale()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Shopper Spectrum</title>'
        f'<link rel="icon" href="data:;base64,=">{head}<style>{_LOOK}</style></head>'
        f"<body><main><h1>Shopper Spectrum</h1>{body}</main></body></html>"
    )


_LOOK = (
    "body{margin:15vh auto;max-width:40em;padding:0 16px;font:16px/1.5 system-ui,sans-serif;color:#1f2933}"
    "h1{font-size:1.4em}label{display:block;margin-bottom:4px}"
    "input,button{font:inherit;padding:6px 10px;margin:0 8px 8px 0}"
    "[role=alert]{color:#7a1f1f}"
)


def waiting_words(place: int) -> str:
    """Say that all places are taken, and the visitor's number in line.

    Examples
    --------
    >>> waiting_words(1)[:49]
    'All places are taken, and you are next in line. L'
    """
    before = (
        gettext("All places are taken, and you are next in line.")
        if place == 1
        else gettext("All places are taken, and you are number {place} in line.", place=format_count(place))
    )
    again = gettext(
        "Leave this page open: it checks again every {number} seconds.", number=LOOK_AGAIN_SECONDS
    )
    return f"{before} {again}"
