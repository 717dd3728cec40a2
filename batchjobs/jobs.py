"""What RQ executes. A job holds the id of a run and nothing else."""

from collections.abc import Collection, Iterable

import django_rq
from rq import Queue, Worker

from batchjobs.models import BatchjobRun
from batchjobs.running import execute

_FAILURES_SHOWN = 86400  # seconds in RQ's dashboard


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
    execute(run_id)


def _job_id(run_id: int) -> str:
    return f"run-{run_id}"
