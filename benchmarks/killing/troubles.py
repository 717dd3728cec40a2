"""What goes wrong, and for how long."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import psutil

from benchmarks.killing.company import Company
from benchmarks.killing.installation import Installation
from econnect_admin.sandbox import misbehaviours as ways
from econnect_admin.sandbox.exchange import Misbehaviour

_A_WHILE = (0.5, 8.0)  # seconds
# So long that a run is taken from who is stopped, who then wakes up.
_LONG = (75.0, 85.0)
_SHORT = (0.0, 4.0)  # a server that is away


@dataclass(frozen=True)
class Troubles:
    """Each is repeatable: what it hits and how long it lasts is decided by `moments`."""

    installation: Installation
    companies: list[Company]
    moments: Random

    def by_name(self) -> dict[str, Callable[[], None]]:
        there = self.installation
        return {
            "worker killed": lambda: self._kill(there.workers()),
            "worker killed with its work horse": self._kill_worker_and_horse,
            "work horse killed": lambda: self._kill(there.work_horses()),
            "worker stopped": lambda: self._stop(there.workers()),
            "work horse stopped": lambda: self._stop(there.work_horses()),
            "work horse stopped for over a minute": lambda: self._stop(there.work_horses(), _LONG),
            "scheduler killed": lambda: self._kill(there.schedulers()),
            "scheduler stopped": lambda: self._stop(there.schedulers()),
            "scheduler stopped for over a minute": lambda: self._stop(there.schedulers(), _LONG),
            "Valkey killed and wiped": lambda: there.kill_valkey(self._seconds(_SHORT)),
            "PostgreSQL crashed": lambda: there.crash_postgres(self._seconds(_SHORT)),
            "sandbox down": self._sandbox_down,
            "sandbox slow": lambda: self._misbehave(ways.slow(self._seconds((0.2, 2.0)))),
            "sandbox answers 503": lambda: self._misbehave(ways.service_unavailable),
            "sandbox cuts before it answers": lambda: self._misbehave(ways.cut_before_answer),
            "sandbox accepts a status and does not say so": lambda: self._misbehave(
                ways.cut_before_answer, "SetInboxDocumentStatus"
            ),
            "tokens expired": self._expire_tokens,
            "new tokens expired too": lambda: self._misbehave(ways.expired_token),
        }

    def _seconds(self, span: tuple[float, float]) -> float:
        return self.moments.uniform(*span)

    def _kill(self, processes: list[psutil.Process]) -> None:
        if processes:
            with suppress(psutil.NoSuchProcess):
                self.moments.choice(processes).kill()

    def _kill_worker_and_horse(self) -> None:
        """The worker first, so that it cannot see its work horse die."""
        if horses := self.installation.work_horses():
            horse = self.moments.choice(horses)
            with suppress(psutil.NoSuchProcess):
                for process in (horse.parent(), horse):
                    if process:
                        process.kill()

    def _stop(self, processes: list[psutil.Process], span: tuple[float, float] = _A_WHILE) -> None:
        if processes:
            self.installation.stop(self.moments.choice(processes), self._seconds(span))

    def _sandbox_down(self) -> None:
        company = self.moments.choice(self.companies)
        company.go_down()
        self.installation.later(self._seconds(_A_WHILE), company.come_back)

    def _misbehave(self, misbehaviour: Misbehaviour, operation: str | None = None) -> None:
        company = self.moments.choice(self.companies)
        company.misbehave(misbehaviour, operation)
        self.installation.later(self._seconds(_A_WHILE), company.behave)

    def _expire_tokens(self) -> None:
        for company in self.companies:
            company.account.expire_tokens()
