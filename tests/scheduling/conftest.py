"""Real schedulers, and batch jobs that are due."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from django.utils import timezone

from tests.commands.running import start_command
from tests.conftest import kill_with_children, wait_until

if TYPE_CHECKING:  # models can be imported only when the servers are there
    from batchjobs.models import Batchjob
    from econnect_admin.models import Administration


@pytest.fixture
def start_scheduler(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., psutil.Process]]:
    """Start a real scheduler, and wait until it is at work; all are killed in the end."""
    started: list[psutil.Process] = []

    def start(log: Path = Path(os.devnull), **more: str) -> psutil.Process:
        said = tmp_path / f"scheduler-{len(started)}"
        said.touch()
        scheduler = start_command(("scheduler",), environment, more, said, log)
        started.append(scheduler)
        wait_until(lambda: "at work" in said.read_text())
        return scheduler

    yield start
    for scheduler in started:
        kill_with_children(scheduler)


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
