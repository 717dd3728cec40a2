"""Requests are checked while nobody looks: by a scheduler that hands them out, and workers that ask."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django_rq
import psutil
import pytest
from django.db import connections
from django.db.models.functions import Now
from django.test import Client
from redis.exceptions import RedisError

from batchjobs.checks import enqueue_checks
from econnect_admin.linking.checking import Outcome, check
from econnect_admin.linking.models import LONGEST, WATCHED
from econnect_admin.linking.watching import look_after_requests
from econnect_admin.models import Administration, AuthorisationRequest, FunctionActivation
from econnect_admin.rights.catalogue import LINK_E_CONNECTION
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import kill_with_children, wait_until
from tests.linking.conftest import accept, address
from tests.scheduling.conftest import start_scheduler

__all__ = ["start_scheduler"]

StartWorker = Callable[..., psutil.Process]
ASKING = "RequestAppIntegrationCredentials"


def make_due(request: AuthorisationRequest) -> None:
    AuthorisationRequest.objects.filter(pk=request.pk).update(next_check_at=Now())


def handed_out() -> list[int]:
    """What is due now."""
    due: list[int] = []
    look_after_requests(due.extend)
    return due


def test_what_the_owner_accepts_comes_in_without_a_person(
    sandbox: Sandbox,
    sent: AuthorisationRequest,
    client_company: Administration,
    start_scheduler: StartWorker,
    start_worker: StartWorker,
) -> None:
    accept(sandbox, sent)
    assert handed_out() == []
    make_due(sent)
    start_scheduler()
    start_worker()
    wait_until(lambda: AuthorisationRequest.objects.get().state == "accepted")
    assert client_company.preferences.company_id == "XCNL10017"


def test_the_pauses_become_longer_until_it_expires(
    sandbox: Sandbox, linker: Client, sent: AuthorisationRequest
) -> None:
    pauses = []
    for _ in range(5):
        make_due(sent)
        assert handed_out() == [sent.pk]
        assert handed_out() == []
        assert check(sent.pk) == Outcome.NOT_YET
        sent.refresh_from_db()
        assert sent.next_check_at is not None
        assert sent.last_checked_at is not None
        pauses.append(round((sent.next_check_at - sent.last_checked_at).total_seconds() / 60))
    assert pauses == [5, 15, 60, 60, 60]
    rows = AuthorisationRequest.objects.filter(pk=sent.pk)
    rows.update(requested_at=Now() - WATCHED, next_check_at=Now())
    assert handed_out() == []
    page = linker.get(address("change", sent)).content.decode()
    assert "twee weken niet geaccepteerd" in page
    accept(sandbox, sent)
    linker.post(address("check", sent))
    sent.refresh_from_db()
    assert sent.state == "accepted"


def test_two_who_look_at_once_hand_it_out_once(sent: AuthorisationRequest) -> None:
    make_due(sent)

    def look(_: int) -> list[int]:
        try:
            return handed_out()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as lookers:
        assert sorted(lookers.map(look, range(4))) == [[], [], [], [sent.pk]]


def test_two_workers_ask_about_it_one_at_a_time(sandbox: Sandbox, sent: AuthorisationRequest) -> None:
    accept(sandbox, sent)
    sandbox.misbehave(ways.slow(0.5), ASKING, times=None)

    def ask(_: int) -> Outcome:
        try:
            return check(sent.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        assert set(workers.map(ask, range(2))) == {Outcome.ACCEPTED, Outcome.BUSY}
    assert sandbox.calls_of(ASKING) == 1


def test_a_worker_that_is_killed_while_it_asks_loses_nothing(
    sandbox: Sandbox, sent: AuthorisationRequest, client_company: Administration, start_worker: StartWorker
) -> None:
    accept(sandbox, sent)
    sandbox.misbehave(ways.slow(20), ASKING)
    make_due(sent)
    look_after_requests(enqueue_checks)
    worker = start_worker()
    wait_until(lambda: sandbox.calls_of(ASKING))
    kill_with_children(worker)
    sent.refresh_from_db()
    assert (sent.state, check(sent.pk)) == ("sent", Outcome.BUSY)
    AuthorisationRequest.objects.update(checking_since=Now() - LONGEST - timedelta(seconds=1))
    assert check(sent.pk) == Outcome.ACCEPTED
    assert client_company.preferences.consumer_key == sandbox.account.consumer_key


def test_while_redis_is_away_it_stays_due(sent: AuthorisationRequest) -> None:
    make_due(sent)

    def fail(_request_ids: Sequence[int]) -> None:
        raise RedisError

    with pytest.raises(RedisError):
        look_after_requests(fail)
    look_after_requests(enqueue_checks)
    assert django_rq.get_queue("checks").get_job_ids() == [f"check-{sent.pk}"]
    assert django_rq.get_queue().is_empty()


def test_where_the_function_is_not_active_nobody_asks(sent: AuthorisationRequest, linker: Client) -> None:
    make_due(sent)
    FunctionActivation.objects.filter(
        administration=sent.administration, function=LINK_E_CONNECTION.code
    ).delete()
    assert handed_out() == []
    assert linker.post(address("check", sent)).status_code == 403


def test_what_keeps_eConnect_from_being_asked_is_said(  # noqa: N802
    sandbox: Sandbox, sent: AuthorisationRequest, linker: Client, accountant: Administration
) -> None:
    sandbox.account.revoke_key()
    page = linker.post(address("check", sent), follow=True).content.decode()
    assert "eConnect kent de Klant Key niet" in page
    accountant.preferences.delete()
    page = linker.post(address("check", sent), follow=True).content.decode()
    assert "heeft geen sleutels van eConnect" in page
    sent.refresh_from_db()
    assert sent.state == "sent"
