"""What the pages of users have beside their fields: the invitation and the second factor."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from econnect_admin.administrations.models import User
from econnect_admin.users.inviting import invite, may_be_invited
from econnect_admin.users.second_factor import reset, second_factor_of

logger = logging.getLogger(__name__)


class UserPages(ModelAdmin):  # type: ignore[misc]
    change_form_outer_before_template = "users/user_head.html"

    def get_urls(self) -> list[URLPattern]:
        of_the_site = self.admin_site.admin_view
        return [
            path("<int:key>/invite/", of_the_site(require_POST(self.invite_view)), name="user_invite"),
            path(
                "<int:key>/reset-second-factor/",
                of_the_site(require_POST(self.reset_view)),
                name="user_reset_second_factor",
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            transaction.on_commit(partial(invite, request, obj))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["has_mail"] = bool(settings.EMAIL_URL)
        user = kwargs.get("obj")
        if user and self.has_change_permission(request, user):
            context |= {
                "invitable": may_be_invited(user),
                "second_factor": second_factor_of(user) if user != request.user else None,
            }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def invite_view(self, request: HttpRequest, key: int) -> HttpResponse:
        user = self._changeable(request, key)
        if may_be_invited(user):
            invite(request, user)
        return redirect("admin:econnect_admin_user_change", user.pk)

    def reset_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Of another user: one's own takes a code."""
        user = self._changeable(request, key)
        if user == request.user:
            raise PermissionDenied
        reset(user)
        logger.warning("User %s reset the second factor of user %s", request.user.pk, user.pk)
        said = _("The second factor of %(user)s is reset; they are logged out everywhere.")
        messages.success(request, said % {"user": user})
        return redirect("admin:econnect_admin_user_change", user.pk)

    def _changeable(self, request: HttpRequest, key: int) -> User:
        """Raises Http404 or PermissionDenied."""
        user = get_object_or_404(User, pk=key)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user
