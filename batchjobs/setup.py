"""The batch jobs of an administration."""

from batchjobs.models import Batchjob
from econnect_admin.models import Administration


def ensure_batchjobs(administration: Administration) -> list[Batchjob]:
    """Add the batch jobs that the administration lacks. Gives all of them."""
    return [
        Batchjob.objects.get_or_create(administration=administration, type=type_)[0]
        for type_ in Batchjob.Type
    ]
