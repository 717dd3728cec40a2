"""The pictures of the manual and the README, of the demonstration.

DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.pictures
"""

import shutil

from playwright.sync_api import Page, sync_playwright

from tests.conftest import PROJECT
from tests.ground.processes import data_directory, free_port, read_until, start

_DIRECTORY = PROJECT / "docs" / "handleiding"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
_SIZE = (1440, 900)
_TO_BE_DRAWN = 2000  # milliseconds


def main() -> None:
    port = free_port()
    with data_directory() as data_dir:
        demo = start(data_dir, "manage.py", "up", "--demo", "--port", str(port))
        try:
            said = read_until(demo, "Log in as")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=_ARGUMENTS, env={"LANGUAGE": "nl"}
                )
                page = browser.new_page(
                    base_url=f"http://127.0.0.1:{port}",
                    locale="nl-NL",
                    viewport={"width": _SIZE[0], "height": _SIZE[1]},
                )
                _take_all(page, said.split()[-1])
        finally:
            demo.terminate()
            demo.communicate(timeout=30)


def _take_all(page: Page, password: str) -> None:
    page.goto("/login/")
    page.fill("[name=username]", "demo")
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _take(page, "start", "/")
    page.goto("/econnect_admin/administrationpreferences/1/change/")
    page.get_by_role("button", name="Opslaan en verbinding testen").click()
    page.get_by_text("Postvak").first.wait_for()
    page.wait_for_timeout(_TO_BE_DRAWN)
    page.mouse.wheel(0, 5000)
    page.wait_for_timeout(_TO_BE_DRAWN)
    _save(page, "voorkeuren")
    _take(page, "lijst", "/invoices/einvoice/")
    page.get_by_role("link", name="2026-0041").first.click()
    page.wait_for_timeout(_TO_BE_DRAWN)
    _save(page, "factuur")
    page.get_by_role("link", name="Naar inkoopfactuur").click()
    page.wait_for_timeout(_TO_BE_DRAWN)
    _save(page, "boeken")
    page.goto("/econnect_admin/usergroup/")
    page.get_by_role("link", name="Crediteurenadministratie").first.click()
    page.get_by_text("Functie privileges").first.click()
    page.wait_for_timeout(_TO_BE_DRAWN)
    _save(page, "rechten")


def _take(page: Page, name: str, address: str) -> None:
    page.goto(address)
    page.wait_for_timeout(_TO_BE_DRAWN)
    _save(page, name)


def _save(page: Page, name: str) -> None:
    page.screenshot(path=_DIRECTORY / f"{name}.png")


if __name__ == "__main__":
    main()
