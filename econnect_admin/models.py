from econnect_admin.administrations.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
    SecurityToken,
    User,
)

__all__ = ["Administration", "AdministrationPreferences", "DatabasePreferences", "SecurityToken", "User"]
