"""A failure that needs a person backs off, and is told by e-mail once; so are documents that failed."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from batchjobs.buttons import set_enabled
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.planning import set_schedules
from batchjobs.running import execute, request_run
from econnect_admin.models import Administration, AdministrationPreferences
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Exchange
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, FailedDocument
from invoices.statuses.changing import change_status
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET, wait_until
from tests.documents import invoice
from tests.scheduling.conftest import planned

Mails = list[EmailMessage]

ATTENTION = "eConnect needs your attention: Ref Bouw B.V. (REF)"
WORKS_AGAIN = "eConnect works again: Ref Bouw B.V. (REF)"


@pytest.fixture(autouse=True)
def mail_server(settings: Settings, administration: Administration) -> None:
    settings.EMAIL_URL = "smtp://mail.refbouw.example"
    Administration.objects.update(language="en")


class SlowMail(EmailBackend):
    """Takes its time, as mail servers do."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        time.sleep(0.5)
        return super().send_messages(messages)


@contextmanager
def mail_server_away(settings: Settings) -> Iterator[None]:
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    yield
    settings.EMAIL_BACKEND = before


def subjects(mails: Mails) -> list[str]:
    return [str(mail.subject) for mail in mails]


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
    assert mail.subject == ATTENTION
    assert "eConnect does not know the consumer key, or it was revoked" in str(mail.body)
    use_key(CONSUMER_KEY)
    for _ in range(2):
        run(import_job)
    assert subjects(mailoutbox) == [ATTENTION, WORKS_AGAIN]
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


def test_a_disabled_batch_job_that_was_refused_silences_no_other(
    import_job: Batchjob, administration: Administration, mailoutbox: Mails
) -> None:
    other = planned(administration, "statuses")
    use_key("revoked")
    run(import_job)
    run(other)
    set_enabled(other.pk, False)
    use_key(CONSUMER_KEY)
    run(import_job)
    assert subjects(mailoutbox) == [ATTENTION, WORKS_AGAIN]
    use_key("revoked")
    run(import_job)
    assert subjects(mailoutbox) == [ATTENTION, WORKS_AGAIN, ATTENTION]


def test_one_that_is_enabled_again_begins_with_the_shortest_pause(import_job: Batchjob) -> None:
    use_key("revoked")
    for _ in range(3):
        run(import_job)
    set_enabled(import_job.pk, False)
    set_enabled(import_job.pk, True)
    run(import_job)
    assert pause_of(import_job) <= timedelta(minutes=1)


def test_what_was_not_sent_is_told_by_the_next_run_until_it_was(
    import_job: Batchjob, settings: Settings, mailoutbox: Mails
) -> None:
    with mail_server_away(settings):
        use_key("revoked")
        run(import_job)
        run(import_job)
    assert not mailoutbox
    run(import_job)
    run(import_job)
    assert subjects(mailoutbox) == [ATTENTION]
    use_key(CONSUMER_KEY)
    with mail_server_away(settings):
        run(import_job)
    run(import_job)
    run(import_job)
    assert subjects(mailoutbox) == [ATTENTION, WORKS_AGAIN]


def test_a_worker_killed_before_it_told_is_made_good_by_the_next_run(
    import_job: Batchjob, mailoutbox: Mails
) -> None:
    use_key("revoked")
    run(import_job)
    Batchjob.objects.update(refusals=1, refusal_told=False)  # as it was when the run had ended
    run(import_job)
    assert subjects(mailoutbox) == [ATTENTION] * 2


def test_two_workers_that_are_refused_at_the_same_moment_tell_it_once(
    import_job: Batchjob, administration: Administration, mailoutbox: Mails, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SlowMail"
    both = [import_job, planned(administration, "statuses")]
    use_key("revoked")

    def work(batchjob: Batchjob) -> None:
        try:
            run(batchjob)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(batchjob,)) for batchjob in both]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mailoutbox) == 1


def test_a_key_that_is_mended_while_a_run_is_refused_is_tried_at_once(
    import_job: Batchjob, sandbox: Sandbox
) -> None:
    use_key("revoked")

    def mend_it(exchange: Exchange) -> None:
        try:
            use_key(CONSUMER_KEY)
        finally:
            connection.close()
        answer = exchange.proper()
        exchange.send(answer.status, answer.body)

    sandbox.misbehave(mend_it, operation="Login")
    assert run(import_job).state == "failed"
    assert pause_of(import_job) <= timedelta(0)


def test_a_mended_key_plans_nothing_that_is_not_planned(import_job: Batchjob) -> None:
    set_schedules(import_job, [], timezone.now())
    use_key("revoked")
    run(import_job)
    use_key(CONSUMER_KEY)
    import_job.refresh_from_db()
    assert import_job.next_at is None


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
    log = log_of(run(import_job))
    assert "no delivery e-mail address" in log
    assert "This e-mail was not sent" in log
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
    use_key("revoked")
    with mail_server_away(settings):
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
    a_day_passes()
    run(import_job)
    _, mail = mailoutbox
    assert "- Broken two" in str(mail.body)
    assert "Failed documents in all: 2" in str(mail.body)


def test_what_failed_after_the_mail_of_the_day_is_told_the_next_day_though_nothing_else_fails(
    import_job: Batchjob, sandbox: Sandbox, mailoutbox: Mails
) -> None:
    for subject in ("Broken one", "Broken two"):
        sandbox.account.add(b"<Rubbish/>", subject=subject)
        run(import_job)
    run(import_job)  # fetching a document has modified it
    a_day_passes()
    FailedDocument.objects.update(attempts=10)  # not due again in this run
    assert run(import_job).failed == 0
    _, mail = mailoutbox
    assert "- Broken two" in str(mail.body)
    assert "- Broken one" not in str(mail.body)


def test_a_list_of_failures_that_was_not_sent_is_sent_by_the_next_run(
    import_job: Batchjob, sandbox: Sandbox, settings: Settings, mailoutbox: Mails
) -> None:
    sandbox.account.add(b"<Rubbish/>", subject="Broken one")
    with mail_server_away(settings):
        run(import_job)
    run(import_job)
    run(import_job)
    assert len(mailoutbox) == 1


def test_refused_status_changes_are_told_once_a_day(
    import_job: Batchjob, sandbox: Sandbox, administration: Administration, mailoutbox: Mails
) -> None:
    sandbox.account.add(invoice())
    run(import_job)
    change_status(EInvoice.objects.get(), "40", by="jan")
    sandbox.misbehave(ways.fault("ERRSID4000002"), operation="SetInboxDocumentStatus")
    statuses_job = planned(administration, "statuses")
    run(statuses_job)
    run(statuses_job)
    [mail] = mailoutbox
    assert mail.subject == "1 status change was refused by eConnect: Ref Bouw B.V. (REF)"
    assert "- 2026-0041 · Bakker Staal B.V., 30 → 40: eConnect refuses" in str(mail.body)


def a_day_passes() -> None:
    day = timedelta(days=1)
    Batchjob.objects.update(failures_told_at=F("failures_told_at") - day)
    FailedDocument.objects.update(
        first_failed_at=F("first_failed_at") - day, last_tried_at=F("last_tried_at") - timedelta(hours=1)
    )


def test_a_worker_sends_by_what_email_url_says(
    import_job: Batchjob,
    start_worker: Callable[..., psutil.Process],
    start_scheduler: Callable[..., psutil.Process],
    tmp_path: Path,
) -> None:
    use_key("revoked")
    start_worker(EMAIL_URL=f"filemail:///{tmp_path}", EMAIL_FROM="econnect@refbouw.example")
    start_scheduler()
    Batchjob.objects.update(next_at=timezone.now())
    wait_until(lambda: list(tmp_path.glob("*.log")))
    [sent] = tmp_path.glob("*.log")
    wait_until(lambda: "From: econnect@refbouw.example" in sent.read_text())
