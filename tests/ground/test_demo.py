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


def documents(directory: Path, count: int) -> Path:
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
    own = documents(tmp_path / "own", 3)
    without_date, other_bytes, _ = sorted(own.glob("*.xml"))
    without_date.write_text(re.sub(r"<cbc:IssueDate>.*?</cbc:IssueDate>", NO_DATE, without_date.read_text()))
    other_bytes.rename(own / os.fsdecode(b"old-windows-\xff.xml"))
    (own / "shopping-list.xml").write_text("<list/>")
    result = demo(data_dir, "--documents", str(own))
    assert result.returncode == 1
    assert "2 new, 2 failed" in result.stdout
    assert re.search(r'failed: Date "31-12-2025" at IssueDate is no date \(line \d+\)', result.stdout)
    assert "(shopping-list.xml) failed: " in result.stdout
    assert "2 of 4 documents are not in; the first is" in result.stderr


def test_a_directory_without_documents_is_one_clear_line(data_dir: Path, tmp_path: Path) -> None:
    result = manage(data_dir, "up", "--demo", "--documents", str(tmp_path))
    assert result.returncode == 1
    assert result.stderr == f"CommandError: There are no documents (*.xml) in {tmp_path}.\n"
