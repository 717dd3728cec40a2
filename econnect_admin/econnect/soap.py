"""The client of eConnect's SOAP API, v3 and v3.1: every operation of the purchase side.

Each method raises an EConnectError. A call that changes nothing is repeated, bounded and with
jittered pauses, when trying again makes sense; an expired token is renewed once per call.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)

from econnect_admin.econnect import answers, results
from econnect_admin.econnect.access_url import query_values
from econnect_admin.econnect.answers import Reader
from econnect_admin.econnect.errors import (
    EConnectError,
    PdfNotReady,
    PreferencesUnusable,
    TokenExpired,
    Unavailable,
    http_error,
    unusable,
)
from econnect_admin.econnect.messages import NIL, Fields, is_html, is_soap, request, response
from econnect_admin.econnect.payload import PayloadError, cut_payload
from econnect_admin.econnect.secrets import Secrets
from econnect_admin.econnect.session import SharedToken, TokenMemory, TokenStore
from econnect_admin.econnect.transport import Limits, Transport
from econnect_admin.wording import Wording, gettext_noop

INVOICE_MASTER_ID = "GLDT9223370666504283001RA000000006DTP2000001"
PAGE_SIZE = 100
PAGES_WITHOUT_NEWS = 10

_MISSPELLED = {"GetAccountParties": ("GetAccountPartiesReponse",)}  # as in the WSDL of v3
_PAYLOAD = ("Envelope", "Body", "GetInboxDocumentResponse", "Details", "Payload")

T = TypeVar("T")


class PagingLoop(Unavailable):
    """NextPage leads round in a circle: the list may be incomplete."""

    def __init__(self) -> None:
        super().__init__(Wording(gettext_noop("eConnect's list goes round in a circle. It is tried again.")))


class _PagesSeen:
    """Notices when a list does not come to its end."""

    def __init__(self) -> None:
        self._pages: set[str] = set()
        self._entries: set[str] = set()
        self._without_news = 0

    def check(self, next_page: str, listed: Iterable[str]) -> None:
        """Before `next_page` is asked for. Raises PagingLoop if it was, or if nothing new comes any more."""
        entries = set(listed)
        self._without_news = 0 if entries - self._entries else self._without_news + 1
        if next_page in self._pages or self._without_news == PAGES_WITHOUT_NEWS:
            raise PagingLoop()
        self._pages.add(next_page)
        self._entries |= entries


class EConnect:
    """One account on the platform. Usable from several threads; close it when done."""

    def __init__(
        self,
        access_url: str,
        namespace: str,
        consumer_key: str,
        consumer_secret: str,
        *,
        tokens: TokenStore | None = None,
        limits: Limits | None = None,
        connections: int = 8,
    ) -> None:
        self._closed = False
        self._namespace = namespace
        self._credentials = {"ConsumerKey": consumer_key, "ConsumerSecret": consumer_secret}
        self._secrets = Secrets(consumer_key, consumer_secret, *query_values(access_url))
        self._limits = limits or Limits()
        self._transport = Transport(access_url, self._limits, connections)
        self._token = SharedToken(tokens or TokenMemory(), self.login)

    def close(self) -> None:
        """What is under way in other threads is not repeated any more."""
        self._closed = True
        self._transport.close()

    def __enter__(self) -> "EConnect":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def login(self) -> str:
        """A new security token. The other operations log in by themselves."""

        def call() -> Reader:
            return self._read("Login", self._exchange("Login", self._credentials, None))

        return self._retrying(call).required("SecurityToken")

    def inbox_page(
        self,
        *,
        group_id: str | None = None,
        party_id: str | None = None,
        created_from: datetime | None = None,
        modified_from: datetime | None = None,
        master_id: str | None = INVOICE_MASTER_ID,
        page: str | None = None,
        limit: int = PAGE_SIZE,
    ) -> results.InboxPage:
        """GetInboxDocuments: one page. The From bounds are inclusive; a group wins over a party."""
        search = {
            "CreatedOn": created_from and {"To": NIL, "From": created_from},
            "ModifiedOn": modified_from and {"To": NIL, "From": modified_from},
            "Template": master_id and {"MasterId": master_id},
        }
        fields = {
            "GroupId": group_id or None,
            "EConnectPartyId": party_id or None,
            "Paging": {"Limit": limit, "StartPage": page or None},
            "Search": search if any(search.values()) else None,
        }
        return answers.inbox_page(self._call("GetInboxDocuments", fields))

    def inbox_pages(
        self,
        *,
        group_id: str | None = None,
        party_id: str | None = None,
        created_from: datetime | None = None,
        modified_from: datetime | None = None,
    ) -> Iterator[results.InboxPage]:
        """All pages of the invoices since a moment. A document may be on two of them.

        Raises PagingLoop when a page comes back, or when pages go on without anything new.
        """
        page: str | None = None
        pages = _PagesSeen()
        while True:
            result = self.inbox_page(
                group_id=group_id,
                party_id=party_id,
                created_from=created_from,
                modified_from=modified_from,
                page=page,
            )
            yield result
            page = result.next_page
            if not page:
                return
            listed = [document.external_id for document in result.documents]
            pages.check(page, [*listed, *result.unreadable])

    def inbox_document(self, external_id: str) -> results.InboxDocument:
        """GetInboxDocument: the details, the allowed statuses, and the original bytes of the UBL."""

        def call(token: str) -> results.InboxDocument:
            content = self._exchange("GetInboxDocument", {"ExternalId": external_id}, token)
            return self._read_document(content)

        return self._authenticated(call)

    def inbox_document_status(self, external_id: str) -> results.StatusDetails:
        answer = self._call("GetInboxDocumentStatus", {"ExternalId": external_id})
        return answers.status_details(answer.child("Details"))

    def set_inbox_document_status(self, external_id: str, status_code: str) -> None:
        """Not repeated by itself: after Unavailable with `sent`, ask for the status first."""
        fields = {"ExternalId": external_id, "StatusCode": status_code}
        self._call("SetInboxDocumentStatus", fields, changes=True)

    def document_pdf(self, external_id: str) -> results.File:
        """Raises PdfNotReady if the platform is still making it after the attempts that `Limits` allows."""
        return answers.file(self._call("GetDocumentPdf", {"ExternalId": external_id}))

    def account_parties(self) -> Iterator[results.AccountParty]:
        """The companies of the account, on as many pages as there are."""
        page: str | None = None
        pages = _PagesSeen()
        while True:
            fields: Fields = {"Search": {}, "Paging": {"Limit": PAGE_SIZE, "StartPage": page}}
            answer = self._call("GetAccountParties", fields)
            items = answer.child("Results").children("PartyAccountDetails")
            parties = [answers.account_party(item) for item in items]
            yield from parties
            page = answer.child("PagingResponse").text("NextPage")
            if not page:
                return
            pages.check(page, (party.econnect_party_id for party in parties))

    def party(self, reference_id: str) -> results.Party:
        return answers.party(self._call("GetParty", {"ReferenceId": reference_id}).child("Details"))

    def account_details(self) -> results.AccountDetails:
        return answers.account_details(self._call("GetAccountDetails", {}))

    def request_app_integration(self, reference_id: str, email_address: str, pay_by_requester: bool) -> str:
        """Ask a company's owner, by e-mail, for access to it. Gives the integration token."""
        fields = {
            "To": {"ReferenceId": reference_id, "EmailAddress": email_address},
            "PayByRequester": pay_by_requester,
        }
        return self._call("RequestAppIntegration", fields, changes=True).required("IntegrationToken")

    def app_integration_credentials(self, integration_token: str) -> results.AppCredentials:
        """The keys, once the owner has accepted. Raises Refused until then."""
        self._secrets.add(integration_token)
        fields = {"IntegrationToken": integration_token}
        return answers.app_credentials(self._call("RequestAppIntegrationCredentials", fields))

    def _call(self, operation: str, fields: Fields, *, changes: bool = False) -> Reader:
        def call(token: str) -> Reader:
            return self._read(operation, self._exchange(operation, fields, token))

        return self._authenticated(call, changes)

    def _authenticated(self, call: Callable[[str], T], changes: bool = False) -> T:
        token = self._token.get()
        self._secrets.add(token)
        try:
            return self._retrying(lambda: call(token), changes)
        except TokenExpired:
            renewed = self._token.renewed(token)
            self._secrets.add(renewed)
            return self._retrying(lambda: call(renewed), changes)

    def _retrying(self, call: Callable[[], T], changes: bool = False) -> T:
        def worthwhile(error: BaseException) -> bool:
            if self._closed or not isinstance(error, EConnectError) or isinstance(error, TokenExpired):
                return False
            return isinstance(error, Unavailable) and not error.sent if changes else error.retryable

        def attempt() -> T:
            try:
                return call()
            except EConnectError as error:
                error.hide(self._secrets)
                raise

        return Retrying(
            retry=retry_if_exception(worthwhile),
            stop=stop_after_attempt(self._limits.attempts),
            wait=self._pause,
            reraise=True,
        )(attempt)

    def _pause(self, state: RetryCallState) -> float:
        if state.outcome and isinstance(state.outcome.exception(), PdfNotReady):
            return self._limits.pdf_pause
        first = self._limits.first_pause
        return wait_exponential_jitter(multiplier=first, jitter=first)(state)

    def _exchange(self, operation: str, fields: Fields, token: str | None) -> bytes:
        """The answer to a message. Raises Unavailable unless it is 200, or a fault (read later)."""
        try:
            message = request(self._namespace, operation, fields, token)
        except ValueError:
            raise PreferencesUnusable(gettext_noop("they have characters that cannot be sent")) from None
        answer = self._transport.post(message, f"{self._namespace}{operation}")
        if is_soap(answer.content):
            return answer.content
        if answer.http_status == 200:
            raise unusable(
                gettext_noop("it is a web page")
                if is_html(answer.content)
                else gettext_noop("it is no SOAP message")
            )
        raise http_error(answer.http_status)

    def _read(self, operation: str, content: bytes) -> Reader:
        names = (f"{operation}Response", *_MISSPELLED.get(operation, ()))
        element = response(content, self._namespace, names, self._limits.max_bytes)
        return Reader(element, self._namespace)

    def _read_document(self, content: bytes) -> results.InboxDocument:
        try:
            payload, envelope = cut_payload(content, _PAYLOAD)
            return answers.inbox_document(self._read("GetInboxDocument", envelope), payload)
        except PayloadError as error:
            raise unusable(error.why, answer=content, **error.values) from None
        except Unavailable as error:
            error.answer = content
            raise
