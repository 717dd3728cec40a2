"""The platform's one line that fills in all of the preferences."""

from contextlib import suppress

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from econnect_admin.administrations.quick_connect import Malformed, read_quick_connect
from econnect_admin.models import Administration, AdministrationPreferences, HistoryEntry, User
from tests.conftest import grant_all

KEY, SECRET = "another-key-1234567890", "another-secret-0987654321"
LINE = f"APP_KEY:{KEY};SECRET_KEY:{SECRET};EMAIL_ID:nieuw@refbouw.example;COMPANY_ID:XCNL20000;"
FIELDS = {
    "consumer_key": KEY,
    "consumer_secret": SECRET,
    "created_by": "nieuw@refbouw.example",
    "company_id": "XCNL20000",
}
QUICK_CONNECT = "/econnect_admin/administrationpreferences/quick-connect/"


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE.removesuffix(";"),
        f"  {LINE}\n",
        LINE.replace(";", " ; ").replace(":", ": "),
        ";".join(reversed(LINE.split(";"))),
    ],
)
def test_all_is_read_out_of_the_line(line: str) -> None:
    parts = read_quick_connect(line)
    assert {name: part.value for name, part in parts.items()} == FIELDS
    assert {name: line[part.start : part.end] for name, part in parts.items()} == FIELDS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (LINE.replace("EMAIL_ID:nieuw@refbouw.example;", ""), "EMAIL_ID is missing."),
        (LINE + "COMPANY_ID:XCNL3;", "COMPANY_ID is there twice."),
        (LINE.replace(SECRET, ""), "SECRET_KEY is empty."),
        (LINE.replace("nieuw@", ""), "What stands behind EMAIL_ID is no e-mail address."),
        (
            LINE.replace("XCNL20000", "Ref Bouw"),
            "What stands behind COMPANY_ID is no company id, as XCNL10017 is one.",
        ),
        (
            LINE.replace(KEY, "a\tb"),
            "What stands behind APP_KEY is no key: copy the line again from the platform.",
        ),
        (
            LINE.replace("SECRET_KEY:", "SECRET_KEY:x;"),
            "Part 3 of the line begins with none of APP_KEY, SECRET_KEY, EMAIL_ID, COMPANY_ID and a colon.",
        ),
    ],
)
def test_what_is_wrong_is_said_by_its_name(line: str, said: str) -> None:
    with pytest.raises(Malformed) as error:
        read_quick_connect(line)
    assert list(map(str, error.value.wordings)) == [said]


@pytest.mark.parametrize("line", ["what was on the clipboard", "https://x.example/?a=1;b:2", "A" * 100_000])
def test_another_text_is_called_no_such_line(line: str) -> None:
    with pytest.raises(Malformed, match="This is no Quick Connect line"):
        read_quick_connect(line)


@given(st.text(alphabet=st.sampled_from("AP_KEY:;x@ \n\0é😀"), max_size=80) | st.just(LINE))
def test_no_text_is_too_odd(text: str) -> None:
    with suppress(Malformed):
        parts = read_quick_connect(text)
        assert all(text[part.start : part.end] == part.value for part in parts.values())


def test_what_is_not_understood_is_not_repeated() -> None:
    with pytest.raises(Malformed) as error:
        read_quick_connect(LINE.replace("SECRET_KEY:", "SECRET:"))
    assert SECRET not in str(error.value)


def change_page(administration: Administration) -> str:
    return reverse(
        "admin:econnect_admin_administrationpreferences_change", args=[administration.preferences.pk]
    )


def test_a_line_that_is_pasted_and_saved_fills_the_fields(
    admin_client: Client, administration: Administration
) -> None:
    response = admin_client.post(change_page(administration), {"quick_connect": LINE, "delivery_email": ""})
    assert response.status_code == 302
    assert AdministrationPreferences.objects.filter(company_id="XCNL20000").exists()
    stored = AdministrationPreferences.objects.get()
    assert {name: getattr(stored, name) for name in FIELDS} == FIELDS
    assert not [entry for entry in HistoryEntry.objects.all() if SECRET in str(entry.changes)]


def test_new_preferences_are_made_of_a_line(admin_client: Client, administration: Administration) -> None:
    administration.preferences.delete()
    address = reverse("admin:econnect_admin_administrationpreferences_add")
    admin_client.post(address, {"administration": str(administration.pk), "quick_connect": LINE})
    stored = AdministrationPreferences.objects.get()
    assert {name: getattr(stored, name) for name in FIELDS} == FIELDS


def test_a_malformed_line_changes_nothing_and_does_not_come_back(
    admin_client: Client, administration: Administration
) -> None:
    administration.preferences.delete()
    address = reverse("admin:econnect_admin_administrationpreferences_add")
    form = {"administration": str(administration.pk), "quick_connect": LINE.replace("EMAIL_ID:", "MAIL:")}
    page = admin_client.post(address, form).content.decode()
    assert "EMAIL_ID ontbreekt." in strip_tags(page)
    assert KEY not in page
    assert SECRET not in page
    assert not AdministrationPreferences.objects.exists()


def test_the_server_says_where_the_parts_are_and_not_what_they_are(
    admin_client: Client, administration: Administration
) -> None:
    answer = admin_client.post(QUICK_CONNECT, {"line": LINE})
    places = answer.json()["places"]
    assert {name: LINE[start:end] for name, (start, end) in places.items()} == FIELDS
    assert SECRET not in answer.content.decode()
    faults = admin_client.post(QUICK_CONNECT, {"line": LINE.replace("APP_KEY", "KEY")}).json()["faults"]
    assert faults[-1] == "APP_KEY ontbreekt."


def test_who_may_only_look_has_no_use_for_it(client: Client, administration: Administration) -> None:
    user = User.objects.create_user("viewer")
    grant_all(user, "econnect_admin.view_administrationpreferences")
    client.force_login(user)
    assert client.post(QUICK_CONNECT, {"line": LINE}).status_code == 403
    assert 'name="quick_connect"' not in client.get(change_page(administration)).content.decode()
