"""PostgreSQL as Django knows it, but for how tables are emptied after a test.

TRUNCATE makes new files for each table and index; these tables have a few rows.
"""

from collections.abc import Sequence
from typing import Any

from django.core.management.color import Style
from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations


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
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class: Any = DatabaseOperations
