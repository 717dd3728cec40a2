from econnect_admin.administrations.connection_test.models import ConnectionTest
from econnect_admin.administrations.models import (
    Administration,
    AdministrationPreferences,
    DatabasePreferences,
    SecurityToken,
    User,
)
from econnect_admin.history.models import HistoryEntry
from econnect_admin.linking.models import AuthorisationRequest
from econnect_admin.rights.models import (
    AdministrationFunctions,
    ConnectionUserGroup,
    FunctionActivation,
    GroupPrivilege,
    UserGroup,
)
from econnect_admin.users.models import SecondFactor

__all__ = [
    "Administration",
    "AdministrationFunctions",
    "AdministrationPreferences",
    "AuthorisationRequest",
    "ConnectionTest",
    "ConnectionUserGroup",
    "DatabasePreferences",
    "FunctionActivation",
    "GroupPrivilege",
    "HistoryEntry",
    "SecondFactor",
    "SecurityToken",
    "User",
    "UserGroup",
]
