"""UBL 2.1 Invoice and CreditNote: bytes in, one frozen tree of facts out.

Read as Peppol BIS Billing 3, SI-UBL 2.0 / NLCIUS, EN 16931 and XRechnung use them. A value that
is written but is none of its type refuses the whole document; an unknown element is passed over.
"""

from econnect_admin.safe_xml import XmlError, parse_xml
from invoices.ubl import facts
from invoices.ubl.collecting import Found, Table, collect, lists_of, make_fact
from invoices.ubl.errors import Reason, UblError
from invoices.ubl.paths import CREDIT_NOTE, INVOICE, TaxScheme

_UBL = "{urn:oasis:names:specification:ubl:schema:xsd:"
_ROOTS: dict[str, tuple[facts.Kind, Table]] = {
    f"{_UBL}Invoice-2}}Invoice": ("invoice", INVOICE),
    f"{_UBL}CreditNote-2}}CreditNote": ("credit_note", CREDIT_NOTE),
}
_LISTS = lists_of(INVOICE)  # those of a credit note are the same

MAX_BYTES = 128 * 1024 * 1024

# AdditionalDocumentReference/DocumentTypeCode (UNTDID 1001) that are no supporting documents.
_INVOICED_OBJECT = "130"  # BT-18
_PROJECT = "50"  # BT-11, in a credit note


def read_ubl(data: bytes) -> facts.Invoice:
    """The facts of one document. Raises UblError with the reason why it is refused."""
    try:
        root = parse_xml(data, MAX_BYTES)
    except XmlError as error:
        raise UblError(Reason(error.problem), error.detail, line=error.line) from None
    name = str(root.tag)
    if name not in _ROOTS:
        raise UblError(Reason.WRONG_ROOT, name, line=root.sourceline)
    kind, table = _ROOTS[name]
    return _invoice(kind, collect(root, table))


def _invoice(kind: facts.Kind, found: Found) -> facts.Invoice:
    """Settle what no single path tells: it depends on the kind, or on another value."""
    documents: list[facts.Attachment] = found.pop("attachments", [])
    not_attached = {_INVOICED_OBJECT}
    if kind == "credit_note":
        not_attached.add(_PROJECT)
        found["project_reference"] = next((d.id for d in documents if d.type_code == _PROJECT), None)
        found["due_date"] = next(
            (means.due_date for means in found.get("payment_means", ()) if means.due_date), None
        )
    found["attachments"] = [d for d in documents if d.type_code not in not_attached]
    found["seller"] = _party(found.get("seller", {}))
    found["buyer"] = _party(found.get("buyer", {}))
    found["kind"] = kind
    return make_fact(facts.Invoice, _LISTS, found)


def _party(found: Found) -> facts.Party:
    schemes: list[TaxScheme] = found.pop("tax_schemes", [])
    found["vat_id"] = next((scheme.company_id for scheme in schemes if scheme.scheme == "VAT"), None)
    return make_fact(facts.Party, (), found)
