"""The project's settings, with data apart from the user's and a Redis database for each test process."""

import os
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]
_DATA_DIR = Path("/var/lib/econnect-admin/test") if os.geteuid() == 0 else _PROJECT / "var" / "test"
os.environ.setdefault("DATA_DIR", str(_DATA_DIR))
# A platform that fails is waited for less long.
os.environ.setdefault("ECONNECT_READ_TIMEOUT", "2")
os.environ.setdefault("ECONNECT_CALL_TIMEOUT", "5")

from econnect_admin.settings import *  # noqa: E402, F403
from econnect_admin.settings import DATABASES, ECONNECT, REDIS_URL, RQ_QUEUES  # noqa: E402

_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = f"{REDIS_URL.partition('?')[0]}?db={_PROCESS + 1}"
RQ_QUEUES = {name: queue | {"URL": REDIS_URL} for name, queue in RQ_QUEUES.items()}
ECONNECT |= {"first_pause": 0.01}
WHITENOISE_AUTOREFRESH = True  # else each client of a test reads all static files first
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["ENGINE"] = "tests.database"
