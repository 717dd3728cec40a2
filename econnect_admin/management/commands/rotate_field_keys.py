"""Encrypt all stored secrets anew."""

import json
from typing import Any

from django.core.management.base import CommandError

from econnect_admin.administrations.key_rotation import rotate_field_keys
from econnect_admin.command_line import PlainCommand


class Command(PlainCommand):
    help = (
        "Encrypt every stored secret anew, under the first of FIELD_ENCRYPTION_KEYS, so that the others can "
        "be taken away. Exit 1 if there are values that none of the keys fits; they stay as they are."
    )

    def handle(self, *_arguments: object, **options: Any) -> None:
        rotation = rotate_field_keys()
        if options["json"]:
            counts = {"rewritten": rotation.rewritten, "unreadable": len(rotation.unreadable)}
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(f"Encrypted values written anew: {rotation.rewritten}.")
        if rotation.unreadable:
            raise CommandError(f"No key fits {', '.join(rotation.unreadable)}: left as they are.")
