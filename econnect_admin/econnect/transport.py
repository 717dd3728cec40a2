"""HTTP to the access URL: one session of kept-alive connections, for several threads at once."""

import ipaddress
import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.utils import get_environ_proxies

from econnect_admin.econnect.access_url import NO_ADDRESS, PRIVATE, refusal
from econnect_admin.econnect.connections import Adapter, LeadsIntoPrivateNetwork
from econnect_admin.econnect.deadline import DeadlinePassed, deadline
from econnect_admin.econnect.errors import (
    PreferencesUnusable,
    Unavailable,
    too_large,
    too_slow,
    unreachable,
    unusable,
)
from econnect_admin.wording import gettext_noop

_CHUNK = 64 * 1024
_NO_URL = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    urllib3.exceptions.LocationValueError,
)
_NO_HEADER = (requests.exceptions.InvalidHeader, UnicodeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, how often to try, how much to take, in bytes, and where to go."""

    connect_timeout: float = 5
    read_timeout: float = 20  # between two pieces of an answer
    call_timeout: float = 300  # for a whole answer, however steadily it drips
    attempts: int = 3
    first_pause: float = 0.5  # before the second attempt; doubles, with jitter
    pdf_pause: float = 3  # while the platform is making a PDF
    max_bytes: int = 192 * 1024 * 1024  # a document of 128 MB with its envelope
    allow_private: bool = False  # addresses of private networks, and plain http on this machine


@dataclass(frozen=True, slots=True)
class Answer:
    http_status: int
    content: bytes


class Transport:
    """Posts messages to one access URL.

    The URL holds a subscription key: it is in no error. Errors of `requests` would hold it, so
    they are never passed on, not even as a cause.
    """

    def __init__(self, access_url: str, limits: Limits, connections: int) -> None:
        self._access_url = access_url
        self._refusal = refusal(access_url, allow_private=limits.allow_private)
        self._limits = limits
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc; the proxies are asked for once, here
        self._session.proxies.update(_proxies(access_url))
        adapter = Adapter(connections, allow_private=limits.allow_private)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def post(self, message: bytes, soap_action: str) -> Answer:
        """The whole answer, decompressed. Raises Unavailable or PreferencesUnusable."""
        if self._refusal:
            raise PreferencesUnusable(self._refusal)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": soap_action}
        try:
            with (
                deadline(self._limits.call_timeout),
                self._session.post(
                    self._access_url,
                    data=message,
                    headers=headers,
                    timeout=(self._limits.connect_timeout, self._limits.read_timeout),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return Answer(response.status_code, self._read(response.raw))
        except DeadlinePassed:
            raise too_slow(self._limits.call_timeout) from None
        except _NO_URL:
            raise PreferencesUnusable(NO_ADDRESS) from None
        except LeadsIntoPrivateNetwork:
            raise PreferencesUnusable(PRIVATE) from None
        except _NO_HEADER:
            raise PreferencesUnusable(
                gettext_noop("the Name Space has characters that cannot be sent")
            ) from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _in_our_words(error) from None

    def _read(self, raw: urllib3.BaseHTTPResponse) -> bytes:
        content = bytearray()
        while piece := raw.read(_CHUNK, decode_content=True):
            content += piece
            if len(content) > self._limits.max_bytes:
                raise too_large(self._limits.max_bytes)
        return bytes(content)

    def close(self) -> None:
        self._session.close()


def _proxies(access_url: str) -> dict[str, str]:
    """The proxies of the environment; this machine itself is never behind one."""
    try:
        host = urlsplit(access_url).hostname or ""
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return {}
    except ValueError:
        pass  # a host name, or an address that `post` will refuse
    try:
        return dict(get_environ_proxies(access_url))
    except ValueError:
        return {}


def _in_our_words(error: Exception) -> Unavailable:
    match error:
        case requests.exceptions.ConnectTimeout():
            return unreachable(gettext_noop("no connection in time"), sent=False)
        case requests.exceptions.Timeout() | urllib3.exceptions.TimeoutError():
            return unreachable(gettext_noop("no answer in time"))
        case urllib3.exceptions.DecodeError():
            return unusable(gettext_noop("it cannot be decompressed"))
        case requests.exceptions.SSLError():
            return unreachable(gettext_noop("no secure connection is possible; its certificate may be wrong"))
        case requests.exceptions.ConnectionError():
            return unreachable(
                gettext_noop("the connection failed or was cut"), sent=not _never_connected(error)
            )
    return unreachable(gettext_noop("the answer was cut off or is not HTTP"))


def _never_connected(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, urllib3.exceptions.MaxRetryError) and isinstance(
        cause.reason, urllib3.exceptions.NewConnectionError
    )


class _WithoutQuery(logging.Filter):
    """Takes the query out of the addresses in a log line: it holds the subscription key."""

    _QUERY = re.compile(r"\?[^\s\"')]*")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._QUERY.sub("?…", record.getMessage()), ()
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_WithoutQuery())
