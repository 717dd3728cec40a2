"""The pages on which people get in."""

from django.contrib import admin
from django.urls import path

from econnect_admin.users.password_views import ChoosePassword, ForgottenPassword
from econnect_admin.users.second_factor_views import ask_code, manage, set_up

for_users = admin.site.admin_view

urlpatterns = [
    path("wachtwoord-vergeten/", ForgottenPassword.as_view(), name="forgotten_password"),
    path("wachtwoord-kiezen/<uidb64>/<token>/", ChoosePassword.as_view(), name="choose_password"),
    path("tweede-factor/", for_users(manage), name="second_factor"),
    path("tweede-factor/code/", for_users(ask_code), name="second_factor_code"),
    path("tweede-factor/instellen/", for_users(set_up), name="second_factor_set_up"),
]
