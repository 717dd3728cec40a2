"""The code of the second factor."""

import logging
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp import verify_token
from unfold.widgets import INPUT_CLASSES

from econnect_admin.users.models import SecondFactor

logger = logging.getLogger(__name__)


class _CodeInput(forms.TextInput):
    def format_value(self, _value: Any) -> None:
        """Empty again after a wrong code: the next one is another."""


class CodeForm(forms.Form):
    """Valid only if the code is; one that is not makes the next wait."""

    code = forms.CharField(
        label=_("Code of six digits"),
        max_length=20,
        widget=_CodeInput(
            attrs={
                "autocomplete": "one-time-code",
                "autofocus": True,
                "inputmode": "numeric",
                "class": " ".join(INPUT_CLASSES),
            }
        ),
    )

    def __init__(self, second_factor: SecondFactor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.second_factor = second_factor

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        user = self.second_factor.user
        _must_not_wait(self.second_factor)
        if not verify_token(user, self.second_factor.persistent_id, code):
            logger.warning("A wrong code as second factor of user %s", user.pk)
            raise ValidationError(
                _("This is not the code of now, or was used before. Type the one that the app shows next.")
            )
        return code


def _must_not_wait(second_factor: SecondFactor) -> None:
    """Raises ValidationError after wrong codes, until the pause is over."""
    may_try, why = second_factor.verify_is_allowed()
    if not may_try:
        seconds = max(1, math.ceil((why["locked_until"] - timezone.now()).total_seconds()))
        words = ngettext(
            "Too many wrong codes. Wait %(seconds)s second, and type the code that the app shows then.",
            "Too many wrong codes. Wait %(seconds)s seconds, and type the code that the app shows then.",
            seconds,
        )
        raise ValidationError(words % {"seconds": seconds})
