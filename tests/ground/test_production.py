"""Whoever serves others than this machine brings secrets of their own."""

from pathlib import Path

import pytest

from tests.ground.processes import manage

SECRET = "not-a-secret-in-this-place-but-long-enough"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_a_missing_secret_is_one_clear_line(data_dir: Path, missing: str) -> None:
    secrets = {"SECRET_KEY": SECRET, "FIELD_ENCRYPTION_KEYS": SECRET, missing: ""}
    result = manage(data_dir, "up", ALLOWED_HOSTS="einvoices.example", **secrets)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"{missing} is missing.")


def test_a_second_factor_is_required(data_dir: Path) -> None:
    secrets = {"SECRET_KEY": SECRET, "FIELD_ENCRYPTION_KEYS": SECRET}
    shown = manage(data_dir, "diffsettings", "--all", ALLOWED_HOSTS="einvoices.example", **secrets).stdout
    assert "SECOND_FACTOR = 'required'" in shown
    assert "SECOND_FACTOR = 'optional'" in manage(data_dir, "diffsettings", "--all").stdout
