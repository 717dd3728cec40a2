"""The Access URL: what it must be, and what of it may be shown."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_access_url(access_url: str) -> None:
    """Raises ValidationError; its message never repeats the URL, which holds the subscription key."""
    try:
        parts = urlsplit(access_url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(c.isspace() or not c.isprintable() for c in access_url):
        raise ValidationError(
            _(
                "This is no usable Access URL: copy it whole from the eConnect platform, "
                "it begins with https://."
            )
        )


def shown(access_url: str) -> str:
    """Scheme and host only."""
    parts = urlsplit(access_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…"
