"""Of which models changes are recorded, and what of them is not shown."""

from collections.abc import Collection, Sequence

from auditlog.registry import auditlog
from django.db.models import Model

from econnect_admin import models

_MASK = "•••"


def masked(value: str) -> str:
    """Of a secret the history tells that it changed, and whether there is one."""
    return "" if value in {"", "None"} else _MASK


def record(
    model: type[Model],
    *,
    without: Collection[str] = (),
    masked: Sequence[str] = (),
    relations: Collection[str] = (),
) -> None:
    """Record what is done to the model's own fields; of masked ones only that they changed."""
    fields = [field.name for field in model._meta.concrete_fields if field.name not in {"id", *without}]
    auditlog.register(model, include_fields=fields, mask_fields=list(masked), m2m_fields=set(relations))


def record_changes() -> None:
    """To be called once, when all models are there."""
    record(models.Administration)
    record(
        models.AdministrationPreferences, masked=["consumer_key", "consumer_secret"], without=["changed_at"]
    )
    record(models.DatabasePreferences, masked=["access_url"])
    record(models.FunctionActivation, without=["activated_at"])
    record(models.UserGroup, without=["group_ptr"], relations=["administrations"])
    record(models.GroupPrivilege)
    record(models.ConnectionUserGroup)
    record(
        models.AuthorisationRequest,
        masked=["integration_token"],
        # The last four change while it is only watched; who reads of a client may not know of the accountant.
        without=[
            *("requested_through", "requested_at", "answer", "replaces", "checks"),
            *("last_checked_at", "next_check_at", "checking_since"),
        ],
    )
    auditlog.register(models.SecondFactor, include_fields=["user"])
    record(
        models.User,
        without=["last_login", "date_joined", "is_staff"],
        masked=["password"],
        relations=["groups"],
    )
