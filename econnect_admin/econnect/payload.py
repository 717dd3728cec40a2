"""Cutting the UBL document out of an answer, byte for byte.

The markup inside `Payload` is the legal original. It is never parsed and written anew: its bytes
are found by their positions and cut out. Only a namespace that it uses and that is declared outside
of it is added to its first tag, because without that it is no document of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from econnect_admin.wording import Value, gettext_noop

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*+\s*(/?)>""")
_XML_PREFIX = "xml"


class PayloadError(ValueError):
    """The answer cannot be cut: it is not well-formed, not UTF-8, or not one document.

    `why` is a template, `values` what is to be put in.
    """

    def __init__(self, why: str, **values: Value) -> None:
        super().__init__(why % values)
        self.why = why
        self.values = values


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
            raise PayloadError(gettext_noop("its payload is no XML element"))
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
    """One pass over the answer; remembers where the payload is and what it uses from outside.

    Most of the answer is the payload, and most of its elements only use what its root declares:
    inside of it, names and attributes that have been looked at once are not looked at again.
    """

    def __init__(self, answer: bytes, path: tuple[str, ...]) -> None:
        self.answer = answer
        self.path = path
        self.inside: tuple[int, int] | None = None
        self.root: int | None = None  # where the document's first tag starts
        self.root_name_length = 0
        self.missing: dict[str, str] = {}
        self._names: list[str] = []
        self._outside: list[Mapping[str, str]] = []  # namespaces declared by each open element
        self._start: int | None = None  # where the payload starts, while it is open
        self._depth = 0  # of the document's open elements
        self._sure = {_XML_PREFIX}  # prefixes that are declared wherever they are used, or are missing
        self._sure_names: set[str] = set()  # names with such a prefix
        self._plain: set[str] = set()  # attributes that have no prefix and declare none
        self._declared: Counter[str] = Counter()  # prefixes declared by open elements under the root
        self._declarations: list[tuple[int, Iterable[str]]] = []  # those, by the depth of the element
        self._parser = expat.ParserCreate()
        self._look_outside()
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.XmlDeclHandler = self._check_encoding
        if answer.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise PayloadError(gettext_noop("it is not written in UTF-8"))
        try:
            self._parser.Parse(answer, True)
        except expat.ExpatError as error:
            raise PayloadError(
                gettext_noop("it is not well-formed XML: %(detail)s"), detail=str(error)
            ) from None

    def _look_outside(self) -> None:
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close

    def _look_inside(self) -> None:
        self._parser.StartElementHandler = self._open_inside
        self._parser.EndElementHandler = self._close_inside

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._start is not None and self.inside is None:
            self._open_root(name, attributes)
            return
        self._names.append(name.rpartition(":")[2])
        self._outside.append(_declared_by(attributes))
        if self.inside is None and tuple(self._names) == self.path:
            tag = _START_TAG.match(self.answer, self._parser.CurrentByteIndex)
            if tag is None:
                raise PayloadError(gettext_noop("its payload cannot be found"))
            if not tag[1]:
                self._start = tag.end()

    def _close(self, _name: str) -> None:
        if self._start is not None and self.inside is None:
            self.inside = self._start, self._parser.CurrentByteIndex
        self._names.pop()
        self._outside.pop()

    def _open_root(self, name: str, attributes: Mapping[str, str]) -> None:
        if self.root is not None:
            raise PayloadError(gettext_noop("its payload is more than one document"))
        self.root = self._parser.CurrentByteIndex
        self.root_name_length = len(name.encode())
        self._sure.update(_declared_by(attributes))
        self._look_inside()
        self._open_inside(name, attributes)

    def _open_inside(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if name not in self._sure_names or not self._plain.issuperset(attributes):
            self._look_at(name, attributes)

    def _close_inside(self, _name: str) -> None:
        if self._declarations and self._declarations[-1][0] == self._depth:
            self._declared.subtract(self._declarations.pop()[1])
        self._depth -= 1
        if not self._depth:
            self._look_outside()

    def _look_at(self, name: str, attributes: Mapping[str, str]) -> None:
        declared = _declared_by(attributes).keys()
        if declared and self._depth > 1:
            self._declarations.append((self._depth, declared))
            self._declared.update(declared)
        self._plain.update(key for key in attributes if key != "xmlns" and ":" not in key)
        prefix = name.rpartition(":")[0]
        self._use(prefix)
        for key in attributes:
            if ":" in key and not key.startswith("xmlns:"):
                self._use(key.partition(":")[0])
        if prefix in self._sure:
            self._sure_names.add(name)

    def _use(self, prefix: str) -> None:
        if prefix in self._sure or self._declared[prefix]:
            return
        uri = next((declared[prefix] for declared in reversed(self._outside) if prefix in declared), "")
        if uri:
            self.missing[prefix] = uri
        self._sure.add(prefix)

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise PayloadError(gettext_noop("it has a DOCTYPE"))

    def _check_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            raise PayloadError(gettext_noop("it is not written in UTF-8"))


def _declared_by(attributes: Mapping[str, str]) -> dict[str, str]:
    """The namespaces that a start tag declares, by their prefix; "" is the default one."""
    return {key[6:]: uri for key, uri in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
