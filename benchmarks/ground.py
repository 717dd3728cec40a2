"""What the benchmarks stand on: the embedded servers, with data apart from the user's, and Django."""

import os
import sys
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[1]
SAMPLES = PROJECT / "econnect_admin" / "sandbox" / "samples"


def set_up(name: str, **environment: str) -> Path:
    """Start the servers until the end of this process, with an empty database. Gives the data directory."""
    base = Path("/var/lib/econnect-admin") if os.geteuid() == 0 else PROJECT / "var"
    for variable in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(variable, None)
    os.environ |= {
        "DATA_DIR": str(base / name),
        "DJANGO_SETTINGS_MODULE": "econnect_admin.settings",
        **environment,
    }
    from econnect_admin.embedded import servers

    servers.ensure()
    import django
    import django_rq
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    with django_rq.get_connection() as redis:
        redis.flushdb()
    return base / name


def start_python(*arguments: str, log: Path) -> psutil.Popen:
    """Python with these arguments, in the project's directory."""
    with log.open("ab") as output:
        return psutil.Popen([sys.executable, *arguments], cwd=PROJECT, stdout=output, stderr=output)
