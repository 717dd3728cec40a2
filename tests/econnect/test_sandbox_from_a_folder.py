"""`python -m econnect_admin.sandbox`: a folder as an inbox, the same at each start."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from econnect_admin.econnect.results import Document
from econnect_admin.econnect.soap import EConnect
from tests.conftest import PROJECT
from tests.econnect.conftest import QUICK
from tests.econnect.documents import invoice

KEYS = {
    "SANDBOX_CONSUMER_KEY": "folder-key",
    "SANDBOX_CONSUMER_SECRET": "folder-secret",
    "SANDBOX_SUBSCRIPTION_KEY": "folder-subscription",
}


class Folder:
    """A folder of documents that can be served again and again."""

    def __init__(self, path: Path) -> None:
        self.documents = path / "documents"
        self.state = path / "state" / "state.json"
        self.documents.mkdir()

    def command(self, port: int = 0) -> list[str]:
        options = ["--port", str(port), "--documents", str(self.documents), "--state", str(self.state)]
        return [sys.executable, "-m", "econnect_admin.sandbox", *options]

    @contextmanager
    def served(self) -> Iterator[EConnect]:
        environment = os.environ | KEYS
        with subprocess.Popen(
            self.command(), cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                origin = process.stdout.readline().removeprefix("Sandbox ready: ").strip()
                access_url = f"{origin}/soap/v3.1?subscriptionKey=folder-subscription"
                namespace = "http://api.everbinding.nl/v3_1/"
                with EConnect(access_url, namespace, "folder-key", "folder-secret", limits=QUICK) as client:
                    yield client
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=3) == 0

    def listed(self) -> list[Document]:
        with self.served() as client:
            return [document for page in client.inbox_pages() for document in page.documents]

    def fails(self, port: int = 0) -> str:
        """Serve it in vain; gives what is said about that."""
        process = subprocess.run(
            self.command(port), cwd=PROJECT, capture_output=True, text=True, timeout=10, check=False
        )
        assert (process.returncode, process.stdout) == (1, "")
        [line] = process.stderr.splitlines()
        return line


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    (folder.documents / "b.xml").write_bytes(invoice("2"))
    (folder.documents / "a.xml").write_bytes(b"<?xml version='1.0'?>" + invoice("1"))
    (folder.documents / "notes.txt").write_bytes(b"no document")
    return folder


def test_each_xml_file_is_a_document_in_the_order_of_the_names(folder: Folder) -> None:
    with folder.served() as client:
        documents = client.inbox_page(party_id="XCNL10017").documents
        payloads = [client.inbox_document(document.external_id).payload for document in documents]
    assert payloads == [invoice("1"), invoice("2")]


def test_a_second_start_changes_nothing(folder: Folder) -> None:
    assert folder.listed() == folder.listed()


def test_a_status_is_still_there_after_a_restart(folder: Folder) -> None:
    with folder.served() as client:
        external_id = client.inbox_page().documents[0].external_id
        client.set_inbox_document_status(external_id, "40")
        modified_on = client.inbox_page().documents[0].modified_on
    first = folder.listed()[0]
    assert (first.external_id, first.status.code, first.modified_on) == (external_id, "40", modified_on)


def test_a_file_that_changed_is_a_revision(folder: Folder) -> None:
    before = folder.listed()
    (folder.documents / "b.xml").write_bytes(invoice("2b"))
    after = folder.listed()
    assert after[0] == before[0]
    assert (after[1].external_id, after[1].created_on) == (before[1].external_id, before[1].created_on)
    assert after[1].modified_on > before[1].modified_on
    assert after[1].subject == "Factuur 2b"


def test_a_new_file_is_a_new_document(folder: Folder) -> None:
    before = folder.listed()
    (folder.documents / "0.xml").write_bytes(invoice("0"))
    *same, new = folder.listed()
    assert same == before
    assert new.created_on > before[-1].created_on


def test_without_keys_it_says_how_to_connect(folder: Folder) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    with subprocess.Popen(
        folder.command(), cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(9)]
        process.terminate()
    assert said[0].startswith("Sandbox ready: http://127.0.0.1:")
    assert "APP_KEY:try-out-key;SECRET_KEY:try-out-secret;" in said[6]
    assert "setup_administration TRYOUT" in said[8]


def test_keys_that_are_given_are_not_said(folder: Folder) -> None:
    with subprocess.Popen(
        folder.command(), cwd=PROJECT, env=os.environ | KEYS, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.stdout.read() == ""


def test_a_port_in_use_is_one_clear_line(folder: Folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert folder.fails(port) == f"The sandbox cannot start on port {port}: Address already in use."


def test_a_folder_that_is_missing_is_one_clear_line(folder: Folder) -> None:
    folder.documents = folder.documents / "missing"
    assert "missing cannot be read: No such file or directory." in folder.fails()


def test_an_empty_folder_is_one_clear_line(folder: Folder) -> None:
    for file in folder.documents.iterdir():
        file.unlink()
    assert folder.fails() == f"The folder {folder.documents} has no *.xml in it."


def test_a_broken_state_file_is_one_clear_line(folder: Folder) -> None:
    folder.state.parent.mkdir()
    folder.state.write_text("{")
    assert f"The state file {folder.state} cannot be read" in folder.fails()
