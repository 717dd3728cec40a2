"""What can be granted: the functions of the system, and the permissions that each privilege on one gives.

A DNA function exists for an administration only where the vendor has activated it; the standard functions
exist everywhere. Permissions have Django's form, `app.action_model`. One that is not here is nobody's but a
superuser's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_Text = str | Promise


class Privilege(models.TextChoices):
    """In the order of the columns of *Functie privileges & eigenschappen*."""

    VIEW = "view", _("view")
    ADD = "add", _("add")
    CHANGE = "change", _("change")
    DELETE = "delete", _("delete")
    EXECUTE = "execute", _("execute")


Grant = tuple[str, str]  # the code of a function, and a privilege on it


@dataclass(frozen=True)
class Function:
    """`permissions` has the privileges that mean something for it, in their order."""

    code: str
    name: _Text
    explanation: _Text
    permissions: Mapping[Privilege, tuple[str, ...]]
    needs: tuple[str, ...] = ()  # codes of the functions that it makes no sense without
    is_dna: bool = False


_VIEW, _ADD, _CHANGE, _DELETE, _EXECUTE = Privilege

E_INVOICES = Function(
    "E_INVOICES",
    _("E-invoices"),
    _("The documents as they were received: the original XML, and the documents that could not be imported."),
    {_VIEW: ("invoices.view_original", "invoices.view_faileddocument")},
    is_dna=True,
)
CREATE_E_INVOICES = Function(
    "CREATE_E_INVOICES",
    _("Create e-invoices"),
    _("Import from eConnect. Without it no import runs; what waits on the platform stays there."),
    {_EXECUTE: ("invoices.import_einvoice", "invoices.retry_faileddocument")},
    needs=("E_INVOICES",),
    is_dna=True,
)
E_PURCHASE_INVOICES = Function(
    "E_PURCHASE_INVOICES",
    pgettext_lazy("function", "Purchase e-invoices"),
    _("The imported invoices with their attachments and status. Who may change them may change the status."),
    {
        _VIEW: ("invoices.view_einvoice", "invoices.view_statuschange"),
        _CHANGE: ("invoices.change_einvoice",),
    },
    is_dna=True,
)
E_PURCHASE_INVOICE_LINES = Function(
    "E_PURCHASE_INVOICE_LINES",
    _("Purchase e-invoice lines"),
    _("The lines of the imported invoices."),
    {_VIEW: ("invoices.view_line",)},
    needs=("E_PURCHASE_INVOICES",),
    is_dna=True,
)
CONVERT_E_PURCHASE_INVOICE = Function(
    "CONVERT_E_PURCHASE_INVOICE",
    _("Purchase e-invoice to purchase invoice"),
    _("Turn an imported invoice into a purchase invoice of the administration."),
    {_EXECUTE: ("invoices.convert_einvoice",)},
    needs=("E_PURCHASE_INVOICES", "E_PURCHASE_INVOICE_LINES"),
    is_dna=True,
)
E_CONNECTION_USER_GROUPS = Function(
    "E_CONNECTION_USER_GROUPS",
    _("E-connection user groups"),
    _(
        "Which inbox on the platform is that of a user group: only its members see what comes in there. "
        "Who may view this function sees the whole administration."
    ),
    {
        _VIEW: ("econnect_admin.view_connectionusergroup",),
        _ADD: ("econnect_admin.add_connectionusergroup",),
        _CHANGE: ("econnect_admin.change_connectionusergroup",),
        _DELETE: ("econnect_admin.delete_connectionusergroup",),
    },
    is_dna=True,
)
LINK_E_CONNECTION = Function(
    "LINK_E_CONNECTION",
    _("Link e-connection"),
    _("Couple a company by an authorisation request to its owner, instead of by keys."),
    {
        _VIEW: ("econnect_admin.view_authorisationrequest",),
        _EXECUTE: ("econnect_admin.add_authorisationrequest",),
    },
    is_dna=True,
)

DNA_FUNCTIONS = (
    E_INVOICES,
    CREATE_E_INVOICES,
    E_PURCHASE_INVOICES,
    E_PURCHASE_INVOICE_LINES,
    CONVERT_E_PURCHASE_INVOICE,
    E_CONNECTION_USER_GROUPS,
    LINK_E_CONNECTION,
)


def _of_model(label: str, *privileges: Privilege) -> dict[Privilege, tuple[str, ...]]:
    """Of a model in this app: each privilege gives the permission of its own name."""
    return {privilege: (f"econnect_admin.{privilege.value}_{label}",) for privilege in privileges}


_LEDGER_MODELS = ("ledgeraccount", "vatcode", "vatmapping")

STANDARD_FUNCTIONS = (
    Function(
        "PURCHASE_INVOICES",
        _("Purchase invoices"),
        _("What was booked. Who may execute them reverses them; booking is a function of its own."),
        {_VIEW: ("invoices.view_purchaseinvoice",), _EXECUTE: ("invoices.reverse_purchaseinvoice",)},
    ),
    Function(
        "SUPPLIERS",
        _("Suppliers"),
        _(
            "Suppliers with their known IBANs and defaults. Who may add them adds those of new invoices; "
            "who may change them confirms a new IBAN."
        ),
        {
            _VIEW: ("invoices.view_supplier", "invoices.view_supplieriban"),
            _ADD: ("invoices.add_supplier",),
            _CHANGE: (
                "invoices.change_supplier",
                "invoices.add_supplieriban",
                "invoices.change_supplieriban",
                "invoices.delete_supplieriban",
            ),
        },
    ),
    Function(
        "LEDGER",
        _("Ledger and VAT"),
        _("Ledger accounts, VAT codes, and which VAT code a category and rate of an invoice gets."),
        {
            privilege: tuple(f"invoices.{privilege.value}_{model}" for model in _LEDGER_MODELS)
            for privilege in (_VIEW, _ADD, _CHANGE, _DELETE)
        },
    ),
    Function(
        "ADMINISTRATIONS",
        _("Administrations"),
        _("Name, language and time zone of the administration."),
        _of_model("administration", _VIEW, _ADD, _CHANGE),
    ),
    Function(
        "ADMINISTRATION_PREFERENCES",
        _("Financial preferences administration"),
        _("The keys and the company on the eConnect platform."),
        _of_model("administrationpreferences", _VIEW, _ADD, _CHANGE),
    ),
    Function(
        "DATABASE_PREFERENCES",
        _("Financial preferences db"),
        _("Access URL and Name Space; shared by the administrations of one database."),
        _of_model("databasepreferences", _VIEW, _CHANGE, _DELETE),
    ),
    Function(
        "BATCHJOBS",
        _("Batch jobs"),
        _("The batch jobs with their planning schedules and runs. Who may execute them runs and stops them."),
        {
            _VIEW: ("batchjobs.view_batchjob", "batchjobs.view_batchjobrun"),
            _ADD: ("batchjobs.add_batchjob",),
            _CHANGE: ("batchjobs.change_batchjob",),
            _DELETE: ("batchjobs.delete_batchjob",),
            _EXECUTE: ("batchjobs.execute_batchjob",),
        },
    ),
    Function(
        "USER_GROUPS",
        _("User groups Desktop"),
        _(
            "User groups and what they may do. Who may change them decides about all rights in the "
            "administration."
        ),
        _of_model("usergroup", _VIEW, _ADD, _CHANGE, _DELETE),
    ),
    Function(
        "USERS",
        _("Users"),
        _("The people who log in."),
        _of_model("user", _VIEW, _ADD, _CHANGE),
    ),
    Function(
        "HISTORY",
        _("History"),
        _("Who changed what, and when."),
        {_VIEW: ("econnect_admin.view_historyentry",)},
    ),
)

FUNCTIONS = {function.code: function for function in (*DNA_FUNCTIONS, *STANDARD_FUNCTIONS)}

_GRANTS: dict[str, Grant] = {
    permission: (function.code, privilege.value)
    for function in FUNCTIONS.values()
    for privilege, permissions in function.permissions.items()
    for permission in permissions
}


def grant_for(permission: str) -> Grant | None:
    """What must be granted for it; None if nothing can give it."""
    return _GRANTS.get(permission)


def permissions_of(app_label: str | None = None) -> list[str]:
    """All that there are, or those of an app."""
    return [permission for permission in _GRANTS if app_label in {None, permission.partition(".")[0]}]


def dependants_of(code: str) -> list[Function]:
    """The functions that need it."""
    return [function for function in DNA_FUNCTIONS if code in function.needs]
