"""The manual, where the interface leads to it."""

import re

from django.contrib import admin
from django.contrib.staticfiles import finders
from django.test import Client

from econnect_admin.models import User
from tests.browser.conftest import Import, sample


def test_whoever_has_logged_in_reads_it_with_its_pictures(reader: Client) -> None:
    page = reader.get("/handleiding/").content.decode()
    pictures = re.findall(r'<img src="/static/(handleiding/[^"]+)"', page)
    assert "<h2" in page
    assert [picture for picture in pictures if not finders.find(picture)] == []


def test_nobody_else_does(client: Client, db: None) -> None:
    assert client.get("/handleiding/").status_code == 302


def test_the_help_on_a_list_leads_to_a_chapter_that_is_there(
    client: Client, imported: Import, administration: object
) -> None:
    imported(sample("bakker-staal-2026-0041"))
    client.force_login(User.objects.create_superuser("vendor"))
    manual = client.get("/handleiding/").content.decode()
    led = []
    for model in admin.site._registry:
        page = client.get(f"/{model._meta.app_label}/{model._meta.model_name}/").content.decode()
        led += re.findall(r'href="/handleiding/#([^"]+)"', page)
    assert len(led) > 8
    assert [anchor for anchor in led if f'id="{anchor}"' not in manual] == []
