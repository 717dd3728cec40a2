"""How users are made."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import UserManager as DjangoUserManager

if TYPE_CHECKING:
    from econnect_admin.administrations.models import User


class UserManager(DjangoUserManager["User"]):
    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Everybody may log in to the site, and nobody does anything there without rights."""
        return super().create_user(username, email, password, **{"is_staff": True} | fields)
