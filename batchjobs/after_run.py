"""How a run ended, and what that means for its batch job."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from batchjobs import notifying
from batchjobs.clock import database_now
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.replanning import set_next_moments
from econnect_admin.models import Administration
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


class Refused(Outcome):
    """Useless to try again until a person has done something: they are told, and it is tried less often."""

    def follow_up(self, run: BatchjobRun) -> None:
        with transaction.atomic():
            batchjob, others_are_refused = _locked(run)
            told = others_are_refused or batchjob.refusals > 0
            batchjob.refusals += 1
            if batchjob.enabled and batchjob.next_at and batchjob.refusals <= len(_PAUSES):
                batchjob.next_at = database_now() + _PAUSES[batchjob.refusals - 1]
            batchjob.save(update_fields=["refusals", "next_at"])
        if self.error and not told:
            notifying.tell_refused(run, self.error)


class Done(Outcome):
    """All was done, but for the documents that failed and the inboxes that could not be read."""

    def follow_up(self, run: BatchjobRun) -> None:
        if run.batchjob.refusals:
            self._end_refusals(run)
        if run.failed and run.batchjob.type == Batchjob.Type.IMPORT_E_INVOICES:
            notifying.tell_failed_documents(run)

    def _end_refusals(self, run: BatchjobRun) -> None:
        with transaction.atomic():
            batchjob, others_are_refused = _locked(run)
            batchjob.refusals = 0
            batchjob.save(update_fields=["refusals"])
            set_next_moments([batchjob])
        if not others_are_refused:
            notifying.tell_works_again(run)


def _locked(run: BatchjobRun) -> tuple[Batchjob, bool]:
    """The run's batch job, and whether another one of the administration is being refused.

    Locked by administration: two batch jobs with the same trouble tell of it once.
    """
    administration = Administration.objects.select_for_update().get(pk=run.batchjob.administration_id)
    others = administration.batchjobs.exclude(pk=run.batchjob_id).filter(refusals__gt=0).exists()
    return Batchjob.objects.select_for_update().get(pk=run.batchjob_id), others
