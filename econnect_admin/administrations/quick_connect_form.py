"""Quick Connect in a form: one input for the whole line, which is never stored and never comes back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from econnect_admin.administrations.quick_connect import Malformed, read_quick_connect
from econnect_admin.saying import say

_INPUT = "quick_connect"


class QuickConnectInput(UnfoldAdminPasswordWidget):  # type: ignore[misc]
    """With a button by which quick_connect.js fills the fields in."""

    template_name = "administrations/quick_connect_input.html"

    class Media:
        js = ("econnect_admin/quick_connect.js",)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["address"] = reverse("admin:econnect_admin_administrationpreferences_quick_connect")
        return context


class QuickConnectForm(forms.Form):
    """To stand before a form of preferences: a line that was pasted and saved fills its fields here."""

    quick_connect = forms.CharField(
        label="Quick Connect",
        required=False,
        widget=QuickConnectInput(
            {
                "autocomplete": "off",
                "placeholder": _("Paste the Quick Connect line of the eConnect platform …"),
            }
        ),
        help_text=_(
            "On the eConnect platform: Connections, at the one with Inventive, the button Quick Connect. "
            "It fills in all but the delivery e-mail address."
        ),
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        line = (data or {}).get(_INPUT, "")
        self._malformed: Malformed | None = None
        if line.strip():
            data = data.copy()
            data[_INPUT] = ""
            try:
                for name, part in read_quick_connect(line).items():
                    data[name] = part.value
            except Malformed as error:
                self._malformed = error
        super().__init__(data, *args, **kwargs)
        if self._malformed:  # that is what is wrong, and not what it would have filled in
            for field in self.fields.values():
                field.required = False

    def clean_quick_connect(self) -> str:
        if self._malformed:
            raise ValidationError(faults_in_words(self._malformed))
        return ""


def faults_in_words(error: Malformed) -> list[str]:
    return [say(wording.template, wording.values) for wording in error.wordings]
