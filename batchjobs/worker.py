"""The RQ worker: when it is told to end, the run that it works on ends between two documents."""

import os
import signal
from typing import Any

from rq.job import Job
from rq.queue import Queue
from rq.worker import Worker

from econnect_admin.processes import end_with

_SECONDS_BETWEEN_SIGNS = 30  # RQ forgets a worker 60 seconds after one that did not come


class RunWorker(Worker):
    """A worker whose work horse never outlives it nor holds up its end, and whose death is soon known."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"worker_ttl": _SECONDS_BETWEEN_SIGNS})

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse(signal.SIGTERM)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        end_with(self.pid or os.getppid())
        super().main_work_horse(job, queue)
