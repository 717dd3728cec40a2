"""E-mails to the delivery address of an administration, in its language, and kept in the log of the run.

Where none can be sent, the log has its text. What is said has been cleared of secrets before. What a mail
server did not take is told again by the next run that has the same to say.
"""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from batchjobs.advisory_locks import Work, is_ours
from batchjobs.models import Batchjob, BatchjobRun, RunLogLine
from econnect_admin.models import Administration, AdministrationPreferences
from econnect_admin.saying import say
from econnect_admin.wording import Wording, gettext_noop

logger = logging.getLogger(__name__)

_SENT = gettext_noop("An e-mail was sent to %(address)s: %(subject)s")
_NOT_SENT = gettext_noop("This e-mail to %(address)s was not sent: %(why)s.\n%(subject)s\n\n%(text)s")
_NOWHERE = gettext_noop("This e-mail was not sent: %(why)s.\n%(subject)s\n\n%(text)s")
_NO_ADDRESS = gettext_noop("the administration has no delivery e-mail address")
_NO_SERVER = gettext_noop("there is no mail server in the settings (EMAIL_URL)")
_REFUSED = gettext_noop("the mail server cannot be used (%(error)s)")


@transaction.atomic
def tell_refused(run: BatchjobRun, error: Wording) -> None:
    """Once, when it begins; for all batch jobs of the administration together."""
    administration = run.batchjob.administration
    if not it_is_our_turn(run) or Batchjob.objects.filter(pk=run.batchjob_id, refusal_told=True).exists():
        return
    if not administration.batchjobs.filter(refusal_told=True).exists():
        with translation.override(administration.language):
            subject = _("eConnect needs your attention: %(administration)s")
            text = _(
                "%(batchjob)s cannot go on until somebody does something:\n\n%(reason)s\n\n"
                "It is tried less often now. You get another e-mail when it works again."
            )
            reason = say(error.template, error.values)
            subject %= {"administration": administration}
            if not send(run, subject, text % {"batchjob": run.batchjob, "reason": reason}):
                return
    Batchjob.objects.filter(pk=run.batchjob_id).update(refusal_told=True)


@transaction.atomic
def tell_works_again(run: BatchjobRun) -> None:
    """Once, when it is over for all batch jobs of the administration; if they were told that it began."""
    administration = run.batchjob.administration
    told = administration.batchjobs.filter(refusal_told=True)
    if not it_is_our_turn(run) or not told.exists() or administration.batchjobs.refused().exists():
        return
    with translation.override(administration.language):
        subject = _("eConnect works again: %(administration)s") % {"administration": administration}
        text = _("%(batchjob)s works again; it follows its schedule. You need not do anything.")
        if send(run, subject, text % {"batchjob": run.batchjob}):
            told.update(refusal_told=False)


def it_is_our_turn(run: BatchjobRun) -> bool:
    """To tell something about the administration, until the end of the transaction.

    Whoever else has something to tell meanwhile tells it after their next run.
    """
    return is_ours(Work.TELLING, run.batchjob.administration_id)


def send(run: BatchjobRun, subject: str, text: str) -> bool:
    """False: the mail server did not take it. True: it did, or there is nowhere to send it."""
    address = _address(run.batchjob.administration)
    said = {"address": address, "subject": " ".join(subject.split()), "text": text}
    problem = _problem_of_sending(**said)
    not_sent = _NOT_SENT if address else _NOWHERE
    wording = Wording(not_sent, said | problem) if problem else Wording(_SENT, said)
    RunLogLine.objects.create(
        run=run,
        at=timezone.now(),
        level=RunLogLine.Level.WARNING if problem else RunLogLine.Level.INFO,
        message=wording.template,
        values=wording.as_json()["values"],
    )
    return problem.get("why") != _REFUSED


def _problem_of_sending(address: str, subject: str, text: str) -> dict[str, str]:
    """Send it, or tell why not."""
    if not address:
        return {"why": _NO_ADDRESS}
    if not settings.EMAIL_URL:
        return {"why": _NO_SERVER}
    try:
        EmailMessage(subject, text, to=[address]).send()
    except (OSError, ValueError, smtplib.SMTPException) as error:
        logger.warning("An e-mail could not be sent", exc_info=True)
        return {"why": _REFUSED, "error": type(error).__name__}
    return {}


def _address(administration: Administration) -> str:
    try:
        return administration.preferences.delivery_email
    except AdministrationPreferences.DoesNotExist:
        return ""
