"""The start page: how far the set-up is and why not further, the day, and who is at work."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import django_rq
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from batchjobs.models import Batchjob, BatchjobRun, SchedulerSign
from batchjobs.running import request_run
from batchjobs.setup import ensure_batchjobs
from batchjobs.signs_of_life import give_sign
from batchjobs.start.checklist import Step
from econnect_admin.administrations.connection_test import testing
from econnect_admin.models import Administration, User, UserGroup
from econnect_admin.rights.activating import activate_all, deactivate
from econnect_admin.sandbox.server import Sandbox
from invoices.models import FailedDocument
from tests.conftest import grant_all
from tests.documents import invoice
from tests.rights.conftest import everything_for

RunImport = Callable[[Administration], BatchjobRun]
NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture
def implementer(client: Client, administration: Administration) -> Client:
    client.force_login(everything_for("implementer", administration))
    return client


def steps(client: Client) -> list[Step]:
    found: list[Step] = client.get("/").context["checklist"].steps
    return found


def states(client: Client) -> list[str]:
    return [step.state.value for step in steps(client)]


def text(client: Client, address: str = "/") -> str:
    return " ".join(strip_tags(client.get(address).content.decode()).split())


def test_an_empty_system_says_what_comes_first(admin_client: Client) -> None:
    [database, administration] = admin_client.get("/").context["first_steps"]
    assert (database.state, database.address) == ("open", "/econnect_admin/databasepreferences/add/")
    assert (administration.state, administration.address) == ("open", "")
    form = {
        "name": "A",
        "access_url": "http://127.0.0.1:1/?subscriptionKey=x",
        "namespace": "http://a.b/v3_1/",
    }
    assert admin_client.post(database.address, form)["Location"] == "/"
    [database, administration] = admin_client.get("/").context["first_steps"]
    assert database.is_done
    page = admin_client.get(administration.address)
    assert page.status_code == 200
    assert "selected>A</option>" in page.content.decode()


def test_the_first_steps_are_not_for_who_cannot_take_them(client: Client, transactional_db: None) -> None:
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/").context["first_steps"] == []


def test_each_step_is_done_in_its_turn(
    implementer: Client, sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    assert states(implementer) == ["done", "done", "done", "open", "open", "open"]
    assert "nog niet getest" in steps(implementer)[3].reason
    test = testing.begin(administration, by="test")
    for _ in range(4):
        test = testing.take_step(test)
    assert states(implementer)[3:] == ["done", "open", "open"]
    ensure_batchjobs(administration)
    assert states(implementer)[3:] == ["done", "done", "open"]
    sandbox.account.add(invoice())
    run_import(administration)
    assert states(implementer) == ["done"] * 6
    assert "alles is ingericht" in text(implementer)


def test_a_refused_key_fails_and_says_so(
    implementer: Client, sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    ensure_batchjobs(administration)
    sandbox.account.revoke_key()
    run_import(administration)
    step = steps(implementer)[4]
    assert step.state == "failing"
    assert step.reason.startswith("Import e-facturen: eConnect kent de Klant Key niet")
    assert step.address.endswith(f"/administrationpreferences/{administration.preferences.pk}/change/")


def test_what_a_test_found_wrong_is_shown_where_it_is_mended(
    implementer: Client, administration: Administration
) -> None:
    administration.database.namespace = "http://api.everbinding.nl/v3/"
    administration.database.save()
    test = testing.begin(administration, by="test")
    for _ in range(2):
        test = testing.take_step(test)
    [database, *_, preferences, _batchjobs, _first] = steps(implementer)
    assert database.state == "failing"
    assert "Name Space" in database.reason
    assert preferences.state == "open"
    administration.database.namespace = "http://api.everbinding.nl/v3_1/"
    administration.database.save()
    assert states(implementer)[0] == "done"


def test_what_is_missing_is_named(implementer: Client, administration: Administration) -> None:
    deactivate(administration, "CREATE_E_INVOICES")
    batchjob, _ = ensure_batchjobs(administration)
    batchjob.enabled = False
    batchjob.save()
    UserGroup.objects.first().members.update(is_active=True)
    said = text(implementer)
    assert "Niet actief: Aanmaken E-Facturen." in said
    assert "Import e-facturen is uitgeschakeld." in said
    assert "Nu importeren" not in said


def test_a_clerk_is_shown_no_more_than_they_may_see(client: Client, administration: Administration) -> None:
    clerk = User.objects.create_user("clerk")
    grant_all(clerk, "invoices.view_einvoice")
    client.force_login(clerk)
    page = client.get("/")
    assert "checklist" not in page.context
    said = text(client)
    assert "vandaag ingelezen" in said
    assert "Nu importeren" not in said
    assert "werker" not in said


def test_the_day_is_told_with_a_chart_and_in_words(
    implementer: Client, sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    assert "In de laatste 30 dagen is er niets ingelezen." in text(implementer)
    for number in range(3):
        sandbox.account.add(invoice(str(number)))
    run_import(administration)
    page = implementer.get("/")
    assert page.context["per_day"].total == 3
    assert f"3 facturen in 30 dagen; de meeste op {timezone.localdate():%-d-%-m-%Y}: 3." in text(implementer)


def test_a_run_leads_to_what_came_in_by_it_and_to_nothing_else(
    implementer: Client, sandbox: Sandbox, administration: Administration, run_import: RunImport
) -> None:
    sandbox.account.add(invoice("EARLIER"))
    earlier = run_import(administration)
    BatchjobRun.objects.filter(pk=earlier.pk).update(started_at=timezone.now() - timedelta(hours=2))
    administration.einvoices.update(received_at=timezone.now() - timedelta(hours=1))
    sandbox.account.add(invoice("LATER"))
    run = run_import(administration)
    page = implementer.get(f"/batchjobs/batchjobrun/{run.pk}/change/")
    assert [einvoice.current.number for einvoice in page.context["page"].first_that_came_in] == ["LATER"]
    listed = text(implementer, page.context["page"].list_of_what_came_in)
    assert "LATER" in listed
    assert "EARLIER" not in listed
    assert "EARLIER" in text(implementer, "/invoices/einvoice/?received=nonsense_2026")


def test_a_redis_that_is_away_is_said_and_waited_for_by_nobody(
    implementer: Client, administration: Administration
) -> None:
    with override_settings(REDIS_URL=NOWHERE):
        assert "werker: onbekend" in text(implementer)
    with django_rq.get_connection() as redis:
        redis.flushdb()
    assert "geen werker" in text(implementer)
    run = BatchjobRun.objects.create(batchjob=ensure_batchjobs(administration)[0])
    said = text(implementer, f"/batchjobs/batchjobrun/{run.pk}/change/")
    assert "Er is geen werker: deze uitvoering wacht" in said
    assert "Nog niets te melden." in said


def test_a_scheduler_is_at_work_as_long_as_it_gives_signs(
    implementer: Client, administration: Administration
) -> None:
    assert "geen planner" in text(implementer)
    for _ in range(2):
        give_sign()
    assert "planner aan het werk" in text(implementer)
    SchedulerSign.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert "geen planner" in text(implementer)


def test_a_group_without_members_leads_to_an_invitation_into_it(
    admin_client: Client, administration: Administration
) -> None:
    groups = steps(admin_client)[2]
    form = {"name": "Clerks", "administrations": administration.pk, "preset": "clerk"}
    assert admin_client.post(groups.address, form)["Location"] == "/"
    groups = steps(admin_client)[2]
    assert "‘Clerks’ heeft nog geen actieve leden" in groups.reason
    assert "selected>Clerks</option>" in admin_client.get(groups.address).content.decode()


def test_where_there_are_several_one_is_chosen_for_the_session(
    client: Client, administration: Administration
) -> None:
    other, third = (
        Administration.objects.create(code=code, name=f"{code} B.V.", database=administration.database)
        for code in ("OTHER", "THIRD")
    )
    client.force_login(everything_for("person", administration, other))
    assert client.get("/").context["administration"] == other  # the first by name
    batchjobs = "/batchjobs/batchjob/?administration__id__exact="
    assert "ec-switch" in client.get(f"{batchjobs}{other.pk}").content.decode()
    for not_about_it in (f"{batchjobs}{administration.pk}", "/batchjobs/batchjob/", "/password_change/"):
        assert "ec-switch" not in client.get(not_about_it).content.decode()
    assert "THIRD" not in text(client, "/administration/")
    assert (
        "Ref Bouw"
        not in strip_tags(client.get("/administration/?q=oth").content.decode()).partition("Naam")[2]
    )
    page = client.get("/administration/").content.decode()
    by_its_button = re.search(r'value="([^"]*)"[^>]*><bdi>Ref Bouw', page)
    assert by_its_button
    client.post("/administration/", {"administration": by_its_button[1]})
    assert client.get("/").context["administration"] == administration
    for key in (third.pk, "x", "", "99999999999999999999"):
        assert client.post("/administration/", {"administration": key}).status_code == 404
    assert client.get("/").context["administration"] == administration
    start = client.get("/").content.decode()
    lists = set(re.findall(r'"(/[a-z_/]+\?[^"]*administration[^"]*)"', start))
    assert {unescape(address).partition("?")[0] for address in lists} >= {
        "/invoices/einvoice/",
        "/invoices/faileddocument/",
        "/batchjobs/batchjobrun/",
    }
    assert {client.get(unescape(address)).status_code for address in lists} == {200}


def test_the_lists_of_the_navigation_are_of_the_chosen_one(
    client: Client, administration: Administration
) -> None:
    now = timezone.now()
    other = Administration.objects.create(code="OTHER", name="Other B.V.", database=administration.database)
    for each in (administration, other):
        activate_all(each, by="vendor")
        request_run(ensure_batchjobs(each)[0], started_by="vendor")
        FailedDocument.objects.create(
            administration=each, external_id="1", first_failed_at=now, last_tried_at=now
        )
    client.force_login(User.objects.create_superuser("vendor"))
    client.post("/administration/", {"administration": administration.pk})
    start = client.get("/").content.decode()
    lists = set(re.findall(rf'href="(/\w+/\w+/\?\w*administration\w*={administration.pk})"', start))
    assert len(lists) == 11
    rows = [row for address in lists for row in client.get(address).context["cl"].result_list]
    of = {getattr(row, "administration", None) or row.batchjob.administration for row in rows}
    assert of == {administration}
    assert {type(row) for row in rows} >= {FailedDocument, Batchjob, BatchjobRun}
    einvoices = next(address for address in lists if "/einvoice/" in address)
    shown = client.get(f"{einvoices}&due=overdue&o=1").context["views"]
    kept = f"administration__id__exact={administration.pk}"
    assert [view.address for view in shown if view.is_shown] == [f"?due=overdue&{kept}"]
    assert shown[-1].address == f"?{kept}"


def test_with_one_administration_there_is_nothing_to_switch(implementer: Client) -> None:
    assert implementer.get("/administration/").status_code == 302
    assert "ec-switch" not in implementer.get("/").content.decode()


def test_a_new_administration_is_looked_at(admin_client: Client, administration: Administration) -> None:
    form = {"code": "AAA", "name": "Zzz", "database": administration.database_id, "language": "nl"}
    address = "/econnect_admin/administration/add/"
    assert (
        admin_client.get(address).context["adminform"].form["database"].value() == administration.database_id
    )
    assert admin_client.post(address, form | {"time_zone": "Europe/Amsterdam"})["Location"] == "/"
    assert admin_client.get("/").context["administration"].code == "AAA"


def test_all_functions_are_activated_by_one_click_of_a_superuser(
    admin_client: Client, implementer: Client, administration: Administration
) -> None:
    administration.activations.all().delete()
    address = f"/econnect_admin/administrationfunctions/{administration.pk}/functions/"
    assert admin_client.get(address).status_code == 405
    other = Client()
    other.force_login(User.objects.get(username="implementer"))
    assert other.post(address).status_code == 403
    assert not administration.activations.exists()
    root = Client()
    root.force_login(User.objects.get(username="admin"))
    assert "Alle DNA-functies van" in root.post(address, follow=True).content.decode()
    assert administration.activations.count() == 7


def test_the_page_asks_little(implementer: Client, administration: Administration) -> None:
    ensure_batchjobs(administration)
    implementer.get("/")
    with CaptureQueriesContext(connection) as statements:
        implementer.get("/")
    assert len(statements) <= 34, len(statements)
