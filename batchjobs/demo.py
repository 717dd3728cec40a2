"""The demonstration: a sandbox, an administration coupled to it, and an import by a real worker."""

import os
import socket
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from django.core.management.base import CommandError
from django.db import connection
from django.utils.text import Truncator

from batchjobs.jobs import enqueue
from batchjobs.lost_runs import close_if_lost
from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import AlreadyRunning, request_run
from batchjobs.setup import ensure_batchjobs
from econnect_admin.administrations.connection import connect
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.embedded.home import PROJECT_DIR, home
from econnect_admin.models import Administration, User, UserGroup
from econnect_admin.rights.granting import PRESETS, grant
from econnect_admin.saying import say_stored
from econnect_admin.supervisor import Supervisor, own_service
from invoices.conversion.standard import set_up_ledger
from invoices.models import EInvoice, FailedDocument
from invoices.showing.codes import status_in_words

USER = "demo"

_SAMPLES = PROJECT_DIR / "econnect_admin" / "sandbox" / "samples"
_COMPANY, _COMPANY_ID = "Ref Bouw B.V.", "XCNL10017"
_GROUP = "Crediteurenadministratie"
_SECONDS_TO_START, _SECONDS_TO_IMPORT = 30, 3600
_COLUMNS = ("Number", "Supplier", "Date", "Due", "Amount", "Status")
_WIDEST = 40  # characters of a column


def documents_directory(asked: Path | None) -> Path:
    """The directory with the sandbox's documents. Raises CommandError if there are none in it."""
    directory = (asked or _SAMPLES).resolve()
    if not any(directory.glob("*.xml")):
        raise CommandError(f"There are no documents (*.xml) in {directory}.")
    return directory


def password() -> str:
    """Of the user of the demonstration; made once."""
    return home().secret("demo-password")[:16]


def run(supervisor: Supervisor, documents: Path, say: Callable[[str], None]) -> str | None:
    """Import the documents and print what came in. Gives what is not in, and why, if there is any.

    Each directory of documents has an administration and an inbox of its own.
    """
    code = "DEMO" if documents == _SAMPLES else f"DEMO-{sha256(bytes(documents)).hexdigest()[:6]}"
    port = _free_port()
    sandbox = own_service(
        "sandbox",
        *("-m", "econnect_admin.sandbox", "--port", str(port), "--documents", str(documents)),
        *("--state", str(home().data_dir / f"sandbox-{code}.json")),
        environment={f"SANDBOX_{name}": value for name, value in _account().items()},
    )
    supervisor.start(sandbox)
    if not supervisor.wait(lambda: _is_listening(port), _SECONDS_TO_START):
        return f"The sandbox does not start: {sandbox.last_words()} (log: {sandbox.log})"
    administration = _couple(code, documents, port)
    _provide_group(administration, _provide_user())
    batchjob, _ = ensure_batchjobs(administration)
    ended = _import(batchjob, supervisor)
    _print_table(administration, say)
    if ended is None:
        return "No worker has ended the import within an hour; the logs of the workers say more."
    seconds = f" after {ended.seconds:.1f} s" if ended.seconds is not None else ""
    say(f"The import by a worker {ended.state}{seconds}: {ended.new} new, {ended.failed} failed.")
    problem = say_stored(ended.error) or _not_in(administration) or _not_readable(documents)
    connection.close()
    return problem


def _account() -> dict[str, str]:
    """What the sandbox knows, and the administration is set up with."""
    return {
        "CONSUMER_KEY": home().secret("sandbox-consumer-key"),
        "CONSUMER_SECRET": home().secret("sandbox-consumer-secret"),
        "SUBSCRIPTION_KEY": home().secret("sandbox-subscription-key"),
        "PARTY_ID": _COMPANY_ID,
        "PARTY_NAME": _COMPANY,
    }


def _couple(code: str, documents: Path, port: int) -> Administration:
    """The sandbox has another port at each start, and so another Access URL."""
    account = _account()
    administration, _ = setup_administration(
        code,
        name=_COMPANY if documents == _SAMPLES else f"{_COMPANY} ({_as_text(documents.name)})",
        access_url=f"http://127.0.0.1:{port}/soap/v3.1?subscriptionKey={quote(account['SUBSCRIPTION_KEY'])}",
        consumer_key=account["CONSUMER_KEY"],
        consumer_secret=account["CONSUMER_SECRET"],
        created_by="inkoop@refbouw.example",
        delivery_email="crediteuren@refbouw.example",
        company_id=_COMPANY_ID,
    )
    set_up_ledger(administration)
    return administration


def _provide_user() -> User:
    user, _ = User.objects.get_or_create(username=USER, defaults={"is_superuser": True})
    if not user.check_password(password()):
        user.set_password(password())
        user.save()
    return user


def _provide_group(administration: Administration, user: User) -> None:
    """Whose members handle the invoices; what somebody has made of it since stays."""
    group, created = UserGroup.objects.get_or_create(name=_GROUP)
    if created:
        grant(group, next(preset.grants for preset in PRESETS if preset.code == "clerk"))
        group.members.add(user)
    group.administrations.add(administration)


def _import(batchjob: Batchjob, supervisor: Supervisor) -> BatchjobRun | None:
    """The run, as it ended; None if it has not. Raises supervisor.Ended."""
    try:
        run = request_run(batchjob, started_by=USER)
        enqueue(run)
    except AlreadyRunning as error:
        run = error.run

    def has_ended() -> bool:
        run.refresh_from_db()
        close_if_lost(run)
        return run.state not in BatchjobRun.ACTIVE

    return run if supervisor.wait(has_ended, _SECONDS_TO_IMPORT) else None


def _print_table(administration: Administration, say: Callable[[str], None]) -> None:
    rows = [_COLUMNS, *_rows(administration)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    amount = _COLUMNS.index("Amount")
    for row in rows:
        cells = (
            cell.rjust(width) if column == amount else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        say("  ".join(cells).rstrip())
    for failure in FailedDocument.objects.filter(administration=administration).without_content():
        say(f"{failure.external_id} ({failure.subject or 'no subject'}) failed: {_reason(failure)}")


def _rows(administration: Administration) -> Iterator[tuple[str, ...]]:
    einvoices = EInvoice.objects.filter(administration=administration)
    for einvoice in einvoices.select_related("current__seller").order_by("pk"):
        version = einvoice.current_version
        amount = "" if version.payable is None else f"{version.payable:,f} {version.currency}"
        cells = (
            version.number,
            version.seller.name,
            version.issue_date or "",
            version.due_date or "",
            amount,
            status_in_words(einvoice.status_code, einvoice.allowed_statuses),
        )
        yield tuple(Truncator(str(cell)).chars(_WIDEST) for cell in cells)


def _not_in(administration: Administration) -> str | None:
    """Hold the sandbox's inbox against what is here."""
    with connect(administration) as client:
        pages = client.inbox_pages(party_id=_COMPANY_ID)
        listed = [document.external_id for page in pages for document in page.documents]
    einvoices = EInvoice.objects.filter(administration=administration)
    present = set(einvoices.values_list("external_id", flat=True))
    missing = [external_id for external_id in listed if external_id not in present]
    if not missing:
        return None
    failures = FailedDocument.objects.filter(administration=administration).without_content()
    reasons = {failure.external_id: _reason(failure) for failure in failures}
    first = f"{missing[0]}: {reasons.get(missing[0], 'the import has not come to it')}"
    return f"{len(missing)} of {len(listed)} documents are not in; the first is {first}"


def _not_readable(documents: Path) -> str | None:
    """The sandbox leaves out what it may not read."""
    closed = [file.name for file in sorted(documents.glob("*.xml")) if not os.access(file, os.R_OK)]
    return f"These files cannot be read: {_as_text(', '.join(closed))}" if closed else None


def _as_text(name: str) -> str:
    """The name of a file, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def _reason(failure: FailedDocument) -> str:
    return say_stored(failure.details) or failure.reason


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
