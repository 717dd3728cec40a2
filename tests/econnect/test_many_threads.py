"""Many threads on one client, over connections that break now and then."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from econnect_admin.econnect.errors import EConnectError
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice


def test_each_thread_gets_its_own_answer(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(limits=replace(QUICK, attempts=6))
    documents = {sandbox.account.add(invoice(str(number))): invoice(str(number)) for number in range(300)}
    for external_id in list(documents)[::7]:
        sandbox.misbehave(misbehaviours.length_too_short, external_id=external_id)
        sandbox.misbehave(misbehaviours.cut_in_the_middle, external_id=external_id)
        sandbox.misbehave(misbehaviours.length_too_long, external_id=external_id)
    sandbox.account.expire_tokens()

    def fetch(external_id: str) -> bytes | None:
        return client.inbox_document(external_id).payload

    with ThreadPoolExecutor(8) as threads:
        fetched = dict(zip(documents, threads.map(fetch, documents), strict=True))
    assert fetched == documents


def test_a_client_that_is_closed_while_it_works_ends_its_calls(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    sandbox.misbehave(misbehaviours.slow(0.2), "GetInboxDocument", times=None)
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(client.inbox_document, external_id) for _ in range(8)]
        client.close()
    ends = [call.exception() for call in calls]
    assert all(end is None or isinstance(end, EConnectError) for end in ends)
