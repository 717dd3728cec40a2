"""FIELD_ENCRYPTION_KEYS: what the old key wrote is written anew, and the old key taken away."""

from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest
from django.conf import settings as current
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration, AdministrationPreferences, SecurityToken
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET, json_of
from tests.documents import invoice

RunImport = Callable[[Administration], BatchjobRun]
Rotate = Callable[..., CompletedProcess[str]]

NEW = "a-new-key-that-is-long-enough-to-be-one"
FOREIGN = "a-key-that-is-long-enough-and-was-lost"


@pytest.fixture
def rotate(manage: Rotate, environment: dict[str, str]) -> Rotate:
    """Run the command with the new key in front of the old ones."""
    environment["FIELD_ENCRYPTION_KEYS"] = ",".join([NEW, *current.FIELD_ENCRYPTION_KEYS])

    def run(*arguments: str) -> CompletedProcess[str]:
        return manage("rotate_field_keys", *arguments)

    return run


def as_stored() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consumer_key, consumer_secret, changed_at FROM econnect_admin_administrationpreferences"
        )
        [row] = cursor.fetchall()
    return dict(zip(("consumer_key", "consumer_secret", "changed_at"), row, strict=True))


def test_after_it_the_old_key_can_be_taken_away(
    sandbox: Sandbox,
    administration: Administration,
    run_import: RunImport,
    rotate: Rotate,
    settings: Settings,
) -> None:
    run_import(administration)  # its token is encrypted with the old key, too
    before = as_stored()
    result = rotate("--json")
    assert result.returncode == 0, result.stderr
    assert json_of(result) == {"rewritten": 4, "unreadable": 0}
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    preferences = AdministrationPreferences.objects.get()
    assert (preferences.consumer_key, preferences.consumer_secret) == (CONSUMER_KEY, CONSUMER_SECRET)
    assert SecurityToken.objects.get().token
    sandbox.account.add(invoice())
    assert run_import(Administration.objects.get()).new == 1
    assert as_stored()["consumer_key"] != before["consumer_key"]
    assert as_stored()["changed_at"] == before["changed_at"]  # nobody has changed anything


def test_a_second_time_it_does_no_harm(
    administration: Administration, rotate: Rotate, settings: Settings
) -> None:
    rotate()
    result = rotate()
    assert result.stdout == "Encrypted values written anew: 3.\n"
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert AdministrationPreferences.objects.get().consumer_secret == CONSUMER_SECRET


def test_what_no_key_fits_stays_as_it_is_and_is_named(
    administration: Administration, rotate: Rotate, settings: Settings
) -> None:
    keys = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [FOREIGN]
    AdministrationPreferences.objects.update(consumer_secret=CONSUMER_SECRET)
    settings.FIELD_ENCRYPTION_KEYS = keys
    before = as_stored()["consumer_secret"]
    result = rotate("--json")
    assert result.returncode == 1
    assert json_of(result) == {"rewritten": 2, "unreadable": 1}
    place = f"consumer_secret of econnect_admin.AdministrationPreferences {administration.preferences.pk}"
    assert result.stderr == f"CommandError: No key fits {place}: left as they are.\n"
    assert as_stored()["consumer_secret"] == before
    settings.FIELD_ENCRYPTION_KEYS = [NEW, FOREIGN]
    assert AdministrationPreferences.objects.get().consumer_secret == CONSUMER_SECRET


def test_a_value_that_is_empty_stays_empty(administration: Administration, settings: Settings) -> None:
    AdministrationPreferences.objects.update(consumer_key="")
    call_command("rotate_field_keys")
    assert as_stored()["consumer_key"] == ""
