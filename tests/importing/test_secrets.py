"""A key, secret or token is found nowhere after an import, however it went."""

from collections.abc import Callable, Iterator
from pathlib import Path

import django_rq
import psutil
from django.db import connection
from django.test import Client

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration, SecurityToken, User
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_KEY, CONSUMER_SECRET, wait_until
from tests.documents import invoice
from tests.importing.test_by_a_worker import has_ended, start_run

HARMS: dict[str, Misbehaviour | None] = {
    "all goes well": None,
    "503": ways.service_unavailable,
    "a cut": ways.cut_in_the_middle,
    "no HTTP": ways.not_http,
    "a redirect": ways.redirect("http://127.0.0.1:9/elsewhere"),
    "a page of a proxy": ways.html_page,
    "truncated XML": ways.truncated_xml,
    "expired tokens": ways.expired_token,
    "a refused key": ways.fault("ERRIAU6000007"),
    "a refusal that repeats the key": ways.fault("ERRZZZ0000001", f"{CONSUMER_KEY} {CONSUMER_SECRET}"),
}


def stored_rows() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')
            yield from (f"{table}: {row}" for (row,) in cursor.fetchall())


def stored_in_redis() -> Iterator[bytes]:
    redis = django_rq.get_connection()
    for key in redis.scan_iter("*"):
        yield key
        yield redis.dump(key) or b""
        if redis.type(key) == b"hash":
            yield repr(redis.hgetall(key)).encode()


def test_no_secret_is_left_behind(
    sandbox: Sandbox,
    administration: Administration,
    start_worker: Callable[..., psutil.Process],
    tmp_path: Path,
    client: Client,
) -> None:
    client.force_login(User.objects.create_superuser("beheer"))
    log = tmp_path / "worker.log"
    start_worker(log, LOG_LEVEL="DEBUG", ECONNECT_READ_TIMEOUT="0.5")
    secrets = {CONSUMER_KEY, CONSUMER_SECRET, sandbox.access_url.partition("=")[2]}
    for number, (harm, misbehaviour) in enumerate(HARMS.items()):
        SecurityToken.objects.all().delete()
        sandbox.account.add(invoice(str(number)))
        sandbox.behave()
        if misbehaviour:
            sandbox.misbehave(misbehaviour, times=None)
        run = start_run(administration)
        wait_until(lambda: has_ended(run))  # noqa: B023
        tokens = [stored.token for stored in SecurityToken.objects.all()]
        assert tokens or misbehaviour
        secrets.update(tokens)
        everywhere = {
            "the log of the worker": log.read_text(),
            "the database": "\n".join(stored_rows()),
            "Redis": b"\n".join(stored_in_redis()).decode("latin-1"),
            "the pages": "\n".join(pages_about(run, administration, client)),
        }
        assert str(run.pk) in everywhere["the log of the worker"], "the log is where we look"
        assert "batchjobs_batchjobrun" in everywhere["the database"]
        found = [(place, one) for place, text in everywhere.items() for one in secrets if one in text]
        assert not found, harm


def pages_about(run: BatchjobRun, administration: Administration, client: Client) -> list[str]:
    paths = (
        f"/econnect_admin/administrationpreferences/{administration.preferences.pk}/change/",
        f"/econnect_admin/databasepreferences/{administration.database.pk}/change/",
        f"/batchjobs/batchjobrun/{run.pk}/change/",
        "/invoices/einvoice/",
        "/no/such/page/",
    )
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 404]
    return [answer.content.decode() for answer in answers]
