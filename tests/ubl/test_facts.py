"""How facts are read where documents differ in writing, or say a thing twice."""

from decimal import Decimal

import pytest

from invoices.ubl.reader import read_ubl
from tests.ubl.samples import own
from tests.ubl.writing import credit_note, invoice

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("<cbc:ID>2026-0041</cbc:ID>", "2026-0041"),
        ("<cbc:ID>\r\n\t 2026-0041 \r\n</cbc:ID>", "2026-0041"),
        ("<cbc:ID>2026 /  41</cbc:ID>", "2026 /  41"),
        ("<cbc:ID>2026<!-- really? -->-<?print bold?>0041</cbc:ID>", "2026-0041"),
        ("<cbc:ID><![CDATA[<2026> & ]]>0041</cbc:ID>", "<2026> & 0041"),
        ("<cbc:ID>&#50;&lt;&amp;</cbc:ID>", "2<&"),
        ("<cbc:ID>\u00a07\u00a0</cbc:ID>", "\u00a07\u00a0"),
        ("<cbc:ID/>", None),
        ("<cbc:ID> \n </cbc:ID>", None),
        ("<cbc:ID><!-- to be filled in --></cbc:ID>", None),
        (f'<cbc:ID {XSI} xsi:nil="true"/>', None),
        ("", None),
    ],
)
def test_a_text_is_what_is_written_without_white_space_around_it(written: str, number: str | None) -> None:
    assert read_ubl(invoice(written)).number == number


def test_of_what_may_stand_once_the_first_counts() -> None:
    assert read_ubl(invoice("<cbc:ID>1</cbc:ID><cbc:ID>2</cbc:ID>")).number == "1"


def test_every_note_is_kept_but_for_the_empty_ones() -> None:
    notes = "<cbc:Note>Eerste</cbc:Note><cbc:Note/><cbc:Note>Tweede\nregel</cbc:Note>"
    assert read_ubl(invoice(notes)).notes == ("Eerste", "Tweede\nregel")


@pytest.mark.parametrize(
    "unknown",
    [
        "<cbc:Unknown>9</cbc:Unknown>",
        '<x:ID xmlns:x="urn:other">9</x:ID>',
        "<ID>9</ID>",
        "<cac:Unknown><cbc:ID>9</cbc:ID><cac:InvoiceLine/></cac:Unknown>",
        '<e:UBLExtensions xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2">'
        "<e:UBLExtension><e:ExtensionContent><cbc:ID>9</cbc:ID><cbc:IssueDate>?</cbc:IssueDate>"
        "</e:ExtensionContent></e:UBLExtension></e:UBLExtensions>",
        "<cac:InvoiceLineReference><cbc:LineID>9</cbc:LineID></cac:InvoiceLineReference>",
    ],
)
def test_what_is_unknown_is_passed_over_with_all_that_is_in_it(unknown: str) -> None:
    assert read_ubl(invoice(f"{unknown}<cbc:ID>1</cbc:ID>")) == read_ubl(invoice("<cbc:ID>1</cbc:ID>"))


def test_sub_lines_are_no_lines() -> None:
    sub = "<cac:SubInvoiceLine><cbc:ID>1.1</cbc:ID></cac:SubInvoiceLine>"
    document = read_ubl(invoice(f"<cac:InvoiceLine><cbc:ID>1</cbc:ID>{sub}</cac:InvoiceLine>"))
    assert [line.id for line in document.lines] == ["1"]


def test_prefixes_and_default_namespaces_are_a_matter_of_taste() -> None:
    ubl = "urn:oasis:names:specification:ubl:schema:xsd:"
    written = f"""<u:Invoice xmlns:u="{ubl}Invoice-2"><ID xmlns="{ubl}CommonBasicComponents-2">7</ID>
        <OrderReference xmlns="{ubl}CommonAggregateComponents-2"><q:ID
        xmlns:q="{ubl}CommonBasicComponents-2">PO-1</q:ID></OrderReference></u:Invoice>"""
    plain = "<cbc:ID>7</cbc:ID><cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>"
    assert read_ubl(written.encode()) == read_ubl(invoice(plain))


def test_line_ends_of_windows_change_no_fact() -> None:
    document = own("kuiper-hout-INV-55120.xml")
    assert read_ubl(document.replace(b"\n", b"\r\n")) == read_ubl(document)


def test_a_document_in_utf_16_has_the_same_facts() -> None:
    document = own("kranverleih-voss-G-2026-0093.xml")
    as_utf_16 = document.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert read_ubl(as_utf_16) == read_ubl(document)


@pytest.mark.parametrize("code", ["389", "527", "261"])
def test_a_self_billed_type_is_told_apart(code: str) -> None:
    assert read_ubl(invoice(f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>")).self_billed


@pytest.mark.parametrize("code", ["380", "384", "326", ""])
def test_another_type_is_not_self_billed(code: str) -> None:
    assert not read_ubl(invoice(f"<cbc:InvoiceTypeCode>{code}</cbc:InvoiceTypeCode>")).self_billed


def test_in_a_self_billed_invoice_the_receiver_is_the_seller() -> None:
    document = read_ubl(own("van-leeuwen-selfbilling-SB-26-0087.xml"))
    assert document.self_billed
    assert (document.seller.name, document.buyer.name) == (
        "Ref Bouw B.V.",
        "Van Leeuwen Projectontwikkeling B.V.",
    )


@pytest.mark.parametrize("account", ["5805-6201", "SE-BG 123", "735-0123456-89", "0417164300", "NL00BANK0"])
def test_an_account_that_is_no_iban_is_kept_as_written(account: str) -> None:
    means = f"<cac:PayeeFinancialAccount><cbc:ID>{account}</cbc:ID></cac:PayeeFinancialAccount>"
    document = read_ubl(invoice(f"<cac:PaymentMeans>{means}</cac:PaymentMeans>"))
    assert [payee.iban for payee in document.payee_accounts] == [account]


def test_all_accounts_are_facts_in_their_order_with_the_g_account_among_them() -> None:
    accounts = read_ubl(own("van-dam-wapening-260774.xml")).payee_accounts
    assert [account.iban for account in accounts] == ["NL98INGB0007318264", "NL65INGB0990417350"]


def test_a_vat_total_in_the_tax_currency_is_another_fact() -> None:
    document = read_ubl(own("scandia-hout-S-2600519.xml"))
    assert (document.tax_total, document.tax_total_in_tax_currency) == (
        Decimal("17792.85"),
        Decimal("1611.38"),
    )
    assert len(document.vat_breakdown) == 1


def test_a_vat_breakdown_in_the_tax_currency_is_not_that_of_the_document() -> None:
    def total(currency: str, rate: str) -> str:
        return (
            f'<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">1</cbc:TaxAmount><cac:TaxSubtotal>'
            f"<cac:TaxCategory><cbc:Percent>{rate}</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        )

    currency = "<cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>"
    document = read_ubl(invoice(currency + total("EUR", "21") + total("SEK", "25")))
    assert [row.rate for row in document.vat_breakdown] == [Decimal(25)]


def test_the_vat_number_is_that_of_the_vat_scheme() -> None:
    seller = read_ubl(own("schulte-baumaschinen-RE-104882.xml")).seller
    assert seller.vat_id == "DE287654316"


def test_a_credit_note_has_its_due_date_and_project_elsewhere() -> None:
    document = read_ubl(own("kranverleih-voss-G-2026-0093.xml"))
    assert document.due_date is not None
    assert document.due_date.written == "2026-11-19"
    assert document.project_reference == "P26-0104"
    assert document.attachments == ()


def test_a_due_date_of_an_invoice_in_a_credit_note_is_no_fact() -> None:
    assert read_ubl(credit_note("<cbc:DueDate>2026-12-01</cbc:DueDate>")).due_date is None


def test_a_document_of_nothing_has_no_facts() -> None:
    document = read_ubl(credit_note(""))
    assert (document.kind, document.number, document.payable) == ("credit_note", None, None)
    assert (document.lines, document.notes, document.payee_accounts, document.vat_breakdown) == (
        (),
        (),
        (),
        (),
    )
