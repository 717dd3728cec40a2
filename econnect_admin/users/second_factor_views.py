"""The pages of the second factor."""

from typing import Any

import segno
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django_otp.middleware import is_verified

from econnect_admin.users import second_factor as factors
from econnect_admin.users.models import SecondFactor
from econnect_admin.users.second_factor_forms import CodeForm


def ask_code(request: HttpRequest) -> HttpResponse:
    """After the password."""
    second_factor = factors.second_factor_of(request.user)
    if second_factor is None or is_verified(request.user):
        return _go_on(request)
    form = CodeForm(second_factor, _posted(request))
    if form.is_valid():
        factors.pass_with(request, second_factor)
        return _go_on(request)
    return _page(request, "users/ask_code.html", _("Second factor"), form=form)


def set_up(request: HttpRequest) -> HttpResponse:
    """The key, shown here and never again, until it is confirmed with a code."""
    begun = factors.being_set_up(request)
    if begun is None:
        if factors.second_factor_of(request.user):
            return redirect("second_factor")
        begun = factors.begin_to_set_up(request)
    form = CodeForm(begun, _posted(request))
    if form.is_valid():
        if factors.finish_setting_up(request, begun):
            messages.success(request, _("Your second factor is set up. You need it at every log-in."))
        return _go_on(request)
    return _page(
        request,
        "users/set_up_second_factor.html",
        _("Set up a second factor"),
        form=form,
        qr_code=_qr_code(begun),
        key=" ".join(begun.key[at : at + 4] for at in range(0, len(begun.key), 4)),
        is_needed=factors.page_to_pass(request) is not None,
    )


def manage(request: HttpRequest) -> HttpResponse:
    """Of the user menu: set up, replace, switch off; the last two with a code."""
    second_factor = factors.second_factor_of(request.user)
    is_needed = factors.is_needed_by(request.user)
    form = CodeForm(second_factor, _posted(request)) if second_factor else None
    if form and form.is_valid():
        if "replace" in request.POST:
            factors.begin_to_set_up(request)
            return redirect("second_factor_set_up")
        if not is_needed:
            form.second_factor.delete()
            messages.success(request, _("Your second factor is switched off."))
        return redirect("second_factor")
    context = {"form": form, "second_factor": second_factor, "is_needed": is_needed}
    return _page(request, "users/second_factor.html", _("Second factor"), **context)


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    of_the_site = admin.site.each_context(request)
    return TemplateResponse(request, template, {**of_the_site, "title": title, **context})


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _go_on(request: HttpRequest) -> HttpResponse:
    if factors.has_lost_form(request):
        messages.warning(
            request, _("Your second factor came first: what you sent is not stored. Do it once more.")
        )
    return redirect(_wanted(request))


def _wanted(request: HttpRequest) -> str:
    """Where the user was going before they were asked for the code."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else resolve_url("admin:index")


def _qr_code(second_factor: SecondFactor) -> str:
    image = segno.make(second_factor.address, micro=False)
    drawn = image.svg_inline(border=4, light="#fff", svgclass="ec-qr", lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - squares only
