"""Documents to put into the sandbox."""

from xml.sax.saxutils import escape

UBL = b"urn:oasis:names:specification:ubl:schema:xsd:"


def invoice(number: str = "2026-0041", supplier: str = "Staal B.V.", inside: bytes = b"") -> bytes:
    """A small invoice, as far as the platform looks into it; `inside` comes last in it."""
    return (
        b'<Invoice xmlns="%bInvoice-2" xmlns:cac="%bCommonAggregateComponents-2"'
        b' xmlns:cbc="%bCommonBasicComponents-2"><cbc:ID>%b</cbc:ID><cac:AccountingSupplierParty>'
        b"<cac:Party><cbc:EndpointID>12345678</cbc:EndpointID><cac:PartyName><cbc:Name>%b</cbc:Name>"
        b"</cac:PartyName></cac:Party></cac:AccountingSupplierParty>%b</Invoice>"
    ) % (UBL, UBL, UBL, escape(number).encode(), escape(supplier).encode(), inside)
