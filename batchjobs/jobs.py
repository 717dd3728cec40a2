"""What RQ executes. A job holds the id of a run and nothing else."""

import time
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

import django_rq
from rq import Queue, Worker

from batchjobs.models import BatchjobRun
from batchjobs.running import execute_in_turn

_PREFIX = "run-"  # of the ids of jobs
_FAILURES_SHOWN = 86400  # seconds in RQ's dashboard
_SECONDS_OF_A_PROCESS = 5.0  # after which it takes no other run


def enqueue(run: BatchjobRun) -> None:
    """Give a queued run to the workers. Raises redis.RedisError; the run stays queued then.

    Given twice, it is still executed once: a run is claimed.
    """
    enqueue_all([run.pk])


def enqueue_all(run_ids: Iterable[int]) -> None:
    """Give queued runs to the workers, in one go. Raises redis.RedisError; they stay queued then."""
    django_rq.get_queue().enqueue_many(
        Queue.prepare_data(
            execute_run,
            (run_id,),
            timeout=-1,
            result_ttl=0,
            failure_ttl=_FAILURES_SHOWN,
            description=f"run {run_id}",
            job_id=_job_id(run_id),
        )
        for run_id in run_ids
    )


def forgotten(run_ids: Collection[int]) -> list[int]:
    """Those that are not in the queue: Redis lost them, or a worker that took them died before it began.

    Raises redis.RedisError.
    """
    waiting = set(django_rq.get_queue().get_job_ids())
    return [run_id for run_id in run_ids if _job_id(run_id) not in waiting]


def workers() -> int:
    """How many workers are there to execute runs. Raises redis.RedisError."""
    return Worker.count(queue=django_rq.get_queue())


def execute_run(run_id: int) -> None:
    """See it through to its end, and for a while those that wait behind it.

    To start a process for a run that finds nothing takes longer than that run.
    """
    execute_in_turn(chain([run_id], _taken_until(time.monotonic() + _SECONDS_OF_A_PROCESS)))


def _taken_until(end: float) -> Iterator[int]:
    """Runs that nobody else will take. If this process dies before it begins one, `Recovery` enqueues it."""
    queue = django_rq.get_queue()
    while time.monotonic() < end and (job_id := queue.pop_job_id()):
        if job := queue.fetch_job(job_id):
            job.delete()
        yield int(job_id.removeprefix(_PREFIX))


def _job_id(run_id: int) -> str:
    return f"{_PREFIX}{run_id}"
