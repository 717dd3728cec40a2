"""What gives the list of an admin its menu *Export*."""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from types import ModuleType
from typing import IO, Any, cast

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from econnect_admin.exporting import csv_file, xlsx_file
from econnect_admin.exporting.columns import Column, columns_of
from econnect_admin.exporting.values import Value, plain

FORMATS: dict[str, ModuleType] = {"csv": csv_file, "xlsx": xlsx_file}

_ROWS_AT_A_TIME = 1000


class Exporting:
    """To stand before the admin's own class. A list with `export_columns` can be exported.

    What is exported is what the search and the filters of the list give, in its order, on all pages.
    """

    model: Any
    opts: Any
    admin_site: Any
    export_columns: Sequence[str | Column] = ()

    def exported(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with everything that the columns need, so that none is read again for each row."""
        return rows

    def get_urls(self) -> list[URLPattern]:
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        if not self.export_columns:
            return urls
        return [
            path(
                f"export/{name}/",
                self.admin_site.admin_view(require_safe(partial(self.export_view, format_name=name))),
                name=f"{self.opts.app_label}_{self.opts.model_name}_export_{name}",
            )
            for name in FORMATS
        ] + urls

    def export_view(self, request: HttpRequest, format_name: str) -> HttpResponseBase:
        admin = cast(Any, self)
        if not admin.has_view_or_change_permission(request):
            raise PermissionDenied
        the_list = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            found = admin.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect(f"{the_list}?e=1")
        count = found.count()
        if count >= xlsx_file.MOST_ROWS:
            messages.error(request, _too_many(count))
            return redirect(f"{the_list}?{request.GET.urlencode()}")
        return self._file(self.exported(found), format_name)

    def _file(self, rows: QuerySet[Any], format_name: str) -> FileResponse:
        columns = columns_of(self.model, self.export_columns)
        file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        headings = [str(plain(capfirst(str(column.heading)))) for column in columns]
        FORMATS[format_name].write(file, headings, _values(rows, columns))
        file.seek(0)
        name = f"{slugify(str(self.opts.verbose_name_plural))}-{timezone.localdate():%Y-%m-%d}.{format_name}"
        response = FileResponse(
            file, as_attachment=True, filename=name, content_type=FORMATS[format_name].MIME
        )
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


def _values(rows: QuerySet[Any], columns: list[Column]) -> Iterator[list[Value]]:
    for row in rows.iterator(chunk_size=_ROWS_AT_A_TIME):
        yield [plain(column.value_of(row)) for column in columns]


def _too_many(count: int) -> str:
    return _(
        "These are %(count)s rows, and a sheet has room for %(most)s. "
        "Search or filter, so that fewer are exported at a time."
    ) % {
        "count": number_format(count, force_grouping=True),
        "most": number_format(xlsx_file.MOST_ROWS - 1, force_grouping=True),
    }
