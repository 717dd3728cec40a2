"""People who get in by passwords and codes, as their browsers do."""

import re
from base64 import b32decode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django_otp.oath import totp
from pytest_django.fixtures import Settings

from tests.conftest import grant_all, wait_until

if TYPE_CHECKING:
    from econnect_admin.models import User

PASSWORD = "zomer-in-Delft-2026"
Mails = list[EmailMessage]


@pytest.fixture
def with_mail(settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.refbouw.example"
    cache.clear()


@pytest.fixture
def somebody(db: None) -> "Callable[..., User]":
    """A user with a password, who is granted what these permissions need."""

    def make(*permissions: str, username: str = "anna", **fields: Any) -> "User":
        from econnect_admin.models import Administration, DatabasePreferences, User

        user: User = User.objects.create_user(username, f"{username}@refbouw.example", PASSWORD, **fields)
        if permissions:
            database = DatabasePreferences.objects.get_or_create(name="somewhere")[0]
            Administration.objects.get_or_create(code="SOME", database=database)
            grant_all(user, *permissions)
        return user

    return make


def log_in(
    username: str = "anna", password: str = PASSWORD, client: Client | None = None, at: str = "/"
) -> Client:
    """By the log-in page; whether it succeeds is for the caller to see."""
    client = client or Client()
    client.post(f"/login/?next={at}", {"username": username, "password": password, "next": at})
    return client


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def set_up(client: Client) -> str:
    """Set a second factor up on the site; gives its key."""
    key = key_on(client.get("/tweede-factor/instellen/").content.decode())
    client.post("/tweede-factor/instellen/", {"code": code_of(key)})
    return key


def key_on(page: str) -> str:
    [shown] = re.findall(r'class="ec-key">([A-Z2-7 ]+)<', page)
    return str(shown).replace(" ", "")


def code_of(key: str, steps: int = 0) -> str:
    """The code of the app, now or so many half minutes later."""
    return f"{totp(b32decode(key), t0=-30 * steps):06}"


def link_in(text: str) -> str:
    """The address without its host."""
    [link] = re.findall(r"http://testserver(/wachtwoord-kiezen/\S+?/\S+?/)", text)
    return str(link)


def choose_password(link: str, password: str = PASSWORD, client: Client | None = None) -> str:
    """By the link of an e-mail; gives the page that follows."""
    client = client or Client()
    form = client.get(link, follow=True)
    if not form.redirect_chain:
        return form.content.decode()
    twice = {"new_password1": password, "new_password2": password}
    return client.post(form.redirect_chain[-1][0], twice, follow=True).content.decode()


def one_mail_of(mails: Mails) -> EmailMessage:
    """It is sent beside the answer."""
    wait_until(lambda: mails, 5)
    [mail] = mails
    return mail
