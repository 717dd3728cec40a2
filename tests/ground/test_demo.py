"""bin/demo, as a newcomer types it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import PROJECT, SAMPLES
from tests.ground.processes import environment, free_port, manage, processes_of

NO_DATE = "<cbc:IssueDate>31-12-2025</cbc:IssueDate>"


def demo(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROJECT / "bin" / "demo"), "--once", "--port", str(free_port()), *arguments],
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def documents(directory: Path, count: int = 2) -> Path:
    directory.mkdir()
    for sample in sorted(SAMPLES.glob("*.xml"))[:count]:
        shutil.copy(sample, directory)
    return directory


def test_it_shows_every_invoice_of_the_sandbox_and_leaves_nothing_behind(data_dir: Path) -> None:
    first = demo(data_dir)
    assert first.returncode == 0, first.stdout + first.stderr
    assert re.search(
        r"^2026-0041 +Bakker Staal B\.V\. +2026-11-24 +2026-12-24 +1,512\.50 EUR +\w+$",
        first.stdout,
        re.MULTILINE,
    )
    assert f"{len(list(SAMPLES.glob('*.xml')))} new, 0 failed" in first.stdout
    assert processes_of(data_dir) == []

    second = demo(data_dir)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "0 new, 0 failed" in second.stdout
    assert second.stdout.count("Bakker Staal B.V.") == 1


def test_documents_of_your_own_come_in_and_what_is_refused_is_told(data_dir: Path, tmp_path: Path) -> None:
    own = documents(tmp_path / "own")
    refused = next(iter(own.glob("*.xml")))
    refused.write_text(re.sub(r"<cbc:IssueDate>.*?</cbc:IssueDate>", NO_DATE, refused.read_text()))
    result = demo(data_dir, "--documents", str(own))
    assert result.returncode == 1
    assert re.search(r'failed: Date "31-12-2025" at IssueDate is no date \(line \d+\)', result.stdout)
    assert "1 of 2 documents are not in; the first is" in result.stderr


def test_a_directory_without_documents_is_one_clear_line(data_dir: Path, tmp_path: Path) -> None:
    result = manage(data_dir, "up", "--demo", "--documents", str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == f"CommandError: There are no documents (*.xml) in {tmp_path}.\n"


def test_a_file_with_a_name_of_other_bytes_comes_in_too(data_dir: Path, tmp_path: Path) -> None:
    own = documents(tmp_path / "own", 1)
    shutil.copy(next(own.glob("*.xml")), own / os.fsdecode(b"old-windows-\xff.xml"))
    result = demo(data_dir, "--documents", str(own))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 new, 0 failed" in result.stdout


def test_what_is_no_invoice_is_named_by_its_file(data_dir: Path, tmp_path: Path) -> None:
    own = documents(tmp_path / "own", 1)
    (own / "shopping-list.xml").write_text("<list/>")
    result = demo(data_dir, "--documents", str(own))
    assert result.returncode == 1
    assert "(shopping-list.xml) failed: " in result.stdout
