"""What our commands have in common: English, JSON on request, and one line for what went wrong."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, ProgrammingError
from django.utils import translation
from redis.exceptions import RedisError

from econnect_admin.models import Administration


class PlainCommand(BaseCommand):
    """A command for people and programs: exits with 1 and one line on stderr when it fails."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        try:
            with translation.override("en"):
                return super().execute(*arguments, **options)
        except ProgrammingError as error:
            if "does not exist" not in str(error):
                raise
            raise CommandError("The database is not up to date: run manage.py migrate, or up.") from None
        except DatabaseError as error:
            raise CommandError(f"The database cannot do it: {_first_line(error)}") from None
        except RedisError as error:
            raise CommandError(f"Redis cannot be used: {_first_line(error)}") from None
        except ImproperlyConfigured as error:
            raise CommandError(_first_line(error)) from None


def find_administration(code: str) -> Administration:
    """Raises CommandError, with the codes that there are."""
    administration = Administration.objects.filter(code=code).first()
    if administration is None:
        known = ", ".join(Administration.objects.order_by("code").values_list("code", flat=True)[:20])
        raise CommandError(f"There is no administration {code!r}; there are: {known or 'none yet'}.")
    return administration


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
