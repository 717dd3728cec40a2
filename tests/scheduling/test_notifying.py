"""A failure that needs a person backs off, and is told by e-mail once; so are documents that failed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django.fixtures import Settings

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import execute, request_run
from econnect_admin.models import Administration, AdministrationPreferences
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET, wait_until
from tests.documents import invoice
from tests.scheduling.conftest import planned

Mails = list[EmailMessage]


@pytest.fixture(autouse=True)
def mail_server(settings: Settings, administration: Administration) -> None:
    settings.EMAIL_URL = "smtp://mail.refbouw.example"
    Administration.objects.update(language="en")


def run(batchjob: Batchjob) -> BatchjobRun:
    started = request_run(batchjob, "test")
    assert execute(started.pk)
    started.refresh_from_db()
    return started


def use_key(key: str) -> None:
    preferences = AdministrationPreferences.objects.get()
    preferences.consumer_key = key
    preferences.save()


def pause_of(batchjob: Batchjob) -> timedelta:
    batchjob.refresh_from_db()
    assert batchjob.next_at
    return batchjob.next_at - timezone.now()


def log_of(run: BatchjobRun) -> str:
    return "\n".join(f"{line.level}: {line.message} {line.values}" for line in run.log_lines.all())


def test_a_wrong_key_is_tried_less_and_less_and_then_by_the_schedule(import_job: Batchjob) -> None:
    use_key("revoked")
    for minutes in (1, 5, 15, 60):
        run(import_job)
        pause = pause_of(import_job)
        assert timedelta(minutes=minutes, seconds=-10) < pause <= timedelta(minutes=minutes)
    planned_at = import_job.next_at
    run(import_job)
    import_job.refresh_from_db()
    assert import_job.next_at == planned_at


def test_a_key_that_is_mended_is_tried_at_once(import_job: Batchjob) -> None:
    use_key("revoked")
    for _ in range(4):
        run(import_job)
    use_key(CONSUMER_KEY)
    assert pause_of(import_job) <= timedelta(0)


def test_an_access_url_that_is_mended_is_tried_at_once(import_job: Batchjob) -> None:
    use_key("revoked")
    run(import_job)
    import_job.administration.database.save()
    assert pause_of(import_job) <= timedelta(0)


def test_a_wrong_key_is_told_once_and_once_more_when_it_works_again(
    import_job: Batchjob, mailoutbox: Mails
) -> None:
    use_key("revoked")
    for _ in range(3):
        run(import_job)
    [mail] = mailoutbox
    assert mail.to == ["crediteuren@refbouw.example"]
    assert mail.subject == "eConnect needs your attention: Ref Bouw B.V. (REF)"
    assert "eConnect does not know the consumer key, or it was revoked" in str(mail.body)
    use_key(CONSUMER_KEY)
    for _ in range(2):
        run(import_job)
    _, mail = mailoutbox
    assert mail.subject == "eConnect works again: Ref Bouw B.V. (REF)"
    import_job.refresh_from_db()
    assert import_job.refusals == 0


def test_two_batch_jobs_with_the_same_trouble_tell_it_once(
    import_job: Batchjob, administration: Administration, mailoutbox: Mails
) -> None:
    both = [import_job, planned(administration, "statuses")]
    use_key("revoked")
    for batchjob in both:
        run(batchjob)
    assert len(mailoutbox) == 1
    use_key(CONSUMER_KEY)
    for batchjob in both:
        run(batchjob)
    assert len(mailoutbox) == 2


def test_no_secret_is_in_an_e_mail_or_the_log(import_job: Batchjob, mailoutbox: Mails) -> None:
    use_key("revoked-key-4711")
    refused = run(import_job)
    said = f"{mailoutbox[0].subject} {mailoutbox[0].body} {log_of(refused)}"
    for secret in ("revoked-key-4711", CONSUMER_SECRET, "subscriptionKey"):
        assert secret not in said


def test_a_platform_that_is_away_for_a_while_is_no_news(
    import_job: Batchjob, sandbox: Sandbox, mailoutbox: Mails
) -> None:
    planned_at = import_job.next_at
    sandbox.stop()
    assert run(import_job).state == "failed"
    import_job.refresh_from_db()
    assert import_job.next_at == planned_at
    assert not mailoutbox


def test_administrations_without_keys_are_told_in_the_run(import_job: Batchjob, mailoutbox: Mails) -> None:
    AdministrationPreferences.objects.all().delete()
    assert "no delivery e-mail address" in log_of(run(import_job))
    assert not mailoutbox


def test_without_a_mail_server_the_run_shows_what_was_not_sent(
    import_job: Batchjob, settings: Settings, mailoutbox: Mails
) -> None:
    settings.EMAIL_URL = ""
    use_key("revoked")
    log = log_of(run(import_job))
    assert "This e-mail to %(address)s was not sent" in log
    assert "EMAIL_URL" in log
    assert "cannot go on until somebody does something" in log
    assert not mailoutbox


def test_a_mail_server_that_is_away_fails_no_run(import_job: Batchjob, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    use_key("revoked")
    assert "the mail server cannot be used" in log_of(run(import_job))


def test_failed_documents_are_told_once_a_day(
    import_job: Batchjob, sandbox: Sandbox, mailoutbox: Mails
) -> None:
    sandbox.account.add(invoice("1"))
    sandbox.account.add(b"<Rubbish/>", subject="Broken one")
    run(import_job)
    [mail] = mailoutbox
    assert mail.subject == "1 e-invoice could not be imported: Ref Bouw B.V. (REF)"
    assert "- Broken one" in str(mail.body)
    sandbox.account.add(b"<Rubbish/>", subject="Broken two")
    run(import_job)
    assert len(mailoutbox) == 1
    Batchjob.objects.update(failures_told_at=timezone.now() - timedelta(days=1))
    run(import_job)
    _, mail = mailoutbox
    assert "- Broken two" in str(mail.body)
    assert "Failed documents in all: 2" in str(mail.body)


def test_a_worker_sends_by_what_email_url_says(
    import_job: Batchjob,
    start_worker: Callable[..., psutil.Popen],
    start_scheduler: Callable[..., psutil.Popen],
    tmp_path: Path,
) -> None:
    use_key("revoked")
    start_worker(EMAIL_URL=f"filemail:///{tmp_path}", EMAIL_FROM="econnect@refbouw.example")
    start_scheduler()
    Batchjob.objects.update(next_at=timezone.now())
    wait_until(lambda: list(tmp_path.glob("*.log")))
    [sent] = tmp_path.glob("*.log")
    wait_until(lambda: "From: econnect@refbouw.example" in sent.read_text())
