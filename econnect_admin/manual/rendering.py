"""The manual in docs/, as HTML."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from econnect_admin.embedded.home import PROJECT_DIR

MANUAL = PROJECT_DIR / "docs" / "handleiding.md"


class Chapter(NamedTuple):
    anchor: str
    title: str


class Manual(NamedTuple):
    html: SafeString
    chapters: list[Chapter]


@cache
def manual() -> Manual:
    """Read once for each process: a file of ours, no text of others."""
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(MANUAL.read_text(encoding="utf-8"))
    chapters = [chapter for chapter in _chapters(tokens) if chapter]
    for token in tokens:
        for part in token.children or ():
            if part.type == "image":
                part.attrSet("src", _address(str(part.attrGet("src"))))
                part.attrSet("loading", "lazy")
    return Manual(mark_safe(markdown.renderer.render(tokens, markdown.options, {})), chapters)  # noqa: S308


def _chapters(tokens: list[Token]) -> list[Chapter]:
    """Those of the second level, each with an anchor by which a page leads to it."""
    chapters = []
    for heading, text in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag in {"h2", "h3"}:
            anchor = slugify(text.content)
            heading.attrSet("id", anchor)
            if heading.tag == "h2":
                chapters.append(Chapter(anchor, text.content))
    return chapters


def _address(picture: str) -> str:
    """The picture beside the manual, as static file."""
    return picture if urlsplit(picture).scheme else static(f"handleiding/{Path(picture).name}")
