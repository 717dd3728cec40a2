"""What the commands say of a run."""

from typing import Any

from batchjobs.models import BatchjobRun
from batchjobs.worker_identity import host_and_process
from econnect_admin.saying import say_stored

COUNTS = ("listed", "new", "revised", "skipped", "failed")


def answer(run: BatchjobRun, problem: str | None = None) -> dict[str, Any]:
    """The JSON of a run; `problem` is what keeps it from being done."""
    seconds = run.seconds
    return {
        "run": run.pk,
        "state": run.state,
        **{name: getattr(run, name) for name in COUNTS},
        "seconds": None if seconds is None else round(seconds, 3),
        "error": problem or say_stored(run.error) or None,
    }


def counts_in_words(run: BatchjobRun) -> str:
    return ", ".join(f"{getattr(run, name)} {name}" for name in COUNTS)


def place_of(run: BatchjobRun) -> str:
    """Where it is at work."""
    return "{}, process {}".format(*host_and_process(run.worker))
