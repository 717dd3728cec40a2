"""Who does nothing for hours must log in again."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

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
