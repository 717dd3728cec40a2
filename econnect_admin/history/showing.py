"""A change as people read it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, DecimalField, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from econnect_admin.history.models import HistoryEntry
from econnect_admin.rights.catalogue import FUNCTIONS

_NOTHING = {"", "None", "[]"}


@dataclass(frozen=True)
class Change:
    """Of one field. Where rows were added to a list or taken from it, only one side has something."""

    field: str
    before: str
    after: str


def changes_in_words(entry: HistoryEntry) -> list[Change]:
    model = entry.content_type.model_class()
    return [
        _change(model, name, values) for name, values in sorted((entry.changes or {}).items()) if name != "id"
    ]


def kind_in_words(entry: HistoryEntry) -> str:
    """What it is a change of: `user group Desktop`."""
    return str(entry.content_type.name)


def action_in_words(entry: HistoryEntry) -> str:
    return actions_in_words()[entry.action]


def actions_in_words() -> dict[int, str]:
    return {
        HistoryEntry.Action.CREATE: _("added"),
        HistoryEntry.Action.UPDATE: _("changed"),
        HistoryEntry.Action.DELETE: _("deleted"),
    }


def to_the_second(moment: datetime) -> str:
    local = localtime(moment)
    return f"{date_format(local)} {local:%H:%M:%S}"


def who_in_words(entry: HistoryEntry) -> str:
    """A user; a program or a batch job where it was none."""
    return entry.actor.get_username() if entry.actor else _("the system")


def _change(model: type[Model] | None, name: str, values: Any) -> Change:
    if isinstance(values, dict):  # rows of a list
        rows = ", ".join(values["objects"])
        added = values["operation"] == "add"
        return Change(_label(model, name), "" if added else rows, rows if added else "")
    before, after = (_value(model, name, value) for value in values)
    return Change(_label(model, name), before, after)


def _label(model: type[Model] | None, name: str) -> str:
    """What forms call the field; a relation from the other side by what is on that side."""
    field = _field(model, name)
    if field is None:
        return capfirst(_("members")) if name == "groups" else name
    label = str(getattr(field, "verbose_name", name))
    return capfirst(_(label))  # Django's own names of fields are English until here


def _value(model: type[Model] | None, name: str, value: Any) -> str:
    text = "" if value is None or str(value) in _NOTHING else str(value)
    if name == "function" and text in FUNCTIONS:
        return str(FUNCTIONS[text].name)
    if text in {"True", "False"}:
        return _("yes") if text == "True" else _("no")
    field = _field(model, name)
    choices = dict(getattr(field, "flatchoices", ()))
    return str(choices[text]) if text in choices else _in_the_notation_of_the_language(field, text)


def _field(model: type[Model] | None, name: str) -> Any:
    """None where the model does not have it, or not any more."""
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _in_the_notation_of_the_language(field: Any, text: str) -> str:
    """Days, moments (kept in UTC) and numbers; any other text, and what cannot be read, as it is."""
    try:
        if isinstance(field, DateTimeField) and (moment := parse_datetime(text)):
            return to_the_second(moment.replace(tzinfo=moment.tzinfo or UTC))
        if isinstance(field, DateField) and (day := parse_date(text)):
            return date_format(day)
        return number_format(Decimal(text)) if isinstance(field, DecimalField) else text
    except (ValueError, InvalidOperation):
        return text
