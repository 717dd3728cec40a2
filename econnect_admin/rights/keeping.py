"""Choices in forms of which a person sees only a part: what they cannot see stays as it was."""

from typing import Any

from django import forms
from django.db.models import QuerySet


def keep_what_is_not_offered(form: forms.BaseForm, name: str, present: QuerySet[Any]) -> None:
    """Add to what was chosen the present rows that the field does not offer. To be called while cleaning."""
    chosen = form.cleaned_data.get(name)
    if chosen is None:
        return
    offered = form.fields[name].queryset  # type: ignore[attr-defined]
    kept = present.exclude(pk__in=offered.values("pk"))
    form.cleaned_data[name] = present.model._default_manager.filter(
        pk__in=[*chosen.values_list("pk", flat=True), *kept.values_list("pk", flat=True)]
    )
