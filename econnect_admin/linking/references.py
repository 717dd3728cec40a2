"""How a company is called on the platform."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_FORMS = (
    r"XC[A-Z]{2}[0-9]+",
    r"NL:KVK:[0-9]{8}",
    r"NL:VAT:NL[0-9]{9}B[0-9]{2}",
    r"NL:OIN:[0-9]+",
)

validate_reference = RegexValidator(
    rf"^(?:{'|'.join(_FORMS)})\Z",
    _(
        "Write it as NL:KVK:12345678, NL:VAT:NL123456789B01, NL:OIN: with digits, or XCNL10017: "
        "without spaces, in capitals."
    ),
)


def is_company_id(reference: str) -> bool:
    """Whether it is the platform's own id of a company."""
    return reference.startswith("XC")
