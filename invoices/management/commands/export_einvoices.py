"""Print the stored e-invoices of an administration, one JSON line each."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from econnect_admin.command_line import PlainCommand, find_administration
from econnect_admin.rights.authorisation import is_active
from econnect_admin.rights.catalogue import E_PURCHASE_INVOICES
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
        administration = find_administration(options["administration"])
        if not is_active(administration, E_PURCHASE_INVOICES):
            raise CommandError(f"The function {E_PURCHASE_INVOICES.name} is not active for {administration}.")
        einvoices = (
            EInvoice.objects.filter(administration=administration)
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
