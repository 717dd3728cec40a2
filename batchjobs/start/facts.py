"""What is stored about how an administration is set up, read once and only as far as it is asked for."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import cached_property

from batchjobs.models import Batchjob, BatchjobRun
from econnect_admin.administrations.connection_test.models import ConnectionTest
from econnect_admin.administrations.connection_test.steps import Mend
from econnect_admin.administrations.connection_test.testing import is_about_now, last_test
from econnect_admin.models import Administration, AdministrationPreferences, UserGroup
from econnect_admin.rights.catalogue import E_PURCHASE_INVOICES, Privilege
from econnect_admin.saying import say_stored
from invoices.models import EInvoice, FailedDocument

_READ = (BatchjobRun.State.SUCCEEDED, BatchjobRun.State.PARTLY_FAILED)


class Facts:
    def __init__(self, administration: Administration) -> None:
        self._administration = administration

    @cached_property
    def preferences(self) -> AdministrationPreferences | None:
        return AdministrationPreferences.objects.filter(administration=self._administration).first()

    @cached_property
    def active_functions(self) -> set[str]:
        return set(self._administration.activations.values_list("function", flat=True))

    @cached_property
    def groups_that_view(self) -> int:
        """How many user groups have active members who may look at the invoices of the administration."""
        groups = self._groups_that_may_view.filter(members__is_active=True)
        count: int = groups.order_by().distinct().count()
        return count

    @cached_property
    def group_that_waits(self) -> UserGroup | None:
        """A user group that may look at the invoices; asked for where none has active members."""
        return self._groups_that_may_view.order_by("-pk").first()

    @property
    def _groups_that_may_view(self) -> QuerySet[UserGroup]:
        groups: QuerySet[UserGroup] = UserGroup.objects.filter(
            administrations=self._administration,
            privileges__function=E_PURCHASE_INVOICES.code,
            privileges__privilege=Privilege.VIEW,
        )
        return groups

    @cached_property
    def batchjobs(self) -> list[Batchjob]:
        """In the order of their types."""
        types = list(Batchjob.Type)
        batchjobs = self._administration.batchjobs.select_related("administration")
        return sorted(batchjobs, key=lambda batchjob: types.index(Batchjob.Type(batchjob.type)))

    def batchjob_of(self, type_: Batchjob.Type) -> Batchjob | None:
        return next((batchjob for batchjob in self.batchjobs if batchjob.type == type_), None)

    @cached_property
    def _last_runs(self) -> dict[int, BatchjobRun]:
        """The last run of each batch job that has ended, by the key of the batch job."""
        ended = BatchjobRun.objects.filter(batchjob=OuterRef("pk")).exclude(state__in=BatchjobRun.ACTIVE)
        last = Batchjob.objects.filter(administration=self._administration).values(
            last=Subquery(ended.order_by("-pk").values("pk")[:1])
        )
        return {run.batchjob_id: run for run in BatchjobRun.objects.filter(pk__in=last)}

    def refusal_of(self, batchjob: Batchjob) -> dict[str, Any] | None:
        """Why it cannot go on until somebody does something; None if it can, or something was done since."""
        run = self._last_runs.get(batchjob.pk)
        if not batchjob.refusals or run is None or run.started_at is None:
            return None
        is_mended = batchjob.mended_at and batchjob.mended_at >= run.started_at
        error: dict[str, Any] | None = run.error
        return None if is_mended else error

    @cached_property
    def _test(self) -> ConnectionTest | None:
        """The last test of the connection, if it was of what is stored now."""
        test = last_test(self._administration)
        return test if test and is_about_now(test, self._administration) else None

    @cached_property
    def _was_read(self) -> bool:
        """Whether a run has read the inbox since the preferences were changed, and since they were tested."""
        moments = [self.preferences.changed_at] if self.preferences else []
        if self._test and self._test.ended_at:
            moments.append(self._test.ended_at)
        return any(
            run.state in _READ and run.started_at and all(run.started_at > moment for moment in moments)
            for run in self._last_runs.values()
        )

    @property
    def connection_works(self) -> bool:
        return self._was_read or bool(self._test and not self._test.has_failed)

    def failure_of(self, *mended_at: Mend) -> str:
        """What the last test found wrong that is mended there, in words; "" if nothing."""
        if self._test is None or self._was_read:
            return ""
        failed = [result for result in self._test.results if result["state"] == "failed"]
        return next((say_stored(result) for result in failed if result["mend"] in mended_at), "")

    @cached_property
    def has_einvoice(self) -> bool:
        return EInvoice.objects.filter(administration=self._administration).exists()

    @cached_property
    def has_failed_document(self) -> bool:
        return FailedDocument.objects.filter(administration=self._administration).exists()
