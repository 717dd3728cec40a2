"""Somebody who handles invoices, and documents that came in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import grant_all

if TYPE_CHECKING:
    from econnect_admin.models import Administration
    from invoices.models import EInvoice

Receive = Callable[..., "dict[str, EInvoice]"]
HANDLING = ("invoices.view_einvoice", "invoices.change_einvoice", "invoices.view_line")


@pytest.fixture
def log_in(administration: "Administration") -> Callable[..., Client]:
    """Somebody with these permissions for the administrations that there are."""

    def run(*permissions: str, username: str = "clerk") -> Client:
        from econnect_admin.models import User

        user: User = User.objects.create_user(username)
        grant_all(user, *permissions)
        client = Client()
        client.force_login(user)
        return client

    return run


@pytest.fixture
def receive(sandbox: Sandbox, administration: "Administration", run_import: Callable[..., Any]) -> "Receive":
    """Import these documents; gives all e-invoices by their number."""

    def run(*contents: bytes) -> "dict[str, EInvoice]":
        from invoices.models import EInvoice

        for content in contents:
            sandbox.account.add(content)
        run_import(administration)
        einvoices = EInvoice.objects.select_related("current")
        return {einvoice.current_version.number: einvoice for einvoice in einvoices}

    return run
