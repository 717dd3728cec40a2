"""What is beneath `requests`: connections that keep to a deadline, and lead where they may."""

import socket
from ipaddress import ip_address
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from econnect_admin.econnect.access_url import is_public
from econnect_admin.econnect.deadline import HurriedResponse


class LeadsIntoPrivateNetwork(Exception):
    """The name in the access URL turned out to be an address that is not public. Nothing was sent."""


class Adapter(HTTPAdapter):
    """Keeps up to so many connections alive. Raises DeadlinePassed or LeadsIntoPrivateNetwork."""

    def __init__(self, connections: int, *, allow_private: bool) -> None:
        self._pools = _ANYWHERE if allow_private else _ON_THE_INTERNET
        super().__init__(pool_connections=1, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        """The operator's own proxy may be anywhere, and it is the one that looks names up."""
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _ANYWHERE
        return manager


class _HTTPConnection(HTTPConnection):
    response_class = HurriedResponse


class _HTTPSConnection(HTTPSConnection):
    response_class = HurriedResponse


class _PublicHTTPSConnection(_HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        """Looks at the address that the name has led to: a look before could have been told another."""
        connected = super()._new_conn()
        if not is_public(ip_address(connected.getpeername()[0])):
            connected.close()
            raise LeadsIntoPrivateNetwork
        return connected


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


_ANYWHERE: dict[str, type[HTTPConnectionPool]] = {"http": _HTTPPool, "https": _HTTPSPool}
_ON_THE_INTERNET: dict[str, type[HTTPConnectionPool]] = {"https": _PublicHTTPSPool}
