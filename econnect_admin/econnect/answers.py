"""Reading the platform's answers: elements in, typed results out.

v3 spells Receiver as `Reciever`, and `GetAccountPartiesResponse` as `GetAccountPartiesReponse`;
v3.1 spells them right. Both are read in either version.
"""

import base64
import binascii
from datetime import UTC, datetime

from lxml import etree

from econnect_admin.econnect import results
from econnect_admin.econnect.errors import Unavailable, unusable
from econnect_admin.wording import gettext_noop

_NO_MOMENT = "0001-01-01T00:00:00"


class Reader:
    """An element of an answer, asked for its children by name."""

    def __init__(self, element: etree._Element | None, namespace: str) -> None:
        self._element = element
        self._namespace = namespace

    def child(self, *names: str) -> "Reader":
        """The first child of one of these names; an empty reader if there is none."""
        for name in names:
            if self._element is not None:
                found = self._element.find(f"{{{self._namespace}}}{name}")
                if found is not None:
                    return Reader(found, self._namespace)
        return Reader(None, self._namespace)

    def children(self, name: str) -> "list[Reader]":
        """The children of this name that are not nil."""
        if self._element is None:
            return []
        found = self._element.findall(f"{{{self._namespace}}}{name}")
        return [Reader(element, self._namespace) for element in found if len(element)]

    def text(self, name: str) -> str:
        child = self.child(name)._element
        return "" if child is None else (child.text or "").strip()

    def required(self, name: str) -> str:
        text = self.text(name)
        if not text:
            raise _lacks(name)
        return text

    def moment(self, name: str) -> datetime | None:
        """None where there is none, and for .NET's way to write that: the first moment of year 1."""
        text = self.text(name)
        if not text or text.startswith(_NO_MOMENT):
            return None
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise unusable(
                gettext_noop('it has %(name)s "%(text)s", which is no moment'), name=name, text=text[:40]
            ) from None

    def required_moment(self, name: str) -> datetime:
        moment = self.moment(name)
        if moment is None:
            raise _lacks(name)
        return moment

    def boolean(self, name: str) -> bool:
        return self.text(name) in ("true", "1")


def _lacks(name: str) -> Unavailable:
    return unusable(gettext_noop("it has no %(name)s"), name=name)


def inbox_page(response: Reader) -> results.InboxPage:
    documents, unreadable = list[results.Document](), list[str]()
    for item in response.child("Results").children("Document"):
        try:
            documents.append(document(item))
        except Unavailable:
            unreadable.append(item.text("ExternalId"))
    next_page = response.child("PagingResponse").text("NextPage")
    return results.InboxPage(tuple(documents), tuple(unreadable), next_page)


def document(item: Reader) -> results.Document:
    template, transaction = item.child("Template"), item.child("Transaction")
    return results.Document(
        external_id=item.required("ExternalId"),
        document_id=item.text("DocumentId"),
        subject=item.text("Subject"),
        created_on=item.required_moment("CreatedOn"),
        modified_on=item.required_moment("ModifiedOn"),
        sender=_document_party(item.child("Sender")),
        receiver=_document_party(item.child("Receiver", "Reciever")),
        status=status(item.child("Status")),
        template=results.Template(
            id=template.text("Id"),
            name=template.text("Name"),
            master_id=template.text("MasterId"),
            master_name=template.text("MasterName"),
        ),
        transaction=results.Transaction(
            endpoint=transaction.text("Endpoint"),
            message_id=transaction.text("MessageId"),
            delivery_method=transaction.text("DeliveryMethod"),
            sender_reference_id=transaction.text("SenderReferenceId"),
            receiver_reference_id=transaction.text("ReceiverReferenceId"),
        ),
    )


def _document_party(item: Reader) -> results.DocumentParty:
    return results.DocumentParty(econnect_party_id=item.text("EConnectPartyId"), name=item.text("Name"))


def status(item: Reader) -> results.Status:
    return results.Status(code=item.text("Code"), name=item.text("Name"))


def status_details(item: Reader) -> results.StatusDetails:
    info = item.child("Info")
    return results.StatusDetails(
        code=item.text("Code"),
        name=item.text("Name"),
        user_id=info.text("UserId"),
        user_name=info.text("UserName"),
        account_id=info.text("AccountId"),
        account_name=info.text("AccountName"),
        changed_on=info.moment("ChangedOn"),
    )


def inbox_document(response: Reader, payload: bytes | None) -> results.InboxDocument:
    details = response.child("Details")
    return results.InboxDocument(
        details=document(details),
        status=status_details(details.child("Status")),
        statuses=tuple(status(item) for item in response.child("Statuses").children("Status")),
        payload=payload,
    )


def file(response: Reader) -> results.File:
    item = response.child("File")
    try:
        contents = base64.b64decode("".join(item.required("Contents").split()), validate=True)
    except binascii.Error:
        raise unusable(gettext_noop("it has Contents that are no base64")) from None
    return results.File(name=item.text("Name"), contents=contents)


def party(item: Reader) -> results.Party:
    return results.Party(
        reference_id=item.text("ReferenceId"),
        name=item.text("Name"),
        chamber_number=item.text("ChamberNumber"),
        address=_address(item.child("Address")),
        econnect_party_id=item.text("EConnectPartyId"),
    )


def account_party(item: Reader) -> results.AccountParty:
    account, general = item.child("Account"), party(item)
    return results.AccountParty(
        reference_id=general.reference_id,
        name=general.name,
        chamber_number=general.chamber_number,
        address=general.address,
        econnect_party_id=general.econnect_party_id,
        description=item.text("Description"),
        account=results.Account(id=account.text("Id"), name=account.text("Name")),
        is_registered_to_peppol=item.boolean("IsRegisteredToPeppol"),
        is_verified=item.boolean("IsVerified"),
    )


def _address(item: Reader) -> results.Address:
    return results.Address(
        establishment_number=item.text("EstablishmentNumber"),
        street_name=item.text("StreetName"),
        house_number=item.text("HouseNumber"),
        house_number_addition=item.text("HouseNumberAddition"),
        postal_code=item.text("PostalCode"),
        residence=item.text("Residence"),
        country_code=item.text("CountryCode"),
    )


def account_details(response: Reader) -> results.AccountDetails:
    return results.AccountDetails(
        id=response.text("Id"),
        name=response.text("Name"),
        description=response.text("Description"),
        email_address=response.text("EmailAddress"),
        fax_number=response.text("FaxNumber"),
        phone_number=response.text("PhoneNumber"),
        website=response.text("Website"),
        can_send_app_integration_requests=response.boolean("CanSendAppIntegrationRequests"),
    )


def app_credentials(response: Reader) -> results.AppCredentials:
    return results.AppCredentials(
        application_name=response.text("ApplicationName"),
        consumer_key=response.required("ConsumerKey"),
        consumer_secret=response.required("ConsumerSecret"),
        email_address=response.text("EmailAddress"),
    )
