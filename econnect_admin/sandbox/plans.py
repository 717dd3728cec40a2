"""Which misbehaviour comes at which call."""

import threading
from dataclasses import dataclass, field

from econnect_admin.sandbox.exchange import Exchange, Misbehaviour


@dataclass
class _Plan:
    misbehaviour: Misbehaviour
    operation: str | None
    external_id: str | None
    times_left: float


@dataclass
class Plans:
    """What is planned, in the order in which it was; the first that fits comes. Thread-safe."""

    _plans: list[_Plan] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self, misbehaviour: Misbehaviour, operation: str | None, external_id: str | None, times: int | None
    ) -> None:
        with self._lock:
            self._plans.append(_Plan(misbehaviour, operation, external_id, times or float("inf")))

    def clear(self) -> None:
        with self._lock:
            self._plans.clear()

    def take(self, exchange: Exchange) -> Misbehaviour | None:
        """The one that comes now; it counts as done."""
        with self._lock:
            for plan in self._plans:
                if (
                    plan.times_left > 0
                    and plan.operation in (None, exchange.call.operation)
                    and plan.external_id in (None, exchange.call.text("ExternalId"))
                ):
                    plan.times_left -= 1
                    return plan.misbehaviour
        return None
