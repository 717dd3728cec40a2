"""UBL of a few elements, for tests that are about these few."""

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_PREFIXES = f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2"'


def invoice(inner: str) -> bytes:
    return f'<Invoice xmlns="{_UBL}Invoice-2" {_PREFIXES}>{inner}</Invoice>'.encode()


def credit_note(inner: str) -> bytes:
    return f'<CreditNote xmlns="{_UBL}CreditNote-2" {_PREFIXES}>{inner}</CreditNote>'.encode()


def payable(written: str) -> bytes:
    amount = f'<cbc:PayableAmount currencyID="EUR">{written}</cbc:PayableAmount>'
    return invoice(f"<cac:LegalMonetaryTotal>{amount}</cac:LegalMonetaryTotal>")


def issued(written: str) -> bytes:
    return invoice(f"<cbc:IssueDate>{written}</cbc:IssueDate>")


def attached(binary: str, attributes: str = 'mimeCode="application/pdf" filename="a.pdf"') -> bytes:
    return invoice(
        "<cac:AdditionalDocumentReference><cbc:ID>7</cbc:ID><cac:Attachment>"
        f"<cbc:EmbeddedDocumentBinaryObject {attributes}>{binary}</cbc:EmbeddedDocumentBinaryObject>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
