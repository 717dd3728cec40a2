"""Logging in, and the pause after too many wrong passwords."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from econnect_admin.models import User


class LoginForm(AuthenticationForm):  # type: ignore[misc]
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _(
            "This user name and password do not belong together, or the user may not log in here. "
            "Mind capitals and small letters."
        ),
        "paused": _(
            "Too many wrong passwords were given for this user name. Wait %(minutes)s minutes, and try again."
        ),
    }

    def get_invalid_login_error(self) -> ValidationError:
        if not getattr(self.request, "axes_locked_out", False):
            error: ValidationError = super().get_invalid_login_error()
            return error
        minutes = settings.AXES_COOLOFF_TIME.seconds // 60
        return ValidationError(self.error_messages["paused"], "paused", {"minutes": minutes})

    @property
    def has_mail(self) -> bool:
        """Whether somebody who forgot the password can be sent an e-mail."""
        return bool(settings.EMAIL_URL)

    @property
    def has_nobody(self) -> bool:
        """Whether the first user is still to be made."""
        return not User.objects.exists()


def too_many_attempts(
    _request: HttpRequest, log_in_page: HttpResponse, _credentials: dict[str, Any]
) -> HttpResponse:
    """The page says it in words (AXES_LOCKOUT_CALLABLE)."""
    log_in_page.status_code = 429
    return log_in_page
