"""Settings: by environment variables only, listed in docs/configuration.md.

Each may be given as X, or as X_FILE with the path of a file that holds it.
"""

import logging
import socket
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from econnect_admin.content_security import CONTENT_SECURITY_POLICY  # noqa: F401 - a setting
from econnect_admin.embedded import postgres, valkey
from econnect_admin.embedded.home import PROJECT_DIR, home
from econnect_admin.environment import env, hours, networks, read, url
from econnect_admin.interface import UNFOLD  # noqa: F401 - a setting

django_stubs_ext.monkeypatch()  # Django's generic classes take their types at run time too

ALLOWED_HOSTS: list[str] = read("ALLOWED_HOSTS", env.list, ["localhost", "127.0.0.1", "[::1]"])
# Whoever serves others than this machine is in production, and must bring secrets of their own.
PRODUCTION = not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}
DEBUG = False
TRUSTED_PROXIES = read("TRUSTED_PROXIES", networks, [])


def _secret(name: str, example: str) -> str:
    """From the environment; outside production else one that is made once and kept in DATA_DIR."""
    value = read(name, env.str, "")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is missing. With ALLOWED_HOSTS set, this is production: give it a value of its own, "
            f"for instance of: {example}"
        )
    if value and len(value) < 32:
        raise ImproperlyConfigured(f"{name} is too short to be secret; make one with: {example}")
    return value or home().secret(name.lower())


_RANDOM = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
SECRET_KEY = _secret("SECRET_KEY", _RANDOM)
# The first one encrypts; the others still decrypt, so that keys can be rotated.
FIELD_ENCRYPTION_KEYS = [key.strip() for key in _secret("FIELD_ENCRYPTION_KEYS", _RANDOM).split(",")]
if any(len(key) < 32 for key in FIELD_ENCRYPTION_KEYS):
    raise ImproperlyConfigured("Each of FIELD_ENCRYPTION_KEYS must be of 32 characters or more.")


_NOT_FOR_EVER = {
    "connect_timeout": 10,  # for a host that never answers
    # A process that hangs, or whose machine has failed, keeps its locks no longer.
    "options": "-c idle_in_transaction_session_timeout=60s",
}


def _database() -> dict[str, Any]:
    if not url("DATABASE_URL", "postgres", "postgresql"):
        return postgres.database(home()) | {"OPTIONS": _NOT_FOR_EVER}
    database: dict[str, Any] = read("DATABASE_URL", env.db_url, None)
    return database | {"OPTIONS": _NOT_FOR_EVER | database.get("OPTIONS", {})}


def _check_numbers_of(parts: SplitResult) -> None:
    """Raises ValueError if the port, or the number of the database, is none."""
    _ = parts.port
    int(parts.path.strip("/") or 0)


def _redis() -> str:
    given = url("REDIS_URL", "redis", "rediss", "unix")
    if given and not given.startswith("unix:"):
        try:
            _check_numbers_of(urlsplit(given))
        except ValueError:
            raise ImproperlyConfigured(
                "REDIS_URL cannot be used: its port, and the database behind the last /, are numbers."
            ) from None
    return given or valkey.url(home())


DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_database(),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = _redis()
RQ_QUEUES = {name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": -1} for name in ("default", "checks")}
RQ = {"WORKER_CLASS": "batchjobs.worker.RunWorker"}
RQ_SHOW_ADMIN_LINK = False

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_rq",
    "auditlog",
    "axes",
    "econnect_admin",
    "invoices",
    "batchjobs",
]
MIDDLEWARE = [
    "econnect_admin.trusted_proxies.TrustedProxiesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "econnect_admin.language.LanguageMiddleware",
    "econnect_admin.odd_requests.OddRequestsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "econnect_admin.users.logged_out.LoggedOutMiddleware",
    "econnect_admin.users.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "econnect_admin.urls"
WSGI_APPLICATION = "econnect_admin.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our widgets have templates of their own

AUTH_USER_MODEL = "econnect_admin.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "econnect_admin.rights.backend.RightsBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds; of invitations too

# Wrong passwords for one user name from one address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "econnect_admin.login.too_many_attempts"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who tries too early does not wait longer
AXES_DISABLE_ACCESS_LOG = True  # attempts are kept until the pause is over, nothing else
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken"]  # a password is typed there by mistake


def _second_factor() -> str:
    value: str = read("SECOND_FACTOR", env.str, "required" if PRODUCTION else "optional")
    if value not in {"required", "optional"}:
        raise ImproperlyConfigured("SECOND_FACTOR must be required or optional.")
    return value


SECOND_FACTOR = _second_factor()

AUDITLOG_LOGENTRY_MODEL = "econnect_admin.HistoryEntry"
MIGRATION_MODULES = {"auditlog": None}  # it has nothing in the database but that model
AUDITLOG_MASK_CALLABLE = "econnect_admin.history.recording.masked"
AUDITLOG_USE_FK_STRING_REPRESENTATION = True  # a name says more than a key, also when the row is gone
AUDITLOG_CID_HEADER = None  # what a client sends is not kept
AUDITLOG_DISABLE_REMOTE_ADDR = True

# "": no e-mail is sent; what would have been is in the log of the run.
EMAIL_URL: str = read("EMAIL_URL", env.str, "")
if EMAIL_URL:
    globals().update(read("EMAIL_URL", env.email_url, None))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = read("EMAIL_FROM", env.str, f"econnect-admin@{socket.getfqdn()}")

RUNS_KEPT_DAYS = read("RUNS_KEPT_DAYS", env.int, 90)

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [PROJECT_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["econnect_admin.formats"]

# The form that books an invoice has two fields for each of its lines, up to 5,000 of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 11_000

STATIC_URL = "static/"
STATICFILES_DIRS: list[Any] = [
    PROJECT_DIR / "static",
    ("handleiding", PROJECT_DIR / "docs" / "handleiding"),  # the pictures of the manual
]
WHITENOISE_USE_FINDERS = True  # served from where they are: nothing to collect after an upgrade

SESSION_COOKIE_AGE = read("SESSION_HOURS", hours, 12)
SESSION_SAVE_EVERY_REQUEST = True  # that age is without a request, not since the log-in
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = read("SECURE_SSL_REDIRECT", env.bool, True)
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True


def _log_level() -> str:
    level: str = read("LOG_LEVEL", env.str, "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return level


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _log_level()},
    # urllib3 writes the path of each request, and with it the subscription key, at DEBUG.
    "loggers": {name: {"level": "WARNING"} for name in ("axes", "requests", "urllib3")},
}

ECONNECT = {
    "read_timeout": read("ECONNECT_READ_TIMEOUT", env.float, 20.0),
    "call_timeout": read("ECONNECT_CALL_TIMEOUT", env.float, 120.0),
    "allow_private": read("ECONNECT_ALLOW_PRIVATE", env.bool, not PRODUCTION),
}
