"""Setting an administration up without a browser."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from econnect_admin.models import Administration, AdministrationPreferences, DatabasePreferences
from tests.conftest import json_of

Manage = Callable[..., CompletedProcess[str]]

URL = "https://api.everbinding.nl/soap/v3.1?subscriptionKey=5ubscr1pt10n"
PRODUCTION = {
    "ALLOWED_HOSTS": "einvoices.example",
    "SECRET_KEY": "not-a-secret-in-this-place-but-long-enough",
    "FIELD_ENCRYPTION_KEYS": "not-a-secret-in-this-place-but-long-enough",
}
ALL = (
    *("--name", "Ref Bouw B.V.", "--access-url", URL, "--namespace", "http://api.everbinding.nl/v3_1/"),
    *("--consumer-key", "klant-key", "--created-by", "inkoop@refbouw.example"),
    *("--delivery-email", "crediteuren@refbouw.example", "--company-id", "XCNL10017"),
)


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("klant-geheim\n")
    return file


def test_it_creates_an_administration_with_its_preferences(manage: Manage, secret_file: Path) -> None:
    result = manage(
        "setup_administration",
        "REF",
        *ALL,
        "--consumer-secret-file",
        str(secret_file),
        "--with-batchjobs",
        "--json",
    )
    assert json_of(result) == {"administration": "REF", "created": True, "batchjobs": ["import", "statuses"]}
    administration = Administration.objects.get(code="REF")
    preferences = administration.preferences
    assert (administration.name, administration.database.access_url) == ("Ref Bouw B.V.", URL)
    assert (preferences.consumer_key, preferences.consumer_secret) == ("klant-key", "klant-geheim")
    assert (preferences.created_by, preferences.delivery_email, preferences.company_id) == (
        "inkoop@refbouw.example",
        "crediteuren@refbouw.example",
        "XCNL10017",
    )


def test_the_secret_can_come_by_standard_input(manage: Manage) -> None:
    result = manage("setup_administration", "REF", *ALL, "--consumer-secret-file", "-", input="from stdin\n")
    assert result.returncode == 0, result.stderr
    assert AdministrationPreferences.objects.get().consumer_secret == "from stdin"


def test_a_second_time_it_changes_only_what_is_given(manage: Manage, secret_file: Path) -> None:
    manage("setup_administration", "REF", *ALL, "--consumer-secret-file", str(secret_file))
    result = manage("setup_administration", "REF", "--name", "Ref Bouw Holding B.V.", "--json")
    assert json_of(result)["created"] is False
    administration = Administration.objects.get()
    assert administration.name == "Ref Bouw Holding B.V."
    assert administration.preferences.consumer_secret == "klant-geheim"
    assert administration.database.access_url == URL


def test_two_administrations_with_one_access_url_share_the_db_preferences(
    manage: Manage, secret_file: Path
) -> None:
    for code in ("ONE", "TWO"):
        manage("setup_administration", code, *ALL, "--consumer-secret-file", str(secret_file))
    assert DatabasePreferences.objects.count() == 1


def test_another_access_url_for_one_leaves_the_other_as_it_is(manage: Manage, secret_file: Path) -> None:
    for code in ("ONE", "TWO"):
        manage("setup_administration", code, *ALL, "--consumer-secret-file", str(secret_file))
    other = "https://other.example/soap/v3.1?subscriptionKey=x"
    result = manage("setup_administration", "TWO", "--access-url", other)
    assert result.returncode == 0, result.stderr
    urls = {a.code: a.database.access_url for a in Administration.objects.all()}
    assert urls == {"ONE": URL, "TWO": other}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("REF", "--name", "Ref"), "--access-url"),
        (("REF", *ALL), "--consumer-secret: "),
        (("A B", *ALL), "--code: "),
        (("REF", *ALL, "--access-url", "ftp://x"), "--access-url: "),
        (("REF", *ALL, "--access-url", "https://[x"), "--access-url: "),
        (
            ("REF", *ALL, "--access-url", "http://api.everbinding.nl/"),
            "--access-url: The Access URL does not",
        ),
        (("REF", *ALL, "--access-url", "https://x:5ecr3t@api.example/"), "--access-url: The Access URL has"),
        (("REF", *ALL, "--delivery-email", "no address"), "--delivery-email: "),
        (("REF", *ALL, "--consumer-secret-file", "/no/such/file"), "No such file"),
        (("REF", *ALL, "--consumer-secret-file", "-"), "is empty"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_changed(
    manage: Manage, arguments: tuple[str, ...], complaint: str
) -> None:
    result = manage("setup_administration", *arguments)
    assert result.returncode == 1
    assert complaint in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "5ecr3t" not in result.stderr
    assert not Administration.objects.exists()
    assert not DatabasePreferences.objects.exists()


@pytest.mark.parametrize(
    ("settings", "is_allowed"),
    [
        ({}, True),
        ({"ECONNECT_ALLOW_PRIVATE": "false"}, False),
        (PRODUCTION, False),
        (PRODUCTION | {"ECONNECT_ALLOW_PRIVATE": "true"}, True),
    ],
)
def test_an_access_url_inside_is_refused_in_production_unless_it_is_allowed(
    manage: Manage,
    environment: dict[str, str],
    secret_file: Path,
    settings: dict[str, str],
    is_allowed: bool,
) -> None:
    environment |= settings
    inside = ("--access-url", "https://10.0.0.5/soap?subscriptionKey=x")
    result = manage("setup_administration", "REF", *ALL, *inside, "--consumer-secret-file", str(secret_file))
    assert (result.returncode == 0) == is_allowed
    assert ("--access-url: The Access URL leads into a private network" in result.stderr) != is_allowed
