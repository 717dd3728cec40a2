"""Old runs go, with their logs; the last one of a batch job stays, and so does what is at work."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from batchjobs.advisory_locks import Work, is_ours
from batchjobs.models import BatchjobRun

logger = logging.getLogger(__name__)

_AT_ONCE = 1000  # runs in one transaction


@transaction.atomic
def prune_some() -> bool:
    """Delete as many of those older than RUNS_KEPT_DAYS as is quickly done. True: there may be more."""
    if not is_ours(Work.PRUNING):
        return False
    newer = BatchjobRun.objects.filter(batchjob=OuterRef("batchjob"), pk__gt=OuterRef("pk"))
    old = (
        BatchjobRun.objects.filter(queued_at__lt=Now() - timedelta(days=settings.RUNS_KEPT_DAYS))
        .exclude(state__in=BatchjobRun.ACTIVE)
        .filter(Exists(newer))
    )
    run_ids = list(old.order_by("queued_at").values_list("pk", flat=True)[:_AT_ONCE])
    BatchjobRun.objects.filter(pk__in=run_ids).delete()
    if run_ids:
        logger.info("Deleted %s runs of more than %s days ago", len(run_ids), settings.RUNS_KEPT_DAYS)
    return len(run_ids) == _AT_ONCE
