"""The documents to read: the project's own and, where they are beside the project, the shared ones."""

import json
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).resolve().parents[2]
OWN = _PROJECT / "econnect_admin" / "sandbox" / "samples"
SHARED = _PROJECT.parent / "shared" / "samples"
MUTANTS = SHARED / "mutants"


def own(name: str) -> bytes:
    return (OWN / name).read_bytes()


def expected_facts() -> dict[Path, dict[str, Any]]:
    """By document, the facts that were read out of it by other means than ours."""
    expected = {OWN: Path(__file__).parent / "expected" / "sandbox.jsonl", SHARED: SHARED / "expected.jsonl"}
    return {
        folder / line["file"]: line["facts"] for folder, file in expected.items() for line in json_lines(file)
    }


def json_lines(file: Path) -> list[dict[str, Any]]:
    """Empty where the file is not there."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
