"""Old runs go, with their logs; the last one of a batch job stays, and so does what is at work."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

from batchjobs.models import BatchjobRun

logger = logging.getLogger(__name__)

_AT_ONCE = 1000


def prune() -> int:
    """Delete the runs that are older than RUNS_KEPT_DAYS. Gives how many."""
    of_the_same = BatchjobRun.objects.filter(batchjob=OuterRef("batchjob")).order_by("-pk")
    old = (
        BatchjobRun.objects.filter(queued_at__lt=Now() - timedelta(days=settings.RUNS_KEPT_DAYS))
        .exclude(state__in=BatchjobRun.ACTIVE)
        .exclude(pk=Subquery(of_the_same.values("pk")[:1]))
    )
    total = 0
    while run_ids := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        BatchjobRun.objects.filter(pk__in=run_ids).delete()
        total += len(run_ids)
    if total:
        logger.info("Deleted %s runs of more than %s days ago", total, settings.RUNS_KEPT_DAYS)
    return total
