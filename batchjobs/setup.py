"""The batch jobs of an administration."""

from django.db import transaction

from batchjobs.clock import database_now
from batchjobs.models import Batchjob
from batchjobs.planning import ADVISED, set_schedules
from econnect_admin.models import Administration


@transaction.atomic
def ensure_batchjobs(administration: Administration) -> list[Batchjob]:
    """Add the batch jobs that the administration lacks, in the order of their types. Gives all of them.

    One without any planning schedule gets the advised ones; what is planned stays. Raises ScheduleError.
    """
    batchjobs = [
        Batchjob.objects.get_or_create(administration=administration, type=type_)[0]
        for type_ in Batchjob.Type
    ]
    for batchjob in batchjobs:
        if not batchjob.schedules.exists():
            set_schedules(batchjob, ADVISED, database_now())
    return batchjobs
