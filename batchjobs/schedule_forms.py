"""Planning schedules as people type them."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from batchjobs.batchjob_page import error_in_words, row_in_words
from batchjobs.models import PlanningSchedule
from batchjobs.planning import row_of, schedule_of
from batchjobs.schedule import Schedule, ScheduleError, next_moment, parse_time
from econnect_admin.wording import gettext_noop

_WHEN = ("kind", "every_minutes", "window_start", "window_end", "times", "cron")
MOST_SCHEDULES = 20  # of a batch job, by the browser

_FIELDS = (*_WHEN, "weekdays")


class TimeOfDayField(forms.Field):
    """`07:00`; 24:00 is the end of a day."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: str | None) -> time | None:
        text = (value or "").strip()
        return _time("00:00" if text == "24:00" else text) if text else None


class TimesOfDayField(forms.Field):
    """`23:30, 07:00`; a list of texts."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: str | None) -> list[str]:
        texts = (value or "").replace(",", " ").replace(";", " ").split()
        return [f"{at:%H:%M}" for at in sorted({_time(text) for text in texts})]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != (data or "").strip())


def _time(text: str) -> time:
    """Raises ValidationError."""
    try:
        return parse_time(text, "times")
    except ScheduleError as error:
        raise ValidationError(error_in_words(error)) from None


class PlanningScheduleForm(forms.ModelForm[PlanningSchedule]):
    window_start = TimeOfDayField(
        label=capfirst(_("from")), required=False, help_text=_("Empty: from 00:00.")
    )
    window_end = TimeOfDayField(label=capfirst(_("to")), required=False, help_text=_("Empty: until 24:00."))
    times = TimesOfDayField(
        label=capfirst(_("times")), required=False, help_text=_("For instance: 07:00, 23:30")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=capfirst(_("weekdays")),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("None chosen: every day."),
    )

    class Meta:
        model = PlanningSchedule
        fields = _FIELDS
        help_texts = {"cron": _("Minute, hour, day of the month, month, day of the week: 0 12 1 * *")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # django-unfold shows this above the row
            self.instance.get_inline_title = row_in_words(self.instance)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What does not belong to the kind is not kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            schedule = schedule_of(PlanningSchedule(**{name: cleaned[name] for name in _FIELDS}))
            _check_that_it_comes(schedule)
            row = row_of(schedule)
        except ScheduleError as error:
            self.add_error(error.field, error_in_words(error))
            return cleaned
        return cleaned | {name: getattr(row, name) for name in _FIELDS}


def _check_that_it_comes(schedule: Schedule) -> None:
    """Raises ScheduleError: who types a schedule means it to run."""
    if next_moment([schedule], timezone.now(), ZoneInfo("UTC")) is None:
        raise ScheduleError("cron", gettext_noop("The day of this cron expression never comes."))


class PlanningScheduleFormSet(BaseInlineFormSet[Any, Any, Any]):
    def clean(self) -> None:
        super().clean()
        if any("id" in form.errors for form in self.initial_forms):
            raise ValidationError(
                _("Somebody else has changed the planning schedule meanwhile: open the page anew.")
            )


class PlanningScheduleInline(StackedInline):  # type: ignore[misc]
    """The tab; who may not change the batch job reads it in words."""

    model = PlanningSchedule
    form = PlanningScheduleForm
    formset = PlanningScheduleFormSet
    max_num = MOST_SCHEDULES
    template = "batchjobs/planning_tab.html"
    fields = (_WHEN, "weekdays")
    tab = True
    verbose_name_plural = _("planning schedule")  # the tab

    class Media:
        js = (forms.Script("econnect_admin/planning.js", defer=True),)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **kwargs, absolute_max=MOST_SCHEDULES, validate_max=True)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:  # noqa: ARG002
        return 0 if obj else 2  # those that are advised

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Who sees the batch job sees when it runs."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def _may(self, request: HttpRequest, batchjob: Any) -> bool:
        return request.user.has_perm(
            "batchjobs.change_batchjob" if batchjob else "batchjobs.add_batchjob", batchjob
        )
