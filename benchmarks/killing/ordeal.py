"""Round after round of trouble, and what came of it."""

import time
from collections import Counter
from datetime import timedelta
from random import Random, choice

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from batchjobs.lost_runs import WORKER_LOST
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import WORKER_ENDED
from benchmarks.killing import checks
from benchmarks.killing.company import Company
from benchmarks.killing.installation import Installation
from benchmarks.killing.troubles import Troubles
from invoices.models import EInvoice, EInvoiceVersion, FailedDocument, StatusChange

_PAUSE = 0.05  # seconds between two things that people do
_BETWEEN_TROUBLES = (0.2, 2.5)
_SECONDS_FOR_A_RUN_TO_BEGIN = 4.0
_SECONDS_TO_SETTLE = 240.0
_AWAY = (OperationalError, InterfaceError)


class Ordeal:
    def __init__(self, installation: Installation, companies: list[Company], seed: int) -> None:
        self._installation = installation
        self._companies = companies
        self._seed = seed
        self._moments = Random()  # noqa: S311 - no secret
        self._troubles = Troubles(installation, companies, self._moments).by_name()
        self._counts = Counter[str]()
        self._hit = 0  # troubles that came while a run was at work
        self._longest = Counter[str]()  # seconds that a run was in a state, or silent
        self._wrong: list[str] = []

    def go_through(self, rounds: int) -> list[str]:
        """Gives what is wrong in the end."""
        began = time.monotonic()
        for number in range(rounds):
            self._moments.seed(f"{self._seed} {number}")
            self._live(self._moments.uniform(*_BETWEEN_TROUBLES))
            for name in self._moments.sample(sorted(self._troubles), self._moments.choice((1, 2))):
                self._wait_for_a_run()
                self._hit += bool(self._installation.work_horses())
                self._troubles[name]()
                self._counts[name] += 1
        while self._installation.is_in_trouble():
            self._live(_PAUSE)
        troubled = time.monotonic() - began
        settled = self._settle()
        seconds = time.monotonic() - began
        self._report(troubled, seconds)
        for company in self._companies:
            self._wrong += checks.what_is_wrong(company)
        self._wrong += checks.runs_that_found_a_bug()
        if not settled:
            self._wrong += [f"it has not settled in {_SECONDS_TO_SETTLE:.0f} s", *checks.under_way()]
        return self._wrong

    def _live(self, seconds: float) -> None:
        """People go on with what they do, and what is mended in time is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._installation.keep_running()
            self._installation.mend_what_is_due()
            try:
                choice(self._companies).do_something()  # noqa: S311
                self._look()
                _make_one_due()
            except _AWAY:
                connection.close()
            time.sleep(_PAUSE)

    def _wait_for_a_run(self) -> None:
        """And for a random moment of it."""
        end = time.monotonic() + _SECONDS_FOR_A_RUN_TO_BEGIN
        while not self._installation.work_horses() and time.monotonic() < end:
            self._live(_PAUSE)
        self._live(self._moments.uniform(0, 0.4))

    def _look(self) -> None:
        """What must hold at every moment."""
        active = BatchjobRun.objects.active()
        doubled = active.values("batchjob").annotate(runs=Count("pk")).filter(runs__gt=1)
        self._wrong += [f"batch job {found['batchjob']} has {found['runs']} active runs" for found in doubled]
        waits = active.aggregate(
            queued=Max(Now() - F("queued_at"), filter=Q(state=BatchjobRun.State.QUEUED)),
            silent=Max(Now() - F("heartbeat_at"), filter=Q(state=BatchjobRun.State.RUNNING)),
        )
        for name, wait in waits.items():
            self._longest[name] = max(self._longest[name], round(wait.total_seconds()) if wait else 0)

    def _settle(self) -> bool:
        """All is well again; wait until all is done. False: it is not."""
        end = time.monotonic() + _SECONDS_TO_SETTLE
        while time.monotonic() < end:
            self._installation.keep_running()
            self._look()
            if all(checks.is_settled(company) for company in self._companies):
                if not checks.under_way():
                    return True
            else:
                _let_time_pass()
            time.sleep(0.5)
        return False

    def _report(self, troubled: float, seconds: float) -> None:
        print(f"{seconds:.0f} s, of which {seconds - troubled:.0f} until all had settled")
        for name, count in sorted(self._counts.items()):
            print(f"  {count:3} x {name}")
        print(f"  {self._hit} of {self._counts.total()} while a run was at work")
        print(f"runs: {_by_state(BatchjobRun)}")
        lost = BatchjobRun.objects.filter(error=WORKER_LOST.as_json()).count()
        ended = BatchjobRun.objects.filter(error=WORKER_ENDED.as_json()).count()
        print(f"  {lost} lost their worker, {ended} were ended with it")
        print(
            f"  longest in the queue {self._longest['queued']} s, longest silent {self._longest['silent']} s"
        )
        delivered = sum(
            len(contents) for company in self._companies for contents in company.contents.values()
        )
        documents = sum(len(company.contents) for company in self._companies)
        print(f"documents: {documents} delivered, and {delivered - documents} revisions of them")
        print(
            f"  {EInvoice.objects.count()} stored in {EInvoiceVersion.objects.count()} versions, "
            f"{FailedDocument.objects.count()} failed"
        )
        print(f"status changes: {_by_state(StatusChange)}")
        accepted = sum(len(company.account.status_changes) for company in self._companies)
        there = sum(len(moments) for company in self._companies for moments in company.changed_there.values())
        print(f"  {accepted} accepted by the sandbox, {there} made there")


def _by_state(model: type[BatchjobRun | StatusChange]) -> str:
    found = model._default_manager.order_by("state").values_list("state").annotate(Count("pk"))
    return ", ".join(f"{count} {state}" for state, count in found)


def _make_one_due() -> None:
    Batchjob.objects.filter(pk__in=Batchjob.objects.order_by("?").values("pk")[:1]).make_due()


def _let_time_pass() -> None:
    """What is to be tried again in some minutes or hours is tried now."""
    for failure in FailedDocument.objects.only("pk"):  # one at a time: an import has them locked too
        FailedDocument.objects.filter(pk=failure.pk).update(last_tried_at=timezone.now() - timedelta(days=2))
    Batchjob.objects.make_due()
