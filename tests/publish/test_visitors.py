"""Who may visit the page; tests/browser has tests of the page itself."""

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from shopper_widgets.publish.visitors import _navigates, is_meant


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8866",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.8.8.8",
        "[::1]",
        "[::1]:9",
    ],
)
def test_this_machine_is_always_meant(host: str) -> None:
    assert is_meant(host, [])


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8866",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5",
        "0.0.0.0",
        "[fe80::1]:80",
        "shop.example.com.evil.example",
        "[::1].evil.example",
        "localhost:80@evil.example",
    ],
)
def test_other_hosts_are_not(host: str) -> None:
    assert not is_meant(host, ["shop.example.com"])


def test_names_that_were_given_are_meant_whatever_their_case_and_port() -> None:
    names = ["Shop.example.com:443", "192.168.1.5", "fe80::1"]
    for host in ("shop.example.com", "SHOP.example.com:80", "192.168.1.5:8866", "[fe80::1]:8866"):
        assert is_meant(host, names)


@pytest.mark.parametrize(
    ("headers", "navigates"),
    [
        ({}, True),  # a program, or a browser from before these headers
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "empty"}, False),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "script"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}, True),
        (
            {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document", "Sec-Purpose": "prefetch;prerender"},
            False,
        ),
        ({"Purpose": "prefetch"}, False),
        ({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, True),
        ({"Accept": "*/*"}, True),
        ({"Accept": "image/avif,image/webp,*/*;q=0.8", "Referer": "http://evil.example/"}, False),
    ],
)
def test_only_a_page_in_a_tab_starts_a_kernel(headers: dict[str, str], navigates: bool) -> None:
    line = RequestStartLine("GET", "/", "HTTP/1.1")
    request = HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "localhost"} | headers))
    assert _navigates(request) is navigates
