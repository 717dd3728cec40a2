"""An administration with a ledger, and a clerk who may book."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import grant_all

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User
    from invoices.models import EInvoice, PurchaseInvoice

CONVERTING = (
    "invoices.view_einvoice",
    "invoices.view_line",
    "invoices.convert_einvoice",
    "invoices.view_purchaseinvoice",
    "invoices.reverse_purchaseinvoice",
    "invoices.view_supplier",
    "invoices.add_supplier",
    "invoices.change_supplier",
)
TODAY = date(2026, 11, 25)

Receive = Callable[..., "list[EInvoice]"]
Book = Callable[..., "PurchaseInvoice"]


@pytest.fixture
def ledger(administration: "Administration") -> "Administration":
    """With the standard ledger, and 4700 as the account of last resort."""
    from invoices.conversion.standard import set_up_ledger
    from invoices.models import LedgerAccount, VatMapping

    set_up_ledger(administration)
    VatMapping.objects.update(ledger_account=LedgerAccount.objects.get(code="4700"))
    return administration


@pytest.fixture
def clerk(ledger: "Administration") -> "User":
    from econnect_admin.models import User

    user: User = User.objects.create_user("clerk", password="zomer-in-Delft")
    grant_all(user, *CONVERTING)
    return user


@pytest.fixture
def receive(sandbox: Sandbox, ledger: "Administration", run_import: Callable[..., Any]) -> Receive:
    """Import these documents; gives their e-invoices in that order."""

    def run(*contents: bytes) -> "list[EInvoice]":
        from invoices.models import EInvoice

        keys = [sandbox.account.add(content) for content in contents]
        run_import(ledger)
        return [EInvoice.objects.get(external_id=key) for key in keys]

    return run


@pytest.fixture
def book(clerk: "User") -> Book:
    """Convert as it is proposed, with everything confirmed; a number that fails raises CannotConvert."""

    def run(einvoice: "EInvoice", chosen: Any = "as matched", **more: Any) -> "PurchaseInvoice":
        from invoices.conversion.converting import Decision, convert, period_of
        from invoices.conversion.proposal import propose

        day = more.pop("booking_date", TODAY)
        if chosen == "as matched":
            chosen = None
        warnings = propose(einvoice, chosen).warnings
        decision = Decision(
            booking_date=day,
            period=period_of(day),
            chosen=getattr(chosen, "pk", chosen),
            confirmed=frozenset(warning.key for warning in warnings),
        )
        return convert(einvoice.pk, decision, more.pop("user", clerk))

    return run


@pytest.fixture
def elsewhere(ledger: "Administration") -> "Administration":
    """Another administration, for which the clerk may nothing."""
    from econnect_admin.models import Administration, DatabasePreferences
    from econnect_admin.rights.activating import activate_all

    database = DatabasePreferences.objects.create(name="elsewhere")
    other = Administration.objects.create(code="B", name="Elders B.V.", database=database)
    activate_all(other, "vendor")
    return other


@pytest.fixture
def people(client: Client, clerk: "User") -> Callable[..., Client]:
    """Somebody with these permissions, logged in; without any, the clerk."""

    def log_in(*permissions: str) -> Client:
        from econnect_admin.models import User

        user = clerk
        if permissions:
            user = User.objects.create_user(f"user {User.objects.count()}", is_staff=True)
            grant_all(user, *permissions)
        other = Client()
        other.force_login(user)
        return other

    return log_in
