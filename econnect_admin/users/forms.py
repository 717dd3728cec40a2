"""The forms by which people become users and choose their passwords."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm, UsernameField
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

from econnect_admin.administrations.models import User

_BETWEEN_MAILS = 5 * 60  # seconds; so that nobody's mailbox is filled by a stranger


class InvitedUserForm(forms.ModelForm[User]):
    """A user without a password: they choose one themselves."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["email"].required = True

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("There is a user with this name already."))
        return username

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class ForgottenPasswordForm(PasswordResetForm):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _as_the_rest(self)

    def get_users(self, email: str) -> Iterator[Any]:
        """Those who are active and have a password."""
        return (
            user
            for user in super().get_users(email)
            if cache.add(f"password-mail-{user.pk}", True, _BETWEEN_MAILS)
        )

    def send_mail(self, *arguments: Any, **named: Any) -> None:
        """Beside the answer: how long that takes must not tell whether there is such a user."""
        send = super().send_mail
        language = translation.get_language() or ""

        def send_in_language() -> None:
            with translation.override(language):
                send(*arguments, **named)

        Thread(target=send_in_language).start()


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _as_the_rest(self)


def _as_the_rest(form: forms.Form) -> None:
    """As other fields of the site look."""
    for number, field in enumerate(form.fields.values()):
        field.widget.attrs |= {"class": " ".join(INPUT_CLASSES), "autofocus": number == 0}
