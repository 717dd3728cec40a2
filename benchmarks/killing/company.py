"""A company with an inbox on the sandbox, and what people do on both sides while things go wrong."""

from datetime import datetime
from hashlib import sha256
from random import Random
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils import timezone

from batchjobs.models import Batchjob
from batchjobs.planning import set_schedules
from batchjobs.schedule import Continuous
from benchmarks.ground import SAMPLES
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.exchange import Misbehaviour
from econnect_admin.sandbox.server import Sandbox
from invoices.models import EInvoice
from invoices.statuses.changing import change_status

PERSON = "a person here"
# Apart, so that a status on the sandbox tells who has set it.
_CODES_HERE = ("35", "40", "60")
_CODES_THERE = ("50", "70")
_SECONDS_OF_A_CALL = 0.02  # so that a run takes a while, and can be hit
_MOST_AT_ONCE = 6  # documents that arrive together
_SHARE_OF_BAD_DOCUMENTS = 0.1

_DOCUMENTS = [path.read_text() for path in sorted(SAMPLES.glob("*.xml"))]
_BAD_DOCUMENT = '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">{number}</Order>'


class Company:
    def __init__(self, number: int, seed: int) -> None:
        self.account = Account(
            consumer_key=f"key-{number}",
            consumer_secret=f"secret-{number}",
            party_id=f"XCNL{10000 + number}",
            party_name=f"Company {number}",
        )
        self.contents: dict[str, list[str]] = {}  # the SHA-256 of each content that a document ever had
        self.changed_there: dict[str, list[datetime]] = {}
        self.changed_here: list[int] = []  # of which the database said that it has them
        self._moments = Random(f"{seed} {number}")  # noqa: S311 - no secret
        self._deliveries = 0
        self._sandbox = Sandbox(self.account)
        self._sandbox.start()
        self._is_up = True
        self.behave()
        self.administration, _ = setup_administration(
            f"K{number}",
            name=f"Company {number}",
            access_url=self._sandbox.access_url,
            namespace=self._sandbox.namespace,
            consumer_key=self.account.consumer_key,
            consumer_secret=self.account.consumer_secret,
            company_id=self.account.parties[0].party_id,
        )
        for type_ in Batchjob.Type:
            batchjob = Batchjob.objects.create(administration=self.administration, type=type_)
            set_schedules(batchjob, [Continuous(1)], timezone.now())

    # What people do

    def do_something(self) -> None:
        """Raises DatabaseError when that is away or locked for long."""
        what = self._moments.choices(
            (self._receive, self._revise, self._change_there, self._change_here), (1, 2, 3, 6)
        )
        what[0]()

    def _receive(self) -> None:
        for _ in range(self._moments.randint(1, _MOST_AT_ONCE)):
            self._delivered(self.account.add(self._content()))

    def _revise(self) -> None:
        if self.account.documents:
            external_id = self._any_document()
            self.account.revise(external_id, self._content())
            self._delivered(external_id)

    def _change_there(self) -> None:
        if self.account.documents:
            external_id = self._any_document()
            self.account.set_status(external_id, self._moments.choice(_CODES_THERE))
            changed_on = self.account.documents[external_id].status_changed_on
            self.changed_there.setdefault(external_id, []).append(changed_on)

    def _change_here(self) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")  # people do not wait for ever
            external_id = self._any_document() if self.account.documents else ""
            einvoice = EInvoice.objects.filter(
                administration=self.administration, external_id=external_id
            ).first()
            if einvoice is None:
                return
            codes = [code for code in _CODES_HERE if code != einvoice.status_code]
            change = change_status(einvoice, self._moments.choice(codes), by=PERSON)
        self.changed_here.append(change.pk)

    def _content(self) -> bytes:
        self._deliveries += 1
        number = f"-{self._deliveries}"
        if self._moments.random() < _SHARE_OF_BAD_DOCUMENTS:
            return _BAD_DOCUMENT.format(number=number).encode()
        return self._moments.choice(_DOCUMENTS).replace("</cbc:ID>", f"{number}</cbc:ID>", 1).encode()

    def _delivered(self, external_id: str) -> None:
        payload = self.account.documents[external_id].payload
        self.contents.setdefault(external_id, []).append(sha256(payload).hexdigest())

    def _any_document(self) -> str:
        return self._moments.choice(list(self.account.documents))

    # What the platform does

    def misbehave(self, misbehaviour: Misbehaviour, operation: str | None = None) -> None:
        """At each call, or at each of an operation."""
        self._sandbox.behave()
        self._sandbox.misbehave(misbehaviour, operation, times=None)
        self._sandbox.misbehave(ways.slow(_SECONDS_OF_A_CALL), times=None)

    def behave(self) -> None:
        self.misbehave(ways.slow(_SECONDS_OF_A_CALL))

    def go_down(self) -> None:
        if self._is_up:
            self._sandbox.stop()
        self._is_up = False

    def come_back(self) -> None:
        """At the same address, with all that was there."""
        if self._is_up:
            return
        self._sandbox = Sandbox(self.account, urlsplit(self._sandbox.origin).port or 0)
        self._sandbox.start()
        self._is_up = True
        self.behave()
