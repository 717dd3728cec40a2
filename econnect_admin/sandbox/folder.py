"""An inbox out of a folder of UBL files, the same at each start.

A state file keeps per document what the platform adds to it: its moments, its status and the
SHA-256 of its content. A file whose content changed since then is a revision.
"""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.documents import Document


class FolderError(Exception):
    """The folder or its state cannot be used; says why in one line."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the state file says of one document; its fields are the file's names."""

    created_on: datetime
    modified_on: datetime
    status: str
    sha256: str

    @classmethod
    def of(cls, document: Document) -> "_Kept":
        return cls(document.created_on, document.modified_on, document.status_code, document.sha256)

    @classmethod
    def from_json(cls, created_on: str, modified_on: str, status: str, sha256: str) -> "_Kept":
        return cls(datetime.fromisoformat(created_on), datetime.fromisoformat(modified_on), status, sha256)


def fill_from_folder(account: Account, folder: Path, state_file: Path) -> list[str]:
    """Deliver each *.xml of the folder, sorted by name. Gives what could not be read, and why.

    Raises FolderError if that is the whole folder, or its state.
    """
    kept = _read_state(state_file)
    files = _xml_files(folder)
    unread = list[str]()
    first_moment = datetime.now(UTC) - timedelta(microseconds=len(files))
    for number, file in enumerate(files):
        try:
            content = file.read_bytes()
        except OSError as error:
            unread.append(f"{_shown(file)} cannot be read: {error.strerror}.")
            continue
        delivered_on = first_moment + timedelta(microseconds=number)
        _deliver(account, file, content, kept.get(external_id_of(file)), delivered_on)
    return unread


def _shown(file: Path) -> str:
    """Its name as text, whatever bytes it is made of."""
    return os.fsencode(file.name).decode("utf-8", "replace")


def external_id_of(file: Path) -> str:
    """The ExternalId of a file: it depends on its name only."""
    return f"XCNIN{sha256(os.fsencode(file.name)).hexdigest()[:12].upper()}"


def save_state(account: Account, state_file: Path) -> None:
    """Write what is to be known at the next start; whole or not at all. Raises FolderError."""
    documents = account.documents.copy()
    state = {external_id: asdict(_Kept.of(document)) for external_id, document in documents.items()}
    try:
        _write_whole(state_file, json.dumps(state, indent=1, default=datetime.isoformat))
    except OSError as error:
        raise FolderError(f"The state file {state_file} cannot be written: {error.strerror}.") from None


def _write_whole(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _xml_files(folder: Path) -> list[Path]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".xml" and path.is_file())
    except OSError as error:
        raise FolderError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    if not files:
        raise FolderError(f"The folder {folder} has no *.xml in it.")
    return files


def _read_state(state_file: Path) -> dict[str, _Kept]:
    try:
        state = json.loads(state_file.read_text("utf-8"))
        return {external_id: _Kept.from_json(**fields) for external_id, fields in state.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise FolderError(f"The state file {state_file} cannot be read: {error}.") from None


def _deliver(
    account: Account, file: Path, content: bytes, earlier: _Kept | None, delivered_on: datetime
) -> None:
    external_id = external_id_of(file)
    named = _shown(file)
    if earlier is None:
        account.add(content, external_id=external_id, created_on=delivered_on, named=named)
        return
    revised = sha256(content).hexdigest() != earlier.sha256
    account.add(
        content,
        external_id=external_id,
        created_on=earlier.created_on,
        modified_on=delivered_on if revised else earlier.modified_on,
        status=earlier.status,
        named=named,
    )
