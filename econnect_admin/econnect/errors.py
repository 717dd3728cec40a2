"""What eConnect, or the way to it, answered instead of a result: typed by what a caller can do about it."""

from typing import ClassVar

from econnect_admin.econnect.secrets import Secrets
from econnect_admin.wording import Value, Wording, gettext_noop

_LONGEST_MESSAGE = 500  # characters


class EConnectError(Exception):
    """An error with the platform's own `code` ("" if the platform did not speak) and `message`.

    Neither holds a key, a token or the access URL. `retryable`: the same call may succeed later,
    without anybody changing anything. `wording` says it to a person, with what to do.
    """

    retryable: ClassVar[bool] = False
    template: ClassVar[str] = gettext_noop("eConnect refuses: %(message)s [%(code)s]")

    def __init__(self, message: str, code: str = "") -> None:
        self.message = message
        self.code = code
        super().__init__(f"{message} [{code}]" if code else message)

    def hide(self, secrets: Secrets) -> None:
        """Take out what the answer repeats of what it was sent."""
        self.message = secrets.taken_out_of(self.message)[:_LONGEST_MESSAGE]
        self.code = secrets.taken_out_of(self.code)
        self.args = (f"{self.message} [{self.code}]" if self.code else self.message,)

    @property
    def wording(self) -> Wording:
        return Wording(self.template, {"message": self.message, "code": self.code})


class NeedsPerson(EConnectError):
    """Trying again is useless and unwelcome until somebody has done something."""


class CredentialsRefused(NeedsPerson):
    """ERRIAU6000007: the consumer key is unknown or revoked; the preferences are wrong."""

    template = gettext_noop(
        "eConnect does not know the consumer key, or it was revoked: check consumer key and consumer secret "
        "in the financial preferences of the administration. eConnect says: %(message)s [%(code)s]"
    )


class AccountBlocked(NeedsPerson):
    """ERRPRO1000002/3/4: the account is blocked; it must be settled with eConnect."""

    template = gettext_noop(
        "eConnect has blocked the account: settle this with eConnect. eConnect says: %(message)s [%(code)s]"
    )


class NamespaceRefused(NeedsPerson):
    """ERRCDO4000041: the namespace is not supported; the Name Space preference is wrong."""

    template = gettext_noop(
        "The Name Space does not fit the Access URL: check both in the financial preferences db. "
        "eConnect says: %(message)s [%(code)s]"
    )


class PreferencesUnusable(NeedsPerson):
    """A preference cannot even be sent."""

    template = gettext_noop(
        "eConnect cannot be asked anything with these preferences: %(why)s. Check the Access URL and "
        "the Name Space in the financial preferences db, and the keys in those of the administration."
    )

    @property
    def wording(self) -> Wording:
        return Wording(self.template, {"why": self.message})


class TokenExpired(EConnectError):
    """DEFAULT_ERROR_CODE999: log in again and repeat the call once."""

    retryable = True
    template = gettext_noop(
        "eConnect keeps calling a new security token expired: %(message)s [%(code)s]. "
        "It is tried again at the next run."
    )


class TryLater(EConnectError):
    """ERRIER8000006: the platform could not do it now (or calls our XML not valid)."""

    retryable = True
    template = gettext_noop("eConnect could not do it now: %(message)s [%(code)s]. It is tried again.")


class PdfNotReady(EConnectError):
    """ERRDMN8000003: the PDF is still being made; ask again in seconds."""

    retryable = True
    template = gettext_noop("eConnect is still making the PDF; try again in a few seconds. [%(code)s]")


class Refused(EConnectError):
    """Any other fault: the platform understood and will not do it."""


class Unavailable(EConnectError):
    """No answer, or none of SOAP: a cut connection, a time-out, a proxy's HTML, a broken XML.

    `sent`: the call may have been carried out all the same. `answer`: what came, if anything did.
    """

    retryable = True

    def __init__(self, wording: Wording, *, sent: bool = True, answer: bytes | None = None) -> None:
        super().__init__(str(wording))
        self._wording = wording
        self.sent = sent
        self.answer = answer

    def hide(self, secrets: Secrets) -> None:
        super().hide(secrets)
        values = {
            name: secrets.taken_out_of(value) if isinstance(value, str) else value
            for name, value in self._wording.values.items()
        }
        self._wording = Wording(self._wording.template, values)
        if self.answer is not None:
            self.answer = secrets.taken_out_of_bytes(self.answer)

    @property
    def wording(self) -> Wording:
        return self._wording


_BY_CODE: dict[str, type[EConnectError]] = {
    "DEFAULT_ERROR_CODE999": TokenExpired,
    "ERRIAU6000007": CredentialsRefused,
    "ERRPRO1000002": AccountBlocked,
    "ERRPRO1000003": AccountBlocked,
    "ERRPRO1000004": AccountBlocked,
    "ERRCDO4000041": NamespaceRefused,
    "ERRIER8000006": TryLater,
    "ERRDMN8000003": PdfNotReady,
}


# As a gateway answers to another subscription key or path.
_NOT_LET_IN = (401, 403, 404)


def fault(message: str, code: str) -> EConnectError:
    """The error for a SOAP Fault's `<message> [<code>]`."""
    return _BY_CODE.get(code, Refused)(message, code)


def unreachable(why: str, *, sent: bool = True, **values: Value) -> Unavailable:
    """No answer at all; `why` is a template for the `values`."""
    template = gettext_noop("eConnect could not be reached: %(why)s. It is tried again.")
    return Unavailable(Wording(template, {"why": why, **values}), sent=sent)


def unusable(why: str, *, answer: bytes | None = None, **values: Value) -> Unavailable:
    """An answer that is none: HTML, broken XML, a field that must be there and is not."""
    template = gettext_noop("eConnect's answer cannot be used: %(why)s. It is tried again.")
    return Unavailable(Wording(template, {"why": why, **values}), answer=answer)


def http_error(status: int) -> Unavailable:
    """An answer of whatever stands before the platform."""
    if status in _NOT_LET_IN:
        why = gettext_noop("HTTP %(status)s; if that stays so, the Access URL is wrong")
    else:
        why = "HTTP %(status)s"
    return unreachable(why, status=status)


def too_slow(seconds: float) -> Unavailable:
    template = gettext_noop("eConnect's answer took more than %(seconds)s seconds. It is tried again.")
    return Unavailable(Wording(template, {"seconds": f"{seconds:g}"}))


def too_large(max_bytes: int) -> Unavailable:
    template = gettext_noop("eConnect's answer is larger than %(max_bytes)s bytes. It is tried again.")
    return Unavailable(Wording(template, {"max_bytes": max_bytes}))
