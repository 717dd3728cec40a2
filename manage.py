#!/usr/bin/env python
"""Django's command line, with the embedded servers running where no URL is given."""

import io
import os
import signal
import sys

# These read and write files only, or see to the servers themselves.
WITHOUT_SERVERS = {
    "check",
    "compilemessages",
    "diffsettings",
    "help",
    "makemessages",
    "parse_ubl",
    "up",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econnect_admin.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from econnect_admin.embedded import servers
    from econnect_admin.embedded.home import EmbeddedError

    # Ended politely, a process still leaves the servers to the others, or stops them.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    _accept_any_terminal()
    try:
        if command != "parse_ubl":  # which takes files of any name
            _check_arguments()
        if command not in WITHOUT_SERVERS and not {"--help", "-h"} & set(sys.argv):
            servers.ensure()
        execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(f"{error}")
    except BrokenPipeError:
        # Who reads has read enough; Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _accept_any_terminal() -> None:
    """Write what its encoding lacks as an escape, and write into nothing where there is no output."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open as long as the process is
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _check_arguments() -> None:
    for number, argument in enumerate(sys.argv[1:], 1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            sys.exit(f"Argument {number} is not written in UTF-8.")


if __name__ == "__main__":
    main()
