"""What axe-core finds on a page, in either theme."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# A colour on its way to another one is nobody's: transitions are brought to their end.
_IS_DRAWN = """async () => {
    const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
    await frame();
    await frame();
    document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish());
}"""


def violations(page: Page, *, only_of_colours: bool = False) -> list[str]:
    page.evaluate(_IS_DRAWN)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only_of_colours:
        options["runOnly"] = {"type": "rule", "values": ["color-contrast"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def show_in(page: Page, theme: str) -> None:
    """`light` or `dark`."""
    page.evaluate("theme => document.documentElement.classList.toggle('dark', theme == 'dark')", theme)
