"""What the platform's operations give back, under the platform's own names."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DocumentParty:
    econnect_party_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    id: str = ""
    name: str = ""
    master_id: str = ""
    master_name: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    endpoint: str = ""
    message_id: str = ""
    delivery_method: str = ""  # ToInbox, ToPeppol, ToEmail, OutboxOnly, None
    sender_reference_id: str = ""
    receiver_reference_id: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A document's status: compare and send `code`, never `name`."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class StatusDetails(Status):
    """A status with who set it, and when (None where the platform does not say)."""

    user_id: str = ""
    user_name: str = ""
    account_id: str = ""
    account_name: str = ""
    changed_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an inbox lists it. Times are aware; one without a zone is taken as UTC."""

    external_id: str
    document_id: str
    subject: str
    created_on: datetime
    modified_on: datetime
    sender: DocumentParty
    receiver: DocumentParty
    status: Status
    template: Template
    transaction: Transaction


@dataclass(frozen=True, slots=True)
class InboxPage:
    documents: tuple[Document, ...]
    unreadable: tuple[str, ...]  # the ExternalIds of entries that lack what they must have; "" too
    next_page: str  # "" on the last one


@dataclass(frozen=True, slots=True)
class InboxDocument:
    """A whole document: `payload` is the UBL as it stood in the answer, None where there was none."""

    details: Document
    status: StatusDetails
    statuses: tuple[Status, ...]  # those that this document allows
    payload: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    contents: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    establishment_number: str = ""
    street_name: str = ""
    house_number: str = ""
    house_number_addition: str = ""
    postal_code: str = ""
    residence: str = ""
    country_code: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    reference_id: str
    name: str
    chamber_number: str
    address: Address
    econnect_party_id: str


@dataclass(frozen=True, slots=True)
class AccountParty(Party):
    """A company of the account behind the key."""

    description: str
    account: Account
    is_registered_to_peppol: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class AccountDetails:
    id: str
    name: str
    description: str
    email_address: str
    fax_number: str
    phone_number: str
    website: str
    can_send_app_integration_requests: bool


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """The keys to a company, given by its owner on an authorisation request."""

    application_name: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    email_address: str
