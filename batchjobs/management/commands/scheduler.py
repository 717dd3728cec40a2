"""Make runs of the batch jobs that are due, until Ctrl-C or SIGTERM."""

import signal
import threading
from argparse import ArgumentParser

from batchjobs.scheduler import Scheduler
from econnect_admin.command_line import PlainCommand


class Command(PlainCommand):
    help = (
        "Make runs of the batch jobs that are due and look after them, until Ctrl-C or SIGTERM. "
        "Any number may run at once, on any machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        pass

    def handle(self, *_arguments: object, **_options: object) -> None:
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        self.stdout.write("The scheduler is at work.")
        self.stdout.flush()
        Scheduler(ending).run()
