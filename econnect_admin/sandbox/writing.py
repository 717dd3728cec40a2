"""Answers as bytes, joined from pieces: a document is put into one as it is."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from econnect_admin.sandbox.account import Account, Party
from econnect_admin.sandbox.documents import STATUS_NAMES, Document
from econnect_admin.sandbox.faults import Fault
from econnect_admin.sandbox.requests import SOAP_NAMESPACE, Version

_START = (
    f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{SOAP_NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    "<soap:Body>"
).encode()
_END = b"</soap:Body></soap:Envelope>"


def message(version: Version, name: str, *inside: bytes) -> bytes:
    """A whole answer: the response element of that name, and what is in it."""
    start = f'<{name} xmlns="{version.namespace}">'.encode()
    return b"".join((_START, start, *inside, f"</{name}>".encode(), _END))


def fault(error: Fault) -> bytes:
    code, words = "<faultcode>soap:Server</faultcode>", f"<faultstring>{escape(str(error))}</faultstring>"
    return b"".join((_START, f"<soap:Fault>{code}{words}<detail /></soap:Fault>".encode(), _END))


def group(name: str, *inside: bytes) -> bytes:
    return b"<%b>%b</%b>" % (name.encode(), b"".join(inside), name.encode())


def text(name: str, value: str) -> bytes:
    return f"<{name}>{escape(value)}</{name}>".encode()


def moment(name: str, value: datetime) -> bytes:
    return text(name, value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"))


def boolean(name: str, value: bool) -> bytes:
    return text(name, "true" if value else "false")


def paging(next_page: str) -> bytes:
    return group("PagingResponse", text("NextPage", next_page) if next_page else b"")


def document(account: Account, version: Version, item: Document, status: bytes) -> bytes:
    """What a list says of a document; `status` is what stands in its place."""
    own = account.parties[0]
    template = item.template
    return b"".join(
        (
            text("ExternalId", item.external_id),
            text("DocumentId", item.document_id),
            text("Subject", item.subject),
            moment("CreatedOn", item.created_on),
            moment("ModifiedOn", item.modified_on),
            _party("Sender", item.sender_id, item.sender_name),
            _party(version.receiver, own.party_id, own.name),
            status,
            group(
                "Template",
                text("Id", template.id),
                text("Name", template.name),
                text("MasterId", template.master_id),
                text("MasterName", template.master_name),
            ),
            group(
                "Transaction",
                text("Endpoint", own.party_id),
                text("MessageId", f"{item.document_id}@sandbox"),
                text("DeliveryMethod", "ToInbox"),
                text("SenderReferenceId", item.sender_id),
                text("ReceiverReferenceId", own.party_id),
            ),
        )
    )


def status(code: str) -> bytes:
    return group("Status", _status_fields(code))


def status_details(account: Account, item: Document) -> tuple[bytes, ...]:
    return (
        _status_fields(item.status_code),
        group(
            "Info",
            text("UserId", "USR1"),
            text("UserName", item.status_changed_by),
            text("AccountId", "ACC1"),
            text("AccountName", account.parties[0].name),
            moment("ChangedOn", item.status_changed_on),
        ),
    )


def payload(version: Version, item: Document) -> bytes:
    """A document in no namespace stays in none, although the answer has a default one."""
    if item.in_no_namespace:
        start = f'<p:Payload xmlns:p="{version.namespace}" xmlns="">'.encode()
        return b"%b%b</p:Payload>" % (start, item.payload)
    return group("Payload", item.payload)


def party(item: Party, *more: bytes) -> bytes:
    address = (
        text("StreetName", "Steenweg"),
        text("HouseNumber", "12"),
        text("PostalCode", "5301 HL"),
        text("Residence", "Zaltbommel"),
        text("CountryCode", "NL"),
    )
    return b"".join(
        (
            text("ReferenceId", item.party_id),
            text("Name", item.name),
            text("ChamberNumber", item.chamber_number),
            group("Address", *address),
            text("EConnectPartyId", item.party_id),
            *more,
        )
    )


def _party(name: str, party_id: str, party_name: str) -> bytes:
    return group(name, text("EConnectPartyId", party_id), text("Name", party_name))


def _status_fields(code: str) -> bytes:
    return text("Name", STATUS_NAMES.get(code, "")) + text("Code", code)
