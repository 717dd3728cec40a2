"""What the page of an e-invoice shows: one version of it, its status, and the way to its neighbours."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.formats import number_format
from django.utils.translation import ngettext

from econnect_admin.rights.authorisation import Person
from econnect_admin.saying import say_stored
from invoices.conversion.warnings import unknown_accounts_of
from invoices.models import EInvoice, Line, PayeeAccount, VatSubtotal
from invoices.showing.conversion import warning_in_words
from invoices.showing.document_pane import DocumentPane
from invoices.showing.facts import VersionFacts
from invoices.showing.neighbours import Neighbours
from invoices.showing.status import StatusHead
from invoices.showing.timeline import TimelineCard

LINES_PER_PAGE = 100


class InvoicePage(VersionFacts):
    """One version of an e-invoice; `version` as the address has it, None for the current one."""

    def __init__(
        self,
        einvoice: EInvoice,
        version: str | None,
        lines_page: str | None,
        user: Person,
        neighbours: Neighbours,
    ) -> None:
        """Raises Http404 if there is no such version."""
        self.versions = list(
            einvoice.versions.order_by("-version").values("pk", "version", "received_at", "sha256")
        )
        wanted = str(self.versions[0]["version"]) if version is None else version
        if wanted not in {str(existing["version"]) for existing in self.versions}:
            raise Http404
        super().__init__(
            einvoice, einvoice.versions.select_related("seller", "buyer").get(version=int(wanted))
        )
        self.neighbours = neighbours
        self.may_view_lines = user.has_perm("invoices.view_line", einvoice)
        self.pane = DocumentPane(einvoice, self.version, user)
        self._may_view_suppliers = user.has_perm("invoices.view_supplier", einvoice.administration)
        may_change = user.has_perm("invoices.change_einvoice", einvoice)
        self.timeline = TimelineCard(einvoice, may_change, self.versions, self.pane.pdfs)
        self.status = StatusHead(einvoice, self.version, may_change, self.is_current, self.timeline.changes)
        self._lines_page = lines_page

    @property
    def is_current(self) -> bool:
        return self.version.pk == self.einvoice.current_id

    @property
    def unknown_accounts(self) -> list[str]:
        """What is said of them where it is booked is worth knowing where it is approved."""
        if not self._may_view_suppliers:
            return []
        return [warning_in_words(warning) for warning in unknown_accounts_of(self.einvoice, self.version)]

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [finding | {"words": say_stored(finding)} for finding in self.version.findings]

    @cached_property
    def lines(self) -> Page[Line]:
        lines = self.version.lines.order_by("position").prefetch_related("allowances_charges")
        return Paginator(lines, LINES_PER_PAGE).get_page(self._lines_page)

    @cached_property
    def lines_title(self) -> str:
        count = self.lines.paginator.count
        return ngettext("%(count)s line", "%(count)s lines", count) % {"count": number_format(count)}

    @cached_property
    def accounts(self) -> list[PayeeAccount]:
        return list(self.version.payee_accounts.all())

    @cached_property
    def vat_breakdown(self) -> list[VatSubtotal]:
        return list(self.version.vat_breakdown.all())
