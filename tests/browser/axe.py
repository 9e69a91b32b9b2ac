"""What axe finds on a page, with its script given to each document once."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
# Of what was found wrong alone; style sheets are asked for again (`preload`) only by rules that are off.
HOW = "resultTypes: ['violations'], preload: false"
EVERY_RULE = f"axe.run({{{HOW}}})"
# Without those whose breach is minor or moderate, by axe's own word: they are a quarter of its work.
# Rows of a long table are made alike, and a province has two hundred: the first forty are looked at.
LOOKED_AT = "{exclude: ['tbody tr:nth-child(n+41)']}"
RULES = (
    "axe._audit.rules.filter(rule => rule.enabled && !['minor', 'moderate'].includes(rule.impact)).map(rule => rule.id)"
)
RULES_OF_SERIOUS = f"axe.run({LOOKED_AT}, {{{HOW}, runOnly: {{type: 'rule', values: {RULES}}}}})"


def find_violations(page: Page, run: str = EVERY_RULE) -> list[dict]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(f"{run}.then(found => found.violations)")


def find_serious(page: Page) -> dict[str, list[str]]:
    """Rule -> the first places that break it, of rules whose breach keeps somebody out."""
    return {
        found["id"]: [node["html"][:200] for node in found["nodes"][:5]]
        for found in find_violations(page, RULES_OF_SERIOUS)
        if found["impact"] in SERIOUS
    }
