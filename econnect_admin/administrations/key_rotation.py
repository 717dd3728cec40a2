"""Encrypting anew, under the first of FIELD_ENCRYPTION_KEYS, whatever is stored encrypted."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction

from econnect_admin.administrations.encryption import EncryptedTextField, Unreadable

_ROWS_AT_A_TIME = 100


@dataclass(slots=True)
class Rotation:
    """How many values were written anew, and where those are that none of the keys fits."""

    rewritten: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_field_keys() -> Rotation:
    """Locks some rows at a time, so that others can work meanwhile; a second time it starts all over."""
    rotation = Rotation()
    for model in apps.get_models():
        names = _encrypted_fields(model)
        if names:
            _rotate_table(model, names, rotation)
    return rotation


def _encrypted_fields(model: type[models.Model]) -> list[str]:
    if model._meta.proxy:  # its rows are another model's
        return []
    return [column.name for column in model._meta.local_fields if isinstance(column, EncryptedTextField)]


def _rotate_table(model: type[models.Model], names: list[str], rotation: Rotation) -> None:
    rows = model._base_manager.select_for_update(no_key=True).only("pk", *names).order_by("pk")
    batch = rows[:_ROWS_AT_A_TIME]
    while True:
        with transaction.atomic():
            last: Any = None
            for row in batch:
                _rotate_row(row, names, rotation)
                last = row.pk
        if last is None:
            return
        batch = rows.filter(pk__gt=last)[:_ROWS_AT_A_TIME]


def _rotate_row(row: models.Model, names: list[str], rotation: Rotation) -> None:
    """By an UPDATE: nobody has changed anything, so that no signal and no date is to say so."""
    anew = {}
    for name in names:
        value = getattr(row, name)
        if isinstance(value, Unreadable):
            rotation.unreadable.append(f"{name} of {row._meta.label} {row.pk}")
        elif value:
            anew[name] = value
    if anew:
        type(row)._base_manager.filter(pk=row.pk).update(**anew)
        rotation.rewritten += len(anew)
