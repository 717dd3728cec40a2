"""Whoever was logged out while filling in a form is told that it was not stored."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class LoggedOutMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """After logging in they are where the form was: the address it was sent to may show nothing."""
        response = self.get_response(request)
        if not (is_form(request) and _leads_to_login(response)):
            return response
        messages.warning(
            request,
            _("You were logged out meanwhile: what you sent is not stored. Log in, and do it once more."),
        )
        return redirect_to_login(page_of_form(request))


def is_form(request: HttpRequest) -> bool:
    """Sent by a person, not by a script on a page, which says itself what became of it."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _leads_to_login(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(f"{reverse('admin:login')}?next=")


def page_of_form(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return reverse("admin:index")
    parts = urlsplit(came_from)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or reverse("admin:index")
