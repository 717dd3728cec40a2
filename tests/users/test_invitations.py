"""A new user gets in by an invitation, and chooses a password of their own."""

import logging
import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django.fixtures import Settings

from econnect_admin.models import User
from tests.users.conftest import PASSWORD, Mails, choose_password, is_in, link_in, log_in

ANNA = {"username": "anna", "first_name": "Anna", "last_name": "Bos", "email": "anna@refbouw.example"}
Somebody = Callable[..., User]


@pytest.fixture(autouse=True)
def mail_server(with_mail: None, transactional_db: None) -> None:
    """E-mails are sent when the user is stored."""


def add(client: Client, **form: str) -> str:
    """Gives what the page says after it."""
    response = client.post("/econnect_admin/user/add/", ANNA | form, follow=True)
    return " ".join(map(str, get_messages(response.wsgi_request))) or response.content.decode()


def test_a_new_user_is_invited_chooses_a_password_and_gets_in(
    admin_client: Client, mailoutbox: Mails
) -> None:
    said = add(admin_client)
    assert "anna@refbouw.example" in said
    [mail] = mailoutbox
    assert mail.to == ["anna@refbouw.example"]
    assert "anna" in mail.body
    assert "/wachtwoord-kiezen/" not in said
    assert "Meld u aan met uw gebruikersnaam: anna" in choose_password(link_in(str(mail.body)))
    assert is_in(log_in())


def test_an_invitation_is_in_the_language_of_who_invites(admin_client: Client, mailoutbox: Mails) -> None:
    add(admin_client)
    admin_client.cookies["django_language"] = "en"
    add(admin_client, username="bert")
    dutch, english = mailoutbox
    assert "nodigt u uit" in dutch.body
    assert "invites you" in english.body
    assert dutch.subject != english.subject


def test_before_it_is_used_nobody_gets_in(admin_client: Client) -> None:
    add(admin_client)
    assert not is_in(log_in(password=""))
    assert not is_in(log_in())


def test_an_invitation_works_once(admin_client: Client, mailoutbox: Mails) -> None:
    add(admin_client)
    link = link_in(str(mailoutbox[0].body))
    choose_password(link)
    assert "werkt niet meer" in choose_password(link, "winter-in-Delft-2027")
    assert is_in(log_in())


def test_an_invitation_ends_after_three_days(
    admin_client: Client, mailoutbox: Mails, settings: Settings
) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    add(admin_client)
    assert "werkt niet meer" in choose_password(link_in(str(mailoutbox[0].body)))


def test_who_was_made_inactive_cannot_use_the_invitation(admin_client: Client, mailoutbox: Mails) -> None:
    add(admin_client)
    User.objects.filter(username="anna").update(is_active=False)
    assert "werkt niet meer" in choose_password(link_in(str(mailoutbox[0].body)))


def test_who_tries_an_invitation_out_while_logged_in_is_asked_to_log_in(
    admin_client: Client, mailoutbox: Mails
) -> None:
    add(admin_client)
    link = link_in(str(mailoutbox[0].body))
    assert "Meld u aan met uw gebruikersnaam: anna" in choose_password(link, client=admin_client)
    assert not is_in(admin_client)


def test_a_weak_password_is_refused(admin_client: Client, mailoutbox: Mails) -> None:
    add(admin_client)
    for password in ("kort", "12345678", "anna@refbouw.example", "password"):
        choose_password(link_in(str(mailoutbox[0].body)), password)
        assert not is_in(log_in(password=password)), password


def test_without_a_mail_server_the_inviter_sees_the_link_once(
    admin_client: Client, settings: Settings, mailoutbox: Mails
) -> None:
    settings.EMAIL_URL = ""
    assert "geen mailserver" in admin_client.get("/econnect_admin/user/add/").content.decode()
    page = admin_client.post("/econnect_admin/user/add/", ANNA, follow=True).content.decode()
    link = link_in(page)
    assert mailoutbox == []
    again = admin_client.get(f"/econnect_admin/user/{User.objects.get(username='anna').pk}/change/")
    assert "/wachtwoord-kiezen/" not in again.content.decode()
    choose_password(link)
    assert is_in(log_in())


def test_when_the_mail_server_fails_the_inviter_sees_the_link_and_why(
    admin_client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = admin_client.post("/econnect_admin/user/add/", ANNA, follow=True).content.decode()
    assert "ConnectionRefusedError" in page
    link = link_in(page)
    assert link not in caplog.text
    choose_password(link)
    assert is_in(log_in())


def test_an_e_mail_address_is_asked_for(admin_client: Client) -> None:
    page = admin_client.post("/econnect_admin/user/add/", ANNA | {"email": ""}).content.decode()
    assert "verplicht" in page
    assert not User.objects.filter(username="anna").exists()


def test_names_that_differ_in_capitals_only_are_refused(admin_client: Client) -> None:
    add(admin_client)
    add(admin_client, username="Anna")
    assert User.objects.filter(username__iexact="anna").count() == 1


def test_a_name_with_markup_is_shown_as_it_is(admin_client: Client, settings: Settings) -> None:
    settings.EMAIL_URL = ""
    user = User.objects.create(username="<b>anna</b>", email="a@refbouw.example")
    page = admin_client.post(f"/econnect_admin/user/{user.pk}/invite/", follow=True).content.decode()
    assert escape("<b>anna</b>") in page
    assert "<b>anna" not in page


def test_who_has_never_logged_in_is_invited_again(
    admin_client: Client, somebody: Somebody, mailoutbox: Mails
) -> None:
    anna = somebody()
    page = f"/econnect_admin/user/{anna.pk}/change/"
    assert "Opnieuw uitnodigen" in admin_client.get(page).content.decode()
    admin_client.post(f"/econnect_admin/user/{anna.pk}/invite/")
    assert len(mailoutbox) == 1
    User.objects.update(last_login=timezone.now())
    assert "Opnieuw uitnodigen" not in admin_client.get(page).content.decode()
    admin_client.post(f"/econnect_admin/user/{anna.pk}/invite/")
    assert len(mailoutbox) == 1


def test_only_who_may_change_a_user_invites_again(
    somebody: Somebody, mailoutbox: Mails, admin_user: User
) -> None:
    bert = somebody(username="bert")
    somebody("econnect_admin.view_user")
    client = log_in()
    assert "Opnieuw uitnodigen" not in client.get(f"/econnect_admin/user/{bert.pk}/change/").content.decode()
    assert client.post(f"/econnect_admin/user/{bert.pk}/invite/").status_code == 403
    somebody("econnect_admin.change_user", username="chris")
    client = log_in("chris")
    assert client.post(f"/econnect_admin/user/{admin_user.pk}/invite/").status_code == 403
    assert client.get(f"/econnect_admin/user/{bert.pk}/invite/").status_code == 405
    assert mailoutbox == []


def test_no_link_is_in_the_log(
    admin_client: Client, mailoutbox: Mails, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        add(admin_client)
        choose_password(link_in(str(mailoutbox[0].body)))
    token = link_in(str(mailoutbox[0].body)).split("/")[-2]
    assert token not in caplog.text
    assert not re.search(PASSWORD, caplog.text)
