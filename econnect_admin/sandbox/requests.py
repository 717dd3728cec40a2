"""A message from a client: read as strictly as the platform reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from econnect_admin.sandbox import faults

SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP = f"{{{SOAP_NAMESPACE}}}"
_CONTRACT = Path(__file__).with_name("contract.xsd")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the API: where it is, its namespace, and how it spells."""

    path: str
    namespace: str
    receiver: str
    account_parties_response: str
    lacks: frozenset[str] = frozenset()


V3_1 = Version(
    "/soap/v3.1",
    "http://api.everbinding.nl/v3_1/",
    "Receiver",
    account_parties_response="GetAccountPartiesResponse",
)
V3 = Version(
    "/soap/v3",
    "http://api.everbinding.nl/v3/",
    "Reciever",
    account_parties_response="GetAccountPartiesReponse",
    lacks=frozenset({"RequestAppIntegration", "RequestAppIntegrationCredentials"}),
)
VERSIONS: Mapping[str, Version] = {version.path: version for version in (V3, V3_1)}


@dataclass(frozen=True, slots=True)
class Call:
    """One operation that is asked for, with its fields."""

    version: Version
    operation: str
    token: str
    fields: etree._Element

    def text(self, *path: str) -> str:
        """The text of a field, "" if it is not given, empty or nil."""
        return self.fields.findtext("/".join(f"{{{self.version.namespace}}}{name}" for name in path)) or ""


def read_call(version: Version, soap_action: str, message: bytes) -> Call:
    """Raises Fault where anything is not as the contract says."""
    try:
        root = etree.fromstring(message, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise faults.invalid_xml(error.msg or "not well-formed") from None
    body = root.find(f"{_SOAP}Body")
    if root.tag != f"{_SOAP}Envelope" or body is None or len(body) != 1:
        raise faults.invalid_xml("not a SOAP message with one operation")
    fields = body[0]
    name = etree.QName(fields)
    if (
        name.namespace != version.namespace
        or soap_action.strip('"') != f"{version.namespace}{name.localname}"
    ):
        raise faults.wrong_namespace()
    schema = _schema(version)
    header = root.find(f"{_SOAP}Header/{{{version.namespace}}}Authentication")
    for element in (fields, header):
        if element is not None and not schema.validate(element):
            raise faults.invalid_xml(f"{etree.QName(element).localname} is not as the contract says")
    if name.localname in version.lacks:
        raise faults.wrong_namespace()
    token = "" if header is None else header.findtext(f"{{{version.namespace}}}SecurityToken") or ""
    return Call(version, name.localname, token, fields)


@cache
def _schema(version: Version) -> etree.XMLSchema:
    contract = _CONTRACT.read_text("utf-8")
    contract = contract.replace(V3_1.namespace, version.namespace)
    contract = contract.replace(f'"{V3_1.receiver}"', f'"{version.receiver}"')
    return etree.XMLSchema(etree.fromstring(contract.encode()))
