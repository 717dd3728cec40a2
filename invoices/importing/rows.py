"""From facts to rows: instances that belong together, inserted in bulk, kind by kind."""

import dataclasses
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models

from econnect_admin.models import Administration
from invoices.importing.received import Received
from invoices.models import (
    AllowanceCharge,
    Attachment,
    EInvoice,
    EInvoiceVersion,
    Line,
    Original,
    Party,
    PayeeAccount,
    VatSubtotal,
)
from invoices.ubl import facts

_MOST_IN_A_STATEMENT = 2000

Row = TypeVar("Row", bound=models.Model)

# In the order in which they can be inserted: what others point to comes first.
_INSERTED = (
    Party,
    EInvoice,
    EInvoiceVersion,
    PayeeAccount,
    VatSubtotal,
    Line,
    AllowanceCharge,
    Attachment,
)
_COPY_ORIGINALS = f"COPY {Original._meta.db_table} (version_id, content) FROM STDIN (FORMAT BINARY)"


class Rows:
    """The rows of a batch, gathered document by document."""

    def __init__(self, administration: Administration, now: datetime) -> None:
        self._administration = administration
        self._now = now
        self._rows: dict[type[models.Model], list[Any]] = {model: [] for model in _INSERTED}
        self._originals: list[tuple[EInvoiceVersion, bytes]] = []

    def insert(self) -> None:
        for model, instances in self._rows.items():
            model._default_manager.bulk_create(instances, batch_size=_MOST_IN_A_STATEMENT)
        self._copy_originals()

    def _copy_originals(self) -> None:
        """By COPY, because an INSERT would write every byte out as two characters."""
        with connection.cursor() as cursor, cursor.copy(_COPY_ORIGINALS) as copy:
            copy.set_types(["int8", "bytea"])
            for version, content in self._originals:
                copy.write_row((version.pk, content))

    def add_einvoice(self, received: Received, status_code: str) -> EInvoice:
        """A document that is new here. Its version is added by `add_version`."""
        details = received.document.details
        return self._add(
            EInvoice(
                administration=self._administration,
                connection_user_group_id=received.wanted.connection_user_group_id,
                external_id=details.external_id,
                document_id=details.document_id,
                subject=details.subject,
                sender_party_id=details.sender.econnect_party_id,
                receiver_party_id=details.receiver.econnect_party_id,
                delivery_method=details.transaction.delivery_method,
                status_code=status_code,
                allowed_statuses=allowed_statuses(received),
                created_on=details.created_on,
                modified_on=details.modified_on,
                received_at=self._now,
            )
        )

    def add_version(self, einvoice: EInvoice, number: int, received: Received) -> None:
        invoice = received.invoice
        version = self._add(
            EInvoiceVersion(
                einvoice=einvoice,
                version=number,
                received_at=self._now,
                sha256=received.sha256,
                size=len(received.content),
                seller=self._add(Party(**_values(invoice.seller, _OF_PARTY))),
                buyer=self._add(Party(**_values(invoice.buyer, _OF_PARTY))),
                notes=list(invoice.notes),
                preceding_invoices=[_preceding(preceding) for preceding in invoice.preceding_invoices],
                findings=[finding.as_json() for finding in received.findings],
                **_values(invoice, _OF_VERSION),
            )
        )
        self._originals.append((version, received.content))
        for position, account in enumerate(invoice.payee_accounts, 1):
            self._add(PayeeAccount(version=version, position=position, **_values(account, _OF_ACCOUNT)))
        for position, subtotal in enumerate(invoice.vat_breakdown, 1):
            self._add(VatSubtotal(version=version, position=position, **_values(subtotal, _OF_SUBTOTAL)))
        self._add_allowances_charges(version, None, invoice.allowances_charges)
        for position, line in enumerate(invoice.lines, 1):
            self._add_line(version, position, line)
        for position, attachment in enumerate(invoice.attachments, 1):
            self._add_attachment(version, position, attachment)

    def _add_line(self, version: EInvoiceVersion, position: int, line: facts.Line) -> None:
        row = self._add(
            Line(
                version=version,
                position=position,
                line_id=line.id,
                item_properties=[dataclasses.asdict(item) for item in line.item_properties],
                **_values(line, _OF_LINE),
            )
        )
        self._add_allowances_charges(version, row, line.allowances_charges)

    def _add_allowances_charges(
        self, version: EInvoiceVersion, line: Line | None, items: tuple[facts.AllowanceCharge, ...]
    ) -> None:
        for position, item in enumerate(items, 1):
            values = _values(item, _OF_ALLOWANCE_CHARGE)
            self._add(AllowanceCharge(version=version, line=line, position=position, **values))

    def _add_attachment(self, version: EInvoiceVersion, position: int, attachment: facts.Attachment) -> None:
        self._add(
            Attachment(
                version=version,
                position=position,
                document_id=attachment.id,
                description=attachment.description,
                filename=attachment.safe_filename if attachment.embedded else "",
                mime=attachment.mime,
                size_in_bytes=attachment.size_in_bytes,
                sha256=attachment.sha256 or "",
                external_uri=attachment.external_uri,
            )
        )

    def _add(self, row: Row) -> Row:
        self._rows[type(row)].append(row)
        return row


def allowed_statuses(received: Received) -> list[dict[str, str]]:
    return [{"code": status.code, "name": status.name} for status in received.document.statuses]


def _preceding(preceding: facts.PrecedingInvoice) -> dict[str, str | None]:
    issue_date = preceding.issue_date
    return {"id": preceding.id, "issue_date": issue_date.written if issue_date else None}


def _shared(model: type[models.Model], fact: type, *more: str, but: tuple[str, ...] = ()) -> list[str]:
    """The names that a model and a fact have in common, plus the fact's properties in `more`."""
    columns = {column.name for column in model._meta.concrete_fields}
    names = [
        field.name for field in dataclasses.fields(fact) if field.name in columns and field.name not in but
    ]
    return [*names, *more]


def _values(fact: object, names: list[str]) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in names}


_OF_PARTY = _shared(Party, facts.Party)
_OF_ACCOUNT = _shared(PayeeAccount, facts.PayeeAccount)
_OF_SUBTOTAL = _shared(VatSubtotal, facts.VatSubtotal)
_OF_ALLOWANCE_CHARGE = _shared(AllowanceCharge, facts.AllowanceCharge)
_OF_LINE = _shared(Line, facts.Line, but=("id", "item_properties"))
_OF_VERSION = _shared(
    EInvoiceVersion,
    facts.Invoice,
    *("payment_means_code", "payment_reference", "tax_total", "tax_total_in_tax_currency"),
    but=("seller", "buyer", "notes", "preceding_invoices"),
)
