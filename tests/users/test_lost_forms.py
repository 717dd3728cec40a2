"""Who was filling in a form when the second factor came in between is told that it was not stored."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from econnect_admin.models import SecondFactor, User
from tests.users.conftest import code_of, log_in, set_up

CODE, SET_UP = "/tweede-factor/code/", "/tweede-factor/instellen/"
FORM, PAGE = "/econnect_admin/user/add/", "/econnect_admin/user/add/?next=1"
SAID = "Uw tweede factor ging voor: wat u verstuurde is niet bewaard."

Somebody = Callable[..., User]


@pytest.fixture
def key(somebody: Somebody) -> str:
    somebody(is_superuser=True)
    return set_up(log_in())


def send(client: Client, **headers: str) -> str:
    """Gives where sending the form leads."""
    headers = {"Referer": f"http://testserver{PAGE}"} | headers
    answer = client.post(FORM, {"username": "bert"}, headers=headers)
    assert not User.objects.filter(username="bert").exists()
    return str(answer["Location"])


def test_it_is_said_when_the_code_is_given_on_the_page_of_the_form(key: str) -> None:
    client = log_in()
    address = send(client)
    assert address.startswith(f"{CODE}?next=")
    assert SAID not in client.get(address).content.decode()
    after = client.post(address, {"code": code_of(key, 1)}, follow=True)
    assert after.redirect_chain == [(PAGE, 302)]
    assert SAID in after.content.decode()
    assert SAID not in client.get(PAGE).content.decode()


def test_it_is_said_when_a_factor_was_set_up_too(somebody: Somebody, settings: Settings) -> None:
    somebody(is_superuser=True)
    client = log_in()
    settings.SECOND_FACTOR = "required"
    address = send(client)
    assert address.startswith(f"{SET_UP}?next=")
    client.cookies["django_language"] = "en"
    client.get(address)
    after = client.post(
        address, {"code": code_of(SecondFactor.objects.get(confirmed=False).key)}, follow=True
    )
    assert after.redirect_chain == [(PAGE, 302)]
    assert "what you sent is not stored. Do it once more." in after.content.decode()


def test_a_script_says_itself_what_became_of_it(key: str) -> None:
    client = log_in()
    assert send(client, **{"Sec-Fetch-Mode": "cors"}) == CODE
    after = client.post(CODE, {"code": code_of(key, 1)}, follow=True)
    assert SAID not in after.content.decode()


def test_nobody_is_led_to_another_site(key: str) -> None:
    client = log_in()
    assert send(client, Referer="https://evil.example/x") == f"{CODE}?next=/"


def test_logging_in_once_more_loses_nothing(key: str) -> None:
    client = log_in()
    log_in(client=client)
    assert SAID not in client.post(CODE, {"code": code_of(key, 1)}, follow=True).content.decode()
