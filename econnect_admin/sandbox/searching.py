"""The inbox as GetInboxDocuments asks for it: whose, which documents, and which page."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter

from econnect_admin.sandbox import faults
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.documents import STATUS_NAMES, Document
from econnect_admin.sandbox.requests import Call

_DEFAULT_LIMIT = 10


def page_of_documents(account: Account, call: Call) -> tuple[list[Document], str]:
    """The documents of the page that is asked for, and NextPage ("" on the last one). Raises Fault."""
    group_id = _group_asked(account, call)
    limit = page_limit(call)
    after = _place(call.text("Paging", "StartPage"))
    search = _Search(account, call)
    listed = account.listed(search.created_from, after)
    in_inbox = (document for document in listed if document.group_id == group_id)
    found = list(islice(filter(search.finds, in_inbox), limit + 1))
    return found[:limit], _page_after(found[limit - 1]) if len(found) > limit else ""


def page_limit(call: Call) -> int:
    limit = int(call.text("Paging", "Limit") or _DEFAULT_LIMIT)
    if limit < 1:
        raise faults.invalid_xml("Limit must be more than 0")
    return limit


def _group_asked(account: Account, call: Call) -> str:
    """The group whose inbox is asked for, "" for that of the company; a group wins."""
    group_id, party_id = call.text("GroupId"), call.text("EConnectPartyId")
    if group_id and group_id not in account.group_ids:
        raise faults.not_your_inbox(group_id)
    if not group_id and party_id not in ("", account.parties[0].party_id):
        raise faults.not_your_inbox(party_id)
    return group_id


def _page_after(document: Document) -> str:
    place = f"{document.created_on.isoformat()} {document.sequence}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def _place(page: str) -> tuple[datetime, int] | None:
    if not page:
        return None
    try:
        created_on, sequence = base64.urlsafe_b64decode(page).decode().split(" ")
        return datetime.fromisoformat(created_on), int(sequence)
    except (ValueError, binascii.Error):
        raise faults.unknown_page() from None


class _Search:
    """The filters of `Search`; one that is not given finds everything."""

    def __init__(self, account: Account, call: Call) -> None:
        self._call = call
        own, receiver = account.parties[0], call.version.receiver
        self.created_from = self._moment("CreatedOn", "From")
        self._filters: list[Callable[[Document], bool]] = []
        self._within("CreatedOn", attrgetter("created_on"))
        self._within("ModifiedOn", attrgetter("modified_on"))
        self._equal(("ExternalId",), attrgetter("external_id"))
        self._equal(("DocumentId",), attrgetter("document_id"))
        self._equal(("Sender", "EConnectPartyId"), attrgetter("sender_id"))
        self._equal((receiver, "EConnectPartyId"), lambda _document: own.party_id)
        self._equal(("Status", "Code"), attrgetter("status_code"))
        self._equal(("Template", "Id"), attrgetter("template.id"))
        self._equal(("Template", "MasterId"), attrgetter("template.master_id"))
        self._contain(("Subject",), attrgetter("subject"))
        self._contain(("Sender", "Name"), attrgetter("sender_name"))
        self._contain((receiver, "Name"), lambda _document: own.name)
        self._contain(("Status", "Name"), lambda document: STATUS_NAMES.get(document.status_code, ""))
        self._contain(("Template", "Name"), attrgetter("template.name"))
        self._contain(("Template", "MasterName"), attrgetter("template.master_name"))

    def finds(self, document: Document) -> bool:
        return all(finds(document) for finds in self._filters)

    def _within(self, name: str, moment_of: Callable[[Document], datetime]) -> None:
        """Both bounds are inclusive; an open one is nil."""
        start, end = self._moment(name, "From"), self._moment(name, "To")
        if start:
            self._filters.append(lambda document: start <= moment_of(document))
        if end:
            self._filters.append(lambda document: moment_of(document) <= end)

    def _equal(self, path: tuple[str, ...], text_of: Callable[[Document], str]) -> None:
        asked = self._call.text("Search", *path)
        if asked:
            self._filters.append(lambda document: text_of(document) == asked)

    def _contain(self, path: tuple[str, ...], text_of: Callable[[Document], str]) -> None:
        asked = self._call.text("Search", *path).casefold()
        if asked:
            self._filters.append(lambda document: asked in text_of(document).casefold())

    def _moment(self, *path: str) -> datetime | None:
        text = self._call.text("Search", *path)
        if not text:
            return None
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
