"""XML from outside: bytes to an element tree, or the reason why not.

Entities, DTDs and the network are never touched, and what may come is limited in size.
"""

import re
from typing import Literal
from xml.parsers import expat

from lxml import etree

Problem = Literal["too-large", "encoding", "not-well-formed", "doctype"]

# Each but UTF-16 writes ASCII as ASCII, so that a DOCTYPE can be seen in the bytes.
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"utf-16"}
_UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_FORBIDDEN_STARTS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"<\0\0\0": "UTF-32",
    b"\0\0\0<": "UTF-32",
    b"\x4c\x6f\xa7\x94": "EBCDIC",
}
_ASCII_START = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+<")
_DECLARED_ENCODING = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml[ \t\r\n][^>]*?encoding[ \t\r\n]*+=[ \t\r\n]*+["']([^"'>]*+)["']"""
)
# A DOCTYPE stands before the root, after white space, comments and processing instructions only.
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>[ \t\r\n]++|<!--(?>.*?-->)|<\?(?>.*?\?>))*+<!DOCTYPE", re.DOTALL)
_ENCODING_ERRORS = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
}
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=True,  # 10 MB in one text node; the size of the whole is limited below
    remove_comments=True,
    remove_pis=True,
    remove_blank_text=True,
    collect_ids=False,
)


class XmlError(ValueError):
    """The bytes are refused: `problem`, what was found (`detail`), and the line if it has one."""

    def __init__(self, problem: Problem, detail: str = "", line: int | None = None) -> None:
        self.problem = problem
        self.detail = detail
        self.line = line
        super().__init__(f"{problem}: {detail}")


def parse_xml(data: bytes, max_bytes: int) -> etree._Element:
    """The root of a tree without comments, processing instructions and blank text. Raises XmlError."""
    if len(data) > max_bytes:
        raise XmlError("too-large", str(max_bytes))
    _check_encoding(data)
    _check_doctype(data)
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        problem: Problem = "encoding" if error.code in _ENCODING_ERRORS else "not-well-formed"
        raise XmlError(problem, error.msg or "", error.lineno) from None


def _check_encoding(data: bytes) -> None:
    if not data or data.isspace():
        raise XmlError("not-well-formed", "it is empty")
    if data[:4] in _FORBIDDEN_STARTS:
        raise XmlError("encoding", _FORBIDDEN_STARTS[data[:4]])
    if data.startswith(_UTF16_STARTS):
        return
    if not _ASCII_START.match(data):
        raise XmlError("not-well-formed", "it does not begin with <")
    declared = _DECLARED_ENCODING.match(data)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise XmlError("encoding", declared[1].decode("ascii", "replace"))


def _check_doctype(data: bytes) -> None:
    """Refuse a DOCTYPE before libxml2 sees it: its entities and defaults are never even read."""
    if data.startswith(_UTF16_STARTS):
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            message = expat.ErrorString(error.code)
            raise XmlError("not-well-formed", message, error.lineno) from None
        except XmlError:
            raise
        except (LookupError, ValueError):  # it looks its codec up, and that may be anything
            raise XmlError("encoding", "UTF-16") from None
    elif _DOCTYPE.match(data):
        _refuse_doctype()


def _refuse_doctype(*_declaration: object) -> None:
    raise XmlError("doctype")
