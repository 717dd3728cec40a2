"""The moments that planning schedules give: those of a batch job, or those that somebody is typing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from batchjobs import planning
from batchjobs.batchjob_page import by_the_clock_of, error_in_words
from batchjobs.models import Batchjob
from batchjobs.schedule import Schedule, ScheduleError, next_moments
from batchjobs.schedule_forms import MOST_SCHEDULES, PlanningScheduleForm
from econnect_admin.models import Administration

_MOMENTS = 10

_Rows = forms.formset_factory(
    PlanningScheduleForm,
    can_delete=True,
    max_num=MOST_SCHEDULES,
    absolute_max=MOST_SCHEDULES,
    validate_max=True,
)


class Preview:
    """What planning schedules come to; where that cannot be told, `problems` says why."""

    def __init__(
        self, schedules: Sequence[Schedule], administration: Administration, problems: Sequence[str] = ()
    ) -> None:
        self.zone = administration.time_zone
        self.words, self.moments = "", list[str]()
        self.problems = list(problems)
        if self.problems:
            return
        self.words = planning.in_words(schedules)
        try:
            zone = planning.zone_of(administration)
            moments = next_moments(schedules, timezone.now(), zone, _MOMENTS)
            self.moments = [by_the_clock_of(administration, moment) for moment in moments]
        except ScheduleError as error:
            self.problems = [error_in_words(error)]


def preview_of(batchjob: Batchjob | None) -> Preview:
    """Of what is stored; for a new batch job of what is advised."""
    if batchjob is None:
        return Preview(planning.ADVISED, Administration())
    try:
        return Preview(planning.schedules_of(batchjob), batchjob.administration)
    except ScheduleError as error:
        return Preview([], batchjob.administration, [error_in_words(error)])


def preview_typed(
    data: Mapping[str, Any], batchjob: Batchjob | None, administrations: QuerySet[Administration]
) -> Preview:
    """Of the form of a batch job as it is filled in; without an administration by the usual time zone."""
    rows = _Rows(data, prefix="schedules")
    administration = batchjob.administration if batchjob else _chosen(administrations, data)
    if not rows.is_valid():
        return Preview([], administration, list(_problems(rows)))
    kept = [form for form in rows.forms if form not in rows.deleted_forms and form.has_changed()]
    return Preview([planning.schedule_of(form.instance) for form in kept], administration)


def _problems(rows: forms.BaseFormSet[PlanningScheduleForm]) -> Iterator[str]:
    yield from map(str, rows.non_form_errors())
    for form in rows.forms:
        for name, errors in form.errors.items():
            yield from (f"{form.fields[name].label}: {error}" for error in errors)


def _chosen(administrations: QuerySet[Administration], data: Mapping[str, Any]) -> Administration:
    try:
        chosen = forms.ModelChoiceField(administrations).clean(data.get("administration"))
    except forms.ValidationError:
        return Administration()
    return chosen or Administration()
