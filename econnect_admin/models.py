from econnect_admin.administrations.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
    SecurityToken,
    User,
)
from econnect_admin.users.models import SecondFactor

__all__ = [
    "Administration",
    "AdministrationPreferences",
    "DatabasePreferences",
    "SecondFactor",
    "SecurityToken",
    "User",
]
