"""What an import needs of whoever runs it: a sign of life, counts, a log, and the word to stop."""

from collections.abc import Mapping
from typing import Literal, Protocol

from econnect_admin.wording import Wording

Level = Literal["info", "warning", "error"]
# listed, new, revised, skipped, failed
Counts = Mapping[str, int]


class Interrupted(Exception):
    """Raised by Progress: the work is to end here, between two documents."""


class Progress(Protocol):
    def tick(self) -> None:
        """Called at least once a second. Raises Interrupted."""

    def stay_alive(self) -> None:
        """Called in its place while something is under way that must come to its end.

        Raises Interrupted only if the work is no longer this process's own.
        """

    def advance(self, counts: Counts) -> None:
        """Add to the counts, within the transaction that stores what is counted.

        Raises Interrupted if the work is no longer this process's own: the transaction is rolled
        back, so whoever took it over never meets what a straggler stored.
        """

    def log(self, level: Level, wording: Wording, external_id: str = "") -> None: ...
