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
        user = request.user
        return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")

    return permission


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _list_of(model: str, title: Any, icon: str) -> dict[str, Any]:
    """The entry that opens the list of a model, for those who may view it."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{model.replace('.', '_')}_changelist"),
        "permission": _may_view(model),
    }


_NAVIGATION: list[dict[str, Any]] = [
    {"items": [{"title": _("Start"), "icon": "home", "link": reverse_lazy("admin:index")}]},
    {
        "title": _("Invoices"),
        "items": [
            _list_of("invoices.einvoice", _("Purchase e-invoices"), "receipt_long"),
            _list_of("invoices.faileddocument", _("Failed documents"), "running_with_errors"),
        ],
    },
    {
        "title": _("Batch jobs"),
        "items": [
            _list_of("batchjobs.batchjob", _("Batch jobs"), "schedule"),
            _list_of("batchjobs.batchjobrun", _("Runs"), "play_circle"),
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
        ],
    },
    {
        "title": _("Management"),
        "items": [
            _list_of("auth.group", _("User groups Desktop"), "groups"),
            _list_of("econnect_admin.user", _("Users"), "person"),
            {
                "title": _("Queues"),
                "icon": "stacks",
                "link": reverse_lazy("django_rq:home"),
                "permission": _is_superuser,
            },
        ],
    },
]


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
    "DASHBOARD_CALLBACK": "batchjobs.start_page.add_start_page",
    "STYLES": [
        lambda _request: static("econnect_admin/colors.css"),
        lambda _request: static("econnect_admin/econnect_admin.css"),
    ],
    "SCRIPTS": [lambda _request: static("econnect_admin/interface.js")],
    "LOGIN": {"form": "econnect_admin.login.LoginForm"},
    # They are in colors.css: what is given here comes as a style sheet inside each page.
    "COLORS": lambda _request: {},
    "SIDEBAR": {"navigation": _NAVIGATION},
}
