"""The list of e-invoices: search, filters, order, and what it costs."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from econnect_admin.models import Administration, UserGroup
from econnect_admin.rights.activating import activate_all
from invoices.models import EInvoice
from tests.browser.conftest import Import, sample
from tests.documents import invoice

Found = Callable[[str], list[str]]


@pytest.fixture
def found(reader: Client) -> Found:
    """The numbers on the list, in its order."""

    def numbers(query: str) -> list[str]:
        response = reader.get(f"/invoices/einvoice/{query}")
        assert response.status_code == 200
        cells = re.findall(r'class="field-number[^>]*>(.*?)</t[hd]>', response.content.decode(), re.DOTALL)
        return [re.sub(r"<[^>]+>", " ", cell).split()[0] for cell in cells]

    return numbers


def test_the_newest_comes_first(imported: Import, found: Found) -> None:
    imported(invoice("THIRD"), invoice("SECOND"), invoice("FIRST"))
    assert found("") == ["THIRD", "SECOND", "FIRST"]


def test_a_part_of_a_number_finds_it_in_any_case(imported: Import, found: Found) -> None:
    imported(invoice("INV-2026-0041"), invoice("INV-2027-0042"))
    assert found("?q=0041") == ["INV-2026-0041"]
    assert found("?q=inv-2026") == ["INV-2026-0041"]


def test_spaces_do_not_matter_and_words_may_be_of_the_number_and_the_supplier(
    imported: Import, found: Found
) -> None:
    imported(invoice("A-1", supplier="Bakker  Staal B.V."), invoice("A-2", supplier="Bakker Hout"))
    assert found("?q=Bakker Staal") == ["A-1"]
    assert found("?q=%20Bakker%20%20%20Staal%20") == ["A-1"]
    assert found("?q=a-2 bakker") == ["A-2"]


def test_a_part_of_the_suppliers_name_finds_its_invoices(imported: Import, found: Found) -> None:
    imported(invoice("A", supplier="Bakker Staal B.V."), invoice("B", supplier="Jansen Schilders"))
    assert found("?q=staal") == ["A"]
    assert found("?supplier=SCHILD") == ["B"]


def test_a_search_for_signs_that_mean_something_to_a_database_is_a_search(
    imported: Import, found: Found
) -> None:
    imported(invoice("100%", supplier="50% korting"), invoice("1000", supplier="Bakker"))
    assert found("?q=100%25") == ["100%"]
    assert found("?q='") == []


@pytest.mark.parametrize(
    "parameter", ["q", "supplier", "kind", "status", "problems", "current__due_date_from"]
)
def test_a_nul_in_an_address_is_no_error_of_ours(reader: Client, parameter: str) -> None:
    response = reader.get(f"/invoices/einvoice/?{parameter}=%00")
    assert response.status_code == 400
    assert "iets wat dit programma niet begrijpt" in response.content.decode()


def test_filters_narrow_the_list(imported: Import, found: Found) -> None:
    imported(
        invoice("GOOD"),
        invoice("BAD", payable="999.00"),
        sample("jansen-schilders-CN-2026-017"),
        sample("van-leeuwen-selfbilling-SB-26-0087"),
    )
    assert found("?problems=yes") == ["BAD"]
    assert "BAD" not in found("?problems=no")
    assert found("?kind=credit_note") == ["CN-2026-017"]
    assert found("?kind=self_billed") == ["SB-26-0087"]
    assert len(found("?status=30")) == 4
    assert found("?status=35&status=40") == []


def test_dates_are_filtered_from_and_to(imported: Import, found: Found) -> None:
    imported(invoice("A"))
    due = date(2026, 12, 20)
    before, after = ((due + timedelta(days=days)).strftime("%d-%m-%Y") for days in (-1, 1))
    assert found(f"?current__due_date_from={before}&current__due_date_to={after}") == ["A"]
    assert found(f"?current__due_date_from={after}") == []
    assert found(f"?current__due_date_to={before}") == []
    assert found(f"?current__issue_date_to={after}") == ["A"]


def test_what_is_no_date_finds_nothing_and_is_said_beside_the_list(
    imported: Import, reader: Client, found: Found
) -> None:
    imported(invoice("A"))
    assert found("?current__due_date_from=morgen") == []
    page = reader.get("/invoices/einvoice/?current__due_date_from=morgen").content.decode()
    before_the_filters = page.partition('id="changelist-filter"')[0]
    assert "In het filter op vervaldatum staat &quot;morgen&quot;" in before_the_filters


def test_the_administration_stands_in_the_list_when_there_are_several(
    imported: Import, administration: Administration, reader: Client
) -> None:
    imported(invoice("A"))
    assert "field-administration" not in reader.get("/invoices/einvoice/").content.decode()
    another = Administration.objects.create(code="B", name="B", database=administration.database)
    activate_all(another, by="test")
    assert "field-administration" not in reader.get("/invoices/einvoice/").content.decode()
    UserGroup.objects.get().administrations.add(another)
    assert "field-administration" in reader.get("/invoices/einvoice/").content.decode()


def test_a_due_date_that_has_passed_is_marked_until_it_is_paid(imported: Import, reader: Client) -> None:
    imported(
        invoice("A").replace(b"2026-12-20", b"2020-01-31"), invoice("B").replace(b"2026-12-20", b"2999-01-31")
    )
    assert reader.get("/invoices/einvoice/").content.decode().count("te laat") == 1
    EInvoice.objects.update(status_code="70")
    assert "te laat" not in reader.get("/invoices/einvoice/").content.decode()


def test_a_longer_list_takes_no_more_queries(imported: Import, reader: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            reader.get("/invoices/einvoice/")
        return len(captured)

    imported(invoice("A"))
    reader.get("/invoices/einvoice/")
    of_one = queries()
    imported(*(invoice(f"B-{number}") for number in range(12)))
    assert queries() == of_one
