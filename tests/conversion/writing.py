"""E-invoices to be booked, as a supplier could send them: as right or as wrong as a test wants."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

Line = tuple[str, str, str]  # amount, VAT category, rate
_NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
Money = Callable[[str, object], str]
ONE_LINE: Sequence[Line] = (("100.00", "S", "21"),)


def document(
    number: str = "2026-0041",
    *,
    supplier: str = "Bakker Staal B.V.",
    vat: str = "NL806311940B01",
    kvk: str = "20117364",
    endpoint: str = "20117364",
    ibans: Sequence[str] = ("NL91ABNA0613450299",),
    lines: Sequence[Line] = ONE_LINE,
    allowances: Sequence[Line] = (),
    charges: Sequence[Line] = (),
    prepaid: str = "",
    rounding: str = "",
    credit_note: bool = False,
    type_code: str = "",
    currency: str = "EUR",
    item: str = "Balk",
    **totals: str,
) -> bytes:
    """`totals` overrules what the parts make: tax_exclusive, tax_total, tax_inclusive, payable."""
    root = "CreditNote" if credit_note else "Invoice"
    sums = {**_sums(lines, allowances, charges, prepaid, rounding), **totals}

    def money(name: str, amount: object) -> str:
        return f'<cbc:{name} currencyID="{currency}">{amount}</cbc:{name}>'

    vat_rows = "".join(
        f"<cac:TaxSubtotal>{money('TaxableAmount', taxable)}{money('TaxAmount', tax)}"
        f"{_category('TaxCategory', *key)}</cac:TaxSubtotal>"
        for key, (taxable, tax) in _breakdown(lines, allowances, charges).items()
    )
    parts = [
        f"<cbc:ID>{escape(number)}</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate>",
        "" if credit_note else "<cbc:DueDate>2026-12-20</cbc:DueDate>",
        f"<cbc:{root}TypeCode>{type_code or ('381' if credit_note else '380')}</cbc:{root}TypeCode>",
        f"<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>",
        _supplier(supplier, vat, kvk, endpoint),
        *(_account(iban) for iban in ibans),
        *(_document_level(money, "false", *item) for item in allowances),
        *(_document_level(money, "true", *item) for item in charges),
        f"<cac:TaxTotal>{money('TaxAmount', sums['tax_total'])}{vat_rows}</cac:TaxTotal>",
        "<cac:LegalMonetaryTotal>",
        money("LineExtensionAmount", sums["lines"]),
        money("TaxExclusiveAmount", sums["tax_exclusive"]),
        money("TaxInclusiveAmount", sums["tax_inclusive"]),
        money("PrepaidAmount", prepaid) if prepaid else "",
        money("PayableRoundingAmount", rounding) if rounding else "",
        money("PayableAmount", sums["payable"]),
        "</cac:LegalMonetaryTotal>",
        *(_line(money, root, at, item, *line) for at, line in enumerate(lines, 1)),
    ]
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
    return f'<{root} xmlns="{namespace}" {_NAMESPACES}>{"".join(parts)}</{root}>'.encode()


def _sums(
    lines: Sequence[Line], allowances: Sequence[Line], charges: Sequence[Line], prepaid: str, rounding: str
) -> dict[str, object]:
    of_lines = sum((Decimal(line[0]) for line in lines), Decimal(0))
    exclusive = of_lines + sum(Decimal(c[0]) for c in charges) - sum(Decimal(a[0]) for a in allowances)
    vat = sum((tax for _taxable, tax in _breakdown(lines, allowances, charges).values()), Decimal("0.00"))
    payable = exclusive + vat - Decimal(prepaid or 0) + Decimal(rounding or 0)
    return {
        "lines": of_lines,
        "tax_exclusive": exclusive,
        "tax_total": vat,
        "tax_inclusive": exclusive + vat,
        "payable": payable,
    }


def _breakdown(
    lines: Sequence[Line], allowances: Sequence[Line], charges: Sequence[Line]
) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    taxable: dict[tuple[str, str], Decimal] = {}
    for sign, items in ((1, lines), (-1, allowances), (1, charges)):
        for amount, category, rate in items:
            taxable[category, rate] = taxable.get((category, rate), Decimal(0)) + sign * Decimal(amount)
    cent = Decimal("0.01")
    return {
        key: (amount, (amount * Decimal(key[1] or 0) / 100).quantize(cent)) for key, amount in taxable.items()
    }


def _category(element: str, category: str, rate: str) -> str:
    percent = f"<cbc:Percent>{rate}</cbc:Percent>" if rate else ""
    return (
        f"<cac:{element}><cbc:ID>{category}</cbc:ID>{percent}"
        f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{element}>"
    )


def _supplier(name: str, vat: str, kvk: str, endpoint: str) -> str:
    return (
        "<cac:AccountingSupplierParty><cac:Party>"
        + (f'<cbc:EndpointID schemeID="0106">{escape(endpoint)}</cbc:EndpointID>' if endpoint else "")
        + (
            f"<cac:PartyTaxScheme><cbc:CompanyID>{escape(vat)}</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
            if vat
            else ""
        )
        + f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>"
        + (f'<cbc:CompanyID schemeID="0106">{escape(kvk)}</cbc:CompanyID>' if kvk else "")
        + "</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>"
    )


def _account(iban: str) -> str:
    return (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>"
        f"<cac:PayeeFinancialAccount><cbc:ID>{escape(iban)}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    )


def _document_level(money: Money, is_charge: str, amount: str, category: str, rate: str) -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{is_charge}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReason>Vracht</cbc:AllowanceChargeReason>{money('Amount', amount)}"
        f"{_category('TaxCategory', category, rate)}</cac:AllowanceCharge>"
    )


def _line(money: Money, root: str, at: int, item: str, amount: str, category: str, rate: str) -> str:
    quantity = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"
    return (
        f'<cac:{root}Line><cbc:ID>{at}</cbc:ID><cbc:{quantity} unitCode="C62">1</cbc:{quantity}>'
        f"{money('LineExtensionAmount', amount)}"
        f"<cac:Item><cbc:Name>{escape(item)}</cbc:Name>"
        f"{_category('ClassifiedTaxCategory', category, rate)}</cac:Item>"
        f"<cac:Price>{money('PriceAmount', amount)}</cac:Price></cac:{root}Line>"
    )
