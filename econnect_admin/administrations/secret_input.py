"""Secrets in forms: they go in and never come out again."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminPasswordWidget

from econnect_admin.rights.scoped_admin import ScopedAdmin

# Of a secret that is long enough, its end may be shown, so that people can tell two apart.
_SHOWN_CHARACTERS = 4
_LONG_ENOUGH = 16


def ending(secret: str) -> str:
    """What may be shown of a stored secret; "" if there is none."""
    if not secret:
        return ""
    if len(secret) < _LONG_ENOUGH:
        return _("set")
    return _("set, ends with …%(ending)s") % {"ending": secret[-_SHOWN_CHARACTERS:]}


class WriteOnlySecretsForm(forms.ModelForm[Any]):
    """Inputs for the `secrets` of a model that are always empty; left empty, they keep what is stored."""

    secrets: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: getattr(self.instance, name) for name in self.secrets if self.instance.pk}
        for name in self.fields.keys() & set(self.secrets):
            stored = self._stored.get(name, "")
            self.initial[name] = ""
            attributes = {"autocomplete": "new-password", "placeholder": self.hint(name, stored)}
            self.fields[name].widget = UnfoldAdminPasswordWidget(attributes)
            self.fields[name].required = not stored

    def hint(self, name: str, secret: str) -> str:  # noqa: ARG002 - for forms whose secrets differ
        return ending(secret)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, stored in self._stored.items():
            if name in data and not data[name]:
                data[name] = stored
        return data


class WriteOnlySecretsAdmin(ScopedAdmin):
    """Who may only view sees `<secret>_hint` where the input would be, never the secret."""

    form = WriteOnlySecretsForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [self._hidden(field) for field in options["fields"]]})
            for name, options in fieldsets
        ]

    def _hidden(self, field: str) -> str:
        return f"{field}_hint" if field in self.form.secrets else field
