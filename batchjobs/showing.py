"""Runs as people see them."""

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from batchjobs.models import BatchjobRun, RunLogLine
from econnect_admin.saying import say

LINES_PER_PAGE = 200

_COLOURS = {
    BatchjobRun.State.QUEUED: "default",
    BatchjobRun.State.RUNNING: "info",
    BatchjobRun.State.SUCCEEDED: "success",
    BatchjobRun.State.PARTLY_FAILED: "warning",
    BatchjobRun.State.FAILED: "danger",
    BatchjobRun.State.STOPPED: "default",
}
_LEVEL_COLOURS = {"info": "info", "warning": "warning", "error": "danger"}


def state_badge(state: str) -> str:
    known = BatchjobRun.State(state)
    return render_to_string("unfold/helpers/label.html", {"text": known.label, "type": _COLOURS[known]})


def duration(seconds: float | None) -> str | None:
    """`4,2 s`, `3 min 20 s`, `1 u 5 min`; None while there is none."""
    if seconds is None:
        return None
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": number_format(round(seconds, 1), decimal_pos=1)}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


class LogPage:
    """The log of a run, a page at a time, in the language of who reads it."""

    def __init__(self, run_id: str, number: str | None) -> None:
        self._run_id = run_id
        self._number = number

    @cached_property
    def page(self) -> Page[RunLogLine]:
        lines = RunLogLine.objects.filter(run_id=self._run_id).order_by("pk")
        return Paginator(lines, LINES_PER_PAGE).get_page(self._number)

    @property
    def lines(self) -> list[dict[str, object]]:
        return [
            {
                "at": line.at,
                "level": line.get_level_display(),
                "colour": _LEVEL_COLOURS.get(line.level, "default"),
                "words": say(line.message, line.values),
                "external_id": line.external_id,
            }
            for line in self.page
        ]
