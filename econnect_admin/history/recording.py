"""Of which models changes are recorded, and what of them is not shown."""

from auditlog.registry import auditlog

from econnect_admin import models

_MASK = "•••"


def masked(value: str) -> str:
    """Of a secret the history tells that it changed, and whether there is one."""
    return "" if value in {"", "None"} else _MASK


def record_changes() -> None:
    """To be called once, when all models are there."""
    auditlog.register(models.Administration)
    auditlog.register(models.AdministrationPreferences, mask_fields=["consumer_key", "consumer_secret"])
    auditlog.register(models.DatabasePreferences, mask_fields=["access_url"])
    auditlog.register(models.FunctionActivation)
    auditlog.register(models.UserGroup, exclude_fields=["group_ptr"], m2m_fields={"administrations"})
    auditlog.register(models.GroupPrivilege)
    auditlog.register(models.ConnectionUserGroup)
    auditlog.register(
        models.User,
        exclude_fields=["last_login", "date_joined"],
        mask_fields=["password"],
        m2m_fields={"groups"},
    )
