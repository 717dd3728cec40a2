"""The RQ worker: when it is told to end, the run that it works on ends between two documents."""

import ctypes
import signal

from rq.job import Job
from rq.queue import Queue
from rq.worker import Worker

_PR_SET_PDEATHSIG = 1


class RunWorker(Worker):
    """A worker whose work horse never outlives it and never holds up its end."""

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse(signal.SIGTERM)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        # The kernel sends it when the worker dies in whatever way.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        super().main_work_horse(job, queue)
