"""The sandbox on HTTP: one account, served at the paths of v3 and v3.1."""

import json
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from econnect_admin.sandbox import writing
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.exchange import Exchange, Misbehaviour, http_answer
from econnect_admin.sandbox.faults import Fault
from econnect_admin.sandbox.plans import Plans
from econnect_admin.sandbox.requests import V3, V3_1, VERSIONS, Version, read_call

_MAX_REQUEST = 1024 * 1024
_CHUNK = 64 * 1024
_LINGER = 1.0  # seconds
_JSON = {"Content-Type": "application/json"}


class Sandbox:
    """Serves an account on 127.0.0.1, in threads of this process. Also a context manager."""

    namespace = V3_1.namespace
    namespace_v3 = V3.namespace

    def __init__(self, account: Account, port: int = 0) -> None:
        """Raises OSError if the port is in use."""
        self.account = account
        self.calls: list[str] = []  # operations, in the order answered
        self._plans = Plans()
        self._stopping = threading.Event()
        self._http = _Server(self, port)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def access_url(self) -> str:
        return self._access_url(V3_1)

    @property
    def access_url_v3(self) -> str:
        return self._access_url(V3)

    def calls_of(self, operation: str) -> int:
        return self.calls.count(operation)

    def misbehave(
        self,
        misbehaviour: Misbehaviour,
        operation: str | None = None,
        external_id: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Answer so many calls (None: all) of an operation, or about a document, in that way."""
        self._plans.add(misbehaviour, operation, external_id, times)

    def behave(self) -> None:
        self._plans.clear()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop at once: connections are cut, whatever they were doing."""
        self._stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
        self._http.server_close()
        self._http.cut_connections()

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def answer(self, version: Version, soap_action: str, message: bytes, handler: "_Handler") -> None:
        """Answer one message, well or badly."""
        try:
            call = read_call(version, soap_action, message)
        except Fault as fault:
            handler.send(500, writing.fault(fault))
            return
        exchange = Exchange(self.account, call, handler.connection, handler.wfile, self._stopping)
        misbehaviour = self._plans.take(exchange)
        self.calls.append(call.operation)
        if misbehaviour:
            misbehaviour(exchange)
        else:
            answer = exchange.proper()
            handler.send(answer.status, answer.body)

    def _access_url(self, version: Version) -> str:
        return f"{self.origin}{version.path}?subscriptionKey={quote(self.account.subscription_key, safe='')}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        version = VERSIONS.get(url.path)
        subscription_keys = parse_qs(url.query).get("subscriptionKey")
        length = self.headers.get("Content-Length", "")
        if version is None:
            self._refuse(404, "Resource not found")
        elif subscription_keys != [self.server.sandbox.account.subscription_key]:
            self._refuse(401, "Access denied due to missing or invalid subscription key.")
        elif "Transfer-Encoding" in self.headers or not length.isdecimal():
            self._refuse(411, "Send a Content-Length; Transfer-Encoding is not supported.")
        elif int(length) > _MAX_REQUEST:
            self._refuse(413, "The message is too large.")
        elif self.headers.get_content_type() != "text/xml":
            self._refuse(415, "The Content-Type must be text/xml.")
        else:
            message = self.rfile.read(int(length))
            self.server.sandbox.answer(version, self.headers.get("SOAPAction", ""), message, self)

    def send(self, status: int, body: bytes) -> None:
        self.wfile.write(http_answer(status, body))

    def _refuse(self, status: int, message: str) -> None:
        """Say no before the message was read, and close the connection.

        What the client is still sending is read first: closing on it would take the answer away too.
        """
        body = json.dumps({"statusCode": status, "message": message}).encode()
        self.wfile.write(http_answer(status, body, headers={**_JSON, "Connection": "close"}))
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        with suppress(OSError):
            while self.rfile.read(_CHUNK):
                pass

    def log_message(self, *_arguments: object) -> None:
        """The access log would hold the subscription key."""
