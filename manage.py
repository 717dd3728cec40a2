#!/usr/bin/env python
"""Django's command line, with the embedded servers running where no URL is given."""

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
    try:
        if command not in WITHOUT_SERVERS and not {"--help", "-h"} & set(sys.argv):
            servers.ensure()
        execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
