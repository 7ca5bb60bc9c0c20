"""Neither many connections nor odd requests keep the server from its visitors, or fill its log."""

import asyncio
import logging
import resource
import socket
import threading
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from tornado.web import Application, RequestHandler

from shopper_widgets.publish.entrance import Entrance, SparingLog, room_for_connections

ROOM, PATIENCE = 8, 1.0


class Hello(RequestHandler):
    def get(self) -> None:
        self.write("hello")


@pytest.fixture
def port() -> Iterator[int]:
    """Return the port of a small application behind an entrance, in its own thread."""
    ready, ports, loops = threading.Event(), [], []

    async def run() -> None:
        entrance = Entrance(Application([("/", Hello)]), ROOM, PATIENCE)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.setblocking(False)
            entrance.add_socket(listening)
            stop = asyncio.Event()
            ports.append(listening.getsockname()[1])
            loops.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()
            entrance.stop()
            await entrance.close_all_connections()

    thread = threading.Thread(target=asyncio.run, args=[run()])
    thread.start()
    ready.wait(10)
    yield ports[0]
    loop, stop = loops[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


def test_requests_that_never_end_are_closed_and_others_answered(port: int) -> None:
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3 * ROOM)]
    for connection in waiting[:ROOM]:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")  # without the empty line
    # Connections beyond the limit are closed at once, and the others after the time limit.
    assert all(connection.recv(1) == b"" for connection in waiting[ROOM:])
    assert all(connection.recv(1) == b"" for connection in waiting[:ROOM])
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        assert answer.read() == b"hello"
    for connection in waiting:
        connection.close()


def test_as_many_as_there_is_room_for_are_answered_side_by_side(port: int) -> None:
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(ROOM)]
    for connection in connections:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert all(connection.recv(15) == b"HTTP/1.1 200 OK" for connection in connections)
    for connection in connections:
        connection.close()


def test_the_limit_of_files_is_raised_and_leaves_room() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, before[1]), before[1]))
        room = room_for_connections()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 2 * room
        assert room >= min(before[1], 16_384) // 2
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_flood_is_cut_and_each_record_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("tests.flood")
    logger.addFilter(SparingLog(lines=5))
    for number in range(1000):
        logger.warning("404 GET /%s", f"\x1b]0;{number}\r\nforged line\u2028")
    told = [record.getMessage() for record in caplog.records if record.name == "tests.flood"]
    assert told[0] == r"404 GET /\x1b]0;0\r\nforged line\u2028"
    assert told[5:] == ["More lines than 5 a minute are left out."]


def test_what_is_only_told_in_detail_and_a_flood_of_warnings_hide_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("tests.crowd")
    logger.addFilter(SparingLog(lines=5))
    for _ in range(1000):
        logger.debug("a message came")
        logger.warning("404 GET /")
    logger.error("the page is broken")
    assert caplog.messages.count("a message came") == 1000
    assert caplog.messages[-1] == "the page is broken"
