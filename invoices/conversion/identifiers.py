"""The numbers by which a supplier is known, in the one form in which they are compared. Plain Python."""

import re
import unicodedata

KVK = "0106"

# What SI-UBL 1.2 called them.
_SCHEMES = {"NL:KVK": KVK, "NL:OIN": "0190"}
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


def vat_number(written: str | None) -> str:
    """`NL 8063.11.940.B01` is `NL806311940B01`."""
    return _compact(written)


def company_number(written: str | None) -> str:
    return _compact(written)


def account_number(written: str | None) -> str:
    """An IBAN, or any other account, without spaces and signs."""
    return _compact(written)


def scheme(written: str | None) -> str:
    text = "".join((written or "").split()).upper()
    return _SCHEMES.get(text, text)


def electronic_address(written: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", written or "").split()).upper()


def document_number(written: str | None) -> str:
    """Numbers that differ in spaces and capitals only are one number."""
    return "".join(unicodedata.normalize("NFKC", written or "").split()).upper()


def name(written: str | None) -> str:
    """`Bakker Staal B.V.` and `BAKKER STAAL BV` are one name."""
    return _compact(written)


def _compact(written: str | None) -> str:
    return _NO_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKC", written or "")).upper()
