"""RQ's own dashboard, for operators."""

import pytest
from django.test import Client

from econnect_admin.models import User


@pytest.mark.django_db
def test_superusers_see_the_queues(client: Client) -> None:
    client.force_login(User.objects.create_superuser("operator"))
    page = client.get("/wachtrijen/")
    assert page.status_code == 200
    assert "default" in page.content.decode()
    assert client.get("/wachtrijen/stats.json").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/wachtrijen/", "/wachtrijen/stats.json", "/wachtrijen/queues/0/"])
def test_others_do_not(client: Client, address: str) -> None:
    client.force_login(User.objects.create_user("clerk"))
    assert client.get(address).status_code == 302
