"""Logging in."""

from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm


class LoginForm(AuthenticationForm):  # type: ignore[misc]
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _(
            "This user name and password do not belong together, or the user may not log in here. "
            "Mind capitals and small letters."
        ),
    }
