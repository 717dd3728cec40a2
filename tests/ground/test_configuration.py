"""What is wrong in the environment or on the command line is one line, and no value is in it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT, SAMPLES
from tests.ground.processes import environment, manage


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "postgres://postgres:s3cr/et@127.0.0.1:5432/x"),
        ("DATABASE_URL", "postgres://postgres:s3cret@127.0.0.1:port/x"),
        ("DATABASE_URL", "postgres://postgres:s3cret@[::1/x"),
        ("DATABASE_URL_FILE", "/no/such/file"),
        ("DATABASE_URL_FILE", "/"),
        ("REDIS_URL", "redis://:s3cret@127.0.0.1/abc"),
        ("REDIS_URL", "redis://:s3cret@127.0.0.1:abc/9"),
        ("LOG_LEVEL", "BOGUS"),
        ("SECOND_FACTOR", "sometimes"),
        ("ECONNECT_READ_TIMEOUT", "abc"),
        ("SESSION_HOURS", "0"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("FIELD_ENCRYPTION_KEYS", ",long-enough-to-be-a-key-of-its-own-is-this"),
        ("FIELD_ENCRYPTION_KEYS", "long-enough-to-be-a-key-of-its-own-is-this,short"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(data_dir: Path, variable: str, value: str) -> None:
    result = manage(data_dir, "migrate", **{variable: value})
    assert result.returncode == 1
    assert variable.removesuffix("_FILE") in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "s3cr" not in result.stderr


def test_an_argument_that_is_no_utf_8_is_one_line(data_dir: Path) -> None:
    result = manage(data_dir, "run_batchjob", "import", "--administration", "\udcff")
    assert result.returncode == 1
    assert result.stderr.strip() == "Argument 4 is not written in UTF-8."


def test_a_database_that_was_not_made_ready_is_said_with_what_to_do(data_dir: Path) -> None:
    result = manage(data_dir, "export_einvoices", "--administration", "REF")
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "CommandError: The database is not up to date: run manage.py migrate, or up."
    )


def test_who_reads_only_the_first_line_is_not_shouted_at(data_dir: Path) -> None:
    files = " ".join(f"'{file}'" for file in [*SAMPLES.glob("*.xml")] * 20)
    shell = f"'{sys.executable}' manage.py parse_ubl {files} | head -1"
    result = subprocess.run(
        ["/bin/sh", "-c", shell],
        cwd=PROJECT,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""


def test_a_terminal_that_is_not_unicode_gets_escapes(data_dir: Path) -> None:
    result = manage(data_dir, "parse_ubl", "/no/such/Voß.xml", PYTHONIOENCODING="ascii")
    assert "no/such" not in result.stderr
    assert "unreadable" in result.stdout
