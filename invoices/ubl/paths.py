"""Where the facts of EN 16931 stand in UBL 2.1: one table for an Invoice, one for a CreditNote."""

from dataclasses import dataclass

from invoices.ubl import facts
from invoices.ubl.collecting import CAC, CBC, each, inside, many, one, text, value
from invoices.ubl.values import read_amount, read_boolean, read_date, read_decimal


@dataclass(frozen=True, kw_only=True)
class TaxScheme:
    """A registration of a party; only that for VAT is a fact."""

    scheme: str | None = None
    company_id: str | None = None


_PERIOD = {
    CBC + "StartDate": value("period_start", read_date),
    CBC + "EndDate": value("period_end", read_date),
}

_PARTY = {
    CAC + "Party": inside(
        {
            CBC + "EndpointID": text("endpoint", endpoint_scheme="schemeID"),
            CAC + "PartyName": inside({CBC + "Name": text("trading_name")}),
            CAC + "PostalAddress": inside(
                {
                    CBC + "StreetName": text("street"),
                    CBC + "CityName": text("city"),
                    CBC + "PostalZone": text("postal_code"),
                    CAC + "Country": inside({CBC + "IdentificationCode": text("country")}),
                }
            ),
            CAC + "PartyTaxScheme": many(
                "tax_schemes",
                {
                    CBC + "CompanyID": text("company_id"),
                    CAC + "TaxScheme": inside({CBC + "ID": text("scheme")}),
                },
                TaxScheme,
            ),
            CAC + "PartyLegalEntity": inside(
                {
                    CBC + "RegistrationName": text("name"),
                    CBC + "CompanyID": text("legal_id", legal_id_scheme="schemeID"),
                }
            ),
            CAC + "Contact": inside(
                {
                    CBC + "ElectronicMail": text("email"),
                    CBC + "Telephone": text("phone"),
                }
            ),
        }
    ),
}

_PAYMENT_MEANS = {
    CBC + "PaymentMeansCode": text("code"),
    CBC + "PaymentDueDate": value("due_date", read_date),
    CBC + "PaymentID": text("payment_reference"),
    CAC + "PayeeFinancialAccount": many(
        "accounts",
        {
            CBC + "ID": text("iban"),
            CBC + "Name": text("name"),
            CAC + "FinancialInstitutionBranch": inside({CBC + "ID": text("bic")}),
        },
        facts.PayeeAccount,
    ),
    CAC + "PaymentMandate": inside({CBC + "ID": text("mandate_reference")}),
}

_LINE_ALLOWANCE_CHARGE = {
    CBC + "ChargeIndicator": value("is_charge", read_boolean),
    CBC + "AllowanceChargeReasonCode": text("reason_code"),
    CBC + "AllowanceChargeReason": text("reason"),
    CBC + "MultiplierFactorNumeric": value("percent", read_decimal),
    CBC + "Amount": value("amount", read_amount),
    CBC + "BaseAmount": value("base", read_amount),
}
_ALLOWANCE_CHARGE = _LINE_ALLOWANCE_CHARGE | {
    CAC + "TaxCategory": inside(
        {
            CBC + "ID": text("vat_category"),
            CBC + "Percent": value("vat_rate", read_decimal),
        }
    ),
}

_TAX_TOTAL = {
    CBC + "TaxAmount": value("amount", read_amount),
    CAC + "TaxSubtotal": many(
        "breakdown",
        {
            CBC + "TaxableAmount": value("taxable", read_amount),
            CBC + "TaxAmount": value("tax", read_amount),
            CAC + "TaxCategory": inside(
                {
                    CBC + "ID": text("category"),
                    CBC + "Percent": value("rate", read_decimal),
                    CBC + "TaxExemptionReasonCode": text("exemption_code"),
                    CBC + "TaxExemptionReason": text("exemption_reason"),
                }
            ),
        },
        facts.VatSubtotal,
    ),
}

_MONETARY_TOTAL = {
    CBC + "LineExtensionAmount": value("line_extension_amount", read_amount),
    CBC + "TaxExclusiveAmount": value("tax_exclusive", read_amount),
    CBC + "TaxInclusiveAmount": value("tax_inclusive", read_amount),
    CBC + "AllowanceTotalAmount": value("allowance_total", read_amount),
    CBC + "ChargeTotalAmount": value("charge_total", read_amount),
    CBC + "PrepaidAmount": value("prepaid", read_amount),
    CBC + "PayableRoundingAmount": value("rounding", read_amount),
    CBC + "PayableAmount": value("payable", read_amount),
}

_LINE = {
    CBC + "ID": text("id"),
    CBC + "Note": text("note"),
    CBC + "LineExtensionAmount": value("net_amount", read_amount),
    CBC + "AccountingCost": text("accounting_cost"),
    CAC + "InvoicePeriod": inside(_PERIOD),
    CAC + "OrderLineReference": inside({CBC + "LineID": text("order_line_reference")}),
    CAC + "AllowanceCharge": many("allowances_charges", _LINE_ALLOWANCE_CHARGE, facts.AllowanceCharge),
    CAC + "Item": inside(
        {
            CBC + "Name": text("name"),
            CBC + "Description": text("description"),
            CAC + "BuyersItemIdentification": inside({CBC + "ID": text("buyer_item_id")}),
            CAC + "SellersItemIdentification": inside({CBC + "ID": text("seller_item_id")}),
            CAC + "StandardItemIdentification": inside(
                {
                    CBC + "ID": text("standard_item_id", standard_item_id_scheme="schemeID"),
                }
            ),
            CAC + "ClassifiedTaxCategory": inside(
                {
                    CBC + "ID": text("vat_category"),
                    CBC + "Percent": value("vat_rate", read_decimal),
                }
            ),
            CAC + "AdditionalItemProperty": many(
                "item_properties",
                {CBC + "Name": text("name"), CBC + "Value": text("value")},
                facts.ItemProperty,
            ),
        }
    ),
    CAC + "Price": inside(
        {
            CBC + "PriceAmount": value("price", read_amount),
            CBC + "BaseQuantity": value("price_base_quantity", read_decimal),
        }
    ),
}

_ATTACHMENT = {
    CBC + "ID": text("id"),
    CBC + "DocumentTypeCode": text("type_code"),
    CBC + "DocumentDescription": text("description"),
    CAC + "Attachment": inside(
        {
            CBC + "EmbeddedDocumentBinaryObject": text("embedded", mime="mimeCode", filename="filename"),
            CAC + "ExternalReference": inside({CBC + "URI": text("external_uri")}),
        }
    ),
}

_DOCUMENT = {
    CBC + "CustomizationID": text("customization_id"),
    CBC + "ProfileID": text("profile_id"),
    CBC + "ID": text("number"),
    CBC + "IssueDate": value("issue_date", read_date),
    CBC + "TaxPointDate": value("tax_point_date", read_date),
    CBC + "Note": each("notes"),
    CBC + "DocumentCurrencyCode": text("currency"),
    CBC + "TaxCurrencyCode": text("tax_currency"),
    CBC + "AccountingCost": text("accounting_cost"),
    CBC + "BuyerReference": text("buyer_reference"),
    CAC + "InvoicePeriod": inside(_PERIOD),
    CAC + "OrderReference": inside({CBC + "ID": text("order_reference")}),
    CAC + "BillingReference": inside(
        {
            CAC + "InvoiceDocumentReference": many(
                "preceding_invoices",
                {CBC + "ID": text("id"), CBC + "IssueDate": value("issue_date", read_date)},
                facts.PrecedingInvoice,
            ),
        }
    ),
    CAC + "ContractDocumentReference": inside({CBC + "ID": text("contract_reference")}),
    CAC + "AdditionalDocumentReference": many("attachments", _ATTACHMENT, facts.Attachment),
    CAC + "AccountingSupplierParty": one("seller", _PARTY),
    CAC + "AccountingCustomerParty": one("buyer", _PARTY),
    CAC + "PayeeParty": inside({CAC + "PartyName": inside({CBC + "Name": text("payee_name")})}),
    CAC + "PaymentMeans": many("payment_means", _PAYMENT_MEANS, facts.PaymentMeans),
    CAC + "PaymentTerms": inside({CBC + "Note": text("payment_terms_note")}),
    CAC + "AllowanceCharge": many("allowances_charges", _ALLOWANCE_CHARGE, facts.AllowanceCharge),
    CAC + "TaxTotal": many("tax_totals", _TAX_TOTAL, facts.TaxTotal),
    CAC + "LegalMonetaryTotal": inside(_MONETARY_TOTAL),
}

INVOICE = _DOCUMENT | {
    CBC + "InvoiceTypeCode": text("type_code"),
    CBC + "DueDate": value("due_date", read_date),
    CAC + "ProjectReference": inside({CBC + "ID": text("project_reference")}),
    CAC + "InvoiceLine": many(
        "lines",
        _LINE | {CBC + "InvoicedQuantity": value("quantity", read_decimal, unit="unitCode")},
        facts.Line,
    ),
}

CREDIT_NOTE = _DOCUMENT | {
    CBC + "CreditNoteTypeCode": text("type_code"),
    CAC + "CreditNoteLine": many(
        "lines",
        _LINE | {CBC + "CreditedQuantity": value("quantity", read_decimal, unit="unitCode")},
        facts.Line,
    ),
}
