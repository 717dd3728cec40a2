"""Clients that lose patience quickly, so that what fails on purpose does not take long."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from econnect_admin.econnect.soap import EConnect
from econnect_admin.econnect.transport import Limits
from econnect_admin.sandbox.server import Sandbox

QUICK = Limits(
    connect_timeout=2,
    read_timeout=1,
    call_timeout=6,
    attempts=3,
    first_pause=0.01,
    pdf_pause=0.01,
    allow_private=True,
)

Connect = Callable[..., EConnect]


@pytest.fixture
def connect(sandbox: Sandbox) -> Iterator[Connect]:
    """Make a client of the sandbox; what is not said is right."""
    with ExitStack() as clients:

        def make(**changed: Any) -> EConnect:
            settings: dict[str, Any] = {
                "access_url": sandbox.access_url,
                "namespace": sandbox.namespace,
                "consumer_key": sandbox.account.consumer_key,
                "consumer_secret": sandbox.account.consumer_secret,
                "limits": QUICK,
                **changed,
            }
            return clients.enter_context(EConnect(**settings))

        yield make


@pytest.fixture
def client(connect: Connect) -> EConnect:
    return connect()


@pytest.fixture(params=["v3", "v3.1"])
def client_of_each_version(request: pytest.FixtureRequest, connect: Connect, sandbox: Sandbox) -> EConnect:
    if request.param == "v3":
        return connect(access_url=sandbox.access_url_v3, namespace=sandbox.namespace_v3)
    return connect()
