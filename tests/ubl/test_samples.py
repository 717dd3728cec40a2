"""Whole documents, against facts and rules that others established."""

import json
from pathlib import Path
from typing import Any

import pytest

from invoices.checks.runner import check
from invoices.ubl.as_json import as_json
from invoices.ubl.errors import UblError
from invoices.ubl.reader import read_ubl
from tests.ubl.samples import MUTANTS, OWN, SHARED, expected_facts, json_lines

EXPECTED = expected_facts()
PRESENCE = {f"BR-{number:02}" for number in (*range(2, 8), *range(12, 17), 21, 22, 24, 25, 26)}
OUR_RULES = PRESENCE | {f"BR-CO-{number}" for number in range(10, 17)} | {"PEPPOL-EN16931-R051"}
# The one of our own whose lines do not add up, so that a demonstration has something to find.
WITH_A_FINDING = "hofman-installaties-2026-1187.xml"


@pytest.mark.parametrize("document", EXPECTED, ids=lambda document: document.name)
def test_a_document_gives_exactly_the_facts_that_are_in_it(document: Path) -> None:
    assert as_json(read_ubl(document.read_bytes())) == EXPECTED[document]


@pytest.mark.parametrize("document", EXPECTED, ids=lambda document: document.name)
def test_the_facts_survive_json(document: Path) -> None:
    facts = as_json(read_ubl(document.read_bytes()))
    assert json.loads(json.dumps(facts)) == facts


def test_each_of_our_own_samples_has_its_expected_facts() -> None:
    assert {path for path in EXPECTED if path.parent == OWN} == set(OWN.glob("*.xml"))


@pytest.mark.parametrize("document", sorted(OWN.glob("*.xml")), ids=lambda document: document.name)
def test_our_own_samples_are_right_but_for_one(document: Path) -> None:
    found = [finding.id for finding in check(read_ubl(document.read_bytes()))]
    assert found == (["BR-CO-10"] if document.name == WITH_A_FINDING else [])


@pytest.mark.parametrize("official", json_lines(SHARED / "rules.jsonl"), ids=lambda line: str(line["file"]))
def test_a_good_document_raises_no_alarm_that_the_official_rules_do_not(official: dict[str, Any]) -> None:
    assert _found(SHARED / official["file"], official["applies"]) == _failed(official)


@pytest.mark.parametrize("official", json_lines(SHARED / "mutants.jsonl"), ids=lambda line: str(line["file"]))
def test_a_document_with_one_thing_broken_fails_the_official_rules_or_is_refused_at_its_place(
    official: dict[str, Any],
) -> None:
    document = MUTANTS / official["file"]
    if official["mutation"] in ("issue_date_format", "amount_decimal_comma"):
        with pytest.raises(UblError) as refusal:
            read_ubl(document.read_bytes())
        assert refusal.value.path in ("IssueDate", "LegalMonetaryTotal/PayableAmount")
        assert refusal.value.line
    else:
        assert _found(document, official["applies"]) == _failed(official)


def _found(document: Path, applies: list[str]) -> set[str]:
    return {finding.id for finding in check(read_ubl(document.read_bytes())) if finding.set in applies}


def _failed(official: dict[str, Any]) -> set[str]:
    applying = [rule for rule in official["failed"] if rule["set"] in official["applies"]]
    return {rule["id"] for rule in applying} & OUR_RULES
