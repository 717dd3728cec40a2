"""E-mails to the delivery address of an administration, in its language, and kept in the log of the run.

Where none can be sent, the log has its text. What is said has been cleared of secrets before.
"""

import logging
import smtplib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from batchjobs.models import Batchjob, BatchjobRun, RunLogLine
from econnect_admin.models import Administration, AdministrationPreferences
from econnect_admin.saying import say, say_stored
from econnect_admin.wording import Wording, gettext_noop
from invoices.models import FailedDocument

logger = logging.getLogger(__name__)

_LISTED = 50  # documents in one e-mail

_SENT = gettext_noop("An e-mail was sent to %(address)s: %(subject)s")
_NOT_SENT = gettext_noop("This e-mail to %(address)s was not sent: %(why)s.\n%(subject)s\n\n%(text)s")
_NO_ADDRESS = gettext_noop("the administration has no delivery e-mail address")
_NO_SERVER = gettext_noop("there is no mail server in the settings (EMAIL_URL)")
_REFUSED = gettext_noop("the mail server cannot be used (%(error)s)")


def tell_refused(run: BatchjobRun, error: Wording) -> None:
    """Once, when it begins."""
    administration = run.batchjob.administration
    with translation.override(administration.language):
        subject = _("eConnect needs your attention: %(administration)s")
        text = _(
            "%(batchjob)s cannot go on until somebody does something:\n\n%(reason)s\n\n"
            "It is tried less often now. You get another e-mail when it works again."
        )
        _send(
            run,
            subject % {"administration": administration},
            text % {"batchjob": run.batchjob, "reason": say(error.template, error.values)},
        )


def tell_works_again(run: BatchjobRun) -> None:
    """Once, when it is over."""
    administration = run.batchjob.administration
    with translation.override(administration.language):
        subject = _("eConnect works again: %(administration)s")
        text = _("%(batchjob)s works again; it follows its schedule. You need not do anything.")
        _send(run, subject % {"administration": administration}, text % {"batchjob": run.batchjob})


def tell_failed_documents(run: BatchjobRun) -> None:
    """What failed since the last time it was told; once a day at most."""
    told_at = run.batchjob.failures_told_at
    administration = run.batchjob.administration
    failed = FailedDocument.objects.without_content().filter(administration=administration)
    new = failed.filter(first_failed_at__gt=told_at) if told_at else failed
    if not new.exists() or not _take_the_turn_of_today(run.batchjob):
        return
    with translation.override(administration.language):
        count, all_failed = new.count(), failed.count()
        subject = ngettext(
            "%(count)s e-invoice could not be imported: %(administration)s",
            "%(count)s e-invoices could not be imported: %(administration)s",
            count,
        )
        lines = [_failure_in_words(document) for document in new.order_by("pk")[:_LISTED]]
        if count > _LISTED:
            lines.append(_("… and %(count)s more") % {"count": count - _LISTED})
        lines += [
            "",
            _("Failed documents in all: %(count)s. They are tried again by themselves.")
            % {"count": all_failed},
        ]
        _send(run, subject % {"count": count, "administration": administration}, "\n".join(lines))


def _failure_in_words(document: FailedDocument) -> str:
    name = " · ".join(part for part in (document.subject, document.sender_name) if part)
    return f"- {name or document.external_id}: {say_stored(document.details)}"


def _take_the_turn_of_today(batchjob: Batchjob) -> bool:
    """False: it was told today already, as days are in the administration's time zone."""
    now = timezone.now()
    earlier = Q(failures_told_at=None) | Q(failures_told_at__lt=_midnight(batchjob.administration, now))
    return Batchjob.objects.filter(earlier, pk=batchjob.pk).update(failures_told_at=now) == 1


def _midnight(administration: Administration, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(administration.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _send(run: BatchjobRun, subject: str, text: str) -> None:
    address = _address(run.batchjob.administration)
    said = {"address": address, "subject": " ".join(subject.split()), "text": text}
    problem = _problem_of_sending(**said)
    wording = Wording(_NOT_SENT, said | problem) if problem else Wording(_SENT, said)
    RunLogLine.objects.create(
        run=run,
        at=timezone.now(),
        level=RunLogLine.Level.WARNING if problem else RunLogLine.Level.INFO,
        message=wording.template,
        values=wording.as_json()["values"],
    )


def _problem_of_sending(address: str, subject: str, text: str) -> dict[str, str]:
    """Send it, or tell why not."""
    if not address:
        return {"why": _NO_ADDRESS}
    if not settings.EMAIL_URL:
        return {"why": _NO_SERVER}
    try:
        EmailMessage(subject, text, to=[address]).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("An e-mail could not be sent", exc_info=True)
        return {"why": _REFUSED, "error": type(error).__name__}
    return {}


def _address(administration: Administration) -> str:
    try:
        return administration.preferences.delivery_email
    except AdministrationPreferences.DoesNotExist:
        return ""
