"""For a user who has lost their second factor."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from econnect_admin.command_line import PlainCommand
from econnect_admin.models import User
from econnect_admin.users.second_factor import reset


class Command(PlainCommand):
    help = "Take a user's second factor away and end their sessions; they set one up anew at the next log-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")

    def handle(self, *_arguments: object, **options: Any) -> None:
        username = options["username"]
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username!r}.")
        had_one = reset(user)
        if options["json"]:
            self.stdout.write(json.dumps({"username": username, "had_one": had_one}))
        else:
            before = "The second factor is reset" if had_one else "There was no second factor"
            self.stdout.write(f"{username}: {before}; the user is logged out everywhere.")
