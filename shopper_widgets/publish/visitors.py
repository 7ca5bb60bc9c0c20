"""Who may visit the published page, and how many visitors at a time."""

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

#: The memory of a visitor's kernel, measured on Online Retail, with a reserve: as a fork (35 MiB, 57 to 123
#: after some views), or as a process of its own (333 MiB, and more after some views).
BYTES_PER_VISITOR = (150 if can_fork() else 400) * 2**20
#: Names by which a browser on this machine reaches the server.
LOOPBACK_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
#: A host in a request: in brackets or plain, possibly followed by a port.
_HOST = re.compile(r"(?:\[(?P<bracketed>[^\[\]]+)\]|(?P<plain>[^:\[\]]*))(?::[0-9]*)?")


def is_meant(host: str, host_names: Collection[str]) -> bool:
    """Return whether a request's ``Host`` is one of the page's own names.

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
    """Matches requests for a host for which the page is not meant."""

    def __init__(self, host_names: Collection[str]) -> None:
        self.host_names = host_names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return None if is_meant(request.host, self.host_names) else {}


class _Refusal(RequestHandler):
    """Refuses all requests for a host for which the page is not meant."""

    def prepare(self) -> None:
        say(self, 403, gettext("This page is not published under this name."))


class _Health(RequestHandler):
    """Answers a monitor without starting a kernel."""

    def get(self) -> None:
        self.write("healthy")


class PageHandler(TornadoVoilaHandler):  # type: ignore[misc]
    """Serves the page to visitors who navigate to it, as long as there is room for them."""

    def initialize(self, **kwargs: Any) -> None:
        """Keep a reference to the server, which counts the pages that are being made."""
        self._server: PageServer = self.settings["voila"]
        self._counted = False
        super().initialize(**kwargs)

    async def prepare(self) -> None:
        """Refuse requests that don't open a page in a tab, and visitors when all places are taken."""
        await super().prepare()
        if self._finished:
            return
        if not _navigates(self.request):
            say(self, 403, gettext("Open this address in a tab of a browser."))
        elif self.current_user is not None:  # otherwise `get` asks for the password first
            self._give_a_place()

    def _give_a_place(self) -> None:
        """Count a page that is now being made, or tell the visitor the place in the queue."""
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
        """Stop counting a page as being made, whether it arrived or not."""
        if self._counted:
            self._server.pages_being_made -= 1
        super().on_finish()


class PageServer(Voila):  # type: ignore[misc]
    """Voilà for one page, which serves only the hosts that it is meant for, up to a limit of visitors."""

    name = Unicode("voila")
    host_names = List(Unicode(), help="Hosts that the page is meant for, besides this machine's own").tag(
        config=True
    )
    waiting = Instance(WaitingRoom)
    visitors = Int(None, allow_none=True, help="How many may have the page open at a time").tag(config=True)
    pages_being_made = 0

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the configuration, and set the address of the static files for pages."""
        super().initialize(argv)
        address = f"{self.server_url or self.base_url}voila/static/{fingerprint(self.static_paths)}"
        self._static_url = address
        self.voila_configuration.page_config_hook = lambda config, **_: config | {"fullStaticUrl": address}

    @default("waiting")
    def _nobody(self) -> WaitingRoom:
        return WaitingRoom()

    def free(self) -> int:
        """Return for how many more visitors there is room, within the limit and in memory."""
        manager: PoolSafeKernelManager = self.kernel_manager
        here = manager.count_visitors(self.pages_being_made)
        # Pages that are being made have not taken their memory yet; and a first visitor never has to wait.
        in_memory = max(room_in_memory(BYTES_PER_VISITOR) - self.pages_being_made, 0 if here else 1)
        return in_memory if self.visitors is None else min(in_memory, self.visitors - here)

    def listen(self) -> None:
        """Listen behind an entrance with limits; Voilà and tornado have none of their own."""
        room = room_for_connections()

        def listen(port: int, address: str) -> Entrance:
            entrance = Entrance(self.app, room)
            entrance.listen(port, address)
            return entrance

        self.app.listen = listen
        super().listen()

    def init_handlers(self) -> list[Any]:
        """Return Voilà's handlers, after the one that refuses other hosts and the one for monitors."""
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
    """Return whether a request opens a page in a tab: browsers say so, and other programs are let through.

    See W3C, *Fetch Metadata Request Headers*.
    """
    headers = request.headers
    if "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", "")):
        return False
    wanted = headers.get("Sec-Fetch-Dest")
    if wanted in ("frame", "iframe"):
        return headers.get("Sec-Fetch-Site") == "same-origin"
    if wanted is None:  # browsers send these headers only over TLS, or to localhost
        return "text/html" in headers.get("Accept", "*/*") or headers.get("Accept", "*/*") == "*/*"
    return wanted == "document"
