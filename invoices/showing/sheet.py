"""An e-invoice as a sheet of paper: what one reads and prints where there is no PDF."""

from functools import cached_property

from econnect_admin.rights.authorisation import Person
from invoices.models import EInvoice, EInvoiceVersion, Line
from invoices.showing.facts import Facts, VersionFacts

MOST_LINES = 500


class Sheet(VersionFacts):
    """`version` with its seller and buyer."""

    def __init__(self, einvoice: EInvoice, version: EInvoiceVersion, user: Person) -> None:
        super().__init__(einvoice, version)
        self.may_view_lines = user.has_perm("invoices.view_line", einvoice)

    @cached_property
    def lines(self) -> list[Line]:
        lines = self.version.lines.order_by("position").prefetch_related("allowances_charges")
        return list(lines[:MOST_LINES])

    @cached_property
    def lines_left_out(self) -> int:
        return self.version.lines.count() - MOST_LINES if len(self.lines) == MOST_LINES else 0

    @property
    def dates_of_sheet(self) -> Facts:
        """Without the type of the document, which stands above them."""
        return self.dates[1:]
