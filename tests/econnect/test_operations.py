"""Every operation of the purchase side, in both versions of the API."""

from datetime import UTC, datetime, timedelta

import pytest

from econnect_admin.econnect.errors import NamespaceRefused, Refused
from econnect_admin.econnect.results import Account, Address, DocumentParty, Status
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox.account import Party
from econnect_admin.sandbox.documents import Template
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import Connect
from tests.econnect.documents import invoice

GROUP = "GRNL10017"
YESTERDAY = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


def test_the_inbox_lists_a_document_with_all_its_details(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_id = sandbox.account.add(invoice("41", "Bouw & Zn"), created_on=YESTERDAY, status="20")
    page = client_of_each_version.inbox_page(party_id="XCNL10017")
    [document] = page.documents
    assert document.external_id == external_id
    assert document.document_id == f"DOC-{external_id}"
    assert document.subject == "Factuur 41"
    assert document.created_on == YESTERDAY
    assert document.modified_on == YESTERDAY
    assert document.sender == DocumentParty("12345678", "Bouw & Zn")
    assert document.receiver == DocumentParty("XCNL10017", "Ref Bouw B.V.")
    assert document.status == Status("20", "Geopend")
    assert document.template.master_name == "Factuur"
    assert document.transaction.delivery_method == "ToInbox"
    assert page.next_page == ""


def test_an_empty_inbox_is_an_empty_page(client_of_each_version: EConnect) -> None:
    page = client_of_each_version.inbox_page()
    assert (page.documents, page.unreadable, page.next_page) == ((), (), "")


def test_all_pages_together_give_each_document_once(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_ids = [sandbox.account.add(invoice(str(number))) for number in range(230)]
    pages = list(client_of_each_version.inbox_pages())
    listed = [document.external_id for page in pages for document in page.documents]
    assert listed == external_ids
    assert [len(page.documents) for page in pages] == [100, 100, 30]


def test_the_from_bounds_are_inclusive(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    for microseconds in range(3):
        moment = YESTERDAY + timedelta(microseconds=microseconds)
        sandbox.account.add(invoice(), external_id=f"X{microseconds}", created_on=moment)
    bound = YESTERDAY + timedelta(microseconds=1)
    created = client_of_each_version.inbox_page(created_from=bound).documents
    modified = client_of_each_version.inbox_page(modified_from=bound).documents
    assert [document.external_id for document in created] == ["X1", "X2"]
    assert [document.external_id for document in modified] == ["X1", "X2"]


def test_only_documents_of_the_invoice_template_are_listed(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.account.add(invoice(), template=Template("1", "Order", "ORDERS", "Order"))
    external_id = sandbox.account.add(invoice())
    assert [document.external_id for document in client.inbox_page().documents] == [external_id]
    assert len(client.inbox_page(master_id=None).documents) == 2


def test_the_inbox_of_another_party_is_refused(client_of_each_version: EConnect) -> None:
    with pytest.raises(Refused, match="XCNL99999"):
        client_of_each_version.inbox_page(party_id="XCNL99999")


def test_a_group_wins_over_a_party(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    external_id = sandbox.account.add(invoice(), group_id=GROUP)
    page = client_of_each_version.inbox_page(group_id=GROUP, party_id="XCNL99999")
    assert [document.external_id for document in page.documents] == [external_id]


def test_each_group_has_an_inbox_of_its_own(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    sandbox.account.group_ids |= {"GRNL20020"}
    expected = {
        group_id: [sandbox.account.add(invoice(), group_id=group_id) for _ in range(3)]
        for group_id in ("", GROUP, "GRNL20020")
    }
    inboxes = {
        group_id: [
            document.external_id
            for page in client_of_each_version.inbox_pages(group_id=group_id, party_id="XCNL10017")
            for document in page.documents
        ]
        for group_id in expected
    }
    assert inboxes == expected


def test_a_document_of_a_group_is_fetched_like_any_other(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_id = sandbox.account.add(invoice(), group_id=GROUP)
    assert client_of_each_version.inbox_document(external_id).payload == invoice()
    client_of_each_version.set_inbox_document_status(external_id, "40")
    assert client_of_each_version.inbox_document_status(external_id).code == "40"
    [document] = client_of_each_version.inbox_page(group_id=GROUP).documents
    assert document.status.code == "40"


def test_the_inbox_of_an_unknown_group_is_refused(client_of_each_version: EConnect) -> None:
    with pytest.raises(Refused, match="GRNL99999"):
        client_of_each_version.inbox_page(group_id="GRNL99999", party_id="XCNL10017")


def test_a_document_comes_with_its_payload_and_the_statuses_it_allows(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_id = sandbox.account.add(invoice())
    document = client_of_each_version.inbox_document(external_id)
    assert document.payload == invoice()
    assert [status.code for status in document.statuses] == ["10", "20", "30", "35", "40", "50", "60", "70"]


def test_fetching_a_document_marks_it_as_downloaded(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    external_id = sandbox.account.add(invoice(), created_on=YESTERDAY)
    document = client_of_each_version.inbox_document(external_id)
    assert (document.status.code, document.status.name) == ("30", "Gedownload")
    assert document.details.modified_on > YESTERDAY
    assert document.status.changed_on == document.details.modified_on


def test_fetching_a_document_that_is_further_leaves_its_status(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice(), created_on=YESTERDAY, status="40")
    details = client.inbox_document(external_id).details
    assert (details.status.code, details.modified_on) == ("40", YESTERDAY)


def test_an_unknown_document_is_refused(client_of_each_version: EConnect) -> None:
    with pytest.raises(Refused, match="XCNIN1"):
        client_of_each_version.inbox_document("XCNIN1")


def test_the_status_says_who_set_it_and_when(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.account.set_status(external_id, "40", by="J. de Boer")
    status = client_of_each_version.inbox_document_status(external_id)
    assert (status.code, status.name, status.user_name) == ("40", "Goedgekeurd", "J. de Boer")
    assert status.changed_on == sandbox.account.documents[external_id].modified_on


def test_a_status_that_is_set_is_there(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    client_of_each_version.set_inbox_document_status(external_id, "50")
    assert sandbox.account.documents[external_id].status_code == "50"
    assert sandbox.account.status_changes == [(external_id, "50")]


def test_a_status_that_a_document_does_not_allow_is_refused(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    with pytest.raises(Refused, match="05"):
        client.set_inbox_document_status(external_id, "05")
    assert sandbox.account.status_changes == []


def test_the_pdf_in_the_document_is_given(sandbox: Sandbox, client_of_each_version: EConnect) -> None:
    attachment = (
        b"<cac:AdditionalDocumentReference><cac:Attachment><cbc:EmbeddedDocumentBinaryObject"
        b' mimeCode="application/pdf" filename="bon 7.pdf">JVBERi0x\nLjQ=</cbc:EmbeddedDocumentBinaryObject>'
        b"</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    file = client_of_each_version.document_pdf(sandbox.account.add(invoice(inside=attachment)))
    assert (file.name, file.contents) == ("bon 7.pdf", b"%PDF-1.4")


def test_a_pdf_that_must_be_made_first_is_waited_for(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    file = client_of_each_version.document_pdf(sandbox.account.add(invoice("41")))
    assert file.contents.startswith(b"%PDF-1.4")
    assert b"(Factuur 41)" in file.contents
    assert sandbox.calls_of("GetDocumentPdf") == 3


def test_the_companies_of_the_account_are_listed_over_all_pages(
    sandbox: Sandbox, client_of_each_version: EConnect
) -> None:
    sandbox.account.parties += [Party(f"XCNL{number}", f"Bedrijf {number}") for number in range(20000, 20150)]
    parties = list(client_of_each_version.account_parties())
    assert len(parties) == 151
    assert parties[0].econnect_party_id == "XCNL10017"
    assert parties[0].account == Account("ACC1", "Ref Bouw B.V.")
    assert parties[0].is_registered_to_peppol
    assert parties[-1].name == "Bedrijf 20149"


def test_a_party_is_found_by_its_chamber_number(client_of_each_version: EConnect) -> None:
    party = client_of_each_version.party("NL:KVK:12345678")
    assert (party.name, party.econnect_party_id) == ("Ref Bouw B.V.", "XCNL10017")
    assert party.address == Address("", "Steenweg", "12", "", "5301 HL", "Zaltbommel", "NL")


def test_the_account_tells_about_itself(client_of_each_version: EConnect) -> None:
    details = client_of_each_version.account_details()
    assert (details.id, details.name) == ("ACC1", "Ref Bouw B.V.")
    assert details.can_send_app_integration_requests


def test_an_authorisation_request_gives_keys_once_it_is_accepted(sandbox: Sandbox, client: EConnect) -> None:
    token = client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", True)
    with pytest.raises(Refused, match="not been accepted"):
        client.app_integration_credentials(token)
    sandbox.account.accept_integration(token)
    credentials = client.app_integration_credentials(token)
    assert credentials.consumer_key == sandbox.account.consumer_key
    assert credentials.consumer_secret == sandbox.account.consumer_secret


def test_a_sandbox_without_an_owner_accepts_by_itself(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.account.accepts_after = timedelta(minutes=1)
    token = client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", True)
    with pytest.raises(Refused, match="not been accepted"):
        client.app_integration_credentials(token)
    sandbox.account.accepts_after = timedelta()
    token = client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", True)
    assert client.app_integration_credentials(token).consumer_key == sandbox.account.consumer_key


def test_v3_has_no_authorisation_requests(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(access_url=sandbox.access_url_v3, namespace=sandbox.namespace_v3)
    with pytest.raises(NamespaceRefused):
        client.request_app_integration("XCNL10017", "eigenaar@refbouw.example", False)


def test_a_name_space_of_the_other_version_is_refused(sandbox: Sandbox, connect: Connect) -> None:
    with pytest.raises(NamespaceRefused):
        connect(namespace=sandbox.namespace_v3).login()
