"""Work that one process at a time does, whichever it is."""

from enum import IntEnum

from django.db import connection


class Work(IntEnum):
    """Names our locks for PostgreSQL."""

    RECOVERING = 710_304
    PRUNING = 710_305
    MENDING_PLANS = 710_306
    TELLING = 710_307


def is_ours(work: Work, of: int = 0) -> bool:
    """Until the end of the transaction. False: somebody else is at it, for the same number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [int(work), of])
        [got] = cursor.fetchone()
    return bool(got)
