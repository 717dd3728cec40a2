"""How users are made."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import UserManager as DjangoUserManager

from econnect_admin.rights.authorisation import Person

if TYPE_CHECKING:
    from econnect_admin.administrations.models import User, UserQuerySet


class UserManager(DjangoUserManager["User"]):
    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Everybody may log in to the site, and nobody does anything there without rights."""
        return super().create_user(username, email, password, **{"is_staff": True} | fields)

    def get_queryset(self) -> "UserQuerySet":
        from econnect_admin.administrations.models import UserQuerySet

        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: Person) -> "UserQuerySet":
        return self.get_queryset().visible_to(user)

    def where_may(self, user: Person, permission: str) -> "UserQuerySet":
        return self.get_queryset().where_may(user, permission)
