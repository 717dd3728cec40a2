"""What must hold when all is well again. Each check gives what is wrong, in one line for each case."""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise

from django.db.models import Prefetch
from django.db.models.functions import Now

from batchjobs.models import Batchjob, BatchjobRun
from batchjobs.running import UNFORESEEN
from benchmarks.killing.company import PERSON, Company
from invoices.models import EInvoice, EInvoiceVersion, FailedDocument, StatusChange

State = StatusChange.State


def is_settled(company: Company) -> bool:
    """Nothing is under way: what waits here was sent, and the documents are as on the sandbox."""
    waiting = StatusChange.objects.filter(
        einvoice__administration=company.administration, state__in=StatusChange.OPEN
    )
    return not waiting.exists() and not any(_wrong_documents(company)) and not any(_wrong_statuses(company))


def what_is_wrong(company: Company) -> Iterator[str]:
    yield from _wrong_documents(company)
    yield from _wrong_versions(company)
    yield from _wrong_statuses(company)
    yield from _wrong_changes(company)


def under_way() -> list[str]:
    """Nothing, when no run is active and each batch job has its next moment before it."""
    active = [f"run {run.pk} is still {run.state}" for run in BatchjobRun.objects.active()]
    late = Batchjob.objects.exclude(next_at__gt=Now())
    return active + [f"{batchjob} has no next moment in the future" for batchjob in late]


def runs_that_found_a_bug() -> Iterator[str]:
    for run in BatchjobRun.objects.filter(error=UNFORESEEN.as_json()):
        yield f"run {run.pk} ended in a way that nobody thought of"


def _wrong_documents(company: Company) -> Iterator[str]:
    """Each is stored once with its current bytes, or recorded as failed with them."""
    stored = _sha256_of_stored(company)
    failures = FailedDocument.objects.filter(administration=company.administration)
    failed = {
        failure.external_id: sha256(failure.content or b"").hexdigest()
        for failure in failures.only("external_id", "content")
    }
    for external_id, contents in company.contents.items():
        here = failed.get(external_id) if _is_bad(company, external_id) else stored.get(external_id)
        if here != contents[-1]:
            yield f"{company.administration}: {external_id} is not here with its current content"
        if external_id in failed and not _is_bad(company, external_id):
            yield f"{company.administration}: {external_id} counts as failed and is not"
    for external_id in (stored.keys() | failed.keys()) - company.contents.keys():
        yield f"{company.administration}: {external_id} is here and was never delivered"


def _sha256_of_stored(company: Company) -> dict[str, str]:
    einvoices = EInvoice.objects.filter(administration=company.administration)
    return dict(einvoices.values_list("external_id", "current__sha256"))


def _is_bad(company: Company, external_id: str) -> bool:
    return company.account.documents[external_id].payload.startswith(b"<Order")


def _wrong_versions(company: Company) -> Iterator[str]:
    """Numbered without a gap, in the order in which they were delivered, each with its own bytes."""
    versions = Prefetch(
        "versions", EInvoiceVersion.objects.select_related("original").order_by("version"), to_attr="all"
    )
    for einvoice in EInvoice.objects.filter(administration=company.administration).prefetch_related(versions):
        found: list[EInvoiceVersion] = vars(einvoice)["all"]
        name = f"{company.administration}: {einvoice.external_id}"
        if [version.version for version in found] != list(range(1, len(found) + 1)):
            yield f"{name} has versions that are not numbered 1, 2, …"
        if einvoice.current_id != found[-1].pk:
            yield f"{name} has another current version than its last"
        if any(sha256(version.original.content).hexdigest() != version.sha256 for version in found):
            yield f"{name} has a version with other bytes than its SHA-256"
        if any(first.sha256 == second.sha256 for first, second in pairwise(found)):
            yield f"{name} has the same content twice in a row"
        delivered = iter(company.contents[einvoice.external_id])
        if not all(version.sha256 in delivered for version in found):
            yield f"{name} has versions in another order than they were delivered in"


def _wrong_statuses(company: Company) -> Iterator[str]:
    for einvoice in EInvoice.objects.filter(administration=company.administration):
        there = company.account.documents[einvoice.external_id].status_code
        if einvoice.status_code != there:
            yield (
                f"{company.administration}: {einvoice.external_id} has status {einvoice.status_code} here, "
                f"{there} there"
            )


def _wrong_changes(company: Company) -> Iterator[str]:
    """Each change made here was accepted once, and in order, or overruled by a later one there.

    One that was overruled may have arrived before that; the sandbox's own record decides.
    """
    changes = StatusChange.objects.filter(
        einvoice__administration=company.administration, changed_by=PERSON
    ).order_by("pk")
    made: dict[str, list[StatusChange]] = {}
    for change in changes.select_related("einvoice"):
        made.setdefault(change.einvoice.external_id, []).append(change)
    kept = {change.pk for of_document in made.values() for change in of_document}
    for lost in set(company.changed_here) - kept:
        yield f"{company.administration}: status change {lost} was made, and is not in the database"
    accepted: dict[str, str] = {}
    for external_id, code in company.account.status_changes:
        accepted[external_id] = accepted.get(external_id, "") + f"{code} "
    for external_id in made.keys() | accepted.keys():
        yield from _wrong_changes_of(
            company, external_id, made.get(external_id, []), accepted.get(external_id, "")
        )


def _wrong_changes_of(
    company: Company, external_id: str, made: list[StatusChange], accepted: str
) -> Iterator[str]:
    name = f"{company.administration}: {external_id}"
    for change in made:
        if change.state not in (State.SENT, State.OVERRULED):
            yield f"{name}: the change to {change.to_code} is still {change.state}"
        later = company.changed_there.get(external_id, [])
        if change.state == State.OVERRULED and not any(at >= change.changed_at for at in later):
            yield f"{name}: the change to {change.to_code} was overruled by none that was later"
    expected = "".join(
        f"{change.to_code} " if change.state == State.SENT else f"(?:{change.to_code} )?" for change in made
    )
    if not re.fullmatch(expected, accepted):
        states = ", ".join(f"{change.to_code} {change.state}" for change in made)
        yield f"{name}: the sandbox accepted {accepted or 'nothing'}; here is {states or 'nothing'}"
