"""An accountant, whose own administration has keys, and a client's that has none yet."""

from typing import TYPE_CHECKING, Any

import django_rq
import pytest
from django.test import Client
from django.urls import reverse

from econnect_admin.sandbox.server import Sandbox
from tests.conftest import grant_all

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from econnect_admin.models import Administration, AuthorisationRequest

LINKING = ("econnect_admin.view_authorisationrequest", "econnect_admin.add_authorisationrequest")
OWNER = "eigenaar@klant.example"


@pytest.fixture
def accountant(administration: "Administration") -> "Administration":
    """The administration whose account sends the requests."""
    return administration


@pytest.fixture
def client_company(accountant: "Administration") -> "Administration":
    """The client's: on the same database, without preferences."""
    from econnect_admin.models import Administration
    from econnect_admin.rights.activating import activate_all

    with django_rq.get_connection() as redis:
        redis.flushdb()
    company = Administration.objects.create(code="KLANT", name="Klant B.V.", database=accountant.database)
    activate_all(company, "vendor")
    return company


@pytest.fixture
def linker(client: Client, client_company: "Administration") -> Client:
    """Somebody who may send authorisation requests for both, and no more; logged in."""
    client.force_login(person_with(*LINKING, username="linker"))
    return client


def person_with(*permissions: str, username: str) -> Any:
    from econnect_admin.models import User

    user = User.objects.create_user(username, password="zomer-in-Delft")
    grant_all(user, *permissions)
    return user


def address(page: str, request: "AuthorisationRequest | None" = None) -> str:
    arguments = [request.pk] if request else []
    return reverse(f"admin:econnect_admin_authorisationrequest_{page}", args=arguments)


def accept(sandbox: Sandbox, request: "AuthorisationRequest") -> None:
    """As the owner does."""
    request.refresh_from_db()
    sandbox.account.accept_integration(request.integration_token)


@pytest.fixture
def form(accountant: "Administration", client_company: "Administration") -> dict[str, str]:
    """What the form says of a request that is right."""
    return {
        "administration": str(client_company.pk),
        "requested_through": str(accountant.pk),
        "reference": "XCNL10017",
        "email_address": OWNER,
    }


@pytest.fixture
def sent(linker: Client, form: dict[str, str]) -> "AuthorisationRequest":
    """A request that is sent by the form."""
    from econnect_admin.models import AuthorisationRequest

    linker.post(address("add"), form)
    return AuthorisationRequest.objects.get()
