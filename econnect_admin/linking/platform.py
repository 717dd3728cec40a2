"""How eConnect is asked here: somebody may be waiting, so once and not for long."""

from dataclasses import replace

from django.conf import settings

from econnect_admin.administrations.connection import CannotDecrypt, NotConfigured
from econnect_admin.econnect.errors import EConnectError
from econnect_admin.econnect.transport import Limits
from econnect_admin.wording import Wording, gettext_noop

NAMESPACE_V3 = "http://api.everbinding.nl/v3/"  # it has no authorisation requests

_SECONDS_OF_A_CALL = 30.0

CANNOT_BE_ASKED = (NotConfigured, CannotDecrypt, EConnectError)

_NOT_CONFIGURED = Wording(
    gettext_noop(
        "The administration that the request goes through has no keys of eConnect: "
        "enter them in its financial preferences."
    )
)
CANNOT_DECRYPT = Wording(
    gettext_noop(
        "The keys cannot be decrypted: the setting FIELD_ENCRYPTION_KEYS lacks the key that they were "
        "encrypted with. Put that key back."
    )
)


def limits() -> Limits:
    usual = Limits(**settings.ECONNECT)
    return replace(usual, attempts=1, call_timeout=min(usual.call_timeout, _SECONDS_OF_A_CALL))


def in_words(error: Exception) -> Wording:
    """Of one that is among CANNOT_BE_ASKED."""
    if isinstance(error, EConnectError):
        return error.wording
    return CANNOT_DECRYPT if isinstance(error, CannotDecrypt) else _NOT_CONFIGURED
