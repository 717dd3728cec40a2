"""Getting in with a second factor, by keys alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from econnect_admin.models import User
from tests.users.conftest import code_of, log_in, set_up


@pytest.mark.parametrize("width", [1440, 390])
def test_a_person_logs_in_with_a_code_and_comes_where_they_were_going(
    page: Page, person: Callable[..., User], width: int
) -> None:
    person("econnect_admin.view_user", username="anna")
    key = set_up(log_in("anna", "zomer-in-Delft"))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/econnect_admin/user/?q=anna")
    expect(page.get_by_role("textbox", name="Gebruikersnaam")).to_be_focused()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("zomer-in-Delft\n")
    expect(page.get_by_role("textbox", name="Code van zes cijfers")).to_be_focused()
    page.keyboard.type("12345\n")
    expect(page.get_by_text("Dit is niet de code van dit moment")).to_be_visible()
    page.wait_for_timeout(1000)  # the pause after a wrong code
    page.keyboard.type(f"{code_of(key, 1)}\n")
    page.wait_for_url("**/econnect_admin/user/?q=anna")
    expect(page.locator("#result_list")).to_contain_text("anna")
