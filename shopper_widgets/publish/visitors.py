"""Who may visit the published page, and how many at once."""

import ipaddress
import re
from collections.abc import Collection
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import RequestHandler
from traitlets import Instance, Int, List, Unicode, default
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler
from voila.voila_identity_provider import VoilaLoginHandler

from shopper_widgets._support.locale import gettext
from shopper_widgets.publish.entrance import Entrance, room_for_connections
from shopper_widgets.publish.forking import can_fork
from shopper_widgets.publish.kernel_culling import PoolSafeKernelManager
from shopper_widgets.publish.password import LoginPage
from shopper_widgets.publish.static_files import ExtensionFiles, StaticFiles, fingerprint
from shopper_widgets.publish.waiting import (
    LOOK_AGAIN_SECONDS,
    TICKET,
    WaitingRoom,
    room_in_memory,
    say,
    waiting_words,
)

#: What a visitor's kernel holds of its own, measured on Online Retail, and some room: as a fork (35 MiB, 57
#: to 123 after some views), and by itself (333 MiB, and more after some).
BYTES_PER_VISITOR = (150 if can_fork() else 400) * 2**20
#: Names under which a browser on this machine reaches it.
LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
#: A host as a request names it: in brackets, or plain, and then perhaps a port.
_HOST = re.compile(r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<plain>[^:\[\]]*))(?::[0-9]*)?")


def is_meant(host: str, host_names: Collection[str]) -> bool:
    """Whether a request's ``Host`` is a name under which the page is meant to be asked for.

    Parameters
    ----------
    host : str
        With or without port.
    host_names : collection of str
        Names and addresses besides those of this machine itself.

    Examples
    --------
    >>> is_meant("localhost:8866", []), is_meant("[::1]:8866", []), is_meant("evil.example", [])
    (True, True, False)
    >>> is_meant("Shop.example.com:443", ["shop.example.com"])
    True
    """
    name = _without_port(host)
    if name in LOOPBACK_NAMES or name in {_without_port(known) for known in host_names}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    name = host.strip().lower()
    found = _HOST.fullmatch(name)
    # An IPv6 address without brackets has several colons and no port.
    return (found["bracketed"] or found["plain"].rstrip(".")) if found else name


class _Strange(Matcher):
    """Matches the requests that name another host than the page is meant for."""

    def __init__(self, host_names: Collection[str]) -> None:
        self.host_names = host_names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return None if is_meant(request.host, self.host_names) else {}


class _Refusal(RequestHandler):
    """Answers a request for a host that the page is not meant for, of whatever kind."""

    def prepare(self) -> None:
        say(self, 403, gettext("This page is not published under this name."))


class _Health(RequestHandler):
    """Answers a monitor, and starts nothing."""

    def get(self) -> None:
        self.write("healthy")


class PageHandler(TornadoVoilaHandler):  # type: ignore[misc]
    """Hands the page to those who navigate to it, as long as there is room for them."""

    def initialize(self, **kwargs: Any) -> None:
        """Keep the server, which counts the pages that are being made."""
        self._server: PageServer = self.settings["voila"]
        self._counted = False
        super().initialize(**kwargs)

    async def prepare(self) -> None:
        """Refuse what starts no page in a tab, and who comes when all places are taken."""
        await super().prepare()
        if self._finished:
            return
        if not _navigates(self.request):
            say(self, 403, gettext("Open this address in a tab of a browser."))
        elif self.current_user is not None:  # else `get` asks for the password first
            self._give_a_place()

    def _give_a_place(self) -> None:
        """Count a page that is made from now on, or say how many are before it."""
        server = self._server
        ticket, place = server.waiting.place(self.get_cookie(TICKET, "") or "", server.free())
        if not place:
            server.pages_being_made += 1
            self._counted = True
        elif ticket:
            self.set_cookie(TICKET, ticket, path=self.base_url, httponly=True, samesite="Lax")
            say(self, 503, waiting_words(place), LOOK_AGAIN_SECONDS)
        else:
            say(
                self,
                503,
                gettext("Too many people are waiting for this page. Please try again in a few minutes."),
            )

    def on_finish(self) -> None:
        """Count a page as made, whether it arrived or not."""
        if self._counted:
            self._server.pages_being_made -= 1
        super().on_finish()


class PageServer(Voila):  # type: ignore[misc]
    """Voilà for one page, which answers only for the hosts that it is meant for, and up to a limit."""

    name = Unicode("voila")
    host_names = List(Unicode(), help="Hosts that the page is meant for, besides this machine's own").tag(
        config=True
    )
    waiting = Instance(WaitingRoom)
    visitors = Int(None, allow_none=True, help="How many may have the page open at a time").tag(config=True)
    pages_being_made = 0

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the configuration, and name the address of the static files in pages."""
        super().initialize(argv)
        address = f"{self.server_url or self.base_url}voila/static/{fingerprint(self.static_paths)}"
        self._static_url = address
        self.voila_configuration.page_config_hook = lambda config, **_: config | {"fullStaticUrl": address}

    @default("waiting")
    def _nobody(self) -> WaitingRoom:
        return WaitingRoom()

    def free(self) -> int:
        """Return how many more visitors there is room for: within the limit, and in memory."""
        manager: PoolSafeKernelManager = self.kernel_manager
        here = manager.count_visitors(self.pages_being_made)
        # Pages that are being made have yet to take theirs; and the first is never left to wait for nobody.
        in_memory = max(room_in_memory(BYTES_PER_VISITOR) - self.pages_being_made, 0 if here else 1)
        return in_memory if self.visitors is None else min(in_memory, self.visitors - here)

    def listen(self) -> None:
        """Listen behind an entrance with limits, which Voilà leaves as wide as tornado does."""
        room = room_for_connections()

        def listen(port: int, address: str) -> Entrance:
            entrance = Entrance(self.app, room)
            entrance.listen(port, address)
            return entrance

        self.app.listen = listen
        super().listen()

    def init_handlers(self) -> list[Any]:
        """Return Voilà's handlers behind the one that refuses strange hosts and the one for monitors."""
        own = {
            TornadoVoilaHandler: PageHandler,
            VoilaLoginHandler: LoginPage,
            FileFindHandler: ExtensionFiles,
        }
        handlers = [(path, own.get(kind, kind), *rest) for path, kind, *rest in super().init_handlers()]
        if not any(rule[1] is PageHandler for rule in handlers):
            raise RuntimeError(
                "This version of Voilà serves its page in another way: update shopper-widgets."
            )
        return [
            (_Strange(self.host_names), _Refusal),
            (r"/healthy", _Health),
            (f"{self._static_url}/(.*)", StaticFiles, {"paths": self.static_paths}),
            *handlers,
        ]


def _navigates(request: HTTPServerRequest) -> bool:
    """Whether a request opens a page in a tab; browsers say so, other programs are let through.

    See W3C, *Fetch Metadata Request Headers*.
    """
    headers = request.headers
    if "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", "")):
        return False
    wanted = headers.get("Sec-Fetch-Dest")
    if wanted in ("frame", "iframe"):
        return headers.get("Sec-Fetch-Site") == "same-origin"
    if wanted is None:  # to a name that is not this machine's, browsers send these headers by TLS only
        return "text/html" in headers.get("Accept", "*/*") or headers.get("Accept", "*/*") == "*/*"
    return wanted == "document"
