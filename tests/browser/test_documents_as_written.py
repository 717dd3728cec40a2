"""The page of a document says what the document says: no less, no more, no rounder."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from econnect_admin.models import Administration
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from tests.browser.conftest import Import, sample
from tests.documents import invoice

Shown = Callable[..., str]


@pytest.fixture
def shown(reader: Client) -> Shown:
    """The text of the page of the only e-invoice, in one line."""

    def text(query: str = "", language: str = "nl") -> str:
        [einvoice] = EInvoice.objects.all()
        reader.cookies["django_language"] = language
        response = reader.get(f"/invoices/einvoice/{einvoice.pk}/change/{query}")
        assert response.status_code == 200
        document = response.content.decode().partition('<div class="ec-page">')[2]
        return re.sub(r"\s+", " ", strip_tags(document.replace("<", " <")))

    return text


def badges_of_list(reader: Client) -> list[str]:
    page = reader.get("/invoices/einvoice/").content.decode().partition("<tbody")[2]
    return [text.strip() for text in re.findall(r'<span class="inline-block [^>]*>([^<]*)</span>', page)]


@pytest.mark.parametrize(
    ("written", "in_dutch", "in_english"),
    [
        ("4900.0", "€ 4.900,00", "€ 4,900.00"),
        ("4900", "€ 4.900,00", "€ 4,900.00"),
        ("1234567.891234", "€ 1.234.567,891234", "€ 1,234,567.891234"),
        ("-0.50", "€ -0,50", "€ -0.50"),
    ],
)
def test_an_amount_has_its_cents_and_each_digit_that_was_written(
    imported: Import, shown: Shown, written: str, in_dutch: str, in_english: str
) -> None:
    imported(invoice(payable=written))
    assert f"Te betalen {in_dutch} " in shown()
    assert f"Amount to pay {in_english} " in shown(language="en")


def test_codes_are_said_in_words(imported: Import, shown: Shown) -> None:
    imported(sample("van-dam-wapening-260774"))
    text = shown()
    assert "SEPA-overschrijving" in text
    assert re.search(r"\d uur € ", text)
    assert "KvK-nummer" in text
    assert "Afgeleverd via postvak" in text
    assert "NLCIUS (SI-UBL 2.0) urn:cen.eu:en16931:2017#compliant" in text


def test_a_g_account_is_called_so_beside_the_other_account(imported: Import, shown: Shown) -> None:
    imported(sample("van-dam-wapening-260774"))
    text = shown()
    assert "G-rekening NL65 INGB 0990 4173 50" in text
    assert len(re.findall(r"Rekening NL\d\d", text)) == 1


def test_a_credit_note_is_told_apart(reader: Client, imported: Import, shown: Shown) -> None:
    imported(sample("jansen-schilders-CN-2026-017"))
    assert shown().strip().startswith("Creditnota")
    assert badges_of_list(reader) == ["Creditnota", "Gedownload"]


def test_the_amount_of_a_credit_note_is_no_amount_to_pay(
    reader: Client, imported: Import, shown: Shown
) -> None:
    imported(sample("jansen-schilders-CN-2026-017"))
    text = shown()
    assert "Te verrekenen € 1.190,30" in text
    assert "Te betalen" not in text
    assert "Creditnota" in reader.get("/").content.decode()
    row = strip_tags(reader.get("/invoices/einvoice/").content.decode().partition("<tbody")[2])
    assert "credit €\u00a01.190,30" in row


def test_a_self_billed_invoice_is_told_apart(reader: Client, imported: Import, shown: Shown) -> None:
    imported(sample("van-leeuwen-selfbilling-SB-26-0087"))
    assert shown().strip().startswith("Factuur uitgereikt door afnemer")
    assert badges_of_list(reader) == ["Uitgereikt door afnemer", "Gedownload"]
    assert "Uitgereikt door afnemer" in reader.get("/").content.decode()


def test_an_amount_in_another_currency_has_its_code(imported: Import, shown: Shown) -> None:
    imported(sample("scandia-hout-S-2600519"))
    assert "Te betalen SEK 102.520,73 " in shown()


def test_what_a_document_does_not_say_is_not_there(imported: Import, shown: Shown) -> None:
    imported(invoice())
    text = shown()
    for absent in ("Vooruitbetaald", "Afronding", "Bijlagen", "Opmerkingen", "Contract", "None"):
        assert absent not in text


def test_findings_stand_on_top_in_words_with_their_rule(imported: Import, shown: Shown) -> None:
    imported(invoice(payable="1234.50"))
    finding = "Het te betalen bedrag is 1.234,50, maar het totaal met btw, vooruitbetaald en de afronding"
    text = shown()
    assert f"{finding} geven 121,00. BR-CO-16" in text
    assert text.index("BR-CO-16") < text.index("Afnemer")


def test_a_document_without_amounts_and_lines_is_shown(imported: Import, shown: Shown) -> None:
    content = invoice().decode()
    for element in ("LegalMonetaryTotal", "TaxTotal", "InvoiceLine"):
        content = re.sub(rf"<cac:{element}>.*</cac:{element}>", "", content, flags=re.DOTALL)
    imported(content.encode())
    assert "De factuur heeft geen regels (BG-25)." in shown()


def test_five_thousand_lines_come_a_hundred_at_a_time(imported: Import, shown: Shown) -> None:
    content = invoice().decode()
    [line] = re.findall(r"<cac:InvoiceLine>.*</cac:InvoiceLine>", content, flags=re.DOTALL)
    lines = "".join(line.replace("Balk", f"Balk {number}.") for number in range(1, 5001))
    imported(content.replace(line, lines).encode())
    first, last = shown(), shown("?version=1&page=50")
    assert "5.000 regels" in first
    assert ("Balk 100." in first, "Balk 101." in first) == (True, False)
    assert ("Balk 4900." in last, "Balk 4901." in last, "Balk 5000." in last) == (False, True, True)


def test_an_earlier_version_stays_readable(
    sandbox: Sandbox, administration: Administration, run_import: Callable[..., Any], shown: Shown
) -> None:
    external_id = sandbox.account.add(invoice(payable="121.00"))
    run_import(administration)
    sandbox.account.revise(external_id, invoice(payable="122.00"))
    run_import(administration)
    assert "Te betalen € 122,00 " in shown()
    earlier = shown("?version=1")
    assert "Te betalen € 121,00 " in earlier
    assert "Een latere versie kwam ervoor in de plaats." in earlier


def test_a_version_that_never_was_is_not_found(reader: Client, imported: Import) -> None:
    imported(invoice())
    [einvoice] = EInvoice.objects.all()
    for version in ("2", "0", "x", "-1", ""):
        assert reader.get(f"/invoices/einvoice/{einvoice.pk}/change/?version={version}").status_code == 404
