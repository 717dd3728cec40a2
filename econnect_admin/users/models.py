"""The second factor: beside the password, a code of the phone that the user has."""

from base64 import b32decode, b32encode
from secrets import token_bytes
from time import time
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from econnect_admin.administrations.encryption import EncryptedTextField

ISSUER = "eConnect Admin"
_LONGEST_PAUSE = 10  # wrong codes in a row; 2 ** 9 seconds


def random_key() -> str:
    return b32encode(token_bytes(20)).decode()


class SecondFactor(ThrottlingMixin, Device):  # type: ignore[misc]
    """A key that an app makes codes of: six digits, others every 30 seconds (RFC 6238).

    It counts for nothing until its user has confirmed it with a code.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = None
    throttling_failure_count: int
    key = EncryptedTextField(default=random_key)  # base32, as apps read it
    set_up_at = models.DateTimeField(auto_now_add=True)
    last_step = models.BigIntegerField(default=-1)  # of the last code that was accepted

    objects: ClassVar[models.Manager["SecondFactor"]] = models.Manager()

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed=True), name="one_second_factor_for_each_user"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def address(self) -> str:
        """What an app reads out of the QR code."""
        label = quote(f"{ISSUER}:{self.user.get_username()}")
        return f"otpauth://totp/{label}?{urlencode({'secret': self.key, 'issuer': ISSUER}, quote_via=quote)}"

    def verify_token(self, token: str) -> bool:
        """Whether this is a code of now, or of half a minute before or after, that was not used yet.

        Wrong ones are counted, and make the next wait. To be called with the row locked.
        """
        may_try, _why = self.verify_is_allowed()
        if not may_try:
            return False
        step = self._step_of(token)
        if step is None:
            self.throttle_increment(commit=False)
            # Who only knows the password shall not shut the user out for days.
            self.throttling_failure_count = min(self.throttling_failure_count, _LONGEST_PAUSE)
        else:
            self.throttle_reset(commit=False)
            self.last_step = step
        self.save()
        return step is not None

    def _step_of(self, token: str) -> int | None:
        # A key that cannot be decrypted any more is empty, and anybody could make codes of that.
        if not (self.key and token.isascii() and token.isdigit() and len(token) == 6):
            return None
        clock: Any = TOTP(b32decode(self.key))
        clock.time = time()
        step: int | None = None
        if clock.verify(int(token), tolerance=1, min_t=self.last_step + 1):
            step = clock.t()
        return step

    def get_throttle_factor(self) -> int:
        """Of the pauses, in seconds: 1, 2, 4, …"""
        return 1
