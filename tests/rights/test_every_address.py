"""Every address of the project, for people without rights there. A new one is walked by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from batchjobs.models import BatchjobRun
from econnect_admin.models import Administration, AuthorisationRequest, HistoryEntry, User
from tests.rights.conftest import MARK, everything_for

REFUSED = {302, 403, 404, 405}
# For whoever is logged in: what is on them is their own, or nobody's.
FOR_EVERYBODY = {
    "index",
    "login",
    "logout",
    "manual",
    "password_change",
    "password_change_done",
    "choose_administration",
    "choose_password",
    "forgotten_password",
    "second_factor",
    "second_factor_code",
    "second_factor_set_up",
    "set_language",
    "search",
}
NOBODYS = {"i18n/setlang/", "jsi18n/"}
_METHODS = ("get", "post")


@dataclass(frozen=True)
class Address:
    """`path` has the keys of rows of the administration that is kept secret."""

    name: str
    path: str
    is_of_a_row: bool


def addresses() -> Iterator[Address]:
    for route, name, pattern in _patterns(get_resolver().url_patterns, ""):
        yield Address(name, "/" + _filled(route, name), bool(pattern.pattern.converters) or "(?P" in route)


def _patterns(entries: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, route)
        else:
            yield route, entry.name or "", entry


def _filled(route: str, name: str) -> str:
    """The route with what it wants to know: keys of rows of that model, and 1 for whatever else."""
    values = {"code": "E_INVOICES", "app_label": "invoices", "job_id": "run-1", "url": ""}

    def value(match: re.Match[str]) -> str:
        wanted = match.group("name")
        if wanted in {"object_id", "key", "id"}:
            return str(_key_for(name))
        return values.get(wanted, "1")

    filled = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)
    filled = re.sub(r"\(\?P(?P<whole><(?P<name>\w+)>)[^)]*\)", value, filled)
    return re.sub(r"\(\?:([\w]+)[^)]*\)", r"\1", filled).strip("^").replace("$", "").replace("\\Z", "")


def _key_for(name: str) -> Any:
    for model in sorted(admin.site._registry, key=lambda model: -len(model._meta.label)):
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return _row(model).pk
    return User.objects.get(username=MARK.lower()).pk


def _row(model: type[Model]) -> Any:
    """A row of the administration that is kept secret."""
    if model is User:
        return User.objects.get(username=MARK.lower())
    if model is HistoryEntry:
        return HistoryEntry.objects.filter(object_repr__contains=MARK).latest("pk")
    rows = model._default_manager.order_by("pk")
    row = rows.first()
    assert row, f"there is no {model._meta.label} in the administration of this test"
    return row


def answer(client: Client, method: str, address: Address) -> Any:
    return getattr(client, method)(address.path)


def logged_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def test_who_has_no_rights_gets_nowhere(secret_one: Administration) -> None:
    client = logged_in(User.objects.create_user("nobody", is_staff=True))
    tried = list(addresses())
    reached = [
        (method, address.path, response.status_code)
        for address in tried
        if address.name not in FOR_EVERYBODY and address.path.strip("/") + "/" not in NOBODYS
        for method in _METHODS
        if (response := answer(client, method, address)).status_code not in REFUSED
    ]
    assert len(tried) > 60
    assert reached == [], reached


def test_who_is_not_logged_in_gets_nowhere(secret_one: Administration) -> None:
    client = Client(raise_request_exception=False)
    reached = [
        (method, address.path, response.status_code)
        for address in addresses()
        if address.name not in FOR_EVERYBODY and address.path.strip("/") + "/" not in NOBODYS
        for method in _METHODS
        if (response := answer(client, method, address)).status_code not in REFUSED
    ]
    assert reached == [], reached


def test_who_has_rights_elsewhere_sees_and_changes_nothing_of_this(
    secret_one: Administration, other_one: Administration
) -> None:
    before = _state()
    client = logged_in(everything_for("elsewhere", other_one))
    reached = []
    for address in addresses():
        for method in _METHODS:
            response = answer(client, method, address)
            if address.is_of_a_row and address.name not in FOR_EVERYBODY:
                allowed = response.status_code in REFUSED
            else:
                allowed = MARK not in _text_of(response) and response.status_code < 500
            if not allowed:
                reached.append((method, address.path, response.status_code))
    assert reached == [], reached
    assert _state() == before


def test_who_has_rights_here_gets_there(secret_one: Administration, other_one: Administration) -> None:
    """Else the walk would pass by walking into the void."""
    client = logged_in(everything_for("here", secret_one, other_one))
    answers = {address: answer(client, "get", address) for address in addresses()}
    assert {address.path: key for address, found in answers.items() if (key := _key_as_amount(found))} == {}
    statuses = {address: found.status_code for address, found in answers.items()}
    assert [address.path for address, status in statuses.items() if status >= 500] == []
    pages = {
        address.path: status
        for address, status in statuses.items()
        if address.name.endswith(("_changelist", "_change"))
    }
    assert {path: status for path, status in pages.items() if status != 200} == {}
    forms = [address for address in statuses if address.name.endswith("_add") and statuses[address] == 200]
    empty = {address.path: answer(client, "post", address).status_code for address in forms}
    assert len(empty) > 5
    assert {path: status for path, status in empty.items() if status != 200} == {}
    lists = [address.path for address in statuses if address.name.endswith("_changelist")]
    assert [path for path in lists if client.get(f"{path}?id__regex=.").status_code not in {302, 400}] == []


def test_actions_on_rows_of_others_do_nothing(secret_one: Administration, other_one: Administration) -> None:
    before = _state()
    client = logged_in(everything_for("elsewhere", other_one))
    for model, model_admin in admin.site._registry.items():
        actions = [*(model_admin.actions or ()), *(name for name, _function in admin.site.actions)]
        for name in [getattr(action, "__name__", action) for action in actions]:
            path = f"/{model._meta.app_label}/{model._meta.model_name}/"
            client.post(path, {"action": name, "_selected_action": [_row(model).pk], "post": "yes"})
    assert _state() == before


def _key_as_amount(response: Any) -> str:
    """Where a page has `1.000.001`: a form that sends it, and a link to it, lead nowhere."""
    found = re.search(r".{40}\b\d{1,3}[.,]000[.,]0\d\d\b", _text_of(response))
    return found[0] if found else ""


def _text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text: str = content.decode(errors="replace") + str(response.headers)
    return text


def _state() -> list[Any]:
    """What must not change."""
    return [
        list(Administration.objects.filter(code=MARK).values()),
        list(
            User.objects.filter(username=MARK.lower()).values(
                "username", "first_name", "password", "is_active"
            )
        ),
        list(AuthorisationRequest.objects.order_by("pk").values()),
        list(BatchjobRun.objects.order_by("pk").values("pk", "state", "stop_requested")),
        HistoryEntry.objects.filter(object_repr__contains=MARK).count(),
    ]
