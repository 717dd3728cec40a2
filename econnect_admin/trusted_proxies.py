"""Who asks, and by http or https, where proxies stand in between: only TRUSTED_PROXIES are believed."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address


class TrustedProxiesMiddleware:
    """Puts the client's address into REMOTE_ADDR, and has the request know the client's scheme."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if _is_trusted(peer):
            request.META["REMOTE_ADDR"] = str(_client(peer, request.headers.get("X-Forwarded-For", "")))
            scheme = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)


def _client(peer: Address | None, forwarded_for: str) -> Address | None:
    """Each proxy adds at the end whom it was asked by: the first from there that is no proxy of ours."""
    client = peer
    for hop in reversed(forwarded_for.split(",")):
        before = _address(hop.strip())
        if before is None:
            break
        client = before
        if not _is_trusted(client):
            break
    return client


def _is_trusted(address: Address | None) -> bool:
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
