"""Keys go to the internet, encrypted, and nowhere else; inside only where that is allowed."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from econnect_admin.econnect.errors import PreferencesUnusable, Unavailable
from tests.conftest import wait_until
from tests.econnect.conftest import QUICK, Connect

ON_THE_INTERNET = replace(QUICK, attempts=1, allow_private=False)
KEY = "5ubscr1pt10n"

NOT_PUBLIC = [
    *(
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "2130706433",
        "0x7f.0.0.1",
        "0x7F000001",
        "0177.0.0.1",
        "017700000001",
    ),
    *("10.0.0.5", "10.5", "172.16.0.1", "192.168.1.1", "0300.0250.1.1", "100.64.0.1", "169.254.169.254"),
    "0.0.0.0",  # noqa: S104
    *("0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[fec0::1]", "[ff0e::1]", "[2001:db8::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:a00:5]", "[::127.0.0.1]", "[64:ff9b::a00:5]", "[2002:7f00:1::]"),
    *("localhost", "LOCALHOST", "localhost.", "localhost..", "platform.localhost"),
]


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_sent_nothing(connect: Connect, host: str) -> None:
    url = f"https://{host}:1/soap?subscriptionKey={KEY}"
    with pytest.raises(PreferencesUnusable, match="leads into a private network") as error:
        connect(access_url=url, limits=ON_THE_INTERNET).login()
    assert KEY not in str(error.value.wording)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://api.everbinding.nl/soap", "does not begin with https"),
        ("http://10.0.0.5/soap", "does not begin with https"),
        ("https://user:password@api.everbinding.nl/soap", "a user name or a password"),
        ("https://api.everbinding.nl@127.0.0.1/soap", "a user name or a password"),
        ("https://api.everbinding.nl\\@127.0.0.1/soap", "a user name or a password"),
        ("https://@127.0.0.1/soap", "a user name or a password"),
        ("https://api.everbinding.nl/soap#x", "has a #"),
        ("https://api.everbinding.nl/soap#", "has a #"),
        ("https://１２７.0.0.1/soap", "no web address"),
        ("https://127。0。0。1/soap", "no web address"),
        ("https://%31%32%37.0.0.1/soap", "no web address"),
        ("https://ⓛocalhost/soap", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("gopher://127.0.0.1/", "no web address"),
    ],
)
@pytest.mark.parametrize("limits", [QUICK, ON_THE_INTERNET], ids=["private allowed", "internet only"])
def test_a_url_that_would_give_keys_away_is_for_a_person_to_mend(
    connect: Connect, url: str, why: str, limits: Any
) -> None:
    with pytest.raises(PreferencesUnusable, match=why):
        connect(access_url=url, limits=limits).login()


def test_http_to_this_machine_must_be_allowed(connect: Connect) -> None:
    with pytest.raises(PreferencesUnusable, match="does not begin with https"):
        connect(limits=ON_THE_INTERNET).login()


@dataclass
class Inside:
    """A server inside, to which the name servers lead whoever asks for intranet.example."""

    url: str
    received: list[bytes]


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    look_up = socket.getaddrinfo

    def lead_inside(host: Any, *arguments: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if host == "intranet.example" else host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lead_inside)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = Inside(f"https://intranet.example:{port}/soap?subscriptionKey={KEY}", [])

        def listen() -> None:
            with suppress(OSError), listening.accept()[0] as connection:
                server.received.append(connection.recv(1000))

        listener = threading.Thread(target=listen)
        listener.start()
        yield server
        listener.join(timeout=5)


def test_a_name_that_leads_inside_is_sent_nothing(
    inside: Inside, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    with pytest.raises(PreferencesUnusable, match="leads into a private network") as error:
        connect(access_url=inside.url, limits=ON_THE_INTERNET).login()
    wait_until(lambda: inside.received)
    assert inside.received == [b""]
    assert KEY not in str(error.value.wording) + caplog.text


def test_a_name_that_leads_inside_is_reached_where_that_is_allowed(inside: Inside, connect: Connect) -> None:
    with pytest.raises(Unavailable):
        connect(access_url=inside.url, limits=replace(QUICK, attempts=1)).login()
    assert inside.received[0].startswith(b"\x16\x03")  # it begins to speak TLS
