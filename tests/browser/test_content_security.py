"""The content security policy: every page works under it, and what was put into a page does not run.

That nothing is refused on a page is looked at by the fixture `page`, in all tests with a browser.
"""

import django_rq
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from batchjobs.models import Batchjob, BatchjobRun
from econnect_admin.models import Administration, User, UserGroup
from invoices.models import EInvoice, FailedDocument
from tests.browser.conftest import Import, sample
from tests.documents import invoice

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-eval'",
    "script-src-attr": "'none'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


def policy_of(header: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.fixture
def admins_page(page: Page, admin_client: Client, live_server: LiveServer) -> Page:
    page.context.add_cookies(
        [{"name": "sessionid", "value": admin_client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def open_all(page: Page, *addresses: str) -> None:
    for address in addresses:
        response = page.goto(address)
        assert response
        assert response.status == 200, address


@pytest.mark.parametrize(
    "address", ["/", "/login/", "/nowhere/", "/jsi18n/", "/static/econnect_admin/interface.js", "/?q=%00"]
)
def test_it_comes_with_every_answer(reader: Client, address: str) -> None:
    assert policy_of(reader.get(address)["Content-Security-Policy"]) == POLICY


def test_every_page_works_under_it(
    admins_page: Page, imported: Import, administration: Administration
) -> None:
    imported(sample("bakker-staal-2026-0041"), invoice("2026-0042", payable="1.234,56"))
    rows = [
        ("invoices_einvoice", EInvoice.objects.get()),
        ("invoices_faileddocument", FailedDocument.objects.get()),
        ("batchjobs_batchjob", Batchjob.objects.latest("pk")),
        ("batchjobs_batchjobrun", BatchjobRun.objects.latest("pk")),
        ("econnect_admin_administration", administration),
        ("econnect_admin_administrationpreferences", administration.preferences),
        ("econnect_admin_databasepreferences", administration.database),
        ("econnect_admin_user", User.objects.get()),
        ("econnect_admin_usergroup", UserGroup.objects.create(name="Boekhouding")),
    ]
    open_all(
        admins_page,
        "/",
        "/password_change/",
        *(reverse(f"admin:{name}_changelist") for name, _ in rows),
        *(reverse(f"admin:{name}_change", args=[row.pk]) for name, row in rows),
        *(reverse(f"admin:{name}_add") for name, _ in rows[4:]),
        *(reverse(f"admin:{name}_history", args=[row.pk]) for name, row in rows[4:]),
        reverse("admin:econnect_admin_usergroup_delete", args=[rows[-1][1].pk]),
    )


def test_the_log_in_and_the_error_pages_work_under_it(page: Page, clerk: User) -> None:
    page.goto("/login/")
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", "zomer-in-Delft")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for address in ("/nowhere/", "/econnect_admin/usergroup/", "/?q=%00"):
        page.goto(address)


def test_filters_work_under_it(clerks_page: Page, imported: Import) -> None:
    imported(sample("bakker-staal-2026-0041"))
    clerks_page.goto("/invoices/einvoice/")
    clerks_page.get_by_text("Filters").first.click()
    filters = clerks_page.locator("#changelist-filter")
    expect(filters).to_be_visible()
    expect(filters.locator("#facet-kind .ec-figures").first).to_have_text("1")
    filters.locator("input.vDateField, input.vCustomDateField").first.fill("1-11-2026")
    filters.locator("button[type=submit]").click()
    expect(clerks_page.get_by_text("Bakker Staal")).to_be_visible()


def test_choosing_from_a_list_works_under_it(admins_page: Page) -> None:
    UserGroup.objects.create(name="Boekhouding")
    admins_page.goto(reverse("admin:econnect_admin_user_change", args=[User.objects.get().pk]))
    admins_page.locator(".select2-selection").first.click()
    expect(admins_page.get_by_role("option", name="Boekhouding")).to_be_visible()


def test_the_command_palette_works_under_it(admins_page: Page) -> None:
    admins_page.goto("/")
    admins_page.keyboard.press("Control+k")
    admins_page.keyboard.type("fact")
    admins_page.wait_for_load_state("networkidle")


def test_rqs_dashboard_works_under_one_of_its_own(
    admins_page: Page, administration: Administration, refused: list[str]
) -> None:
    policy = policy_of(admins_page.request.get("/wachtrijen/").headers["content-security-policy"])
    assert policy == POLICY | {"style-src": "'self' 'unsafe-inline'"}
    job = django_rq.get_queue().enqueue("builtins.print")
    queue = "/wachtrijen/queues/1/"  # by name, after that of the checks
    open_all(admins_page, "/wachtrijen/", "/wachtrijen/stats.json", f"{queue}{job.id}/", f"{queue}empty/")
    assert refused == []
    open_all(admins_page, queue, f"{queue}finished/", f"{queue}failed/", "/wachtrijen/workers/0/")
    # A script that calls a function which Django's admin no longer has.
    assert {words.split()[1] for words in refused} == {"script-src-elem"}
    assert len(refused) == 4
    refused.clear()
    admins_page.goto(queue)
    admins_page.locator("[name=_selected_action]").first.check()
    admins_page.locator("[name=action]").select_option("delete")
    admins_page.get_by_role("button", name="Go").click()
    expect(admins_page.get_by_text(job.id).first).to_be_visible()
    refused.clear()


PUT_IN = {
    "script": "<script>window.ran = 1</script>",
    "handler": "<img src='x:' onerror='window.ran = 1'>",
    "link": "<a id=put-in href='javascript:window.ran = 1'>x</a>",
    "script from elsewhere": "<script src='https://elsewhere.example/x.js'></script>",
    "frame": "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "base": "<base href='https://elsewhere.example/'>",
    "plug-in": "<object data='https://elsewhere.example/'></object>",
    "style": "<style>body { background: url(https://elsewhere.example/) }</style>",
    "form": "<form action='https://elsewhere.example/'><button id=put-in>x</button></form>",
}


@pytest.mark.parametrize("put_in", PUT_IN.values(), ids=PUT_IN.keys())
def test_what_was_put_into_a_page_is_refused(admins_page: Page, refused: list[str], put_in: str) -> None:
    """As if a template had forgotten to escape something."""

    def put_it_in(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", f"{put_in}</body>"))

    admins_page.route("**/password_change/", put_it_in)
    with admins_page.expect_console_message(lambda said: said.text.startswith("refused:")):
        admins_page.goto("/password_change/")
        admins_page.evaluate("document.getElementById('put-in')?.click()")
    assert admins_page.evaluate("window.ran") is None
    refused.clear()
