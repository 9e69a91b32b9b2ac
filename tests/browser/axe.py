"""What axe finds on a page, with its script given to each document once."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Of what was found wrong alone; style sheets are asked for again (`preload`) only by rules that are off.
RUN = "axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations)"


def find_violations(page: Page) -> list[dict]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN)


def find_serious(page: Page) -> dict[str, list[str]]:
    """Rule -> the first places that break it, of rules whose breach keeps somebody out."""
    return {
        found["id"]: [node["html"][:200] for node in found["nodes"][:5]]
        for found in find_violations(page)
        if found["impact"] in SERIOUS
    }
