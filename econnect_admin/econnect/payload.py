"""Cutting the UBL document out of an answer, byte for byte.

The markup inside `Payload` is the legal original. It is never parsed and written anew: its bytes
are found by their positions and cut out. Only a namespace that it uses and that is declared outside
of it is added to its first tag, because without that it is no document of its own.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*+\s*(/?)>""")
_XML_PREFIX = "xml"


class PayloadError(ValueError):
    """The answer cannot be cut: it is not well-formed, not UTF-8, or not one document."""


class Cut(NamedTuple):
    payload: bytes | None  # None where the answer has no Payload, or an empty one
    envelope: bytes  # the answer without it


def cut_payload(answer: bytes, path: tuple[str, ...]) -> Cut:
    """Cut out what is inside the element at `path` (local names from the root). Raises PayloadError."""
    finder = _Finder(answer, path)
    if finder.inside is None:
        return Cut(None, answer)
    start, end = finder.inside
    payload = answer[start:end]
    if finder.root is None:
        if payload.strip():
            raise PayloadError("its payload is no XML element")
        return Cut(None, answer)
    if finder.missing:
        at = finder.root - start + finder.root_name_length + 1
        declarations = "".join(
            f" xmlns{':' if prefix else ''}{prefix}={quoteattr(uri)}"
            for prefix, uri in sorted(finder.missing.items())
        )
        payload = payload[:at] + declarations.encode() + payload[at:]
    return Cut(payload, answer[:start] + answer[end:])


class _Finder:
    """One pass over the answer; remembers where the payload is and what it uses from outside."""

    def __init__(self, answer: bytes, path: tuple[str, ...]) -> None:
        self.answer = answer
        self.path = path
        self.inside: tuple[int, int] | None = None
        self.root: int | None = None  # where the document's first tag starts
        self.root_name_length = 0
        self.missing: dict[str, str] = {}
        self._names: list[str] = []
        self._outside: list[Mapping[str, str]] = []  # namespaces declared by each open element
        self._declared: Counter[str] = Counter()  # prefixes declared by the payload's open elements
        self._declarations: list[list[str]] = []
        self._start: int | None = None  # where the payload starts, while it is open
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.XmlDeclHandler = self._check_encoding
        if answer.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise PayloadError("it is not written in UTF-8")
        try:
            self._parser.Parse(answer, True)
        except expat.ExpatError as error:
            raise PayloadError(f"it is not well-formed XML: {error}") from None

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        declared = {
            key[6:]: uri for key, uri in attributes.items() if key[:5] == "xmlns" and key[5:6] in ("", ":")
        }
        if self._start is not None and self.inside is None:
            self._open_in_payload(name, attributes, declared)
            return
        self._names.append(name.rpartition(":")[2])
        self._outside.append(declared)
        if self.inside is None and tuple(self._names) == self.path:
            tag = _START_TAG.match(self.answer, self._parser.CurrentByteIndex)
            if tag is None:
                raise PayloadError("its payload cannot be found")
            if not tag[1]:
                self._start = tag.end()

    def _open_in_payload(self, name: str, attributes: Mapping[str, str], declared: Mapping[str, str]) -> None:
        if not self._declarations:
            if self.root is not None:
                raise PayloadError("its payload is more than one document")
            self.root = self._parser.CurrentByteIndex
            self.root_name_length = len(name.encode())
        self._declarations.append(list(declared))
        self._declared.update(declared.keys())
        prefixes = {name.rpartition(":")[0]}
        prefixes.update(key.partition(":")[0] for key in attributes if ":" in key and key[:6] != "xmlns:")
        for prefix in prefixes:
            if not self._declared[prefix] and prefix != _XML_PREFIX and prefix not in self.missing:
                uri = self._declared_outside(prefix)
                if uri:
                    self.missing[prefix] = uri

    def _declared_outside(self, prefix: str) -> str | None:
        return next((declared[prefix] for declared in reversed(self._outside) if prefix in declared), None)

    def _close(self, _name: str) -> None:
        if self._declarations:
            self._declared.subtract(self._declarations.pop())
            return
        if self._start is not None and self.inside is None:
            self.inside = self._start, self._parser.CurrentByteIndex
        self._names.pop()
        self._outside.pop()

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise PayloadError("it has a DOCTYPE")

    def _check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise PayloadError("it is not written in UTF-8")
