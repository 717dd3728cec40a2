"""Filters that count, and what is typed into the search."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from invoices.statuses.changing import change_status
from tests.conversion.writing import document
from tests.documents import invoice
from tests.lists.conftest import Receive

LogIn = Callable[..., Client]


def counts(client: Client, query: str, facet: str) -> dict[str, int]:
    page = client.get(f"/invoices/einvoice/facets/?{query}").content.decode()
    part = page[page.index(f'id="facet-{facet}"') :].partition("</ul>")[0]
    found = re.findall(r"<bdi>(.*?)</bdi>.*?ec-figures\">([\d.]+)<", part)
    return {name: int(count.replace(".", "")) for name, count in found}


def numbers(client: Client, query: str) -> list[str]:
    page = client.get(f"/invoices/einvoice/?{query}").content.decode()
    return sorted(set(re.findall(r">((?:A|B)-\d)<", page)))


def test_the_counts_follow_the_rest_of_the_filter(log_in: LogIn, receive: Receive) -> None:
    received = receive(invoice("A-1"), invoice("A-2", payable="1.00"), invoice("B-1", supplier="De Haan"))
    change_status(received["A-1"], "40", by="somebody")
    client = log_in("invoices.view_einvoice")
    assert counts(client, "", "status") == {"Gedownload": 2, "Goedgekeurd": 1}
    assert counts(client, "q=Bakker", "status") == {"Gedownload": 1, "Goedgekeurd": 1}
    # its own choice does not narrow a facet, those of others do
    assert counts(client, "status=40", "status") == {"Gedownload": 2, "Goedgekeurd": 1}
    assert counts(client, "problems=yes", "status") == {"Gedownload": 1}


@pytest.mark.parametrize(
    "typed",
    ["NL91 ABNA 0613 4502 99", "nl91abna0613450299", "PO-7731", "20117364", "NL806311940B01", "1.512,50"],
)
def test_the_search_knows_what_people_have_before_them(log_in: LogIn, receive: Receive, typed: str) -> None:
    mine = document("A-1", lines=(("1250.00", "S", "21"),)).replace(
        b"</cbc:DocumentCurrencyCode>",
        b"</cbc:DocumentCurrencyCode>\n<cac:OrderReference><cbc:ID>PO-7731</cbc:ID></cac:OrderReference>",
    )
    other = document(
        "B-1",
        supplier="Ander",
        vat="NL000000000B02",
        kvk="99999999",
        endpoint="99999999",
        ibans=["NL02RABO0123456789"],
    )
    receive(mine, other)
    client = log_in("invoices.view_einvoice")
    assert numbers(client, "") == ["A-1", "B-1"]
    assert numbers(client, f"q={typed.replace(' ', '+')}") == ["A-1"]
