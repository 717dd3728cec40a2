"""One call and the connection that waits for its answer: all that a misbehaviour has to work with."""

import socket
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from http import HTTPStatus
from io import BufferedIOBase
from threading import Event

from econnect_admin.sandbox import writing
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.faults import Fault
from econnect_admin.sandbox.operations import carry_out
from econnect_admin.sandbox.requests import Call

XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What would be sent if all went well, faults included."""

    status: int
    body: bytes


class Exchange:
    """A call that was understood, and has not been carried out yet."""

    def __init__(
        self, account: Account, call: Call, connection: socket.socket, out: BufferedIOBase, stopping: Event
    ) -> None:
        self.account = account
        self.call = call
        self._connection = connection
        self._out = out
        self._stopping = stopping

    def proper(self, **changed_fields: str) -> Answer:
        """Carry the call out, as if some of its fields had been others (an empty one: not given)."""
        try:
            return Answer(HTTPStatus.OK, carry_out(self.account, _changed(self.call, changed_fields)))
        except Fault as fault:
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, writing.fault(fault))

    def send(
        self, status: int, body: bytes, *, length: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send an answer. `length`: the Content-Length, where it is to be another than that of `body`."""
        self.send_raw(http_answer(status, body, length=length, headers=headers))

    def send_raw(self, data: bytes) -> None:
        self._out.write(data)
        self._out.flush()

    def cut(self) -> None:
        self._connection.shutdown(socket.SHUT_RDWR)

    def pause(self, seconds: float) -> None:
        """Raises ConnectionAbortedError when the sandbox stops meanwhile."""
        if self._stopping.wait(seconds):
            raise ConnectionAbortedError


Misbehaviour = Callable[[Exchange], None]


def http_answer(
    status: int, body: bytes, *, length: int | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of an HTTP answer."""
    fields = {
        "Content-Type": XML,
        "Content-Length": len(body) if length is None else length,
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    head = f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}\r\n{lines}\r\n"
    return head.encode("latin-1") + body


def _changed(call: Call, changed_fields: Mapping[str, str]) -> Call:
    if not changed_fields:
        return call
    fields = deepcopy(call.fields)
    for name, value in changed_fields.items():
        for element in fields.iter(f"{{{call.version.namespace}}}{name}"):
            element.text = value
    return replace(call, fields=fields)
