"""The pages on which people choose a password, without being logged in."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.views import PasswordContextMixin, PasswordResetConfirmView, PasswordResetView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from econnect_admin.administrations.models import User
from econnect_admin.users.forms import ChoosePasswordForm, ForgottenPasswordForm


class _OfTheSite(PasswordContextMixin):
    request: HttpRequest
    title: Any

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        of_the_view = super().get_context_data(**context)
        return admin.site.each_context(self.request) | of_the_view | {"title": self.title}


class ForgottenPassword(_OfTheSite, PasswordResetView):
    """Only where e-mails can be sent; says the same to whoever asks."""

    title = gettext_lazy("Forgot your password?")
    template_name = "users/forgotten_password.html"
    form_class = ForgottenPasswordForm
    subject_template_name = "users/forgotten_password_subject.txt"
    email_template_name = "users/forgotten_password_mail.txt"
    success_url = reverse_lazy("admin:login")

    def dispatch(self, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not settings.EMAIL_URL:
            raise Http404
        return super().dispatch(*arguments, **named)

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        said = _(
            "If there is a user with the e-mail address %(address)s, an e-mail is on its way there "
            "with a link to choose a new password. Nothing there? Look among the unwanted e-mails."
        )
        messages.success(self.request, said % {"address": form.cleaned_data["email"]})
        return super().form_valid(form)


class ChoosePassword(_OfTheSite, PasswordResetConfirmView):
    """By the link of an invitation, or of an e-mail to who forgot it. It works once."""

    title = gettext_lazy("Choose a password")
    template_name = "users/choose_password.html"
    form_class = ChoosePasswordForm
    success_url = reverse_lazy("admin:login")
    user: User

    def get_user(self, uidb64: str) -> User | None:
        user: User | None = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        # Earlier attempts were at another password.
        AxesProxyHandler.reset_attempts(username=self.user.get_username())
        answer = super().form_valid(form)
        logout(self.request)  # whoever tried an invitation out is still in as themselves
        said = _("Your password is set. Log in with your user name: %(user)s")
        messages.success(self.request, said % {"user": self.user.get_username()})
        return answer
