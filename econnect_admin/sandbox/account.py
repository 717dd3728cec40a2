"""What the platform knows about one account: its keys, its companies, its inbox."""

import secrets
import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from econnect_admin.sandbox import faults
from econnect_admin.sandbox.documents import DOWNLOADED, INVOICE, Document, Template, read_delivery

_PDF_REFUSALS = 2
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Party:
    """A company of the account."""

    party_id: str
    name: str
    chamber_number: str = "12345678"
    description: str = ""

    def is_called(self, reference_id: str) -> bool:
        return reference_id in (self.party_id, f"NL:KVK:{self.chamber_number}")


class Account:
    """An account with the inbox of its company, and one for each group. Usable from several threads."""

    def __init__(
        self,
        *,
        consumer_key: str,
        consumer_secret: str,
        party_id: str,
        party_name: str,
        subscription_key: str = "sandbox-subscription-key",
        email_address: str = "inkoop@refbouw.example",
        group_ids: Collection[str] = ("GRNL10017",),
        token_life: timedelta = timedelta(hours=4),
        accepts_after: timedelta | None = None,
    ) -> None:
        """`accepts_after`: its owner accepts each authorisation request by then; None: when told to."""
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.subscription_key = subscription_key
        self.email_address = email_address
        self.group_ids = frozenset(group_ids)
        self.token_life = token_life
        self.accepts_after = accepts_after
        self.clock_ahead = timedelta()  # of the platform's clock; may be negative
        self.parties = [Party(party_id, party_name)]
        self.documents: dict[str, Document] = {}
        self.status_changes: list[tuple[str, str]] = []  # that SetInboxDocumentStatus accepted
        self._lock = threading.RLock()
        self._order: list[tuple[datetime, int, str]] = []  # CreatedOn, sequence, ExternalId
        self._last_moment = datetime.min.replace(tzinfo=UTC)
        self._tokens: dict[str, datetime] = {}
        self._pdfs_asked: Counter[str] = Counter()
        self._integrations: dict[str, datetime] = {}  # integration token: accepted from then on
        self._revoked = False
        self._blocked: str | None = None

    @property
    def last_change(self) -> datetime:
        """When a document was last changed by anybody."""
        return self._last_moment

    # What happens on the platform

    def add(
        self,
        content: bytes,
        *,
        external_id: str | None = None,
        created_on: datetime | None = None,
        modified_on: datetime | None = None,
        subject: str | None = None,
        named: str = "",
        sender_name: str | None = None,
        status: str = "10",
        template: Template = INVOICE,
        group_id: str = "",
    ) -> str:
        """Deliver a document. Gives its ExternalId; subject and sender are read from the UBL.

        `named` is the subject of what says none, as of what is no invoice at all. `group_id` is the group
        whose inbox it comes into, "" the company.
        """
        read = read_delivery(content)
        self._check_group(group_id)
        with self._lock:
            sequence = len(self._order)
            external_id = external_id or f"XCNIN{97400 + sequence}"
            if external_id in self.documents:
                raise ValueError(f"{external_id} is there already: revise it")
            created_on = created_on or self._now()
            modified_on = modified_on or created_on
            self.documents[external_id] = Document(
                external_id,
                sequence,
                read,
                subject=(read.subject or named) if subject is None else subject,
                sender_name=read.sender_name if sender_name is None else sender_name,
                created_on=created_on,
                modified_on=modified_on,
                status_code=status,
                status_changed_on=modified_on,
                template=template,
                group_id=group_id,
            )
            insort(self._order, (created_on, sequence, external_id))
        return external_id

    def revise(self, external_id: str, content: bytes) -> None:
        """The sender delivers other content under the same ExternalId."""
        read = read_delivery(content)
        with self._lock:
            document = self.documents[external_id]
            self.documents[external_id] = replace(
                document,
                delivery=read,
                subject=read.subject or document.subject,
                sender_name=read.sender_name or document.sender_name,
                modified_on=self._now(),
            )

    def set_status(self, external_id: str, code: str, by: str = "somebody on the platform") -> None:
        """The status as somebody else changes it, without asking whether that is allowed."""
        with self._lock:
            now = self._now()
            self.documents[external_id] = replace(
                self.documents[external_id],
                status_code=code,
                status_changed_on=now,
                status_changed_by=by,
                modified_on=now,
            )

    def move(self, external_id: str, group_id: str) -> None:
        """Somebody puts a document into the inbox of a group ("": of the company)."""
        self._check_group(group_id)
        with self._lock:
            self.documents[external_id] = replace(self.documents[external_id], group_id=group_id)

    def expire_tokens(self) -> None:
        with self._lock:
            self._tokens.clear()

    def revoke_key(self) -> None:
        self._revoked = True

    def block(self, code: str) -> None:
        """`code`: one of faults.BLOCKED."""
        self._blocked = faults.blocked(code).code

    def unblock(self) -> None:
        self._blocked = None

    def accept_integration(self, token: str) -> None:
        """The owner of the company accepts an authorisation request."""
        with self._lock:
            if token not in self._integrations:
                raise KeyError(token)
            self._integrations[token] = datetime.now(UTC)

    # What a client asks. Each raises Fault.

    def log_in(self, consumer_key: str, consumer_secret: str) -> str:
        if (consumer_key, consumer_secret) != (self.consumer_key, self.consumer_secret):
            raise faults.unknown_key()
        self._check_standing()
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = datetime.now(UTC) + self.token_life
        return token

    def check_token(self, token: str) -> None:
        self._check_standing()
        if not token:
            raise faults.no_token()
        if self._tokens.get(token, datetime.min.replace(tzinfo=UTC)) <= datetime.now(UTC):
            raise faults.expired_token()

    def document(self, external_id: str) -> Document:
        try:
            return self.documents[external_id]
        except KeyError:
            raise faults.unknown_document(external_id) from None

    def download(self, external_id: str) -> Document:
        """The document; it counts as downloaded from now on."""
        with self._lock:
            if self.document(external_id).status_code < DOWNLOADED:
                self.set_status(external_id, DOWNLOADED, by="eConnect")
            return self.documents[external_id]

    def change_status(self, external_id: str, code: str) -> None:
        with self._lock:
            if code not in self.document(external_id).statuses:
                raise faults.status_not_allowed(code)
            self.set_status(external_id, code, by="the consumer key")
            self.status_changes.append((external_id, code))

    def listed(self, created_from: datetime | None, after: tuple[datetime, int] | None) -> Iterator[Document]:
        """All inboxes in the order of CreatedOn, from a moment on and after a place in the list."""
        with self._lock:
            start = bisect_left(self._order, (created_from, -1, "")) if created_from else 0
            if after:
                start = max(start, bisect_left(self._order, (after[0], after[1] + 1, "")))
            names = self._order[start:]
        return (self.documents[external_id] for _, _, external_id in names)

    def wait_for_pdf(self, external_id: str) -> None:
        """The platform takes its time over a PDF: the first times it is asked for one, it has none."""
        with self._lock:
            self._pdfs_asked[external_id] += 1
            if self._pdfs_asked[external_id] <= _PDF_REFUSALS:
                raise faults.pdf_not_ready()

    def party(self, reference_id: str) -> Party:
        for party in self.parties:
            if party.is_called(reference_id):
                return party
        raise faults.unknown_party(reference_id)

    def request_integration(self) -> str:
        token = secrets.token_urlsafe(16)
        with self._lock:
            accepted_at = datetime.now(UTC) + self.accepts_after if self.accepts_after is not None else _NEVER
            self._integrations[token] = accepted_at
        return token

    def check_integration(self, token: str) -> None:
        if datetime.now(UTC) < self._integrations.get(token, _NEVER):
            raise faults.not_accepted()

    def _check_group(self, group_id: str) -> None:
        if group_id and group_id not in self.group_ids:
            raise ValueError(f"{group_id} is no group of the account")

    def _check_standing(self) -> None:
        if self._revoked:
            raise faults.unknown_key()
        if self._blocked:
            raise faults.blocked(self._blocked)

    def _now(self) -> datetime:
        """A moment later than all before it."""
        now = datetime.now(UTC) + self.clock_ahead
        self._last_moment = max(now, self._last_moment + timedelta(microseconds=1))
        return self._last_moment
