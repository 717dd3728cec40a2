"""The Access URL: what it must be, and what of it may be shown."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from econnect_admin.econnect.access_url import refusal


def validate_access_url(access_url: str) -> None:
    """Raises ValidationError; its message never repeats the URL, which holds the subscription key."""
    why = refusal(access_url, allow_private=settings.ECONNECT["allow_private"])
    if why:
        advice = _("Copy it whole from the eConnect platform.")
        raise ValidationError(f"{capfirst(_(why))}. {advice}")


def shown(access_url: str) -> str:
    """Scheme and host only."""
    parts = urlsplit(access_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"
