"""Why a document is refused."""

from enum import StrEnum

from econnect_admin.wording import Wording, gettext_noop


class Reason(StrEnum):
    """What is wrong, as a code."""

    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    NOT_WELL_FORMED = "not-well-formed"
    DOCTYPE = "doctype"
    WRONG_ROOT = "wrong-root"
    NOT_A_DECIMAL = "not-a-decimal"
    NOT_A_DATE = "not-a-date"
    NOT_A_BOOLEAN = "not-a-boolean"
    MARKUP_IN_VALUE = "markup-in-value"
    TOO_MANY_PARTS = "too-many-parts"


TEMPLATES = {
    Reason.TOO_LARGE: gettext_noop("The document is larger than %(value)s bytes."),
    Reason.ENCODING: gettext_noop("The document is not written in an encoding that is allowed: %(value)s."),
    Reason.NOT_WELL_FORMED: gettext_noop("The document is not well-formed XML: %(value)s"),
    Reason.DOCTYPE: gettext_noop("The document has a DOCTYPE, which an e-invoice must not have."),
    Reason.WRONG_ROOT: gettext_noop("The document is no UBL 2.1 Invoice or CreditNote, but %(value)s."),
    Reason.NOT_A_DECIMAL: gettext_noop(
        'Amount or number "%(value)s" at %(path)s is no number (line %(line)s).'
    ),
    Reason.NOT_A_DATE: gettext_noop('Date "%(value)s" at %(path)s is no date (line %(line)s).'),
    Reason.NOT_A_BOOLEAN: gettext_noop('"%(value)s" at %(path)s is neither true nor false (line %(line)s).'),
    Reason.MARKUP_IN_VALUE: gettext_noop(
        "At %(path)s there is an element where a value should be (line %(line)s)."
    ),
    Reason.TOO_MANY_PARTS: gettext_noop(
        "The document has more than %(value)s lines, allowances, charges and other parts."
    ),
}

# A root of the right name in no namespace: what looks like UBL at a glance is refused with what it lacks.
_BARE_ROOTS = ("Invoice", "CreditNote")
_NO_NAMESPACE = gettext_noop(
    "The document is no UBL 2.1 Invoice or CreditNote: its %(value)s is in no namespace, "
    "because the xmlns of UBL is missing."
)


class UblError(ValueError):
    """The document is refused: nothing in it may be used as a fact.

    `value` is what was found (shortened), `path` the element below the root without prefixes
    (`LegalMonetaryTotal/PayableAmount`), `line` its line, counted from 1; both are None where the
    document as a whole is refused.
    """

    def __init__(
        self, reason: Reason, value: str = "", path: str | None = None, line: int | None = None
    ) -> None:
        self.reason = reason
        self.value = value if len(value) <= 100 else value[:100] + "…"
        self.path = path
        self.line = line
        super().__init__(str(self.wording))

    @property
    def wording(self) -> Wording:
        values = {"value": self.value, "path": self.path, "line": self.line}
        if self.reason == Reason.WRONG_ROOT and self.value in _BARE_ROOTS:
            return Wording(_NO_NAMESPACE, values)
        return Wording(TEMPLATES[self.reason], values)
