"""Errors are told to a person, in their language."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from econnect_admin.models import Administration, User


def test_who_is_refused_reads_why_in_dutch(client: Client, person: Callable[..., User]) -> None:
    client.force_login(person())
    response = client.get("/invoices/einvoice/")
    assert response.status_code == 403
    assert "U mag dit niet zien" in response.content.decode()


def test_what_is_not_there_is_said_in_english_too(
    administration: Administration, admin_client: Client
) -> None:
    admin_client.cookies["django_language"] = "en"
    response = admin_client.get("/invoices/einvoice/1/versions/1/original/")
    assert response.status_code == 404
    assert "This is not here" in response.content.decode()


def test_a_form_of_an_old_page_is_told_to_be_loaded_again(person: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    response = client.post("/logout/")
    assert response.status_code == 403
    assert "Deze pagina is verlopen" in response.content.decode()


def test_a_form_is_read_as_utf_8_whatever_it_says(person: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person())
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post("/", b"a=b", content_type="application/x-www-form-urlencoded; charset=utf-7")
    assert answer.status_code == 403


@pytest.mark.parametrize(("language", "words"), [("nl", "Er ging iets mis"), ("en", "Something went wrong")])
def test_the_page_of_an_error_of_ours_needs_nothing_but_itself(language: str, words: str) -> None:
    with translation.override(language):
        assert words in render_to_string("500.html")
