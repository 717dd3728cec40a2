"""The next moments of many batch jobs, and of those for which there is none to be had."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from batchjobs import planning
from batchjobs.advisory_locks import Work, is_ours
from batchjobs.clock import database_now
from batchjobs.models import Batchjob
from econnect_admin.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
    FunctionActivation,
)

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # batch jobs in one transaction
_AFTER_A_FAILED_CALCULATION = timedelta(hours=1)
# Few schedules are silent for longer, but a clock that was wrong for a moment may have planned so.
_FAR = timedelta(days=8)


def set_next_moments(batchjobs: Sequence[Batchjob]) -> None:
    """Plan and save what the caller has locked."""
    now = database_now()
    changed = []
    for batchjob in batchjobs:
        before, batchjob.next_at = batchjob.next_at, _next_moment(batchjob, now)
        if batchjob.next_at != before:
            changed.append(batchjob)
    Batchjob.objects.bulk_update(changed, ["next_at"])


def _next_moment(batchjob: Batchjob, now: datetime) -> datetime | None:
    """As planned; an hour from now if that cannot be calculated, so that we do not trip on it for ever."""
    try:
        return planning.next_run(batchjob, now)
    except Exception:
        logger.exception("The next moment of batch job %s cannot be calculated", batchjob.pk)
        return now + _AFTER_A_FAILED_CALCULATION


class PlanMending:
    """Plans again what is far away: a clock that was wrong may have done that."""

    def __init__(self) -> None:
        self._planned_up_to = 0

    @transaction.atomic
    def mend_some(self) -> bool:
        """As many as are quickly done. True: there may be more."""
        if not is_ours(Work.MENDING_PLANS):
            return False
        far = Batchjob.objects.filter(enabled=True, next_at__gt=database_now() + _FAR)
        locked = far.filter(pk__gt=self._planned_up_to).select_for_update(skip_locked=True, of=("self",))
        some = locked.select_related("administration").prefetch_related("schedules").order_by("pk")
        batchjobs = list(some[:_AT_ONCE])
        set_next_moments(batchjobs)
        there_may_be_more = len(batchjobs) == _AT_ONCE
        self._planned_up_to = batchjobs[-1].pk if there_may_be_more else 0
        return there_may_be_more


def plan_by_the_new_time_zone(instance: Administration, **_signal: object) -> None:
    """Plan the batch jobs of an administration anew, which is about to be saved, if its time zone changes."""
    with transaction.atomic():
        # Locked before its batch jobs, as by everybody who locks both.
        stored = Administration.objects.select_for_update(no_key=True).filter(pk=instance.pk).first()
        if stored is None or stored.time_zone == instance.time_zone:
            return
        batchjobs = list(instance.batchjobs.select_for_update().prefetch_related("schedules"))
        for batchjob in batchjobs:
            batchjob.administration = instance
        set_next_moments(batchjobs)


def try_again(
    instance: AdministrationPreferences | DatabasePreferences | FunctionActivation, **_signal: object
) -> None:
    """Have what was refused run at once: somebody may just have mended it."""
    mended = (
        Q(administration__database=instance)
        if isinstance(instance, DatabasePreferences)
        else Q(administration=instance.administration_id)
    )
    Batchjob.objects.filter(mended).update(mended_at=Now())
    Batchjob.objects.filter(mended, refusals__gt=0).make_due()
