"""Setting an administration up in one go, as a command and the demo do it."""

from django.db import transaction

from econnect_admin.administrations.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
)
from econnect_admin.rights.activating import activate_all


def setup_administration(
    code: str,
    *,
    name: str | None = None,
    access_url: str | None = None,
    namespace: str | None = None,
    consumer_key: str | None = None,
    consumer_secret: str | None = None,
    created_by: str | None = None,
    delivery_email: str | None = None,
    company_id: str | None = None,
) -> tuple[Administration, bool]:
    """Create or update an administration with its preferences; activate its functions. True: it was created.

    What is None stays as it is. Raises ValidationError, and changes nothing then.
    """
    with transaction.atomic():
        administration = Administration.objects.select_for_update().filter(code=code).first()
        created = administration is None
        if administration is None:
            administration = Administration(code=code)
        _set(administration, name=name)
        administration.database = _database_preferences(administration, access_url, namespace)
        administration.full_clean()
        administration.save()
        preferences = AdministrationPreferences.objects.filter(
            administration=administration
        ).first() or AdministrationPreferences(administration=administration)
        _set(
            preferences,
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            created_by=created_by,
            delivery_email=delivery_email,
            company_id=company_id,
        )
        preferences.full_clean()
        preferences.save()
        if not administration.activations.exists():  # what the vendor has deactivated stays so
            activate_all(administration, by="setup_administration")
    return administration, created


def _set(row: object, **values: str | None) -> None:
    for field, value in values.items():
        if value is not None:
            setattr(row, field, value)


def _database_preferences(
    administration: Administration, access_url: str | None, namespace: str | None
) -> DatabasePreferences:
    """The administration's own, changed as asked; others that share them keep what they have."""
    present = administration.database if administration.database_id else None
    wanted = (
        DatabasePreferences(access_url=present.access_url, namespace=present.namespace)
        if present
        else (DatabasePreferences())
    )
    _set(wanted, access_url=access_url, namespace=namespace)
    for existing in DatabasePreferences.objects.order_by("pk"):
        if (existing.access_url, existing.namespace) == (wanted.access_url, wanted.namespace):
            return existing
    if present and not present.administrations.exclude(pk=administration.pk).exists():
        present.access_url, present.namespace = wanted.access_url, wanted.namespace
        wanted = present
    else:
        wanted.name = _free_name(administration.code)
    wanted.full_clean()
    wanted.save()
    return wanted


def _free_name(code: str) -> str:
    taken = set(DatabasePreferences.objects.values_list("name", flat=True))
    candidates = (code, *(f"{code} ({number})" for number in range(2, len(taken) + 3)))
    return next(name for name in candidates if name not in taken)
