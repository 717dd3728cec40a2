"""The invoices imported on each of the last days, as a chart and in words."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invoices.models import EInvoice

DAYS = 30


@dataclass(frozen=True)
class PerDay:
    counts: dict[date, int]  # of each day, in order

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def data(self) -> str:
        """For Chart.js, as django-unfold's component wants it."""
        bars = {"data": list(self.counts.values()), "backgroundColor": "var(--color-primary-600)"}
        labels = [date_format(day, "MONTH_DAY_FORMAT") for day in self.counts]
        return json.dumps(
            {"labels": labels, "datasets": [{**bars, "label": _("imported"), "maxTicksXLimit": 8}]}
        )

    @property
    def words(self) -> str:
        """What the chart shows, for who does not see it."""
        most = max(self.counts, key=lambda day: self.counts[day])
        said = {"total": number_format(self.total), "days": DAYS, "day": date_format(most)}
        said["most"] = number_format(self.counts[most])
        words = ngettext(
            "%(total)s invoice in %(days)s days; most on %(day)s: %(most)s.",
            "%(total)s invoices in %(days)s days; most on %(day)s: %(most)s.",
            self.total,
        )
        return words % said

    @property
    def days_with_some(self) -> list[tuple[date, int]]:
        return [(day, count) for day, count in reversed(self.counts.items()) if count]


def imported_per_day(einvoices: QuerySet[EInvoice]) -> PerDay:
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    since = timezone.make_aware(datetime.combine(days[0], time()))
    rows = (
        einvoices.filter(received_at__gte=since)
        .order_by()
        .values_list(TruncDate("received_at"))
        .annotate(count=Count("pk"))
    )
    counted = dict(rows)
    return PerDay({day: counted.get(day, 0) for day in days})
