"""HTTP to the access URL: one session of kept-alive connections, for several threads at once."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.exceptions import MaxRetryError, NewConnectionError

from econnect_admin.econnect.errors import unreachable, unusable

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, how often to try, and how much to take, in bytes."""

    connect_timeout: float = 5
    read_timeout: float = 20  # between two pieces of an answer
    call_timeout: float = 300  # for a whole answer, however steadily it drips
    attempts: int = 3
    first_pause: float = 0.5  # before the second attempt; doubles, with jitter
    max_bytes: int = 192 * 1024 * 1024  # a document of 128 MB with its envelope


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
        self._limits = limits
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc; the proxies are asked for once, here
        self._session.proxies.update(get_environ_proxies(access_url))
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
        self._session.mount(f"{urlsplit(access_url).scheme}://", adapter)

    def post(self, message: bytes, soap_action: str) -> Answer:
        """The whole answer, decompressed. Raises Unavailable."""
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": soap_action}
        deadline = time.monotonic() + self._limits.call_timeout
        try:
            with self._session.post(
                self._access_url,
                data=message,
                headers=headers,
                timeout=(self._limits.connect_timeout, self._limits.read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, self._read(response, deadline))
        except requests.exceptions.ConnectTimeout:
            raise unreachable("no connection in time", sent=False) from None
        except requests.exceptions.Timeout:
            raise unreachable("no answer in time") from None
        except requests.exceptions.ContentDecodingError:
            raise unusable("it cannot be decompressed") from None
        except requests.exceptions.ConnectionError as error:
            raise unreachable("the connection failed or was cut", sent=not _never_connected(error)) from None
        except (requests.exceptions.RequestException, OSError):
            raise unreachable("the answer was cut off or is not HTTP") from None

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self._limits.max_bytes:
                raise unusable(f"it is larger than {self._limits.max_bytes} bytes")
            if time.monotonic() > deadline:
                raise unreachable(f"the answer took more than {self._limits.call_timeout:g} seconds")
        return bytes(content)

    def close(self) -> None:
        self._session.close()


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
