"""Wordings as people read them: in their language, with amounts in its notation."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from econnect_admin.foreign_text import harmless

_AMOUNTS = frozenset({"amount", "computed", "written"})
_PLACE = re.compile(r"%\((\w+)\)s")


def say(template: str, values: Mapping[str, Any]) -> str:
    """The sentence of a `Wording` in the active language."""
    said = {name: _said(name, value) for name, value in values.items()}
    if said.get("why"):
        said["why"] = _fill(gettext(str(said["why"])), said)
    return _fill(gettext(template), said)


def say_stored(said: Mapping[str, Any] | None) -> str:
    """The sentence of a wording that was stored as {"message", "values"}; "" if there is none."""
    if not said or not said.get("message"):
        return ""
    return say(said["message"], said.get("values") or {})


def _said(name: str, value: Any) -> Any:
    if name in _AMOUNTS:
        try:
            return number_format(Decimal(value), force_grouping=True)
        except (InvalidOperation, TypeError, ValueError):
            return value
    return value


def _fill(template: str, values: Mapping[str, Any]) -> str:
    """Put the values in; what a template of an earlier release asks for and was not stored stays as it is."""
    return _PLACE.sub(lambda place: harmless(values.get(place[1], place[0])), template)
