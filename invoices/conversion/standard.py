"""*Standaard-inrichting*: the usual Dutch ledger accounts, VAT codes and VAT mapping."""

from decimal import Decimal

from econnect_admin.models import Administration
from invoices.conversion.numbers import books_of
from invoices.models import LedgerAccount, VatCode, VatMapping

_LEDGER_ACCOUNTS = {
    "4100": "Huisvestingskosten",
    "4200": "Exploitatiekosten",
    "4300": "Autokosten",
    "4400": "Kantoorkosten",
    "4500": "Verkoopkosten",
    "4600": "Opleidingskosten",
    "4700": "Algemene kosten",
    "4990": "Afrondingsverschillen",
    "7000": "Inkoop materialen",
    "7100": "Uitbesteed werk",
    "7200": "Huur materieel",
}
_VAT_CODES = {
    "IH": ("Inkoop hoog tarief", "21"),
    "IL": ("Inkoop laag tarief", "9"),
    "I0": ("Inkoop nultarief", "0"),
    "IV": ("Inkoop vrijgesteld", "0"),
    "IR": ("Inkoop btw verlegd", "0"),
    "IEU": ("Inkoop binnen de EU", "0"),
    "IBU": ("Inkoop buiten de EU", "0"),
    "IG": ("Inkoop zonder btw", "0"),
}
_MAPPINGS = {
    ("S", "21"): "IH",
    ("S", "9"): "IL",
    ("Z", None): "I0",
    ("E", None): "IV",
    ("AE", None): "IR",
    ("K", None): "IEU",
    ("G", None): "IBU",
    ("O", None): "IG",
}


def set_up_ledger(administration: Administration) -> bool:
    """Add them. False, and nothing is changed, if the administration has any of its own."""
    with books_of(administration.pk):
        if any(
            model._default_manager.filter(administration=administration).exists()
            for model in (LedgerAccount, VatCode, VatMapping)
        ):
            return False
        for code, name in _LEDGER_ACCOUNTS.items():
            LedgerAccount.objects.create(administration=administration, code=code, name=name)
        codes = {
            code: VatCode.objects.create(
                administration=administration, code=code, name=name, rate=Decimal(rate)
            )
            for code, (name, rate) in _VAT_CODES.items()
        }
        for (category, rate), code in _MAPPINGS.items():
            VatMapping.objects.create(
                administration=administration,
                category=category,
                rate=None if rate is None else Decimal(rate),
                vat_code=codes[code],
            )
    return True
