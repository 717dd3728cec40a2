"""`manage.py parse_ubl`, as a person or a script runs it: no server, no database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ubl.samples import OWN, SHARED, expected_facts, own

_PROJECT = Path(__file__).resolve().parents[2]
BAKKER = OWN / "bakker-staal-2026-0041.xml"
HOFMAN = OWN / "hofman-installaties-2026-1187.xml"


class Answer:
    def __init__(self, process: subprocess.CompletedProcess[bytes]) -> None:
        self.code = process.returncode
        self.complaint = process.stderr.decode().strip()
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in process.stdout.splitlines()]


@pytest.fixture
def parse_ubl(tmp_path: Path) -> Any:
    """Run it in an environment that names no server, with a data directory where none runs."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"DATA_DIR": str(tmp_path / "data"), "LC_ALL": "C"}
    environment["DJANGO_SETTINGS_MODULE"] = "econnect_admin.settings"

    def run(*arguments: str | bytes | Path) -> Answer:
        command = [sys.executable, "manage.py", "parse_ubl", *arguments]
        done = subprocess.run(
            command, cwd=_PROJECT, env=environment, capture_output=True, check=False, timeout=60
        )
        return Answer(done)

    return run


def test_it_prints_the_facts_of_every_file_in_the_order_given(parse_ubl: Any) -> None:
    expected = expected_facts()
    files = sorted(expected, reverse=True)
    answer = parse_ubl(*files)
    assert (answer.code, answer.complaint) == (0, "")
    assert [line["file"] for line in answer.lines] == [file.name for file in files]
    assert [line["facts"] for line in answer.lines] == [expected[file] for file in files]


def test_it_prints_a_finding_in_words(parse_ubl: Any) -> None:
    answer = parse_ubl("--json", BAKKER, HOFMAN)
    assert [line["findings"] for line in answer.lines] == [
        [],
        [
            {
                "set": "en16931",
                "id": "BR-CO-10",
                "flag": "fatal",
                "message": "The total of the lines is 2575.75, but the lines add up to 2555.75.",
            }
        ],
    ]


def test_it_starts_no_server_and_needs_none(parse_ubl: Any, tmp_path: Path) -> None:
    assert parse_ubl(BAKKER).code == 0
    assert not {"postgres", "valkey", "in-use.lock"} & {path.name for path in (tmp_path / "data").iterdir()}


def test_a_refused_file_does_not_stop_the_others(parse_ubl: Any, tmp_path: Path) -> None:
    broken = tmp_path / "kapot.xml"
    broken.write_bytes(
        own(BAKKER.name).replace(b">1512.50</cbc:PayableAmount>", b">1.512,50</cbc:PayableAmount>")
    )
    line = broken.read_bytes()[: broken.read_bytes().index(b"1.512,50")].count(b"\n") + 1
    path = "LegalMonetaryTotal/PayableAmount"
    answer = parse_ubl(broken, BAKKER)
    assert answer.code == 1
    assert answer.complaint == "CommandError: 1 of 2 files refused; the reasons are in the output."
    assert answer.lines[0] == {
        "file": "kapot.xml",
        "error": {
            "code": "not-a-decimal",
            "message": f'Amount or number "1.512,50" at {path} is no number (line {line}).',
            "path": path,
            "line": line,
        },
    }
    assert answer.lines[1]["facts"]["number"] == "2026-0041"


def test_what_cannot_be_read_is_an_error_of_that_file(parse_ubl: Any, tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    answer = parse_ubl(tmp_path / "nergens.xml", tmp_path / "map", "", "/dev/zero", BAKKER)
    assert answer.code == 1
    assert [line["file"] for line in answer.lines] == ["nergens.xml", "map", "", "zero", BAKKER.name]
    errors = [(line["error"]["code"], line["error"]["message"]) for line in answer.lines[:4]]
    assert errors == [
        ("unreadable", "No such file or directory"),
        ("unreadable", "Is a directory"),
        ("unreadable", "No such file or directory"),
        ("too-large", "The document is larger than 134217728 bytes."),
    ]


def test_a_file_name_that_is_no_text_is_printed_as_json_all_the_same(parse_ubl: Any, tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/fact\xffuur \xc3\xa9.xml"
    Path(os.fsdecode(name)).write_bytes(own(BAKKER.name))
    answer = parse_ubl(name)
    assert answer.code == 0
    assert answer.lines[0]["file"] == "fact\ufffduur \u00e9.xml"


def test_without_files_it_says_what_is_missing(parse_ubl: Any) -> None:
    answer = parse_ubl()
    assert answer.code != 0
    assert answer.lines == []
    assert answer.complaint.splitlines()[-1].endswith("the following arguments are required: FILE")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared samples are not beside the project")
def test_the_real_samples_are_all_read(parse_ubl: Any) -> None:
    assert parse_ubl(*sorted(SHARED.glob("*.xml"))).code == 0


def test_a_codec_that_is_none_of_xml_is_one_refused_file(parse_ubl: Any, tmp_path: Path) -> None:
    odd = tmp_path / "odd.xml"
    odd.write_bytes('<?xml version="1.0" encoding="rot13"?><Invoice/>'.encode("utf-16"))
    answer = parse_ubl(odd, BAKKER)
    assert answer.code == 1
    assert answer.lines[0]["error"]["code"] == "encoding"
    assert "facts" in answer.lines[1]
