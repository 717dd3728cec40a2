"""Authorisation requests that workers ask eConnect about. A job holds the id of one and nothing else."""

from collections.abc import Iterable

import django_rq
from rq import Queue

from econnect_admin.linking.checking import check

QUEUE = "checks"  # not that of the runs: whoever takes an id from that takes it for a run
_FAILURES_SHOWN = 86400  # seconds in RQ's dashboard


def enqueue_checks(request_ids: Iterable[int]) -> None:
    """Give them to the workers, in one go. Raises redis.RedisError."""
    django_rq.get_queue(QUEUE).enqueue_many(
        Queue.prepare_data(
            execute_check,
            (request_id,),
            timeout=-1,
            result_ttl=0,
            failure_ttl=_FAILURES_SHOWN,
            description=f"authorisation request {request_id}",
            job_id=f"check-{request_id}",
        )
        for request_id in request_ids
    )


def execute_check(request_id: int) -> None:
    """Given twice, it is done once at a time: a request is claimed."""
    check(request_id)
