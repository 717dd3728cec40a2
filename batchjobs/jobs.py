"""What RQ executes. A job holds the id of a run and nothing else."""

import django_rq
from rq import Worker

from batchjobs.models import BatchjobRun
from batchjobs.running import execute


def enqueue(run: BatchjobRun) -> None:
    """Give a queued run to the workers. Raises redis.RedisError; the run stays queued then.

    Given twice, it is still executed once: a run is claimed.
    """
    django_rq.get_queue().enqueue(execute_run, run.pk, job_timeout=-1, result_ttl=0, failure_ttl=86400)


def workers() -> int:
    """How many workers are there to execute runs. Raises redis.RedisError."""
    return Worker.count(queue=django_rq.get_queue())


def execute_run(run_id: int) -> None:
    execute(run_id)
