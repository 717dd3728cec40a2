"""PostgreSQL as Django knows it, but for how tables are emptied after a test.

TRUNCATE makes new files for each table and index; these tables have a few rows. What `migrate` fills stays,
and is not made again (`django_db_setup` in tests/conftest.py).
"""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations

_MADE_BY_MIGRATIONS = {"auth_permission", "django_content_type"}


class DatabaseOperations(PostgresOperations):
    def sql_flush(
        self,
        style: Style,  # noqa: ARG002 - Django's signature
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,  # noqa: ARG002
        allow_cascade: bool = False,  # noqa: ARG002
    ) -> list[str]:
        """In one transaction, at whose end foreign keys are looked at."""
        emptied = (table for table in tables if table not in _MADE_BY_MIGRATIONS)
        return ["".join(f"DELETE FROM {self.quote_name(table)};" for table in emptied)]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class: Any = DatabaseOperations
