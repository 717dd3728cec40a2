"""How long a run at work will still take."""

import math
from datetime import datetime

from django.utils.translation import gettext as _

from batchjobs.models import BatchjobRun

_FEWEST = 5  # documents that took work; with fewer the pace cannot be told


def seconds_left(run: BatchjobRun, now: datetime) -> float | None:
    """At the pace of what took work until now (what is skipped takes none); None if it cannot be said."""
    worked = run.new + run.revised + run.failed
    ahead = run.listed - worked - run.skipped
    if run.started_at is None or worked < _FEWEST or ahead <= 0 or run.stop_requested:
        return None
    return max(0, (now - run.started_at).total_seconds()) * ahead / worked


def left_in_words(seconds: float | None) -> str:
    """`about 20 s left`, never broken over two lines; "" if it cannot be said."""
    if seconds is None:
        return ""
    fives, minutes = math.ceil(seconds / 5) * 5, math.ceil(seconds / 60)
    if fives < 60:
        said = _("about %(seconds)s s left") % {"seconds": max(5, fives)}
    elif minutes < 60:
        said = _("about %(minutes)s min left") % {"minutes": minutes}
    else:
        said = _("about %(hours)s h %(minutes)s min left") % {"hours": minutes // 60, "minutes": minutes % 60}
    return said.replace(" ", "\u00a0")
