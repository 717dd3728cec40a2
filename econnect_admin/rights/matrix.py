"""*Functie privileges & eigenschappen*: a row for each function, a column for each privilege."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from econnect_admin.models import Administration, FunctionActivation
from econnect_admin.rights.catalogue import DNA_FUNCTIONS, STANDARD_FUNCTIONS, Function, Grant, Privilege


class MatrixWidget(forms.Widget):
    """Only the boxes that mean something exist. matrix.js toggles a row or a column by its name."""

    template_name = "rights/matrix.html"
    administrations: Iterable[Administration] = ()

    class Media:
        js = ("econnect_admin/matrix.js",)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:  # noqa: ARG002
        values: list[str] = data.getlist(name)
        return values

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002
        return False  # nothing granted is nothing sent

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        granted = set(value or ())
        active = _active_for(self.administrations)
        context["widget"] |= {
            "columns": list(Privilege),
            "parts": [
                (_("DNA functions"), [_row(function, granted, active) for function in DNA_FUNCTIONS]),
                (_("Standard functions"), [_row(function, granted, None) for function in STANDARD_FUNCTIONS]),
            ],
        }
        return context


class MatrixField(forms.Field):
    """Grants, of `(function, privilege)`."""

    widget = MatrixWidget
    hidden_widget = forms.MultipleHiddenInput

    def prepare_value(self, value: Any) -> list[str]:
        return sorted(grant if isinstance(grant, str) else text_of(grant) for grant in value or ())

    def to_python(self, value: Sequence[str] | None) -> frozenset[Grant]:
        try:
            return frozenset(_grant(text) for text in value or ())
        except ValueError:
            raise ValidationError(_("There is no such privilege; load the page anew.")) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {text_of(grant) for grant in initial or ()} != set(data or ())


def text_of(grant: Grant) -> str:
    """As pages send it."""
    return ":".join(grant)


def _grant(text: str) -> Grant:
    function, privilege = text.split(":")
    return function, privilege


def _active_for(administrations: Iterable[Administration]) -> set[str]:
    activations = FunctionActivation.objects.filter(administration__in=list(administrations))
    return set(activations.values_list("function", flat=True))


def _row(function: Function, granted: set[str], active: set[str] | None) -> dict[str, Any]:
    """`active` is None where a function needs no activation."""
    cells = []
    for privilege in Privilege:
        text = text_of((function.code, privilege.value))
        exists = privilege in function.permissions
        cells.append({"value": text if exists else "", "checked": text in granted, "column": privilege})
    return {"function": function, "cells": cells, "active": active is None or function.code in active}
