"""The codes that e-invoices are written with, in words. What is not here is shown as its code."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

Words = dict[str, StrPromise]

# The platform's own
STATUSES: Words = {
    "05": _("Stored"),
    "10": _("Received"),
    "20": _("Opened"),
    "30": _("Downloaded"),
    "35": _("For approval"),
    "40": _("Approved"),
    "50": _("Rejected"),
    "60": _("Payable"),
    "70": _("Paid"),
}
STATUS_COLOURS = {
    "05": "default",
    "10": "info",
    "20": "info",
    "30": "info",
    "35": "warning",
    "40": "success",
    "50": "danger",
    "60": "primary",
    "70": "success",
}
# Nobody has to pay these any more.
SETTLED_STATUSES = frozenset({"50", "70"})

DELIVERY_METHODS: Words = {
    "ToInbox": _("inbox"),
    "ToPeppol": _("Peppol"),
    "ToEmail": _("e-mail"),
    "OutboxOnly": _("outbox only"),
}

# UNTDID 1001
DOCUMENT_TYPES: Words = {
    "326": _("Partial invoice"),
    "380": _("Invoice"),
    "381": _("Credit note"),
    "383": _("Debit note"),
    "384": _("Corrected invoice"),
    "386": _("Prepayment invoice"),
    "388": _("Tax invoice"),
    "389": _("Self-billed invoice"),
    "393": _("Factored invoice"),
    "396": _("Factored credit note"),
    "261": _("Self-billed credit note"),
    "527": _("Self-billed debit note"),
    "875": _("Partial construction invoice"),
    "876": _("Partial final construction invoice"),
    "877": _("Final construction invoice"),
}

# UNTDID 4461
PAYMENT_MEANS: Words = {
    "1": _("not defined"),
    "10": _("cash"),
    "20": _("cheque"),
    "30": _("credit transfer"),
    "31": _("debit transfer"),
    "42": _("bank account"),
    "48": _("bank card"),
    "49": _("direct debit"),
    "54": _("credit card"),
    "55": _("debit card"),
    "57": _("standing agreement"),
    "58": _("SEPA credit transfer"),
    "59": _("SEPA direct debit"),
    "68": _("online payment service"),
    "97": _("clearing between partners"),
}

# UNCL 5305
VAT_CATEGORIES: Words = {
    "S": _("standard rate"),
    "Z": _("zero rate"),
    "E": _("exempt"),
    "AE": _("reverse charge"),
    "K": _("intra-Community supply"),
    "G": _("export outside the EU"),
    "O": _("outside the scope of VAT"),
    "L": _("Canary Islands tax"),
    "M": _("tax of Ceuta and Melilla"),
}

# UN/ECE Recommendation 20 and 21
UNITS: Words = {
    "ANN": pgettext_lazy("unit", "year"),
    "BX": pgettext_lazy("unit", "box"),
    "C62": pgettext_lazy("unit", "piece"),
    "CMT": pgettext_lazy("unit", "centimetre"),
    "CT": pgettext_lazy("unit", "carton"),
    "DAY": pgettext_lazy("unit", "day"),
    "EA": pgettext_lazy("unit", "piece"),
    "GRM": pgettext_lazy("unit", "gram"),
    "H87": pgettext_lazy("unit", "piece"),
    "HAR": pgettext_lazy("unit", "hectare"),
    "HUR": pgettext_lazy("unit", "hour"),
    "KGM": pgettext_lazy("unit", "kilogram"),
    "KMT": pgettext_lazy("unit", "kilometre"),
    "KWH": pgettext_lazy("unit", "kilowatt hour"),
    "LTR": pgettext_lazy("unit", "litre"),
    "LS": pgettext_lazy("unit", "lump sum"),
    "MIN": pgettext_lazy("unit", "minute"),
    "MMT": pgettext_lazy("unit", "millimetre"),
    "MON": pgettext_lazy("unit", "month"),
    "MTK": pgettext_lazy("unit", "square metre"),
    "MTQ": pgettext_lazy("unit", "cubic metre"),
    "MTR": pgettext_lazy("unit", "metre"),
    "NAR": pgettext_lazy("unit", "piece"),
    "P1": pgettext_lazy("unit", "per cent"),
    "PA": pgettext_lazy("unit", "packet"),
    "PCE": pgettext_lazy("unit", "piece"),
    "PK": pgettext_lazy("unit", "pack"),
    "PR": pgettext_lazy("unit", "pair"),
    "QAN": pgettext_lazy("unit", "quarter"),
    "RO": pgettext_lazy("unit", "roll"),
    "SEC": pgettext_lazy("unit", "second"),
    "SET": pgettext_lazy("unit", "set"),
    "TNE": pgettext_lazy("unit", "tonne"),
    "WEE": pgettext_lazy("unit", "week"),
    "XBX": pgettext_lazy("unit", "box"),
    "XCT": pgettext_lazy("unit", "carton"),
    "XPA": pgettext_lazy("unit", "packet"),
    "XPK": pgettext_lazy("unit", "pack"),
    "XPP": pgettext_lazy("unit", "piece"),
    "XRO": pgettext_lazy("unit", "roll"),
}

# ISO 6523, of company numbers and electronic addresses
NUMBER_SCHEMES: Words = {
    "0106": _("Chamber of commerce number"),
    "0190": _("OIN"),
    "0002": _("SIREN"),
    "0007": _("Swedish organisation number"),
    "0060": _("DUNS"),
    "0088": _("GLN"),
    "0184": _("CVR number"),
    "0192": _("Norwegian organisation number"),
    "0208": _("Belgian enterprise number"),
    "9944": _("VAT number"),
}


# The rules that a document says it keeps (CustomizationID), by how the id begins.
_EN_16931 = "urn:cen.eu:en16931:2017"
_FORMS = {
    f"{_EN_16931}#compliant#urn:fdc:nen.nl:nlcius:v1.0": "NLCIUS (SI-UBL 2.0)",
    f"{_EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0": "Peppol BIS Billing 3.0",
    f"{_EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0": "Peppol BIS Self-Billing 3.0",
    f"{_EN_16931}#compliant#urn:xeinkauf.de:kosit:xrechnung": "XRechnung",
    f"{_EN_16931}#compliant#urn:xoev-de:kosit:standard:xrechnung": "XRechnung",
    _EN_16931: "EN 16931",
}


def form_in_words(customization_id: str) -> str:
    """The name of the rules that a document says it keeps; "" if we do not know them."""
    return next((name for start, name in _FORMS.items() if customization_id.startswith(start)), "")


def in_words(words: Words, code: str | None) -> str:
    """The word for a code, else the code itself."""
    return str(words.get(code or "", code or ""))


def status_in_words(code: str, allowed: list[dict[str, str]]) -> str:
    """Our word for a status; for one that we do not know, the name that the document came with."""
    names = {status["code"]: status["name"] for status in allowed}
    return in_words(STATUSES, code) if code in STATUSES else names.get(code) or code
