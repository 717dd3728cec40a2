"""Read and check UBL files, without a database: for support, and to try a document out."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from econnect_admin.command_line import PlainCommand
from invoices.checks.finding import Finding
from invoices.checks.runner import check
from invoices.ubl.as_json import as_json
from invoices.ubl.errors import UblError
from invoices.ubl.reader import MAX_BYTES, read_ubl


class Command(PlainCommand):
    help = "Print the facts and the findings of UBL files: one line of JSON per file, in the order given."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *_args: object, files: list[str], **_options: object) -> None:
        refused = 0
        for path in files:
            line = _read(path)
            refused += "error" in line
            # ASCII, so that it is valid JSON whatever the encoding of the terminal.
            self.stdout.write(json.dumps({"file": _base_name(path), **line}))
        if refused:
            raise CommandError(f"{refused} of {len(files)} files refused; the reasons are in the output.")


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        invoice = read_ubl(data)
        return {"facts": as_json(invoice), "findings": [_in_words(finding) for finding in check(invoice)]}
    except UblError as error:
        return _error(error.reason, str(error), error.path, error.line)
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        return _error("unreadable", getattr(error, "strerror", None) or str(error))


def _error(code: str, message: str, path: str | None = None, line: int | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "path": path, "line": line}}


def _in_words(finding: Finding) -> dict[str, str]:
    return {"set": finding.set, "id": finding.id, "flag": finding.flag, "message": str(finding.wording)}


def _base_name(path: str) -> str:
    """The name for JSON, which is Unicode: bytes of a file name that are not become U+FFFD."""
    return os.fsencode(os.path.basename(path.rstrip("/"))).decode("utf-8", "replace")
