"""What the settings of an administration must look like, said so that a person can mend them."""

import unicodedata
import zoneinfo
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

validate_company_id = RegexValidator(
    r"^[A-Za-z0-9_.:-]+\Z", _("A company id has letters and digits and no spaces, for instance XCNL10017.")
)

validate_group_id = RegexValidator(
    r"^[!-~]+\Z", _("A GroupId has letters, digits and signs, and no spaces: copy it from the platform.")
)


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("This time zone does not exist; write it as Europe/Amsterdam."))


def validate_namespace(namespace: str) -> None:
    try:
        parts = urlsplit(namespace)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and namespace.endswith("/")
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in namespace):
        raise ValidationError(
            _("A Name Space is an address that ends in /, for instance http://api.everbinding.nl/v3_1/.")
        )


def validate_key(key: str) -> None:
    """The message never repeats the key."""
    if any(unicodedata.category(character) == "Cc" for character in key):
        raise ValidationError(_("There are control characters in it: copy it again from the platform."))
