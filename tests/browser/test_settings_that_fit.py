"""Settings that cannot work are refused where they are typed, with what to do."""

import pytest
from django.test import Client
from django.urls import reverse

from econnect_admin.models import Administration


def errors(client: Client, row: object, **typed: str) -> str:
    model = type(row)._meta.label_lower.replace(".", "_")  # type: ignore[attr-defined]
    address = reverse(f"admin:{model}_change", args=[row.pk])  # type: ignore[attr-defined]
    response = client.post(address, typed)
    return response.content.decode() if response.status_code == 200 else ""


def test_a_time_zone_must_exist(admin_client: Client, administration: Administration) -> None:
    form = {"code": "REF", "name": "Ref", "database": str(administration.database_id), "language": "nl"}
    assert "Deze tijdzone bestaat niet" in errors(
        admin_client, administration, **form, time_zone="Europe/Eindhoven"
    )
    assert not errors(admin_client, administration, **form, time_zone="Europe/Brussels")


@pytest.mark.parametrize(
    "namespace", ["http://api.everbinding.nl/v3_1", "api.everbinding.nl/v3_1/", "ftp://a/b/", "http:///v3/"]
)
def test_a_name_space_is_an_address_that_ends_in_a_slash(
    admin_client: Client, administration: Administration, namespace: str
) -> None:
    page = errors(admin_client, administration.database, name="Hoofd", access_url="", namespace=namespace)
    assert "Een Name Space is een adres dat eindigt op /" in page


@pytest.mark.parametrize("company_id", ["XCNL 10017", "XCNL\t10017", "Ref Bouw", "é"])
def test_a_company_id_has_no_spaces(
    admin_client: Client, administration: Administration, company_id: str
) -> None:
    page = errors(admin_client, administration.preferences, company_id=company_id)
    assert "Een bedrijfs-ID heeft letters en cijfers en geen spaties" in page


@pytest.mark.parametrize(("key", "words"), [("k" * 501, "500"), ("abc\x07def", "besturingstekens")])
def test_a_key_is_one_that_can_be_sent(
    admin_client: Client, administration: Administration, key: str, words: str
) -> None:
    page = errors(admin_client, administration.preferences, consumer_key=key)
    assert words in page
    assert key not in page


def test_an_access_url_has_no_control_characters(
    admin_client: Client, administration: Administration
) -> None:
    database = administration.database
    page = errors(
        admin_client,
        database,
        name="Hoofd",
        namespace=database.namespace,
        access_url="https://api.example/\x07?subscriptionKey=abc",
    )
    assert "De Access URL is geen webadres." in page
