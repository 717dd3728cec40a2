"""How many runs two workers do in a second where inboxes are empty, and which process that costs what.

    python benchmarks/administrations.py [ADMINISTRATIONS] [WORKERS] [MILLISECONDS]

All batch jobs of all administrations are due at once, twice: the first runs log in, the second find
the token that was kept. A call takes the sandbox so many milliseconds. A scheduler, the workers and
the embedded servers run as processes of their own, with data apart from the user's; the sandbox is
in this one.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script sees its own folder only

from benchmarks.ground import set_up, start_python
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.misbehaviours import slow
from econnect_admin.sandbox.server import Sandbox

_KEY, _SECRET, _COMPANY_ID = "key", "secret", "XCNL10017"
_SECONDS_TO_END = 10

Processes = dict[str, list[psutil.Process]]  # by what they are


def main() -> None:
    administrations = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    milliseconds = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    data_dir = set_up("benchmark-administrations")
    account = Account(
        consumer_key=_KEY, consumer_secret=_SECRET, party_id=_COMPANY_ID, party_name="Ref Bouw B.V."
    )
    with Sandbox(account) as sandbox:
        sandbox.misbehave(slow(milliseconds / 1000), times=None)
        _fill(administrations, sandbox.access_url)
        with _processes(data_dir / "logs", workers) as processes:
            for name in ("runs that log in", "runs with a token that was kept"):
                _measure(name, workers, processes, sandbox)


def _fill(administrations: int, access_url: str) -> None:
    """Their inboxes are one and the same, which makes no difference while it is empty."""
    from batchjobs.models import Batchjob
    from econnect_admin.models import (
        Administration,
        AdministrationPreferences,
        DatabasePreferences,
        FunctionActivation,
    )
    from econnect_admin.rights.catalogue import DNA_FUNCTIONS

    database = DatabasePreferences.objects.create(name="benchmark", access_url=access_url)
    created = Administration.objects.bulk_create(
        Administration(code=f"B{number}", name="Benchmark", database=database)
        for number in range(administrations)
    )
    AdministrationPreferences.objects.bulk_create(
        AdministrationPreferences(
            administration=administration,
            consumer_key=_KEY,
            consumer_secret=_SECRET,
            company_id=_COMPANY_ID,
        )
        for administration in created
    )
    FunctionActivation.objects.bulk_create(
        FunctionActivation(administration=administration, function=function.code)
        for administration in created
        for function in DNA_FUNCTIONS
    )
    Batchjob.objects.bulk_create(
        Batchjob(administration=administration, type=type_)
        for administration in created
        for type_ in Batchjob.Type
    )


def _measure(name: str, workers: int, processes: Processes, sandbox: Sandbox) -> None:
    from django.db.models import Avg, Count, F, Max, Min
    from django.db.models.functions import Now

    from batchjobs.models import Batchjob, BatchjobRun

    BatchjobRun.objects.all().delete()
    sandbox.calls.clear()
    cpu_before = {part: _cpu_seconds(family) for part, family in processes.items()}
    Batchjob.objects.update(next_at=Now())
    expected = Batchjob.objects.count()
    while BatchjobRun.objects.exclude(ended_at=None).count() < expected:
        time.sleep(0.5)
    cpu = {part: _cpu_seconds(family) - cpu_before[part] for part, family in processes.items()}
    runs = BatchjobRun.objects.aggregate(
        began=Min("started_at"), ended=Max("ended_at"), each=Avg(F("ended_at") - F("started_at"))
    )
    seconds = (runs["ended"] - runs["began"]).total_seconds()
    states = BatchjobRun.objects.order_by("state").values_list("state").annotate(Count("pk"))
    print(f"{name}: {expected} in {seconds:.0f} s, {expected / seconds:.1f} a second ({dict(states)})")
    print(f"  {len(sandbox.calls) / expected:.1f} calls of eConnect a run")
    print(f"  a worker takes {workers * seconds / expected * 1000:.0f} ms for one, ", end="")
    print(f"{runs['each'].total_seconds() * 1000:.0f} ms of it between its beginning and its end")
    print("  CPU, ms a run: ", end="")
    print(", ".join(f"{part} {spent / expected * 1000:.1f}" for part, spent in cpu.items()))
    print(f"  {sum(cpu.values()) / seconds:.2f} of {psutil.cpu_count()} cores were at work for this")


def _cpu_seconds(family: list[psutil.Process]) -> float:
    """Of the processes and of all that they have started; what is still at work counts when it ends."""
    total = 0.0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # own and children's, user and system
    return total


@contextmanager
def _processes(logs: Path, workers: int) -> Iterator[Processes]:
    of_servers = psutil.Process().children()
    commands = [("scheduler",), *[("rqworker", "default", "checks")] * workers]
    started: list[psutil.Process] = [
        start_python("manage.py", *command, log=logs / f"benchmark-{number}.log")
        for number, command in enumerate(commands)
    ]
    try:
        yield {
            "workers": started[1:],
            "scheduler": started[:1],
            "PostgreSQL": [process for process in of_servers if "postgres" in process.name()],
            "Valkey": [process for process in of_servers if "valkey" in process.name()],
            "sandbox": [psutil.Process()],
        }
    finally:
        for process in started:
            process.terminate()
        psutil.wait_procs(started, timeout=_SECONDS_TO_END)


if __name__ == "__main__":
    main()
