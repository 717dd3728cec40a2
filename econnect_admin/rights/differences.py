"""What a person changed on a page, done to what is there by now: others may have changed it meanwhile."""

from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet

T = TypeVar("T")


def with_difference(present: AbstractSet[T], shown: AbstractSet[T], sent: AbstractSet[T]) -> frozenset[T]:
    """What was added on the page is added, what was taken away there goes, and the rest stays as it is."""
    return frozenset((present - (shown - sent)) | (sent - shown))


def shown_values(form: forms.BaseForm, name: str) -> list[str]:
    """What the page showed in a field with `show_hidden_initial`."""
    field = form.fields[name]
    key = form.add_initial_prefix(name)
    values: list[str] = field.hidden_widget().value_from_datadict(form.data, form.files, key)
    return values


def apply_difference(form: forms.BaseForm, name: str, present: QuerySet[Any]) -> None:
    """To be called while cleaning. What the field does not offer was not shown: it stays as it was."""
    chosen = form.cleaned_data.get(name)
    if chosen is None:
        return
    values = set(shown_values(form, name))
    offered = form.fields[name].queryset  # type: ignore[attr-defined]
    shown = {key for key in offered.values_list("pk", flat=True) if str(key) in values}
    wanted = with_difference(set(_keys(present)), shown, set(_keys(chosen)))
    form.cleaned_data[name] = present.model._default_manager.filter(pk__in=wanted)


def _keys(rows: QuerySet[Any]) -> list[Any]:
    return list(rows.values_list("pk", flat=True))
