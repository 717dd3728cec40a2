"""*Verbinding testen*: what each step finds, what is kept of it, and who may."""

import threading

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from econnect_admin.administrations.connection_test import testing
from econnect_admin.models import Administration, ConnectionTest, User
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.account import Party
from econnect_admin.sandbox.server import Sandbox
from tests.conftest import CONSUMER_SECRET, grant_all
from tests.documents import invoice

NAME = "admin:econnect_admin_administrationpreferences"


def run_test(administration: Administration) -> ConnectionTest:
    """As the script of the page does it."""
    test = testing.begin(administration, by="test")
    for _ in range(10):
        test = testing.take_step(test)
    assert test.ended_at
    return test


def states(test: ConnectionTest) -> list[str]:
    return [result["state"] for result in test.results]


def page(client: Client, administration: Administration) -> str:
    address = reverse(f"{NAME}_change", args=[administration.preferences.pk])
    return " ".join(strip_tags(client.get(address).content.decode()).split())


def test_a_connection_that_works_is_shown_step_by_step(
    admin_client: Client, sandbox: Sandbox, administration: Administration
) -> None:
    for number in range(3):
        sandbox.account.add(invoice(str(number)))
    address = reverse(f"{NAME}_test", args=[administration.preferences.pk])
    seen = []
    while address:
        panel = admin_client.post(address).context["panel"]
        seen.append([line.words for line in panel.lines])
        address = panel.next_address
    assert seen[-1] == [
        "Access URL, Klant Key en Klant geheim zijn ingevuld",
        "Aanmelden gelukt",
        "Name Space klopt",
        "Ref Bouw B.V. (XCNL10017) is van dit account",
        "Postvak bereikbaar: 3 facturen",
    ]
    assert [len(lines) for lines in seen] == [1, 3, 4, 5]
    said = page(admin_client, administration)
    assert "Verbinding getest" in said
    assert "De verbinding werkt." in said


def test_a_wrong_secret_is_said_and_saved_all_the_same(
    admin_client: Client, administration: Administration
) -> None:
    preferences = administration.preferences
    form = {"consumer_secret": "a-secret-that-is-wrong", "company_id": "XCNL10017", "_test": "1"}
    response = admin_client.post(reverse(f"{NAME}_change", args=[preferences.pk]), form)
    assert response["Location"].endswith(f"/{preferences.pk}/change/?test=now")
    administration = Administration.objects.get()
    test = run_test(administration)
    assert states(test) == ["ok", "failed"]
    said = page(admin_client, administration)
    assert "kent de Klant Key niet" in said
    assert "De voorkeuren zijn opgeslagen, maar de verbinding werkt nog niet." in said
    assert "a-secret-that-is-wrong" not in said


def test_a_kept_token_does_not_hide_that_the_keys_are_wrong(
    sandbox: Sandbox, administration: Administration
) -> None:
    assert "failed" not in states(run_test(administration))
    sandbox.account.revoke_key()
    assert states(run_test(administration)) == ["ok", "failed"]


def test_a_namespace_that_does_not_fit_leads_to_where_it_is_mended(
    admin_client: Client, administration: Administration
) -> None:
    administration.database.namespace = "http://api.everbinding.nl/v3/"
    administration.database.save()
    test = run_test(administration)
    assert [result["mend"] for result in test.results] == ["", "database"]
    assert "Naar Financieel voorkeuren db" in page(admin_client, administration)


@pytest.mark.parametrize("company_id", ["", "XCNL99999"])
def test_the_companies_of_the_account_are_offered_and_one_click_takes_one(
    admin_client: Client, sandbox: Sandbox, administration: Administration, company_id: str
) -> None:
    sandbox.account.parties += [Party("XCNL10018", "Ref Staal B.V."), Party("X" * 51, "Cannot be stored")]
    administration.preferences.company_id = company_id
    administration.preferences.save()
    test = run_test(administration)
    assert test.results[3]["choices"] == [["XCNL10017", "Ref Bouw B.V."], ["XCNL10018", "Ref Staal B.V."]]
    assert "Ref Staal B.V." in page(admin_client, administration)
    address = reverse(f"{NAME}_company", args=[administration.preferences.pk])
    response = admin_client.post(address, {"company_id": "XCNL10018"})
    assert response["Location"].endswith("?test=now")
    administration.preferences.refresh_from_db()
    assert administration.preferences.company_id == "XCNL10018"
    response = admin_client.post(address, {"company_id": "XCNL10017"}, follow=True)
    assert "test de verbinding opnieuw" in response.content.decode()
    administration.preferences.refresh_from_db()
    assert administration.preferences.company_id == "XCNL10018"


def test_a_company_that_was_not_offered_is_not_taken(
    admin_client: Client, administration: Administration
) -> None:
    run_test(administration)
    address = reverse(f"{NAME}_company", args=[administration.preferences.pk])
    admin_client.post(address, {"company_id": "XCNL10018"})
    administration.preferences.refresh_from_db()
    assert administration.preferences.company_id == "XCNL10017"


def test_what_was_tested_before_a_change_is_not_shown_as_true_now(
    admin_client: Client, administration: Administration
) -> None:
    run_test(administration)
    administration.preferences.consumer_secret = "a-secret-that-is-new"
    administration.preferences.save()
    said = page(admin_client, administration)
    assert "Sindsdien zijn de voorkeuren gewijzigd" in said
    assert "De verbinding werkt." not in said


def test_a_change_in_the_middle_ends_it(admin_client: Client, administration: Administration) -> None:
    test = testing.take_step(testing.begin(administration, by="test"))
    administration.preferences.company_id = "XCNL10018"
    administration.preferences.save()
    address = reverse(f"{NAME}_test_step", args=[administration.preferences.pk, test.pk])
    panel = admin_client.post(address).context["panel"]
    assert "intussen gewijzigd" in panel.note
    assert panel.next_address == ""


def test_two_people_who_take_the_same_step_find_one_result(administration: Administration) -> None:
    test = testing.begin(administration, by="test")
    taking = [threading.Thread(target=testing.take_step, args=[test]) for _ in range(4)]
    for thread in taking:
        thread.start()
    for thread in taking:
        thread.join()
    test.refresh_from_db()
    assert (states(test), test.next_step) == (["ok"], "login")


def test_an_access_url_where_nobody_is_and_an_answer_that_repeats_the_secret(
    sandbox: Sandbox, administration: Administration
) -> None:
    sandbox.misbehave(misbehaviours.http_error(404), "Login", times=2)
    test = run_test(administration)
    assert test.results[1]["message"].endswith("Check the Access URL, or test again later.")
    sandbox.misbehave(misbehaviours.fault("ERRZZZ1", f"no {CONSUMER_SECRET}"), "Login")
    test = run_test(administration)
    assert states(test) == ["ok", "failed"]
    assert CONSUMER_SECRET not in str(test.results)
    assert ConnectionTest.objects.count() == 1


def test_who_may_only_look_sees_the_result_and_tests_nothing(
    client: Client, administration: Administration
) -> None:
    test = run_test(administration)
    user = User.objects.create_user("viewer")
    grant_all(user, "econnect_admin.view_administrationpreferences")
    client.force_login(user)
    said = page(client, administration)
    assert "Verbinding getest" in said
    assert "Verbinding testen" not in said
    key = administration.preferences.pk
    for address in (
        reverse(f"{NAME}_test", args=[key]),
        reverse(f"{NAME}_test_step", args=[key, test.pk]),
        reverse(f"{NAME}_company", args=[key]),
    ):
        assert client.post(address).status_code == 403


def test_missing_keys_are_said_without_asking_the_platform(
    sandbox: Sandbox, administration: Administration
) -> None:
    administration.preferences.consumer_secret = ""
    administration.preferences.save()
    assert states(run_test(administration)) == ["failed"]
    assert sandbox.calls == []
