"""Secrets in forms: they go in and never come out again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminPasswordWidget

from econnect_admin.rights.scoped_admin import ScopedAdmin

# The heading of what is eConnect's. An unseen character keeps django-unfold from writing EConnect.
ECONNECT = "\u2060eConnect"

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
    clearable: tuple[str, ...] = ()  # those of them that may be taken away, by a `clear_<secret>` of the form
    only_input: tuple[str, ...] = ()  # fields that are of use to who may change something

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: getattr(self.instance, name) for name in self.secrets if self.instance.pk}
        for name in self.fields.keys() & set(self.secrets):
            stored = self._stored.get(name, "")
            self.initial[name] = ""
            attributes = {"autocomplete": "new-password", "placeholder": self.hint(name, stored)}
            if stored:
                unchanged = _("Left empty: unchanged.")
                self.fields[name].help_text = f"{self.fields[name].help_text} {unchanged}"
            self.fields[name].widget = UnfoldAdminPasswordWidget(attributes)
            self.fields[name].required = not (stored or (self.instance.pk and name in self.clearable))
        names = self.fields.keys() & self.initial.keys() - set(self.secrets) if self.instance.pk else set()
        self._others: set[str] = names
        for name in names:
            self.fields[name].show_hidden_initial = True

    def hint(self, name: str, secret: str) -> str:  # noqa: ARG002 - for forms whose secrets differ
        return ending(secret)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, stored in self._stored.items():
            cleared = data.get(f"clear_{name}")
            if cleared and data.get(name):
                self.add_error(name, _("Either give a new one, or clear it."))
            elif name in data and not data[name]:
                data[name] = "" if cleared else stored
        if all(data.get(name) == stored for name, stored in self._stored.items()):
            self._keep_untouched(data)
        return data

    def _keep_untouched(self, data: dict[str, Any]) -> None:
        """As it is by now, where the page sent back what it showed: others may have changed it meanwhile.

        Not with new secrets: what belongs to them is what was sent with them.
        """
        for name in self._others:
            was_shown = self.add_initial_prefix(name) in self.data
            if was_shown and name in data and name not in self.changed_data:
                data[name] = self.initial[name]

    def _get_validation_exclusions(self) -> set[str]:
        """A secret that was taken away is empty, which it may not be otherwise."""
        empty = {name for name in self.clearable if name in self._stored and not self.cleaned_data.get(name)}
        return set(super()._get_validation_exclusions()) | empty  # type: ignore[misc]


class WriteOnlySecretsAdmin(ScopedAdmin):
    """Who may only view sees `<secret>_hint` where the input would be, never the secret."""

    form = WriteOnlySecretsForm

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One that is being saved is held until it is: keys that come in meanwhile are not overwritten."""
        row = super().get_object(request, object_id, from_field)
        if row and request.method == "POST" and transaction.get_connection().in_atomic_block:
            return self.model._default_manager.select_for_update().filter(pk=row.pk).first()
        return row

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        return [
            (name, {**options, "fields": self._shown(options["fields"], obj, may_change)})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _shown(self, fields: Sequence[str], row: Any, may_change: bool) -> list[str]:
        """What is stored can be cleared; who may not change it sees what may be shown of it."""
        clearing = {f"clear_{name}" for name in self.form.clearable}
        stored = {
            f"clear_{name}" for name in self.form.clearable if may_change and row and getattr(row, name)
        }
        hidden = set() if may_change else set(self.form.secrets)
        absent = clearing - stored | (set() if may_change else set(self.form.only_input))
        return [f"{field}_hint" if field in hidden else field for field in fields if field not in absent]
