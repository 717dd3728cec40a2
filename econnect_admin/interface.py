"""The looks of the admin and its navigation (django-unfold's settings)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _may_view(model: str) -> Callable[[HttpRequest], bool]:
    app, name = model.split(".")

    def permission(request: HttpRequest) -> bool:
        return request.user.has_perm(f"{app}.view_{name}")

    return permission


def _may_do_something_somewhere(request: HttpRequest) -> bool:
    from econnect_admin.rights.authorisation import administrations_of  # when the models are there

    return administrations_of(request.user).exists()


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


OF_ADMINISTRATION = "administration__id__exact"


def _list_of(model: str, title: Any, icon: str, of: str = "") -> dict[str, Any]:
    """The entry that opens the list of a model, for those who may view it.

    `of` is the list's parameter that keeps it to one administration.
    """
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model.replace('.', '_')}_changelist"),
        "permission": _may_view(model),
        "of": of,
    }


_NAVIGATION: list[dict[str, Any]] = [
    {"items": [{"title": _("Start"), "icon": "home", "link": reverse_lazy("admin:index")}]},
    {
        "title": _("Invoices"),
        "items": [
            _list_of("invoices.einvoice", _("Purchase e-invoices"), "receipt_long", OF_ADMINISTRATION),
            _list_of("invoices.purchaseinvoice", _("Purchase invoices"), "request_quote", OF_ADMINISTRATION),
            _list_of("invoices.supplier", _("Suppliers"), "storefront", OF_ADMINISTRATION),
            _list_of(
                "invoices.faileddocument", _("Failed documents"), "running_with_errors", OF_ADMINISTRATION
            ),
        ],
    },
    {
        "title": _("Batch jobs"),
        "items": [
            _list_of("batchjobs.batchjob", _("Batch jobs"), "schedule", OF_ADMINISTRATION),
            _list_of("batchjobs.batchjobrun", _("Runs"), "play_circle", f"batchjob__{OF_ADMINISTRATION}"),
        ],
    },
    {
        "title": _("Set-up"),
        "items": [
            _list_of("econnect_admin.administration", _("Administrations"), "domain"),
            _list_of(
                "econnect_admin.administrationpreferences", _("Financial preferences administration"), "key"
            ),
            _list_of("econnect_admin.databasepreferences", _("Financial preferences db"), "dns"),
            {
                "title": _("DNA functions"),
                "icon": "extension",
                "link": reverse_lazy("admin:econnect_admin_administrationfunctions_changelist"),
                "permission": _may_do_something_somewhere,
            },
            _list_of(
                "econnect_admin.authorisationrequest", _("Link e-connection"), "handshake", OF_ADMINISTRATION
            ),
            _list_of("invoices.ledgeraccount", _("Ledger accounts"), "account_balance", OF_ADMINISTRATION),
            _list_of("invoices.vatcode", _("VAT codes"), "percent", OF_ADMINISTRATION),
            _list_of("invoices.vatmapping", _("VAT mapping"), "rule", OF_ADMINISTRATION),
            _list_of(
                "econnect_admin.connectionusergroup",
                _("E-connection user groups"),
                "inbox",
                OF_ADMINISTRATION,
            ),
        ],
    },
    {
        "title": _("Management"),
        "items": [
            _list_of("econnect_admin.usergroup", _("User groups Desktop"), "groups"),
            _list_of("econnect_admin.user", _("Users"), "person"),
            _list_of("econnect_admin.historyentry", _("History"), "history"),
            {
                "title": _("Queues"),
                "icon": "stacks",
                "link": reverse_lazy("django_rq:home"),
                "permission": _is_superuser,
            },
        ],
    },
]


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Where there are several administrations, lists open with what is of the one that the switch shows."""
    from econnect_admin.administrations.switching import choice_of  # when the models are there

    choice = choice_of(request)
    if not choice.is_one_of_several or choice.administration is None:
        return _NAVIGATION
    key = choice.administration.pk

    def kept_to_it(item: dict[str, Any]) -> dict[str, Any]:
        return item | {"link": f"{item['link']}?{item['of']}={key}"} if item.get("of") else item

    return [group | {"items": [kept_to_it(item) for item in group["items"]]} for group in _NAVIGATION]


def may_do_something(request: HttpRequest) -> bool:
    """Whether there is anything in the navigation for the user but the start page."""
    return any(
        item["permission"](request)
        for group in _NAVIGATION
        for item in group["items"]
        if "permission" in item
    )


def place_of(address: str) -> tuple[str, str]:
    """The titles in the navigation of the list at this address and of its group; "" if it is not there."""
    for group in _NAVIGATION:
        for item in group["items"]:
            if "title" in group and item["link"] == address:
                return str(group["title"]), str(item["title"])
    return "", ""


_STYLES = ("colors", "econnect_admin", "lists", "setup", "einvoice", "sheet", "purchase", "manual", "linking")
_SCRIPTS = ("interface", "accessibility", "lists")


def _static_file(name: str) -> Callable[[HttpRequest], str]:
    return lambda _request: static(f"econnect_admin/{name}")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "eConnect Admin",
    "SITE_HEADER": "eConnect Admin",
    "SITE_SYMBOL": "receipt_long",
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("econnect_admin/favicon.svg"),
        }
    ],
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "batchjobs.start.page.add_start_page",
    "STYLES": [_static_file(f"{name}.css") for name in _STYLES],
    "SCRIPTS": [_static_file(f"{name}.js") for name in _SCRIPTS],
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("Second factor"), "link": reverse_lazy("second_factor")},
        ]
    },
    "LOGIN": {"form": "econnect_admin.login.LoginForm"},
    # They are in colors.css: what is given here comes as a style sheet inside each page.
    "COLORS": lambda _request: {},
    "SIDEBAR": {"navigation": _navigation},
}
