"""When an e-invoice is to be paid, said as what is to come or as what has passed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import override

from econnect_admin.models import Administration, User
from invoices.conversion.standard import set_up_ledger
from invoices.models import EInvoice, EInvoiceVersion
from tests.browser.conftest import Import
from tests.conversion.conftest import CONVERTING
from tests.documents import invoice


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        (-23, "nl", "verviel {day} (23 dagen geleden)"),
        (-1, "nl", "verviel {day} (1 dag geleden)"),
        (0, "nl", "vervalt {day} (vandaag)"),
        (30, "nl", "vervalt {day} (over 30 dagen)"),
        (-23, "en", "was due on {day} (23 days ago)"),
        (0, "en", "due on {day} (today)"),
    ],
)
def test_a_due_date_that_has_passed_is_said_as_such(
    client: Client,
    person: Callable[..., User],
    administration: Administration,
    imported: Import,
    days: int,
    language: str,
    words: str,
) -> None:
    set_up_ledger(administration)
    imported(invoice())
    due = timezone.localdate() + timedelta(days)
    EInvoiceVersion.objects.update(due_date=due)
    client.force_login(person(*CONVERTING))
    client.cookies["django_language"] = language
    with override(language):
        expected = words.format(day=date_format(due))
    for page in ("change", "convert"):
        html = client.get(f"/invoices/einvoice/{EInvoice.objects.get().pk}/{page}/").content.decode()
        [what] = re.findall(r'<div class="ec-what">(.*?)</div>', html, flags=re.DOTALL)
        said = " ".join(strip_tags(what).split())
        assert said.endswith(expected), page
        assert ("was " in said) == ("was " in expected), page
