"""*DNA-functies*: what an administration has, and for the vendor's superusers the switches."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from econnect_admin.exporting.columns import Column
from econnect_admin.models import Administration, AdministrationFunctions
from econnect_admin.read_only import ReadOnlyAdmin
from econnect_admin.rights.activating import CannotActivate, activate, activate_all, deactivate
from econnect_admin.rights.authorisation import administrations_of
from econnect_admin.rights.catalogue import DNA_FUNCTIONS, FUNCTIONS
from econnect_admin.rights.scoped_admin import is_superuser
from econnect_admin.saying import say


class FunctionsPage:
    """The functions of an administration, with who activated them."""

    def __init__(self, administration: Administration, may_switch: bool) -> None:
        self.administration = administration
        self.may_switch = may_switch
        activations = {row.function: row for row in administration.activations.all()}
        self.is_complete = len(activations) == len(DNA_FUNCTIONS)
        self.rows = [
            {
                "function": function,
                "needs": [FUNCTIONS[code].name for code in function.needs],
                "activation": activations.get(function.code),
            }
            for function in DNA_FUNCTIONS
        ]


@admin.register(AdministrationFunctions)
class FunctionAdmin(ReadOnlyAdmin):
    page_template = "rights/functions.html"
    list_display = ("name", "code", "active_count")
    export_columns = ("name", "code", Column(_("active functions"), "active"))
    search_fields = ("name", "code")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Of interest to everybody who may do anything there: it says why a thing is not to be found."""
        mine = administrations_of(request.user)
        return mine.filter(pk=obj.pk).exists() if obj else mine.exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = AdministrationFunctions.objects.filter(pk__in=administrations_of(request.user))
        return mine.annotate(active=Count("activations")).order_by("name", "pk")

    def get_urls(self) -> list[URLPattern]:
        switch = self.admin_site.admin_view(self.switch_view)
        all_on = self.admin_site.admin_view(self.activate_all_view)
        name = "econnect_admin_administrationfunctions"
        return [
            path("<int:key>/functions/", all_on, name=f"{name}_all"),
            path("<int:key>/functions/<str:code>/", switch, name=f"{name}_switch"),
            *super().get_urls(),
        ]

    def page_of(self, request: HttpRequest, row: Administration) -> FunctionsPage:
        return FunctionsPage(row, may_switch=is_superuser(request))

    @method_decorator(require_POST)
    def switch_view(self, request: HttpRequest, key: int, code: str) -> HttpResponse:
        if not is_superuser(request):
            raise PermissionDenied
        administration = get_object_or_404(Administration, pk=key)
        if code not in FUNCTIONS or not FUNCTIONS[code].is_dna:
            raise Http404
        try:
            if request.POST.get("active") == "1":
                activate(administration, code, by=request.user.get_username())
            else:
                deactivate(administration, code)
        except CannotActivate as error:
            messages.error(request, say(error.wording.template, error.wording.values))
        return redirect("admin:econnect_admin_administrationfunctions_change", key)

    @method_decorator(require_POST)
    def activate_all_view(self, request: HttpRequest, key: int) -> HttpResponse:
        if not is_superuser(request):
            raise PermissionDenied
        activate_all(get_object_or_404(Administration, pk=key), by=request.user.get_username())
        link = format_html(
            '<a class="ec-link" href="{}">{}</a>', reverse("admin:index"), _("On to what is next")
        )
        messages.success(request, format_html("{} {}", _("All functions are active."), link))
        return redirect("admin:econnect_admin_administrationfunctions_change", key)

    @admin.display(description=_("active functions"))
    def active_count(self, administration: Any) -> str:
        return f"{administration.active} / {len(DNA_FUNCTIONS)}"
