"""What tests look at."""

from batchjobs.models import BatchjobRun
from econnect_admin.sandbox.server import Sandbox
from econnect_admin.wording import Wording
from invoices.models import EInvoice

COUNTS = ("listed", "new", "revised", "skipped", "failed")


def counts(run: BatchjobRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in COUNTS if getattr(run, name)}


def timeline(einvoice: EInvoice) -> list[tuple[str, str, str]]:
    """(from, to, state) in the order recorded."""
    changes = einvoice.status_changes.order_by("pk")
    return [(change.from_code, change.to_code, change.state) for change in changes]


def codes(sandbox: Sandbox, einvoice: EInvoice) -> tuple[str, str]:
    """The status here and on the platform."""
    einvoice.refresh_from_db()
    return einvoice.status_code, sandbox.account.documents[einvoice.external_id].status_code


def said(run: BatchjobRun) -> str:
    lines = [str(Wording(line.message, line.values)) for line in run.log_lines.all()]
    if run.error:
        lines.append(str(Wording(run.error["message"], run.error["values"])))
    return "\n".join(lines)
