"""Who does nothing for hours must log in again."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from econnect_admin.models import User

HOURS = timedelta(hours=12)


def test_each_page_begins_the_hours_anew(reader: Client) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    response = reader.get("/")
    assert response.cookies["sessionid"]["max-age"] == HOURS.total_seconds()
    left = Session.objects.get().expire_date - timezone.now()
    assert HOURS - timedelta(minutes=1) < left <= HOURS


def test_after_them_one_must_log_in(reader: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert reader.get("/")["Location"] == "/login/?next=/"


def test_what_is_sent_after_them_is_not_lost_without_a_word(client: Client, clerk: User) -> None:
    """And who has logged in is where the form was: there is nothing to see where it was sent to."""
    form = reverse("admin:invoices_einvoice_change", args=[1])
    button = reverse("admin:invoices_einvoice_status", args=[1])
    sent = client.post(button, {"code": "40"}, headers={"Referer": f"http://testserver{form}?page=2"})
    assert sent["Location"] == f"/login/?next={form}%3Fpage%3D2"
    assert "U was intussen afgemeld" in client.get(sent["Location"]).content.decode()
    assert client.post(button, headers={"Referer": "https://evil.example/x"})["Location"] == "/login/?next=/"
    asked_by_a_script = client.post(button, headers={"Sec-Fetch-Mode": "cors"})
    assert asked_by_a_script["Location"] == f"/login/?next={button}"


def test_the_address_of_a_button_says_that_it_is_one(clerks_page: Page) -> None:
    answer = clerks_page.goto(reverse("admin:invoices_einvoice_bulk_status"))
    assert answer
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    expect(clerks_page.get_by_role("heading")).to_have_text("Hier is niets te zien")
