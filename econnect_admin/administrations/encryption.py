"""Values that are encrypted at rest, with keys that can be rotated."""

import base64
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class Unreadable(str):
    """What stands for a value that none of the keys fits: empty, and saved again as it was."""

    __slots__ = ("token",)
    token: str


class EncryptedTextField(models.TextField[str, str]):
    """Text that the database sees only encrypted (Fernet: AES-128-CBC with HMAC-SHA256).

    It cannot be searched. Empty stays empty, so that "not set" shows without a key.
    """

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.token
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_context: object) -> str | None:
        return decrypt(value) if value else value


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text; Unreadable if none of the keys fits."""
    try:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        unreadable = Unreadable()
        unreadable.token = token
        return unreadable


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """A Fernet key out of any strong secret, so that operators need no special format."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"econnect-admin field encryption")
    return base64.urlsafe_b64encode(kdf.derive(key.encode()))
