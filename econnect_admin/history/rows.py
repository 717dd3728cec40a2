"""How the history names a row, and of which other row it is a part."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

# What is told in the history of another row too, by the field that leads there.
_PARTS = {"groupprivilege": "group", "functionactivation": "administration", "secondfactor": "user"}


def name_of(row: Model) -> str:
    """`kind-key`: what the address of its history ends with."""
    return f"{ContentType.objects.get_for_model(row).pk}-{row.pk}"


def name_of_whole(row: Model) -> str:
    """That of the row that this one is a part of; "" if it stands by itself."""
    field = _PARTS.get(row._meta.model_name or "")
    return name_of(getattr(row, field)) if field else ""
