"""Whose word is taken for where a request comes from."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from econnect_admin.trusted_proxies import TrustedProxiesMiddleware

PROXY, OTHER_PROXY, CLIENT, STRANGER = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"


def seen(peer: str, forwarded_for: str = "", proto: str = "") -> tuple[str, str]:
    """The address and the scheme of the request, as the program sees them."""
    got: list[HttpRequest] = []

    def view(request: HttpRequest) -> JsonResponse:
        got.append(request)
        return JsonResponse({})

    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded_for, "X-Forwarded-Proto": proto}
    )
    TrustedProxiesMiddleware(view)(request)
    return got[0].META["REMOTE_ADDR"], got[0].scheme or ""


@pytest.fixture(autouse=True)
def _trusted(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/30"), ip_network("2001:db8::1")]


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        (CLIENT, CLIENT),
        (f"{CLIENT}, {OTHER_PROXY}", CLIENT),
        (f"{STRANGER}, {CLIENT}", CLIENT),  # what the client itself claimed
        (f"{STRANGER},{CLIENT},{OTHER_PROXY}", CLIENT),
        ("2001:db8::7", "2001:db8::7"),
        (f"::ffff:{CLIENT}", CLIENT),
        (OTHER_PROXY, OTHER_PROXY),
        ("", PROXY),
        ("unknown", PROXY),
        (f"{CLIENT}, <script>", PROXY),
    ],
)
def test_a_trusted_proxy_says_who_asks(forwarded_for: str, client: str) -> None:
    assert seen(PROXY, forwarded_for, "https") == (client, "https")


@pytest.mark.parametrize("peer", [STRANGER, f"::ffff:{STRANGER}", "2001:db8::2", "10.0.0.4", ""])
def test_forged_headers_from_elsewhere_are_ignored(peer: str) -> None:
    assert seen(peer, CLIENT, "https") == (peer, "http")
    assert seen(peer, f"{CLIENT}, {PROXY}", "https") == (peer, "http")


@pytest.mark.parametrize("peer", [f"::ffff:{PROXY}", "2001:db8::1"])
def test_a_proxy_is_known_in_every_form(peer: str) -> None:
    assert seen(peer, CLIENT, "https") == (CLIENT, "https")


@pytest.mark.parametrize("proto", ["", "http", "https, http", "javascript", "httpss"])
def test_only_https_is_https(proto: str) -> None:
    assert seen(PROXY, CLIENT, proto) == (CLIENT, "http")


def test_by_default_nobody_is_trusted(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert seen("127.0.0.1", CLIENT, "https") == ("127.0.0.1", "http")
