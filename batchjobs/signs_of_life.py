"""Whether there is somebody to make runs, and somebody to execute them."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.worker_registration import get_keys

from batchjobs.models import SchedulerSign

SECONDS_BETWEEN_SIGNS = 10.0
_SILENCE = timedelta(seconds=45)  # after which a scheduler is taken for dead
_SECONDS_FOR_REDIS = 0.5  # a page waits for this


def give_sign() -> None:
    """To be called by each scheduler, every SECONDS_BETWEEN_SIGNS."""
    if not SchedulerSign.objects.filter(pk=SchedulerSign.ONLY).update(at=Now()):
        SchedulerSign.objects.bulk_create(
            [SchedulerSign(pk=SchedulerSign.ONLY, at=Now())], ignore_conflicts=True
        )


def scheduler_is_alive() -> bool:
    return SchedulerSign.objects.filter(at__gt=Now() - _SILENCE).exists()


def worker_is_alive() -> bool | None:
    """Whether RQ knows one; None if Redis does not answer.

    One that was killed without a word is still known for at most 90 seconds.
    """
    redis = Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=_SECONDS_FOR_REDIS,
        socket_timeout=_SECONDS_FOR_REDIS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with redis:
            keys = get_keys(Queue(connection=redis))
            return bool(keys and redis.exists(*keys))
    except RedisError:
        return None
