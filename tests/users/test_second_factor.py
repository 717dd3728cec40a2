"""A second factor beside the password: set up, asked for, replaced, switched off, reset."""

import logging
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from econnect_admin.models import SecondFactor, User
from tests.conftest import json_of
from tests.users.conftest import code_of, is_in, key_on, log_in, set_up

Somebody = Callable[..., User]
CODE, SET_UP, MINE = "/tweede-factor/code/", "/tweede-factor/instellen/", "/tweede-factor/"
SEES_PREFERENCES = "econnect_admin.view_administrationpreferences"


def enter(client: Client, code: str, at: str = "") -> str:
    """Gives where it leads, or "" if the code was refused."""
    response = client.post(f"{CODE}?next={at}" if at else CODE, {"code": code})
    return response["Location"] if response.status_code == 302 else ""


@pytest.fixture
def anna(somebody: Somebody) -> User:
    return somebody()


@pytest.fixture
def key(anna: User) -> str:
    """Of Anna's second factor, whose first code was used at the set-up."""
    return set_up(log_in())


def test_who_set_one_up_needs_it_at_the_next_log_in(key: str) -> None:
    client = log_in()
    assert not is_in(client)
    assert enter(client, code_of(key, 1)) == "/"
    assert is_in(client)


def test_who_set_it_up_goes_on(anna: User) -> None:
    client = log_in()
    set_up(client)
    assert is_in(client)


def test_until_the_code_is_given_nothing_is_open(key: str) -> None:
    User.objects.update(is_superuser=True)
    client = log_in()
    for address in ("/", "/econnect_admin/user/", "/wachtrijen/", MINE, SET_UP, "/jsi18n/", "/no-such-page/"):
        for response in (client.get(address), client.post(address, {"code": code_of(key, 1)})):
            assert response.status_code == 302, address
            assert response["Location"].startswith(CODE)
    assert client.get("/static/econnect_admin/error.css").status_code == 200


def test_who_cannot_give_the_code_can_log_out_and_change_the_language(key: str) -> None:
    client = log_in()
    client.post("/i18n/setlang/", {"language": "en", "next": CODE})
    assert "six digits" in client.get(CODE).content.decode()
    client.post("/logout/")
    assert client.get(CODE)["Location"].startswith("/login/")


def test_people_come_where_they_were_going(key: str, admin_user: User) -> None:
    client = log_in(at="/econnect_admin/user/?q=anna")
    address = client.get("/econnect_admin/user/?q=anna")["Location"]
    response = client.post(address, {"code": code_of(key, 1)})
    assert response["Location"] == "/econnect_admin/user/?q=anna"


def test_nobody_is_led_to_another_site(key: str) -> None:
    assert enter(log_in(), code_of(key, 1), at="https://evil.example/") == "/"


def test_a_code_works_once(key: str) -> None:
    code = code_of(key, 1)
    assert enter(log_in(), code)
    assert not enter(log_in(), code)


def test_the_code_of_the_set_up_is_used(key: str) -> None:
    used = SecondFactor.objects.get().last_step - int(time.time() // 30)  # half minutes from now
    assert not enter(log_in(), code_of(key, used))


def test_a_clock_may_be_half_a_minute_off_and_no_more(key: str) -> None:
    SecondFactor.objects.update(last_step=-1)
    for steps, is_right in ((-1, True), (1, True), (-3, False), (3, False)):
        SecondFactor.objects.update(last_step=-1, throttling_failure_timestamp=None)
        assert bool(enter(log_in(), code_of(key, steps))) == is_right, steps


def test_what_is_no_code_is_refused(key: str) -> None:
    client = log_in()
    for wrong in ("", "12345", "1234567", "abcdef", "-12345", "１２３４５６", "\0" * 6, "9" * 300):
        SecondFactor.objects.update(throttling_failure_count=0)
        assert not enter(client, wrong)
    assert not is_in(client)


def test_a_code_may_be_typed_with_a_space(key: str) -> None:
    code = code_of(key, 1)
    assert enter(log_in(), f" {code[:3]} {code[3:]} ")


def test_wrong_codes_make_the_next_wait(key: str) -> None:
    client = log_in()
    for _ in range(12):
        SecondFactor.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
        enter(client, "000000")
    code = code_of(key, 1)
    page = client.post(CODE, {"code": code}).content.decode()
    assert "Wacht 512 seconden" in page or "Wacht 511 seconden" in page
    assert not enter(log_in(), code)
    SecondFactor.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=513))
    assert enter(client, code)


def test_the_code_of_somebody_else_is_refused(key: str, somebody: Somebody) -> None:
    somebody(username="bert")
    of_bert = set_up(log_in("bert"))
    assert not enter(log_in(), code_of(of_bert, 1))


def test_the_key_is_not_shown_again(key: str) -> None:
    client = log_in()
    enter(client, code_of(key, 1))
    assert client.get(SET_UP)["Location"] == MINE
    page = client.get(MINE).content.decode()
    assert "Ingesteld op" in page
    assert key not in page
    assert "ec-key" not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM econnect_admin_secondfactor")
        assert key not in cursor.fetchone()[0]


def test_the_key_stays_the_same_until_it_is_confirmed(anna: User) -> None:
    client = log_in()
    key = key_on(client.get(SET_UP).content.decode())
    again = client.post(SET_UP, {"code": "000000"}).content.decode()
    assert key_on(again) == key
    assert is_in(log_in())


def test_a_key_that_another_session_has_seen_is_not_used(anna: User) -> None:
    """Who knows the password must not have the key that its owner confirms later."""
    seen = key_on(log_in().get(SET_UP).content.decode())
    assert set_up(log_in()) != seen


def test_who_was_slower_does_not_replace_it(anna: User) -> None:
    slow, fast = log_in(), log_in()
    seen = key_on(slow.get(SET_UP).content.decode())
    key = set_up(fast)
    slow.post(SET_UP, {"code": code_of(seen)})
    assert is_in(fast)
    assert enter(log_in(), code_of(key, 1))


def test_setting_it_up_ends_other_sessions(anna: User) -> None:
    elsewhere, client = log_in(), log_in()
    set_up(client)
    assert elsewhere.get("/")["Location"].startswith("/login/")


def test_it_is_replaced_with_a_code_of_the_present_one(key: str) -> None:
    client, elsewhere = log_in(), log_in()
    enter(client, code_of(key, 1))
    assert client.post(MINE, {"code": "000000", "replace": "1"}).status_code == 200
    SecondFactor.objects.update(throttling_failure_count=0, last_step=-1)
    assert client.post(MINE, {"code": code_of(key), "replace": "1"})["Location"] == SET_UP
    new = set_up(client)
    assert is_in(client)
    assert elsewhere.get("/")["Location"].startswith("/login/")
    assert enter(log_in(), code_of(new, 1))


def test_a_replacement_is_no_door_that_stays_open(key: str) -> None:
    client = log_in()
    enter(client, code_of(key, 1))
    SecondFactor.objects.update(last_step=-1)
    client.post(MINE, {"code": code_of(key), "replace": "1"})
    SecondFactor.objects.update(set_up_at=timezone.now() - timedelta(minutes=11))
    assert client.get(SET_UP)["Location"] == MINE


def test_it_is_switched_off_with_a_code(key: str) -> None:
    client = log_in()
    enter(client, code_of(key, 1))
    client.post(MINE, {"code": "000000", "switch_off": "1"})
    assert not is_in(log_in())
    SecondFactor.objects.update(throttling_failure_count=0, last_step=-1)
    client.post(MINE, {"code": code_of(key), "switch_off": "1"})
    assert is_in(log_in())


def test_who_may_see_preferences_must_have_one(settings: Settings, somebody: Somebody) -> None:
    settings.SECOND_FACTOR = "required"
    somebody(SEES_PREFERENCES)
    somebody("invoices.view_einvoice", username="clerk")
    assert is_in(log_in("clerk"))
    client = log_in()
    for address in ("/", "/econnect_admin/administrationpreferences/", MINE):
        assert client.get(address)["Location"].startswith(SET_UP)
    key = set_up(client)
    assert is_in(client)
    SecondFactor.objects.update(last_step=-1)
    client.post(MINE, {"code": code_of(key), "switch_off": "1"})
    assert not is_in(log_in())
    assert "Uitschakelen" not in client.get(MINE).content.decode()


def test_superusers_must_have_one_where_it_is_required(settings: Settings, admin_client: Client) -> None:
    assert is_in(admin_client)
    settings.SECOND_FACTOR = "required"
    assert not is_in(admin_client)


def test_who_gets_the_right_later_is_asked_from_then_on(settings: Settings, anna: User) -> None:
    settings.SECOND_FACTOR = "required"
    client = log_in()
    assert is_in(client)
    User.objects.update(is_superuser=True)
    assert client.get("/")["Location"].startswith(SET_UP)


def test_a_user_manager_resets_it_for_who_lost_it(key: str, somebody: Somebody, anna: User) -> None:
    inside = log_in()
    enter(inside, code_of(key, 1))
    anna.groups.set(
        somebody("econnect_admin.view_user", "econnect_admin.change_user", username="manager").groups.all()
    )
    manager = log_in("manager")
    page = manager.get(f"/econnect_admin/user/{anna.pk}/change/").content.decode()
    assert "Tweede factor resetten" in page
    manager.post(f"/econnect_admin/user/{anna.pk}/reset-second-factor/")
    assert inside.get("/")["Location"].startswith("/login/")
    assert is_in(log_in())
    assert is_in(manager)


def test_who_may_not_change_the_user_does_not_reset_it(key: str, somebody: Somebody, anna: User) -> None:
    somebody("econnect_admin.view_user", username="reader")
    somebody("econnect_admin.change_user", username="manager")
    address = f"/econnect_admin/user/{anna.pk}/reset-second-factor/"
    assert log_in("reader").post(address).status_code == 403
    User.objects.filter(pk=anna.pk).update(is_superuser=True)
    assert log_in("manager").post(address).status_code == 403
    assert not is_in(log_in())


def test_nobody_resets_their_own_without_a_code(key: str, anna: User) -> None:
    User.objects.update(is_superuser=True)
    client = log_in()
    enter(client, code_of(key, 1))
    assert client.post(f"/econnect_admin/user/{anna.pk}/reset-second-factor/").status_code == 403
    assert not is_in(log_in())


def test_the_command_resets_it(key: str, manage: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert json_of(manage("reset_second_factor", "anna", "--json")) == {"username": "anna", "had_one": True}
    assert is_in(log_in())


def test_the_command_tells_when_there_is_nothing_to_reset(
    anna: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reset_second_factor", "anna")
    assert "There was no second factor" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        call_command("reset_second_factor", "nobody")


def test_a_key_that_cannot_be_decrypted_lets_nobody_in(key: str, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["another-key-of-more-than-thirty-two-characters"]
    client = log_in()
    assert not enter(client, code_of("", 1))
    assert not is_in(client)


def test_codes_and_keys_are_in_no_log(anna: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        key = set_up(log_in())
        client = log_in()
        enter(client, "123456")
        SecondFactor.objects.update(throttling_failure_count=0)
        enter(client, code_of(key, 1))
    for secret in (key, "123456", code_of(key), code_of(key, 1)):
        assert secret not in caplog.text
