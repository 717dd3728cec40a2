"""Quick Connect: the line that the eConnect platform puts on the clipboard, with all that couples a company.

`APP_KEY:…;SECRET_KEY:…;EMAIL_ID:…;COMPANY_ID:…;`. What is wrong with it is said by the number of the part:
a part that is not understood may be a piece of a secret, and so is never repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email

from econnect_admin.administrations.validators import validate_company_id, validate_key
from econnect_admin.wording import Wording, gettext_noop

LONGEST_KEY = 500  # characters
_LONGEST_ID = 50
_LONGEST_LINE = 3000


@dataclass(frozen=True)
class Part:
    """A value of the line, and where it stands there: from one character up to another."""

    value: str = field(repr=False)
    start: int
    end: int


class Malformed(Exception):
    """The line cannot be used; `wordings` say all that is wrong with it."""

    def __init__(self, wordings: list[Wording]) -> None:
        super().__init__("; ".join(map(str, wordings)))
        self.wordings = wordings


def _is_valid(*validators: Callable[[Any], None]) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        try:
            for validate in validators:
                validate(value)
        except ValidationError:
            return False
        return True

    return check


_is_key = _is_valid(MaxLengthValidator(LONGEST_KEY), validate_key)
_is_email = _is_valid(validate_email)
is_company = _is_valid(MaxLengthValidator(_LONGEST_ID), validate_company_id)

_NO_KEY = gettext_noop("What stands behind %(name)s is no key: copy the line again from the platform.")
_NO_EMAIL = gettext_noop("What stands behind %(name)s is no e-mail address.")
_NO_COMPANY = gettext_noop("What stands behind %(name)s is no company id, as XCNL10017 is one.")

# Each name in the line: the field of the preferences, what its value must be, and what is said if it is not.
_NAMES: Mapping[str, tuple[str, Callable[[str], bool], str]] = {
    "APP_KEY": ("consumer_key", _is_key, _NO_KEY),
    "SECRET_KEY": ("consumer_secret", _is_key, _NO_KEY),
    "EMAIL_ID": ("created_by", _is_email, _NO_EMAIL),
    "COMPANY_ID": ("company_id", is_company, _NO_COMPANY),
}


def read_quick_connect(line: str) -> dict[str, Part]:
    """The parts, by the field of the preferences that each fills. Raises Malformed."""
    if len(line) > _LONGEST_LINE:
        raise _no_line()
    parts: dict[str, Part] = {}
    wrong: list[Wording] = []
    for number, (start, text) in enumerate(_pieces(line), 1):
        name, colon, value = text.partition(":")
        name = name.strip()
        if name not in _NAMES or not colon:
            wrong.append(_unknown(number))
        elif name in parts:
            wrong.append(Wording(gettext_noop("%(name)s is there twice."), {"name": name}))
        else:
            parts[name] = _trimmed(value, start + len(text) - len(value))
            wrong += _faults(name, parts[name].value)
    missing = [name for name in _NAMES if name not in parts]
    wrong += [Wording(gettext_noop("%(name)s is missing."), {"name": name}) for name in missing]
    if len(missing) == len(_NAMES):
        raise _no_line()
    if wrong:
        raise Malformed(wrong)
    return {_NAMES[name][0]: part for name, part in parts.items()}


def _no_line() -> Malformed:
    return Malformed([Wording(_NO_LINE, {"names": ", ".join(_NAMES)})])


_NO_LINE = gettext_noop(
    "This is no Quick Connect line: on the eConnect platform, use the button that copies it, and paste it "
    "here whole. It has %(names)s, each with a colon and a value, and semicolons between."
)


def _pieces(line: str) -> list[tuple[int, str]]:
    """What stands between the semicolons, with where it begins."""
    pieces, start = [], 0
    for text in line.split(";"):
        if text.strip():
            pieces.append((start, text))
        start += len(text) + 1
    return pieces


def _trimmed(text: str, start: int) -> Part:
    value = text.strip()
    first = start + len(text) - len(text.lstrip())
    return Part(value, first, first + len(value))


def _faults(name: str, value: str) -> list[Wording]:
    _field, is_right, fault = _NAMES[name]
    if not value:
        return [Wording(gettext_noop("%(name)s is empty."), {"name": name})]
    return [] if is_right(value) else [Wording(fault, {"name": name})]


def _unknown(number: int) -> Wording:
    return Wording(
        gettext_noop("Part %(number)s of the line begins with none of %(names)s and a colon."),
        {"number": number, "names": ", ".join(_NAMES)},
    )
