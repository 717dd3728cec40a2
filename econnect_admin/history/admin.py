"""*Historie*: a list, and a page of each change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from econnect_admin.exporting.columns import Column
from econnect_admin.foreign_text import harmless, isolated
from econnect_admin.history.filters import ActionFilter, KindFilter, RowFilter
from econnect_admin.history.models import HistoryEntry
from econnect_admin.history.showing import (
    action_in_words,
    changes_in_words,
    kind_in_words,
    to_the_second,
    who_in_words,
)
from econnect_admin.read_only import ReadOnlyAdmin

_IN_A_ROW = 4  # changes; the page has all

admin.site.unregister(HistoryEntry)  # the library's own page of it


class HistoryPage:
    def __init__(self, entry: HistoryEntry) -> None:
        self.entry = entry
        self.who = who_in_words(entry)
        self.kind = kind_in_words(entry)
        self.action = action_in_words(entry)
        self.changes = changes_in_words(entry)


def _all_changes(entry: HistoryEntry) -> str:
    changes = changes_in_words(entry)
    return "\n".join(f"{change.field}: {change.before} → {change.after}" for change in changes)


@admin.register(HistoryEntry)
class HistoryAdmin(ReadOnlyAdmin):
    page_template = "history/change.html"
    list_display = ("moment", "who", "action_done", "row", "what_changed")
    list_display_links = ("moment",)
    export_columns = (
        Column(_("when"), "timestamp"),
        Column(_("who"), who_in_words),
        Column(_("action"), action_in_words),
        Column(_("kind"), kind_in_words),
        Column(_("what"), "object_repr"),
        Column(_("changes"), _all_changes),
    )
    list_filter = (ActionFilter, KindFilter, RowFilter)
    list_select_related = ("content_type", "actor")
    search_fields = ("object_repr", "actor__username")
    search_help_text = _("What was changed, or the user who did")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:  # noqa: ARG002
        """By its own filters only: others would try out what is hidden."""
        return lookup in {one.parameter_name for one in self.list_filter}

    def page_of(self, request: HttpRequest, row: HistoryEntry) -> HistoryPage:  # noqa: ARG002
        return HistoryPage(row)

    @admin.display(description=_("when"), ordering="timestamp")
    def moment(self, entry: HistoryEntry) -> str:
        return to_the_second(entry.timestamp)

    @admin.display(description=_("who"), ordering="actor__username")
    def who(self, entry: HistoryEntry) -> str:
        return str(isolated(who_in_words(entry)))

    @admin.display(description=_("action"), ordering="action")
    def action_done(self, entry: HistoryEntry) -> str:
        return action_in_words(entry)

    @admin.display(description=_("what"), ordering="object_repr")
    def row(self, entry: HistoryEntry) -> str:
        return f"{kind_in_words(entry)}: {harmless(entry.object_repr)}"

    @admin.display(description=_("changes"))
    def what_changed(self, entry: Any) -> str:
        changes = changes_in_words(entry)[:_IN_A_ROW]
        rows = ((change.field, harmless(change.before), harmless(change.after)) for change in changes)
        return format_html("<div>{}</div>", format_html_join("", "<div>{}: {} → {}</div>", rows))
