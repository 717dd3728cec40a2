"""The Dutch of the interface is complete, and it is the Dutch that is shipped."""

import ast
import gettext
import re

from tests.conftest import PROJECT

CATALOGUE = PROJECT / "locale" / "nl" / "LC_MESSAGES"


def entries() -> list[str]:
    return (CATALOGUE / "django.po").read_text(encoding="utf-8").strip().split("\n\n")[1:]


def texts(entry: str, keyword: str) -> list[str]:
    """What stands after the keyword, its lines joined."""
    entry = entry.replace('"\n"', "")
    return [ast.literal_eval(text) for text in re.findall(rf"^{keyword} (\".*\")$", entry, re.MULTILINE)]


def test_every_text_has_its_dutch() -> None:
    assert len(entries()) > 300
    without = [entry for entry in entries() if "" in texts(entry, r"msgstr(?:\[\d\])?") or "fuzzy" in entry]
    assert without == []


def test_the_compiled_catalogue_says_the_same() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        shipped = gettext.GNUTranslations(file)
    for entry in entries():
        [source], context = texts(entry, "msgid"), texts(entry, "msgctxt")
        for dutch in texts(entry, "msgstr"):
            assert (shipped.pgettext(context[0], source) if context else shipped.gettext(source)) == dutch


def test_values_that_stand_in_a_text_stand_in_its_dutch() -> None:
    for entry in entries():
        sources = texts(entry, "msgid(?:_plural)?")
        for source, dutch in zip(sources, texts(entry, r"msgstr(?:\[\d\])?"), strict=True):
            assert sorted(re.findall(r"%\(\w+\)\w", dutch)) == sorted(re.findall(r"%\(\w+\)\w", source))
