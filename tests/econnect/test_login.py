"""The security token: one for all threads, kept between clients, renewed once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from econnect_admin.econnect.errors import (
    AccountBlocked,
    CredentialsRefused,
    EConnectError,
    TokenExpired,
    Unavailable,
)
from econnect_admin.econnect.session import TokenMemory
from econnect_admin.econnect.soap import EConnect
from econnect_admin.sandbox import misbehaviours
from econnect_admin.sandbox.account import Account
from econnect_admin.sandbox.server import Sandbox
from tests.econnect.conftest import QUICK, Connect
from tests.econnect.documents import invoice

THREADS = 8


def at_once(call: Callable[[], object]) -> list[EConnectError]:
    """Make the call in 8 threads that start together; gives the errors."""
    together = threading.Barrier(THREADS)

    def run(_number: int) -> EConnectError | None:
        together.wait()
        try:
            call()
        except EConnectError as error:
            return error
        return None

    with ThreadPoolExecutor(THREADS) as threads:
        return [error for error in threads.map(run, range(THREADS)) if error]


def test_threads_that_start_together_log_in_once(sandbox: Sandbox, client: EConnect) -> None:
    assert at_once(client.inbox_page) == []
    assert sandbox.calls_of("Login") == 1
    assert sandbox.calls_of("GetInboxDocuments") == THREADS


def test_threads_that_find_the_token_expired_renew_it_once(sandbox: Sandbox, client: EConnect) -> None:
    external_id = sandbox.account.add(invoice())
    client.inbox_page()
    sandbox.account.expire_tokens()
    assert at_once(lambda: client.inbox_document(external_id)) == []
    assert sandbox.calls_of("Login") == 2


def test_a_token_that_is_kept_is_used_by_the_next_client(sandbox: Sandbox, connect: Connect) -> None:
    tokens = TokenMemory()
    connect(tokens=tokens).inbox_page()
    connect(tokens=tokens).inbox_page()
    assert sandbox.calls_of("Login") == 1


def test_a_kept_token_that_the_platform_forgot_is_renewed(sandbox: Sandbox, connect: Connect) -> None:
    tokens = TokenMemory()
    connect(tokens=tokens).inbox_page()
    sandbox.account.expire_tokens()
    connect(tokens=tokens).inbox_page()
    assert sandbox.calls_of("Login") == 2


def test_a_token_lives_as_long_as_the_platform_says() -> None:
    account = Account(
        consumer_key="k", consumer_secret="s", party_id="X", party_name="X", token_life=timedelta(0)
    )
    with Sandbox(account) as sandbox:
        client = EConnect(sandbox.access_url, sandbox.namespace, "k", "s", limits=QUICK)
        with client, pytest.raises(TokenExpired):
            client.inbox_page()
        assert sandbox.calls == ["Login", "GetInboxDocuments", "Login", "GetInboxDocuments"]


def test_a_platform_that_calls_every_token_expired_is_asked_twice(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.expired_token, times=None)
    with pytest.raises(TokenExpired):
        client.inbox_page()
    assert sandbox.calls == ["Login", "GetInboxDocuments", "Login", "GetInboxDocuments"]


def test_a_wrong_secret_is_sent_once(sandbox: Sandbox, connect: Connect) -> None:
    with pytest.raises(CredentialsRefused):
        connect(consumer_secret="wrong").inbox_page()
    assert sandbox.calls == ["Login"]


def test_a_wrong_key_is_sent_once_by_all_threads_together(sandbox: Sandbox, connect: Connect) -> None:
    errors = at_once(connect(consumer_key="wrong").inbox_page)
    assert [type(error) for error in errors] == [CredentialsRefused] * THREADS
    assert {str(error) for error in errors} == {"Unknown or revoked consumer key. [ERRIAU6000007]"}
    assert sandbox.calls == ["Login"]


def test_a_refused_key_is_not_sent_again_by_a_later_call(sandbox: Sandbox, connect: Connect) -> None:
    client = connect(consumer_key="wrong")
    for _ in range(2):
        with pytest.raises(CredentialsRefused):
            client.inbox_page()
    assert sandbox.calls == ["Login"]


def test_a_key_that_is_revoked_meanwhile_ends_the_work(sandbox: Sandbox, client: EConnect) -> None:
    client.inbox_page()
    sandbox.account.revoke_key()
    with pytest.raises(CredentialsRefused):
        client.inbox_page()
    assert sandbox.calls == ["Login", "GetInboxDocuments", "GetInboxDocuments"]


@pytest.mark.parametrize("code", ["ERRPRO1000002", "ERRPRO1000003", "ERRPRO1000004"])
def test_a_blocked_account_is_not_asked_again(sandbox: Sandbox, client: EConnect, code: str) -> None:
    sandbox.account.block(code)
    with pytest.raises(AccountBlocked, match=code):
        client.inbox_page()
    assert sandbox.calls == ["Login"]


def test_an_account_that_is_blocked_meanwhile_is_not_asked_again(sandbox: Sandbox, client: EConnect) -> None:
    client.inbox_page()
    sandbox.account.block("ERRPRO1000002")
    with pytest.raises(AccountBlocked) as blocked:
        client.inbox_page()
    assert not blocked.value.retryable
    assert sandbox.calls_of("GetInboxDocuments") == 2


def test_an_account_works_again_once_it_is_unblocked(sandbox: Sandbox, connect: Connect) -> None:
    sandbox.account.block("ERRPRO1000003")
    with pytest.raises(AccountBlocked):
        connect().inbox_page()
    sandbox.account.unblock()
    connect().inbox_page()


def test_threads_that_wait_for_a_login_share_its_failure(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.hang, "Login", times=None)
    errors = at_once(client.inbox_page)
    assert [type(error) for error in errors] == [Unavailable] * THREADS
    assert sandbox.calls == ["Login"] * 3


def test_a_login_is_tried_again_at_the_next_call(sandbox: Sandbox, client: EConnect) -> None:
    sandbox.misbehave(misbehaviours.service_unavailable, "Login", times=3)
    with pytest.raises(Unavailable):
        client.inbox_page()
    client.inbox_page()
    assert sandbox.calls_of("Login") == 4
