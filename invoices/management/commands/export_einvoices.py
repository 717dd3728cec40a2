"""Print the stored e-invoices of an administration, one JSON line each."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from econnect_admin.command_line import PlainCommand
from econnect_admin.models import Administration
from invoices.models import EInvoice
from invoices.ubl.as_json import as_json
from invoices.ubl.reader import read_ubl

_AT_A_TIME = 20  # originals are large


class Command(PlainCommand):
    help = "Print each stored e-invoice as a line of JSON, in the order received; facts as they were written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--administration", required=True, metavar="CODE")

    def handle(self, *_arguments: object, **options: Any) -> None:
        code = options["administration"]
        if not Administration.objects.filter(code=code).exists():
            raise CommandError(f"There is no administration {code!r}.")
        einvoices = (
            EInvoice.objects.filter(administration__code=code)
            .select_related("current__original")
            .order_by("received_at", "pk")
        )
        for einvoice in einvoices.iterator(chunk_size=_AT_A_TIME):
            self.stdout.write(json.dumps(_line(einvoice)))


def _line(einvoice: EInvoice) -> dict[str, Any]:
    version = einvoice.current_version
    return {
        "external_id": einvoice.external_id,
        "version": version.version,
        "sha256": version.sha256,
        "status": einvoice.status_code,
        "received_at": einvoice.received_at.isoformat(),
        "facts": as_json(read_ubl(bytes(version.original.content))),
    }
