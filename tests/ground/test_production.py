"""Whoever serves others than this machine brings secrets of their own, and is safe by default."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.ground.processes import free_port, manage, read_until, start

SECRET = "not-a-secret-in-this-place-but-long-enough, 50 of them"
PRODUCTION = {
    "ALLOWED_HOSTS": "einvoices.example",
    "SECRET_KEY": SECRET,
    "FIELD_ENCRYPTION_KEYS": SECRET.replace(",", ""),
}


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_a_missing_secret_is_one_clear_line(data_dir: Path, missing: str) -> None:
    result = manage(data_dir, "up", **PRODUCTION | {missing: ""})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"{missing} is missing.")


def test_a_second_factor_is_required(data_dir: Path) -> None:
    shown = manage(data_dir, "diffsettings", "--all", **PRODUCTION).stdout
    assert "SECOND_FACTOR = 'required'" in shown
    assert "SECOND_FACTOR = 'optional'" in manage(data_dir, "diffsettings", "--all").stdout


def test_django_has_nothing_to_warn_of(data_dir: Path) -> None:
    result = manage(data_dir, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "System check identified no issues (0 silenced).\n"


def test_a_demonstration_says_what_it_needs(data_dir: Path) -> None:
    result = manage(data_dir, "up", "--demo", **PRODUCTION)
    assert result.returncode == 1
    assert result.stderr.strip().endswith("set ECONNECT_ALLOW_PRIVATE=true.")


@contextmanager
def in_production(data_dir: Path, **more: str) -> Iterator[str]:
    """Gives the web interface's address, as a proxy on this machine reaches it."""
    port = free_port()
    up = start(data_dir, "manage.py", "up", "--workers", "0", "--port", str(port), **PRODUCTION, **more)
    try:
        read_until(up, "The web interface")
        yield f"http://127.0.0.1:{port}/login/"
    finally:
        up.terminate()
        up.communicate(timeout=30)


def ask(address: str, source: str, **headers: str) -> requests.Response:
    """As from that address of this machine."""
    with requests.Session() as session:
        session.mount("http://", _From(source))
        headers = {"Host": "einvoices.example"} | headers
        return session.get(address, headers=headers, allow_redirects=False, timeout=10)


class _From(HTTPAdapter):
    def __init__(self, source: str) -> None:
        self.source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.source, 0), **kwargs)


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl"}
PROXY, SOMEBODY = "127.0.0.2", "127.0.0.3"


def test_behind_a_trusted_proxy_everything_is_https_and_nobody_else_can_say_so(data_dir: Path) -> None:
    with in_production(data_dir, TRUSTED_PROXIES=PROXY) as address:
        by_somebody = ask(address, SOMEBODY, **FORWARDED)
        by_http = ask(address, PROXY, **{"X-Forwarded-Proto": "http"})
        by_https = ask(address, PROXY, **{"X-Forwarded-Proto": "https"})
        foreign = ask(address, PROXY, **FORWARDED, Host="evil.example")
    for answer in (by_somebody, by_http):
        assert answer.status_code == 301
        assert answer.headers["Location"] == "https://einvoices.example/login/"
    assert by_https.status_code == 200
    headers = by_https.headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "; Secure" in headers["Set-Cookie"]
    assert "SameSite=Lax" in headers["Set-Cookie"]
    assert foreign.status_code == 400
