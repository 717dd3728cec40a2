"""Forgotten passwords, own passwords, and guessed ones."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from econnect_admin.models import User
from tests.users.conftest import PASSWORD, Mails, choose_password, is_in, link_in, log_in, one_mail_of

Somebody = Callable[..., User]
NEW_PASSWORD = "winter-in-Delft-2027"


def ask(email: str, client: Client | None = None) -> str:
    form = {"email": email}
    return (client or Client()).post("/wachtwoord-vergeten/", form, follow=True).content.decode()


def test_who_forgot_the_password_chooses_another(
    with_mail: None, somebody: Somebody, mailoutbox: Mails
) -> None:
    somebody()
    elsewhere = log_in()
    assert "Wachtwoord vergeten?" in Client().get("/login/").content.decode()
    assert "onderweg" in ask("anna@refbouw.example")
    mail = one_mail_of(mailoutbox)
    choose_password(link_in(str(mail.body)), NEW_PASSWORD)
    assert is_in(log_in(password=NEW_PASSWORD))
    assert not is_in(log_in())
    assert not is_in(elsewhere)


def test_the_page_says_the_same_whoever_asks(with_mail: None, somebody: Somebody, mailoutbox: Mails) -> None:
    somebody()
    somebody(username="left", is_active=False)
    invited = somebody(username="invited")
    invited.set_unusable_password()
    invited.save()
    said = [
        ask(f"{name}@refbouw.example").split("<body", 1)[1].replace(name, "NAME")
        for name in ("anna", "left", "invited", "nobody")
    ]
    masked = {page.split('name="csrfmiddlewaretoken"')[0] for page in said}
    assert len(masked) == 1
    assert one_mail_of(mailoutbox).to == ["anna@refbouw.example"]


def test_nobody_s_mailbox_is_filled(with_mail: None, somebody: Somebody, mailoutbox: Mails) -> None:
    somebody()
    for _ in range(3):
        ask("anna@refbouw.example")
    one_mail_of(mailoutbox)


def test_the_e_mail_is_in_the_language_of_the_page(
    with_mail: None, somebody: Somebody, mailoutbox: Mails
) -> None:
    somebody()
    client = Client()
    client.cookies["django_language"] = "en"
    assert "on its way" in ask("anna@refbouw.example", client)
    assert "Somebody asked for a new password" in one_mail_of(mailoutbox).body


def test_without_a_mail_server_there_is_no_such_page(settings: Settings, db: None) -> None:
    settings.EMAIL_URL = ""
    assert Client().get("/wachtwoord-vergeten/").status_code == 404
    assert "Wachtwoord vergeten?" not in Client().get("/login/").content.decode()


def test_a_mail_server_that_fails_is_not_seen_by_strangers(
    with_mail: None, somebody: Somebody, settings: Settings
) -> None:
    somebody()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "onderweg" in ask("anna@refbouw.example")


def test_one_s_own_password_is_changed(somebody: Somebody) -> None:
    somebody()
    client, elsewhere = log_in(), log_in()
    assert "/password_change/" in client.get("/").content.decode()
    form = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert "gewijzigd" in client.post("/password_change/", form, follow=True).content.decode()
    assert is_in(client)
    assert not is_in(elsewhere)
    assert is_in(log_in(password=NEW_PASSWORD))


def test_where_nobody_is_the_page_says_how_the_first_user_is_made(somebody: Somebody) -> None:
    assert "manage.py createsuperuser" in Client().get("/login/").content.decode()
    somebody()
    assert "createsuperuser" not in Client().get("/login/").content.decode()


def test_everybody_who_is_active_may_log_in(somebody: Somebody) -> None:
    somebody()
    somebody(username="left", is_active=False)
    assert is_in(log_in())
    assert not is_in(log_in("left"))


def guess(times: int, username: str = "anna", address: str = "10.0.0.1") -> int:
    """Give wrong passwords; gives the last status."""
    client = Client(REMOTE_ADDR=address)
    status = 0
    for number in range(times):
        form = {"username": username, "password": f"wrong-{number}"}
        status = client.post("/login/", form, HTTP_USER_AGENT=f"browser {number}").status_code
    return status


def test_after_five_wrong_passwords_there_is_a_pause(somebody: Somebody) -> None:
    somebody()
    assert guess(4) == 200
    assert guess(1) == 429
    client = Client(REMOTE_ADDR="10.0.0.1")
    response = client.post("/login/", {"username": "anna", "password": PASSWORD})
    assert response.status_code == 429
    assert "15 minuten" in response.content.decode()
    client.cookies["django_language"] = "en"
    page = client.post("/login/", {"username": "anna", "password": PASSWORD}).content.decode()
    assert "Wait 15 minutes" in page
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert is_in(log_in(client=client))


def test_others_and_other_places_do_not_wait(somebody: Somebody) -> None:
    somebody()
    somebody(username="bert")
    guess(6)
    assert is_in(log_in("bert", client=Client(REMOTE_ADDR="10.0.0.1")))
    assert is_in(log_in(client=Client(REMOTE_ADDR="10.0.0.2")))


def test_a_name_that_nobody_has_is_treated_alike(db: None) -> None:
    assert guess(4, "nobody") == 200
    assert guess(1, "nobody") == 429


def test_a_success_clears_the_count(somebody: Somebody) -> None:
    somebody()
    guess(4)
    log_in(client=Client(REMOTE_ADDR="10.0.0.1"))
    assert guess(4) == 200


def test_trying_during_the_pause_does_not_lengthen_it(somebody: Somebody) -> None:
    somebody()
    guess(5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=59))
    guess(3)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert is_in(log_in(client=Client(REMOTE_ADDR="10.0.0.1")))


def test_old_attempts_are_not_kept(somebody: Somebody) -> None:
    somebody()
    guess(2)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    guess(1, "somebody-else", "10.0.0.9")
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["somebody-else"]


def test_a_new_password_by_e_mail_ends_the_pause(
    with_mail: None, somebody: Somebody, mailoutbox: Mails
) -> None:
    somebody()
    guess(5, address="127.0.0.1")
    ask("anna@refbouw.example")
    choose_password(link_in(str(one_mail_of(mailoutbox).body)), NEW_PASSWORD)
    assert is_in(log_in(password=NEW_PASSWORD))


def test_passwords_are_in_no_log_and_no_table(somebody: Somebody, caplog: pytest.LogCaptureFixture) -> None:
    somebody()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("axes").setLevel(logging.DEBUG)
        guess(6)
        log_in(password="almost-zomer-in-Delft")
        logging.getLogger("axes").setLevel(logging.WARNING)
    kept = serialize("json", AccessAttempt.objects.all()) + caplog.text
    assert "AXES" in kept
    assert "wrong-" not in kept
    assert "zomer" not in kept
