"""Who has a second factor, who needs one, and how one comes and goes."""

from datetime import timedelta
from typing import cast

import django_otp
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.middleware import is_verified

from econnect_admin.administrations.models import User
from econnect_admin.users.models import SecondFactor
from econnect_admin.users.sessions import end_sessions

_BEING_SET_UP = "second_factor_being_set_up"
_LOST_FORM = "form_lost_to_second_factor"
_TIME_TO_SET_UP = timedelta(minutes=10)
_OPENS_PREFERENCES = tuple(
    f"econnect_admin.{verb}_{model}"
    for verb in ("view", "change")
    for model in ("administrationpreferences", "databasepreferences")
)


def is_needed_by(user: PermissionsMixin | AnonymousUser) -> bool:
    """Whoever may see preferences, unless the settings leave it to everybody."""
    return settings.SECOND_FACTOR == "required" and any(map(user.has_perm, _OPENS_PREFERENCES))


def second_factor_of(user: AbstractBaseUser | AnonymousUser) -> SecondFactor | None:
    """The one that counts."""
    return SecondFactor.objects.filter(user=user.pk, confirmed=True).first()


def page_to_pass(request: HttpRequest) -> str | None:
    """The name of the only page that is open to the user until they have passed it."""
    user = request.user
    if not user.is_authenticated or is_verified(user):
        return None
    if second_factor_of(user):
        return "second_factor_code"
    return "second_factor_set_up" if is_needed_by(user) else None


def lose_form(request: HttpRequest) -> None:
    """It was sent before the second factor was passed, and led to its page instead."""
    request.session[_LOST_FORM] = True


def has_lost_form(request: HttpRequest) -> bool:
    """Once: whoever asks tells the user."""
    return bool(request.session.pop(_LOST_FORM, False))


def being_set_up(request: HttpRequest) -> SecondFactor | None:
    """What this session has begun to set up, and no other: whoever else began it may know the key."""
    return SecondFactor.objects.filter(
        pk=request.session.get(_BEING_SET_UP),
        user=request.user.pk,
        confirmed=False,
        set_up_at__gt=timezone.now() - _TIME_TO_SET_UP,
    ).first()


def begin_to_set_up(request: HttpRequest) -> SecondFactor:
    SecondFactor.objects.filter(user=request.user.pk, confirmed=False).delete()
    begun = SecondFactor.objects.create(user=cast(User, request.user), confirmed=False)
    request.session[_BEING_SET_UP] = begun.pk
    return begun


@transaction.atomic
def finish_setting_up(request: HttpRequest, begun: SecondFactor) -> bool:
    """It takes the place of the earlier one; other sessions end. False if another was faster."""
    User.objects.select_for_update().get(pk=begun.user_id)
    if not SecondFactor.objects.filter(pk=begun.pk, confirmed=False).exists():
        return False
    SecondFactor.objects.filter(user=begun.user_id).exclude(pk=begun.pk).delete()
    begun.confirmed = True
    begun.save(update_fields=["confirmed"])
    pass_with(request, begun)
    end_sessions(begun.user_id, but=request.session.session_key)
    return True


def pass_with(request: HttpRequest, second_factor: SecondFactor) -> None:
    """The session is of somebody who has shown both factors."""
    request.session.cycle_key()
    request.session.pop(_BEING_SET_UP, None)
    django_otp.login(request, second_factor)


@transaction.atomic
def reset(user: User) -> bool:
    """For who has lost it: they set one up anew. Their sessions end. False if they had none."""
    had_one = second_factor_of(user) is not None
    SecondFactor.objects.filter(user=user).delete()
    end_sessions(user.pk)
    return had_one
