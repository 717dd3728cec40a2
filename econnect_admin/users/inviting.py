"""Invitations: a link by which a new user chooses a password of their own."""

import logging
import smtplib
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from econnect_admin.administrations.models import User

logger = logging.getLogger(__name__)


def may_be_invited(user: User) -> bool:
    """Whoever has never logged in."""
    return user.is_active and user.last_login is None


def invite(request: HttpRequest, user: User) -> None:
    """By e-mail; if that cannot be, the inviter is shown the link, once, to pass it on."""
    link = request.build_absolute_uri(reverse("choose_password", args=_uid_and_token(user)))
    problem = _problem_of_sending(request, user, link)
    if not problem:
        said = _("An invitation was sent to %(address)s.") % {"address": user.email}
        messages.success(request, said)
        return
    words = _(
        "%(problem)s Pass this link on to %(user)s yourself, by a safe way; it is shown only now, "
        "works once, and for %(days)s days:"
    ) % {"problem": problem, "user": user.get_username(), "days": _days()}
    messages.warning(request, format_html('{} <code class="ec-secret-link">{}</code>', words, link))


def _uid_and_token(user: User) -> tuple[str, str]:
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def _days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def _problem_of_sending(request: HttpRequest, user: User, link: str) -> str:
    """Send it, or tell why not."""
    if not settings.EMAIL_URL:
        return _("No invitation was sent: there is no mail server in the settings.")
    if not user.email:
        return _("No invitation was sent: the user has no e-mail address.")
    try:
        EmailMessage(
            _("Your invitation to eConnect Admin"), _text(request, user, link), to=[user.email]
        ).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("An invitation could not be sent", exc_info=True)
        return _("The invitation could not be sent: the mail server cannot be used (%(error)s).") % {
            "error": type(error).__name__
        }
    return ""


def _text(request: HttpRequest, user: User, link: str) -> str:
    by = cast(User, request.user)
    inviter = by.get_full_name() or by.get_username()
    return _(
        "%(inviter)s invites you to eConnect Admin, where the e-invoices of your company come in.\n\n"
        "Choose a password by this link. It works once, and for %(days)s days:\n\n%(link)s\n\n"
        "Your user name is: %(user)s\n\n"
        "Did you not expect this? Then you need not do anything."
    ) % {"inviter": inviter, "days": _days(), "link": link, "user": user.get_username()}
