"""The status of many e-invoices at once."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice, EInvoiceVersion, StatusChange
from invoices.statuses.changing import change_status
from tests.documents import invoice
from tests.lists.conftest import HANDLING, Receive

LIST, CHANGE = "/invoices/einvoice/", "/invoices/einvoice/bulk-status/"
LogIn = Callable[..., Client]


def choose(client: Client, action: str, *einvoices: EInvoice) -> str:
    keys = [einvoice.pk for einvoice in einvoices]
    return client.post(LIST, {"action": action, "_selected_action": keys}).content.decode()


def documents_of(page: str) -> str:
    found = re.search('name="documents" value="(.*?)"', page)
    assert found
    return unescape(found[1])


def statuses() -> dict[str, str]:
    return dict(EInvoice.objects.values_list("current__number", "status_code"))


def test_each_is_changed_and_what_cannot_be_is_said(log_in: LogIn, receive: Receive) -> None:
    received = receive(invoice("A-1"), invoice("A-2"), invoice("A-3"))
    EInvoiceVersion.objects.filter(number="A-1").update(kind="credit_note")
    change_status(received["A-3"], "40", by="somebody")
    client = log_in(*HANDLING)
    page = choose(client, "approve", *received.values())
    assert "2 e-facturen krijgen de status “Goedgekeurd”" in page
    assert page.count("Creditnota") == 1
    assert "1 e-factuur blijft zoals zij is" in page
    answer = client.post(CHANGE, {"code": "40", "documents": documents_of(page)})
    assert "2 e-facturen kregen de status" in answer.content.decode()
    assert set(statuses().values()) == {"40"}
    assert StatusChange.objects.filter(changed_by="clerk").count() == 2


def test_one_that_was_changed_meanwhile_keeps_no_other_from_it(log_in: LogIn, receive: Receive) -> None:
    received = receive(invoice("A-1"), invoice("A-2"))
    client = log_in(*HANDLING)
    documents = documents_of(choose(client, "approve", *received.values()))
    change_status(received["A-1"], "50", by="somebody", reason="Niet geleverd")
    page = client.post(CHANGE, {"code": "40", "documents": documents}).content.decode()
    assert "1 e-factuur is niet gewijzigd" in page
    assert statuses() == {"A-1": "50", "A-2": "40"}


def test_a_rejection_needs_a_reason(log_in: LogIn, receive: Receive) -> None:
    received = receive(invoice("A-1"))
    client = log_in(*HANDLING)
    documents = documents_of(choose(client, "reject", *received.values()))
    asked = client.post(CHANGE, {"code": "50", "documents": documents, "reason": "  "}).content.decode()
    assert re.search(r'<input[^>]*name="reason"[^>]*autofocus', asked)
    assert statuses() == {"A-1": "30"}
    client.post(CHANGE, {"code": "50", "documents": documents, "reason": "Niet geleverd"})
    assert StatusChange.objects.get().reason == "Niet geleverd"


def test_nobody_changes_what_is_not_theirs(
    log_in: LogIn, receive: Receive, elsewhere: Administration
) -> None:
    received = receive(invoice("A-1"))
    posted = json.dumps([[received["A-1"].pk, "30", 1]])
    reader = log_in("invoices.view_einvoice", username="reader")
    assert "approve" not in reader.get(LIST).content.decode()
    assert reader.post(CHANGE, {"code": "40", "documents": posted}).status_code == 403
    EInvoice.objects.update(administration=elsewhere)
    stranger = log_in(*HANDLING, username="stranger")
    stranger_groups = stranger.get(LIST)
    assert stranger_groups.status_code == 200
    from econnect_admin.models import UserGroup

    for group in UserGroup.objects.all():
        group.administrations.remove(elsewhere)
    page = stranger.post(CHANGE, {"code": "40", "documents": posted}).content.decode()
    assert "A-1" not in page
    assert statuses() == {"A-1": "30"}


@pytest.mark.parametrize(
    "documents",
    [
        "",
        "null",
        "[]]",
        "{}",
        "[1]",
        '[["x", "30", 1]]',
        "[[9223372036854775808, 30, 1]]",
        "[" * 9999,
        '[[Infinity, "30", 1]]',
        '[[1, "30", 1e999]]',
    ],
)
def test_what_no_page_sends_is_refused(log_in: LogIn, receive: Receive, documents: str) -> None:
    receive(invoice("A-1"))
    answer = log_in(*HANDLING).post(CHANGE, {"code": "40", "documents": documents})
    assert answer.status_code in {200, 400}
    assert statuses() == {"A-1": "30"}


def test_the_status_of_a_code_that_is_not_offered_is_refused(log_in: LogIn, receive: Receive) -> None:
    received = receive(invoice("A-1"))
    posted = json.dumps([[received["A-1"].pk, "30", 1]])
    assert log_in(*HANDLING).post(CHANGE, {"code": "05", "documents": posted}).status_code == 400


def test_a_revision_that_nobody_saw_is_not_approved(
    log_in: LogIn, receive: Receive, sandbox: Sandbox
) -> None:
    received = receive(invoice("A-1"))
    client = log_in(*HANDLING)
    documents = documents_of(choose(client, "approve", *received.values()))
    sandbox.account.revise(received["A-1"].external_id, invoice("A-1", payable="99999.00"))
    receive()
    page = client.post(CHANGE, {"code": "40", "documents": documents}).content.decode()
    assert "1 e-factuur is niet gewijzigd" in page
    assert statuses() == {"A-1": "30"}
