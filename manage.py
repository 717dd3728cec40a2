#!/usr/bin/env python
"""Django's command line, with the embedded servers running where no URL is given."""

import os
import sys

# These read and write files only: nothing is started for them.
WITHOUT_SERVERS = {"check", "compilemessages", "diffsettings", "help", "makemessages", "parse_ubl", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "econnect_admin.settings")
    from django.core.management import execute_from_command_line

    from econnect_admin.embedded import servers
    from econnect_admin.embedded.home import EmbeddedError

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in WITHOUT_SERVERS and not {"--help", "-h"} & set(sys.argv):
        try:
            servers.ensure()
        except EmbeddedError as error:
            sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
