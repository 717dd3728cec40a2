"""The way to the access URL: addresses, gateways, proxies."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from econnect_admin.econnect.errors import PreferencesUnusable, Unavailable
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect

ADDRESSES = [
    "",
    "nonsense",
    "ftp://eba.example/soap",
    "https://",
    "https://[::1",
    "https://a..b/",
    "https://h:99999/",
    "https://h:0/",
    "https://two words/",
    "https://[::1%25lo]/",
    "https://127.0.0.1\\.everbinding.nl/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_access_url_that_is_no_address_is_for_a_person_to_mend(connect: Connect, address: str) -> None:
    with pytest.raises(PreferencesUnusable, match="no web address"):
        connect(access_url=address).login()


@pytest.mark.parametrize("namespace", ["http://é.example/", "two words", "line\nbreak", "nul\0"])
def test_a_name_space_that_cannot_be_sent_is_for_a_person_to_mend(connect: Connect, namespace: str) -> None:
    with pytest.raises(PreferencesUnusable):
        connect(namespace=namespace).login()


def test_a_key_that_cannot_be_sent_is_for_a_person_to_mend(connect: Connect) -> None:
    with pytest.raises(PreferencesUnusable):
        connect(consumer_key="pasted\x1b[31m").login()


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("subscriptionKey=", "subscriptionKey=not", "401"),
        ("?subscriptionKey=", "?key=", "401"),
        ("v3.1", "v9", "404"),
    ],
)
def test_a_gateway_that_lets_nobody_in_is_told_with_what_to_check(
    sandbox: Sandbox, connect: Connect, old: str, new: str, status: str
) -> None:
    with pytest.raises(Unavailable, match=f"HTTP {status}; if that stays so, the Access URL is wrong"):
        connect(access_url=sandbox.access_url.replace(old, new)).inbox_page()


def test_a_host_that_does_not_exist_is_told_to_be_unreachable(connect: Connect) -> None:
    with pytest.raises(Unavailable) as failure:
        connect(access_url="https://nowhere.invalid/").login()
    assert not failure.value.sent


def test_this_machine_is_never_behind_a_proxy(
    sandbox: Sandbox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    connect().login()
    connect(access_url=sandbox.access_url.replace("127.0.0.1", "localhost")).login()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What the proxy of the environment is asked."""
    asked: list[bytes] = []
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listening.getsockname()[1]}")

        def refuse() -> None:
            with suppress(OSError), listening.accept()[0] as connection:
                asked.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

        threading.Thread(target=refuse, daemon=True).start()
        yield asked


@pytest.mark.parametrize("allow_private", [True, False])
def test_another_machine_is_asked_through_the_proxy(
    proxy: list[bytes], connect: Connect, allow_private: bool
) -> None:
    limits = replace(QUICK, attempts=1, allow_private=allow_private)
    with pytest.raises(Unavailable):
        connect(
            access_url="https://platform.invalid/soap?subscriptionKey=5ubscr1pt10n", limits=limits
        ).login()
    assert len(proxy) == 1
    assert proxy[0].startswith(b"CONNECT platform.invalid:443 ")
    assert b"5ubscr1pt10n" not in proxy[0]


@pytest.fixture
def sandbox_on_ipv6(sandbox: Sandbox) -> Iterator[str]:
    """The address of a gateway on ::1 that passes everything on to the sandbox."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as gateway:
        port = gateway.getsockname()[1]

        def pass_on() -> None:
            with gateway.accept()[0] as near, socket.create_connection(_place(sandbox)) as far:
                threading.Thread(target=_pipe, args=(far, near), daemon=True).start()
                _pipe(near, far)

        threading.Thread(target=pass_on, daemon=True).start()
        yield sandbox.access_url.replace(f"127.0.0.1:{_place(sandbox)[1]}", f"[::1]:{port}")


def _place(sandbox: Sandbox) -> tuple[str, int]:
    url = urlsplit(sandbox.access_url)
    return url.hostname or "", url.port or 0


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_is_an_address(sandbox_on_ipv6: str, sandbox: Sandbox, connect: Connect) -> None:
    connect(access_url=sandbox_on_ipv6).login()
    assert sandbox.calls == ["Login"]


@pytest.fixture
def https_with_an_unknown_certificate(tmp_path: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def shake_hands() -> None:
            with (
                suppress(OSError),
                context.wrap_socket(listening.accept()[0], server_side=True) as connection,
            ):
                connection.recv(1)

        threading.Thread(target=shake_hands, daemon=True).start()
        yield f"https://localhost:{listening.getsockname()[1]}/soap/v3.1?subscriptionKey=x"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    https_with_an_unknown_certificate: str, connect: Connect
) -> None:
    client = connect(access_url=https_with_an_unknown_certificate, limits=replace(QUICK, attempts=1))
    with pytest.raises(Unavailable, match="certificate"):
        client.login()
