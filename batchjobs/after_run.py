"""How a run ended, and what that means for its batch job."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from batchjobs import digests, notifying
from batchjobs.clock import database_now
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.replanning import set_next_moments
from econnect_admin.wording import Wording

# After so many refusals in a row, each time longer; then the batch job follows its schedule.
_PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]


@dataclass(frozen=True)
class Outcome:
    """How a run ended. The next one, at its time, goes on."""

    state: BatchjobRun.State
    error: Wording | None = None

    def follow_up(self, run: BatchjobRun) -> None:
        """Do what the end of the run asks for. The run has ended by then."""


class CutOff(Outcome):
    """There is more to do, and no reason to wait."""

    def follow_up(self, run: BatchjobRun) -> None:
        Batchjob.objects.filter(pk=run.batchjob_id).make_due()


class Stopped(Outcome):
    """Somebody wanted an end of it: what fell due meanwhile is not begun either."""

    def follow_up(self, run: BatchjobRun) -> None:
        with transaction.atomic():
            batchjob = _locked(run)
            if _is_due(batchjob):
                set_next_moments([batchjob])


class Refused(Outcome):
    """Useless to try again until a person has done something: they are told, and it is tried less often."""

    def follow_up(self, run: BatchjobRun) -> None:
        with transaction.atomic():
            batchjob = _locked(run)
            if batchjob.mended_at and run.started_at and batchjob.mended_at >= run.started_at:
                Batchjob.objects.filter(pk=batchjob.pk).make_due()
                return
            batchjob.refusals += 1
            if batchjob.enabled and batchjob.next_at and batchjob.refusals <= len(_PAUSES):
                batchjob.next_at = database_now() + _PAUSES[batchjob.refusals - 1]
            batchjob.save(update_fields=["refusals", "next_at"])
        if self.error:
            notifying.tell_refused(run, self.error)


class Done(Outcome):
    """All was done, but for the documents that failed and the inboxes that could not be read."""

    def follow_up(self, run: BatchjobRun) -> None:
        if run.batchjob.refusals:
            with transaction.atomic():
                batchjob = _locked(run)
                batchjob.refusals = 0
                batchjob.save(update_fields=["refusals"])
                if not _is_due(batchjob):
                    set_next_moments([batchjob])
        if run.batchjob.refusals or run.batchjob.refusal_told:
            notifying.tell_works_again(run)
        digests.tell_what_failed(run)


def _locked(run: BatchjobRun) -> Batchjob:
    return Batchjob.objects.select_for_update().get(pk=run.batchjob_id)


def _is_due(batchjob: Batchjob) -> bool:
    return batchjob.next_at is not None and batchjob.next_at <= database_now()
