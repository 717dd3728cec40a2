"""The form of an authorisation request."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldBooleanSwitchWidget

from econnect_admin.administrations.models import Administration
from econnect_admin.linking.landing import fingerprint_of_keys
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.linking.platform import NAMESPACE_V3
from econnect_admin.rights.authorisation import Person


class AuthorisationRequestForm(forms.ModelForm[AuthorisationRequest]):
    user: Person  # who fills it in

    replace_keys = forms.BooleanField(
        label=capfirst(gettext_lazy("replace the present keys")),
        help_text=gettext_lazy(
            "Only for an administration that has keys already: replaced when the owner has accepted."
        ),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    class Meta:
        model = AuthorisationRequest
        fields = ("administration", "reference", "email_address", "requested_through", "pay_by_requester")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs |= {"placeholder": "NL:KVK:12345678", "autocomplete": "off"}

    def clean_reference(self) -> str:
        """They are all in capitals, however they were typed."""
        reference: str = self.cleaned_data["reference"].upper()
        return reference

    def clean_requested_through(self) -> Administration:
        through: Administration = self.cleaned_data["requested_through"]
        if through.database.namespace == NAMESPACE_V3:
            raise forms.ValidationError(
                _(
                    "This administration uses version 3 of eConnect's interface, which has no authorisation "
                    "requests. Set the Access URL and the Name Space of v3.1 in the financial preferences db."
                )
            )
        return through

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        administration = data.get("administration")
        if administration is None:
            return data
        if administration == data.get("requested_through"):
            words = _("The request is for another account: choose the administration of your own account.")
            self.add_error("requested_through", words)
        present = fingerprint_of_keys(administration)
        if present:
            self._ask_about_keys(administration, bool(data.get("replace_keys")))
        self.instance.replaces = present
        return data

    def _ask_about_keys(self, administration: Administration, replace: bool) -> None:
        """Nobody's keys are replaced without being asked, nor by who may not change them."""
        if not replace:
            words = _(
                "This administration has keys of eConnect already. Tick this if they are to be replaced; "
                "else choose another administration."
            )
            self.add_error("replace_keys", words)
        elif not may_replace_keys(self.user, administration):
            words = _(
                "This administration has keys of eConnect, and you may not change its financial preferences."
            )
            self.add_error("administration", words)


def may_replace_keys(user: Person, administration: Administration) -> bool:
    return user.has_perm("econnect_admin.change_administrationpreferences", administration.preferences)
