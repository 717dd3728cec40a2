"""Set an administration up without a browser."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from batchjobs.schedule import ScheduleError
from batchjobs.setup import ensure_batchjobs
from econnect_admin.administrations.setup import setup_administration
from econnect_admin.command_line import PlainCommand
from invoices.conversion.standard import set_up_ledger

_PREFERENCES = (
    *("name", "access_url", "namespace", "consumer_key"),
    *("created_by", "delivery_email", "company_id"),
)


class Command(PlainCommand):
    help = (
        "Create or update an administration with its preferences, and activate its DNA functions. "
        "What is not given stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code", help="short name that the other commands use")
        parser.add_argument("--name", help="name of the company")
        parser.add_argument("--access-url", help="Access URL, with the subscription key")
        parser.add_argument("--namespace", help="Name Space; default that of v3.1")
        parser.add_argument("--consumer-key", help="Klant Key")
        parser.add_argument(
            "--consumer-secret-file",
            metavar="FILE",
            help="file that holds the Klant geheim; - for standard input",
        )
        parser.add_argument("--created-by", help="Gemaakt door: e-mail address of the account's user")
        parser.add_argument("--delivery-email", help="Aflever E-mailadres: where messages go")
        parser.add_argument("--company-id", help="Bedrijfs ID, such as XCNL10017")
        parser.add_argument(
            "--with-batchjobs", action="store_true", help="add the batch jobs too, with the advised schedule"
        )
        parser.add_argument(
            "--with-ledger",
            action="store_true",
            help="add usual Dutch ledger accounts, VAT codes and VAT mapping, if there are none",
        )

    def handle(self, *_arguments: object, **options: Any) -> None:
        secret_file = options["consumer_secret_file"]
        secret = None if secret_file is None else _read_secret(secret_file)
        try:
            with transaction.atomic():
                administration, created = setup_administration(
                    options["code"], consumer_secret=secret, **{name: options[name] for name in _PREFERENCES}
                )
                if options["with_batchjobs"]:
                    ensure_batchjobs(administration)
                if options["with_ledger"]:
                    set_up_ledger(administration)
        except ScheduleError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError(_in_one_line(error)) from None
        if options["json"]:
            batchjobs = list(administration.batchjobs.order_by("type").values_list("type", flat=True))
            answer = {"administration": administration.code, "created": created, "batchjobs": batchjobs}
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"Administration {administration} {'created' if created else 'updated'}.")


def _read_secret(file: str) -> str:
    try:
        secret = (sys.stdin.read() if file == "-" else Path(file).read_text()).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CommandError(f"The consumer secret cannot be read from {file}: {reason}.") from None
    if not secret:
        raise CommandError(f"The consumer secret in {file} is empty.")
    return secret


def _in_one_line(error: ValidationError) -> str:
    return "; ".join(
        f"--{field.replace('_', '-')}: {' '.join(str(message) for message in messages)}"
        for field, messages in error.message_dict.items()
    )
