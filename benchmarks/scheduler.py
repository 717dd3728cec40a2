"""How soon 10,000 batch jobs that are due at the same moment are runs in the queue, and none twice.

    python benchmarks/scheduler.py [BATCHJOBS]

Schedulers and the embedded servers run as processes of their own, with data apart from the user's.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script sees its own folder only

from benchmarks.ground import PROJECT, set_up

_READY = "The scheduler is at work."
_LONGEST = 120  # seconds


def main() -> None:
    batchjobs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    set_up("benchmark-scheduler")
    for schedulers in (1, 3):
        _measure(batchjobs, schedulers)


def _measure(batchjobs: int, schedulers: int) -> None:
    import django_rq

    from batchjobs.models import Batchjob, BatchjobRun

    queue = django_rq.get_queue()
    _fill(batchjobs)
    queue.connection.flushdb()
    with _schedulers(schedulers):
        due = datetime.now(UTC) + timedelta(seconds=3)
        Batchjob.objects.update(next_at=due)
        created = _seconds_until(due, lambda: BatchjobRun.objects.count() >= batchjobs)
        enqueued = _seconds_until(due, lambda: queue.count >= batchjobs)
        time.sleep(3)  # for whatever would come twice
    runs = BatchjobRun.objects.values_list("batchjob", flat=True)
    twice = len(runs) - len(set(runs))
    ids = queue.get_job_ids()
    print(f"{schedulers} scheduler(s): {len(runs)} runs {created:.1f} s after they were due, {twice} twice")
    print(f"  {len(ids)} ids in the queue after {enqueued:.1f} s, {len(ids) - len(set(ids))} twice")
    assert len(runs) == len(ids) == batchjobs
    assert not twice


def _fill(batchjobs: int) -> None:
    """Two batch jobs for each administration, with the advised schedules."""
    from django.core.management import call_command

    from batchjobs.models import Batchjob, PlanningSchedule
    from batchjobs.planning import ADVISED, row_of
    from econnect_admin.models import Administration, DatabasePreferences

    call_command("flush", interactive=False, verbosity=0)
    database = DatabasePreferences.objects.create(name="benchmark", access_url="http://127.0.0.1/")
    administrations = Administration.objects.bulk_create(
        Administration(code=f"B{number}", name="Benchmark", database=database)
        for number in range(batchjobs // len(Batchjob.Type))
    )
    created = Batchjob.objects.bulk_create(
        Batchjob(administration=administration, type=type_)
        for administration in administrations
        for type_ in Batchjob.Type
    )
    rows: list[PlanningSchedule] = []
    for batchjob in created:
        for schedule in ADVISED:
            rows.append(row_of(schedule))
            rows[-1].batchjob = batchjob
    PlanningSchedule.objects.bulk_create(rows, batch_size=5000)


def _seconds_until(since: datetime, condition: Callable[[], bool]) -> float:
    while not condition():
        seconds = (datetime.now(UTC) - since).total_seconds()
        assert seconds < _LONGEST, "it does not come about"
        time.sleep(0.05)
    return (datetime.now(UTC) - since).total_seconds()


@contextmanager
def _schedulers(count: int) -> Iterator[None]:
    command = [sys.executable, "manage.py", "scheduler"]
    processes = [
        subprocess.Popen(command, cwd=PROJECT, text=True, stdout=subprocess.PIPE) for _ in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert any(_READY in line for line in iter(process.stdout.readline, ""))
        yield
    finally:
        for process in processes:
            process.terminate()
        assert [process.wait(timeout=10) for process in processes] == [0] * count


if __name__ == "__main__":
    main()
