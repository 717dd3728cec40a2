"""Where the keys of an account may be sent: the rules for an access URL, and for the address behind it."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import parse_qsl, urlsplit

from econnect_admin.wording import gettext_noop

NO_ADDRESS = gettext_noop("the Access URL is no web address")
NOT_SECURE = gettext_noop("the Access URL does not begin with https://")
CREDENTIALS = gettext_noop("the Access URL has a user name or a password in it")
FRAGMENT = gettext_noop("the Access URL has a # in it")
PRIVATE = gettext_noop(
    "the Access URL leads into a private network, where nothing is sent unless the operator of this "
    "program allows it with ECONNECT_ALLOW_PRIVATE"
)

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_NAT64 = IPv6Network("64:ff9b::/96")

Address = IPv4Address | IPv6Address


def refusal(access_url: str, *, allow_private: bool) -> str | None:
    """Why nothing may be sent there, a template of a wording; None if it may.

    A name is not looked up: `is_public` is for the address that it turns out to be.
    """
    try:
        parts = urlsplit(access_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return NO_ADDRESS
    if "@" in parts.netloc:
        return CREDENTIALS
    if parts.scheme not in ("http", "https") or port == 0 or not _is_plain(access_url, host):
        return NO_ADDRESS
    if "#" in access_url:
        return FRAGMENT
    if parts.scheme == "http" and not (allow_private and _is_this_machine(host)):
        return NOT_SECURE
    return None if allow_private or _may_be_public(host) else PRIVATE


def is_public(address: Address) -> bool:
    """Whether it is one machine on the internet, also behind an address that only wraps another."""
    if isinstance(address, IPv6Address):
        address = _wrapped(address) or address
        if isinstance(address, IPv6Address) and address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def query_values(access_url: str) -> list[str]:
    """The values in the address's query, of which the subscription key is one."""
    return [value for _, value in parse_qsl(access_url.partition("?")[2])]


def _is_plain(access_url: str, host: str) -> bool:
    """Whether every reader of URLs finds the same host in it."""
    if any(character.isspace() or not character.isprintable() for character in access_url):
        return False
    if ":" in host:
        return isinstance(_address(host), IPv6Address) and "%" not in host
    return _NAME.fullmatch(host) is not None


def _is_this_machine(host: str) -> bool:
    address = _address(host)
    return address.is_loopback if address else _is_localhost(host)


def _may_be_public(host: str) -> bool:
    address = _address(host)
    return is_public(address) if address else not _is_localhost(host)


def _is_localhost(name: str) -> bool:
    return f".{name.rstrip('.').lower()}".endswith(".localhost")


def _address(host: str) -> Address | None:
    """None for a name. 127.1, 2130706433 and 0x7f000001 are no names: they are read as 127.0.0.1."""
    try:
        return ip_address(host.rstrip("."))
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
