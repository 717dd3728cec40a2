"""Real schedulers, and batch jobs that are due."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from django.utils import timezone

from tests.conftest import PROJECT, kill_with_children

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from batchjobs.models import Batchjob
    from econnect_admin.models import Administration


@pytest.fixture
def start_scheduler(environment: dict[str, str]) -> Iterator[Callable[..., psutil.Popen]]:
    """Start a real scheduler, and wait until it is at work; all are killed in the end."""
    started: list[psutil.Popen] = []

    def start(log: Path = Path(os.devnull), **more: str) -> psutil.Popen:
        command = [sys.executable, str(PROJECT / "manage.py"), "scheduler"]
        with log.open("w") as errors:
            scheduler = psutil.Popen(
                command, env=environment | more, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        started.append(scheduler)
        assert "at work" in scheduler.stdout.readline()
        return scheduler

    yield start
    for scheduler in started:
        kill_with_children(scheduler)
        scheduler.stdout.close()


@pytest.fixture
def import_job(administration: "Administration") -> "Batchjob":
    """Every minute, and not before somebody makes it due."""
    return planned(administration)


def planned(administration: "Administration", type_: str = "import") -> "Batchjob":
    from batchjobs.models import Batchjob
    from batchjobs.planning import set_schedules
    from batchjobs.schedule import Continuous

    batchjob = Batchjob.objects.create(administration=administration, type=type_)
    set_schedules(batchjob, [Continuous(60)], timezone.now())
    batchjob.next_at = timezone.now() + timedelta(minutes=30)
    batchjob.save()
    return batchjob
