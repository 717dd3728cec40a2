"""Two administrations with data of every kind, and people with rights for one, the other or neither."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from econnect_admin.sandbox.server import Sandbox
from tests.conversion.writing import document
from tests.documents import invoice

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, User, UserGroup

MARK = "Zilverberg"  # in every text of the one administration, and nowhere else


@pytest.fixture
def secret_one(
    sandbox: Sandbox, administration: "Administration", run_import: Callable[["Administration"], Any]
) -> "Administration":
    """An administration with an invoice, a failed document, batch jobs, runs, a group and a user."""
    from econnect_admin.models import AuthorisationRequest, ConnectionUserGroup, User, UserGroup
    from invoices.models import EInvoice, FailedDocument
    from invoices.statuses.changing import change_status

    administration.name = f"{MARK} B.V."
    administration.code = MARK
    administration.save()
    administration.database.name = MARK
    administration.database.save()
    sandbox.account.add(invoice(f"{MARK}-1"))
    run_import(administration)
    change_status(EInvoice.objects.get(), "40", by=MARK)
    _book_one(administration, sandbox, run_import)
    now = timezone.now()
    FailedDocument.objects.create(
        administration=administration,
        external_id=f"{MARK}-2",
        subject=MARK,
        content=MARK.encode(),
        first_failed_at=now,
        last_tried_at=now,
    )
    group = UserGroup.objects.create(name=MARK)
    group.administrations.add(administration)
    group.members.add(User.objects.create_user(MARK.lower(), first_name=MARK))
    ConnectionUserGroup.objects.create(administration=administration, group_id=MARK, user_group=group)
    AuthorisationRequest.objects.create(
        administration=administration,
        requested_through=administration,
        reference="XCNL10017",
        email_address=f"{MARK}@example.org",
        integration_token=MARK,
        state="sent",
    )
    return administration


def _book_one(administration: "Administration", sandbox: Sandbox, run_import: Callable[..., Any]) -> None:
    """A ledger, a supplier, and a purchase invoice."""
    from econnect_admin.models import User
    from invoices.conversion.converting import Decision, convert
    from invoices.conversion.standard import set_up_ledger
    from invoices.models import EInvoice, LedgerAccount, VatCode, VatMapping

    set_up_ledger(administration)
    LedgerAccount.objects.update(name=MARK)
    VatCode.objects.update(name=MARK)
    VatMapping.objects.update(ledger_account=LedgerAccount.objects.all()[0])
    sandbox.account.add(document(f"{MARK}-3", supplier=MARK))
    run_import(administration)
    decision = Decision(date(2026, 11, 25), "2026-11")
    convert(EInvoice.objects.latest("pk").pk, decision, User.objects.create_superuser(f"root of {MARK}"))


@pytest.fixture
def other_one(secret_one: "Administration") -> "Administration":
    """Another administration, with a database of its own."""
    from batchjobs.setup import ensure_batchjobs
    from econnect_admin.administrations.setup import setup_administration

    other, _ = setup_administration(
        "OTHER",
        name="Andere B.V.",
        access_url=secret_one.database.access_url + "&other=1",
        consumer_key="k" * 20,
        consumer_secret="s" * 20,
    )
    ensure_batchjobs(other)
    return other


def everything_for(name: str, *administrations: "Administration") -> "User":
    """A user with every privilege that there is, for these administrations."""
    from econnect_admin.models import User

    user: User = User.objects.create_user(name, password="zomer-in-Delft", is_staff=True)
    group_with(name, _all_grants(), *administrations).members.add(user)
    return user


def group_with(name: str, grants: Any, *administrations: "Administration") -> "UserGroup":
    from econnect_admin.models import UserGroup
    from econnect_admin.rights.granting import grant

    group: UserGroup = UserGroup.objects.create(name=f"group {name}")
    group.administrations.set(administrations)
    grant(group, grants)
    return group


def _all_grants() -> list[tuple[str, str]]:
    from econnect_admin.rights.catalogue import FUNCTIONS

    return [
        (code, privilege.value) for code, function in FUNCTIONS.items() for privilege in function.permissions
    ]
