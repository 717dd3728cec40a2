"""FIELD_ENCRYPTION_KEYS: a new key in front, and an old one that is taken away."""

from collections.abc import Callable

from django.conf import settings as current
from pytest_django.fixtures import Settings

from batchjobs.models import BatchjobRun
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.models import Administration, SecurityToken
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET
from tests.documents import invoice

RunImport = Callable[[Administration], BatchjobRun]
NEW = "a-new-key-that-is-long-enough-to-be-one"


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, settings: Settings
) -> None:
    sandbox.account.add(invoice())
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *current.FIELD_ENCRYPTION_KEYS]
    assert run_import(administration).new == 1


def test_what_is_saved_again_does_not_need_the_old_key(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, settings: Settings
) -> None:
    run_import(administration)  # its token is encrypted with the old key, too
    old = current.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *old]
    administration = Administration.objects.get()
    administration.database.save()
    administration.preferences.save()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    sandbox.account.add(invoice())
    assert run_import(administration).new == 1
    assert SecurityToken.objects.get().token


def test_a_lost_key_is_said_in_words_and_the_keys_can_be_entered_anew(
    sandbox: Sandbox, administration: Administration, run_import: RunImport, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    run = run_import(administration)
    assert run.state == "failed"
    assert "FIELD_ENCRYPTION_KEYS lacks the key" in (run.error or {})["message"]
    setup_administration(
        "REF", access_url=sandbox.access_url, consumer_key=CONSUMER_KEY, consumer_secret=CONSUMER_SECRET
    )
    assert run_import(administration).state == "succeeded"
