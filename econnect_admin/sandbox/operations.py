"""The operations: a call in, the bytes of the answer out."""

import base64
from collections.abc import Callable, Mapping

from econnect_admin.sandbox import faults, writing
from econnect_admin.sandbox.account import Account, Party
from econnect_admin.sandbox.documents import embedded_pdf
from econnect_admin.sandbox.pdf import make_pdf
from econnect_admin.sandbox.requests import Call
from econnect_admin.sandbox.searching import page_limit, page_of_documents

Operation = Callable[[Account, Call], tuple[bytes, ...]]


def carry_out(account: Account, call: Call) -> bytes:
    """The whole answer to a call. Raises Fault."""
    if call.operation != "Login":
        account.check_token(call.token)
    inside = OPERATIONS[call.operation](account, call)
    name = f"{call.operation}Response"
    if call.operation == "GetAccountParties":
        name = call.version.account_parties_response
    return writing.message(call.version, name, *inside)


def _login(account: Account, call: Call) -> tuple[bytes, ...]:
    token = account.log_in(call.text("ConsumerKey"), call.text("ConsumerSecret"))
    return (writing.text("SecurityToken", token),)


def _get_inbox_documents(account: Account, call: Call) -> tuple[bytes, ...]:
    documents, next_page = page_of_documents(account, call)
    results = (
        writing.group(
            "Document", writing.document(account, call.version, item, writing.status(item.status_code))
        )
        for item in documents
    )
    return writing.group("Results", *results), writing.paging(next_page)


def _get_inbox_document(account: Account, call: Call) -> tuple[bytes, ...]:
    item = account.download(call.text("ExternalId"))
    status = writing.group("Status", *writing.status_details(account, item))
    details = writing.document(account, call.version, item, status)
    return (
        writing.group("Details", details, writing.payload(call.version, item)),
        writing.group("Statuses", *map(writing.status, item.statuses)),
    )


def _get_inbox_document_status(account: Account, call: Call) -> tuple[bytes, ...]:
    item = account.document(call.text("ExternalId"))
    return (writing.group("Details", *writing.status_details(account, item)),)


def _set_inbox_document_status(account: Account, call: Call) -> tuple[bytes, ...]:
    external_id = call.text("ExternalId")
    account.change_status(external_id, call.text("StatusCode"))
    return (writing.text("ExternalId", external_id),)


def _get_document_pdf(account: Account, call: Call) -> tuple[bytes, ...]:
    item = account.document(call.text("ExternalId"))
    embedded = embedded_pdf(item.payload)
    if embedded is None:
        account.wait_for_pdf(item.external_id)
        contents = base64.b64encode(make_pdf(item.subject or item.external_id)).decode()
        embedded = f"{item.external_id}.pdf", contents
    name, contents = embedded
    return (writing.group("File", writing.text("Name", name), writing.text("Contents", contents)),)


def _get_account_parties(account: Account, call: Call) -> tuple[bytes, ...]:
    try:
        start = int(call.text("Paging", "StartPage") or 0)
    except ValueError:
        raise faults.unknown_page() from None
    end = start + page_limit(call)
    results = (_account_party(item) for item in account.parties[start:end])
    next_page = str(end) if end < len(account.parties) else ""
    return writing.group("Results", *results), writing.paging(next_page)


def _account_party(item: Party) -> bytes:
    more = (
        writing.text("Description", item.description),
        writing.group("Account", writing.text("Id", "ACC1"), writing.text("Name", item.name)),
        writing.boolean("IsRegisteredToPeppol", True),
        writing.boolean("IsVerified", True),
    )
    return writing.group("PartyAccountDetails", writing.party(item, *more))


def _get_party(account: Account, call: Call) -> tuple[bytes, ...]:
    return (writing.group("Details", writing.party(account.party(call.text("ReferenceId")))),)


def _get_account_details(account: Account, _call: Call) -> tuple[bytes, ...]:
    return (
        writing.text("Id", "ACC1"),
        writing.text("Name", account.parties[0].name),
        writing.text("EmailAddress", account.email_address),
        writing.boolean("CanSendAppIntegrationRequests", True),
    )


def _request_app_integration(account: Account, call: Call) -> tuple[bytes, ...]:
    account.party(call.text("To", "ReferenceId"))
    return (writing.text("IntegrationToken", account.request_integration()),)


def _request_app_integration_credentials(account: Account, call: Call) -> tuple[bytes, ...]:
    account.check_integration(call.text("IntegrationToken"))
    return (
        writing.text("ApplicationName", f"Sandbox of {account.parties[0].name}"),
        writing.text("ConsumerKey", account.consumer_key),
        writing.text("ConsumerSecret", account.consumer_secret),
        writing.text("EmailAddress", account.email_address),
    )


OPERATIONS: Mapping[str, Operation] = {
    "Login": _login,
    "GetInboxDocuments": _get_inbox_documents,
    "GetInboxDocument": _get_inbox_document,
    "GetInboxDocumentStatus": _get_inbox_document_status,
    "SetInboxDocumentStatus": _set_inbox_document_status,
    "GetDocumentPdf": _get_document_pdf,
    "GetAccountParties": _get_account_parties,
    "GetParty": _get_party,
    "GetAccountDetails": _get_account_details,
    "RequestAppIntegration": _request_app_integration,
    "RequestAppIntegrationCredentials": _request_app_integration_credentials,
}
