"""Wordings as people read them: in their language, with amounts in its notation."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

# Values that hold words to be translated, which may name other values; all others are data.
_WORDS = frozenset({"why"})
_AMOUNTS = frozenset({"amount", "computed", "written"})


def say(template: str, values: Mapping[str, Any]) -> str:
    """The sentence of a `Wording` in the active language."""
    return _fill(gettext(template), {name: _said(name, value, values) for name, value in values.items()})


def say_stored(said: Mapping[str, Any] | None) -> str:
    """The sentence of a wording that was stored as {"message", "values"}; "" if there is none."""
    if not said or not said.get("message"):
        return ""
    return say(said["message"], said.get("values") or {})


def _said(name: str, value: Any, values: Mapping[str, Any]) -> Any:
    if name in _WORDS and value:
        return _fill(gettext(str(value)), values)
    if name in _AMOUNTS:
        try:
            return number_format(Decimal(value), force_grouping=True)
        except (InvalidOperation, TypeError, ValueError):
            return value
    return value


def _fill(template: str, values: Mapping[str, Any]) -> str:
    """A template of an earlier release may ask for what was not stored; then it is shown as it is."""
    try:
        return template % values
    except (KeyError, TypeError, ValueError):
        return template
