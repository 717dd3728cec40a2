"""Previous and next on the page of an e-invoice: in the list as it was filtered and ordered."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from econnect_admin.models import User
from invoices.models import EInvoice, EInvoiceVersion
from tests.browser.conftest import VIEW_ALL, Import
from tests.documents import invoice


@pytest.fixture
def five(imported: Import) -> dict[str, EInvoice]:
    """A to E by number, the newest first in the list; two of them are of the same day, and one of none."""
    imported(*(invoice(letter, supplier=f"Firma {letter.lower() * 3}") for letter in "ABCDE"))
    for letter, issue_date in zip("ABCDE", (3, 1, 1, 2, None), strict=True):
        day = issue_date and date(2026, 11, issue_date)
        EInvoiceVersion.objects.filter(number=letter).update(issue_date=day)
    return {einvoice.current_version.number: einvoice for einvoice in EInvoice.objects.all()}


def around(client: Client, five: dict[str, EInvoice], letter: str, query: str = "") -> tuple[str, str]:
    """The numbers before and after this one in that list; "" for none."""
    page = client.get(f"/invoices/einvoice/{five[letter].pk}/change/", {"_changelist_filters": query})
    numbers = {str(einvoice.pk): number for number, einvoice in five.items()}
    found = dict(
        re.findall(r'rel="(prev|next)" href="/invoices/einvoice/(\d+)/change/', page.content.decode())
    )
    return numbers.get(found.get("prev", ""), ""), numbers.get(found.get("next", ""), "")


def test_they_follow_the_order_of_the_list(reader: Client, five: dict[str, EInvoice]) -> None:
    for query in ("", *(f"o={sign}{at}" for at in range(9) for sign in ("", "-")), "o=2.-0", "o=-2.1"):
        listed = reader.get(f"/invoices/einvoice/?{query}").content.decode().partition("<tbody")[2]
        places = {letter: listed.index(f"/einvoice/{row.pk}/change/") for letter, row in five.items()}
        order = ["", *sorted(places, key=places.__getitem__), ""]
        for letter in "BCE":  # two of the same day, and the one of none
            at = order.index(letter)
            assert around(reader, five, letter, query) == (order[at - 1], order[at + 1]), (letter, query)


def test_they_keep_to_the_filter_and_the_search(reader: Client, five: dict[str, EInvoice]) -> None:
    EInvoice.objects.filter(pk__in=[five["B"].pk, five["D"].pk]).update(status_code="40")
    assert around(reader, five, "B", "status=40") == ("", "D")
    assert around(reader, five, "D", "status=40&o=-1") == ("", "B")
    assert around(reader, five, "A", "q=ccc") == ("", "C")
    page = reader.get(
        f"/invoices/einvoice/{five['B'].pk}/change/", {"_changelist_filters": "status=40"}
    ).content.decode()
    assert f'/{five["D"].pk}/change/?_changelist_filters={quote("status=40")}"' in page


def test_what_left_the_filter_still_leads_on(reader: Client, five: dict[str, EInvoice]) -> None:
    """Approved in the list of what is not approved: the next is the one that came after it there."""
    EInvoice.objects.filter(pk=five["C"].pk).update(status_code="40")
    assert around(reader, five, "C", "status=30") == ("B", "D")


def test_a_query_that_makes_no_sense_leads_nowhere_or_on(reader: Client, five: dict[str, EInvoice]) -> None:
    address = f"/invoices/einvoice/{five['B'].pk}/change/?_changelist_filters="
    queries = ("status=%00", "o=99", "o=x", "nonsense=1", "p=9999", "administration__id__exact=x", "%ff=%fe")
    statuses = {query: reader.get(address + quote(query)).status_code for query in queries}
    assert statuses == dict.fromkeys(queries, 200)


def test_what_the_list_says_of_a_filter_is_not_said_again(reader: Client, five: dict[str, EInvoice]) -> None:
    query = "current__issue_date_from=nonsense"
    page = reader.get(f"/invoices/einvoice/{five['B'].pk}/change/", {"_changelist_filters": query})
    assert "nonsense&quot;, " not in page.content.decode()
    assert list(page.context["messages"]) == []


def test_they_are_those_that_one_may_see(
    client: Client, five: dict[str, EInvoice], person: Callable[..., User], elsewhere: object
) -> None:
    client.force_login(person(*VIEW_ALL, username="other"))
    EInvoice.objects.filter(pk=five["C"].pk).update(administration=elsewhere)
    from econnect_admin.models import UserGroup

    UserGroup.objects.get(name="group of other").administrations.remove(elsewhere)
    assert around(client, five, "B") == ("A", "D")


def test_a_page_takes_few_questions_to_the_database(reader: Client, five: dict[str, EInvoice]) -> None:
    address = f"/invoices/einvoice/{five['C'].pk}/change/?_changelist_filters=status%3D30"
    reader.get(address)
    with CaptureQueriesContext(connection) as asked:
        reader.get(address)
    assert len(asked) <= 36
