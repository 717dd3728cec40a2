"""What axe-core finds on the pages: nothing, in either theme. A new page is looked at by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from econnect_admin.models import Administration
from invoices.models import EInvoice
from tests.browser.conftest import VIEW_ALL, log_in
from tests.browser.looking import show_in, violations
from tests.rights.conftest import secret_one  # noqa: F401 - a fixture
from tests.rights.test_every_address import addresses

# Of these apps' pages; whatever is of no app is with the first.
_APPS = ("econnect_admin", "invoices", "batchjobs")
_NO_PAGES = ("/logout/", "/wachtrijen/", "/invoices/einvoice/pdf-viewer/")  # RQ's own; in a frame
_ALIKE = ("/history/", "/delete/")  # of each model the same; in test_content_security


def pages(client: Client, app: str) -> Iterator[str]:
    """Addresses that answer with a page."""
    for path in dict.fromkeys(address.path for address in addresses()):
        of_app = next((one for one in _APPS if path.startswith(f"/{one}/")), _APPS[0])
        if of_app != app or path.startswith(_NO_PAGES) or path.endswith(_ALIKE):
            continue
        answer = client.get(path)
        is_html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and is_html and "<html" in answer.content.decode()[:3000]:
            yield path


@pytest.mark.parametrize("app", _APPS)
@pytest.mark.timeout(240)
def test_axe_finds_nothing_on_any_page(
    page: Page,
    admin_client: Client,
    secret_one: Administration,  # noqa: F811
    live_server: LiveServer,
    app: str,
) -> None:
    page.context.add_cookies(
        [{"name": "sessionid", "value": admin_client.cookies["sessionid"].value, "url": live_server.url}]
    )
    looked_at, found = 0, {}
    for path in list(pages(admin_client, app)):
        page.goto(path)
        here = violations(page)
        show_in(page, "dark")
        here += [f"dark: {violation}" for violation in violations(page, only_of_colours=True)]
        looked_at += 1
        if here:
            found[path] = here
    assert found == {}
    assert looked_at > len([model for model in admin.site._registry if model._meta.app_label == app])


def test_axe_finds_nothing_on_a_phone(
    page: Page,
    person: Any,
    secret_one: Administration,  # noqa: F811
    live_server: LiveServer,
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, person(*VIEW_ALL), live_server)
    einvoice = EInvoice.objects.latest("pk")
    for path in ("/", "/invoices/einvoice/", f"/invoices/einvoice/{einvoice.pk}/change/"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        assert violations(page) == [], path
