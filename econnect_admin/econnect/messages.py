"""SOAP 1.1 messages: the envelope around an operation, and the fault in an answer."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from econnect_admin.econnect.errors import EConnectError, fault, unusable
from econnect_admin.safe_xml import XmlError, parse_xml
from econnect_admin.wording import gettext_noop

SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP = f"{{{SOAP_NAMESPACE}}}"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FAULT = re.compile(r"\A(.*?)\s*\[([A-Za-z0-9_]{1,40})\]\s*\Z", re.DOTALL)

# An element's children in the order of the WSDL: text, a number, a moment, or children again.
# What is None is left out; NIL stands there empty, as an open end of a time span must.
Fields = Mapping[str, Any]
NIL = object()


def request(namespace: str, operation: str, fields: Fields, token: str | None) -> bytes:
    """A whole message in UTF-8; `token` goes into the Authentication header."""
    root = etree.Element(f"{_SOAP}Envelope", nsmap={"soap": SOAP_NAMESPACE, "xsi": _XSI})
    if token is not None:
        _add(etree.SubElement(root, f"{_SOAP}Header"), namespace, "Authentication", {"SecurityToken": token})
    _add(etree.SubElement(root, f"{_SOAP}Body"), namespace, operation, fields)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _add(parent: etree._Element, namespace: str, name: str, content: Any) -> None:
    if content is None:
        return
    element = etree.SubElement(parent, f"{{{namespace}}}{name}", nsmap={None: namespace})
    if content is NIL:
        element.set(f"{{{_XSI}}}nil", "true")
    elif isinstance(content, Mapping):
        for child, value in content.items():
            _add(element, namespace, child, value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif isinstance(content, datetime):
        element.text = content.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    else:
        element.text = str(content)


def response(answer: bytes, namespace: str, names: tuple[str, ...], max_bytes: int) -> etree._Element:
    """The response element of one of those names. Raises EConnectError: the fault, or Unavailable."""
    try:
        root = parse_xml(answer, max_bytes)
    except XmlError as error:
        raise unusable(gettext_noop("it is no XML (%(detail)s)"), detail=str(error)) from None
    body = root.find(f"{_SOAP}Body")
    if root.tag != f"{_SOAP}Envelope" or body is None or not len(body):
        raise unusable(gettext_noop("it is no SOAP message"))
    content = body[0]
    if content.tag == f"{_SOAP}Fault":
        raise _fault(content)
    if content.tag not in {f"{{{namespace}}}{name}" for name in names}:
        raise unusable(gettext_noop("%(tag)s was not asked for"), tag=str(content.tag)[:100])
    return content


def is_soap(answer: bytes) -> bool:
    """Whether this looks like a SOAP message, whole or not."""
    return SOAP_NAMESPACE.encode() in answer[:4096]


def is_html(answer: bytes) -> bool:
    """Whether this looks like the page of a proxy or a firewall."""
    return b"<html" in answer[:4096].lower()


def _fault(element: etree._Element) -> EConnectError:
    words = " ".join(
        (element.findtext("faultstring") or element.findtext(f"{_SOAP}faultstring") or "").split()
    )
    match = _FAULT.match(words)
    message, code = match.groups() if match else (words or "eConnect gave no reason", "")
    return fault(message, code)
