"""Until a user has passed the second factor, nothing of the site is open to them.

Whoever was filling in a form meanwhile is told, when they have passed it, that it was not stored.
"""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from econnect_admin.users.logged_out import is_form, page_of_form
from econnect_admin.users.second_factor import lose_form, page_to_pass


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = page_to_pass(request)
        if page is None or request.path in map(reverse, (page, "admin:logout", "set_language")):
            return self.get_response(request)
        if is_form(request) and request.path != reverse("admin:login"):
            lose_form(request)
            return redirect_to_login(page_of_form(request), reverse(page))
        if request.method == "POST":
            return redirect(page)
        return redirect_to_login(request.get_full_path(), reverse(page))
