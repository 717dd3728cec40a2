"""Django's door to the rights: `user.has_perm(permission, row)` and all that stands on it."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from econnect_admin.rights import authorisation
from econnect_admin.rights.catalogue import permissions_of


class RightsBackend(ModelBackend):
    """Logs in by user name and password, as Django does; decides about permissions by user groups."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return authorisation.may(user_obj, perm, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return authorisation.may_in_app(user_obj, app_label)

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Those of the catalogue."""
        return {name for name in permissions_of() if authorisation.may(user_obj, name, obj)}

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:  # noqa: ARG002
        """None: everything comes from groups."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)
