"""axe-core over what a page shows now. Its source comes with the web application's own packages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.browser.screen import Screen

SOURCE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# The best practices without `region`: an open menu stands outside the landmarks, as every menu over a page does.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def violations(screen: Screen) -> list[str]:
    """A line for each element that breaks a rule: the rule, the element, and what would mend it."""
    screen.at_rest()
    page = screen.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_source())
    found = page.evaluate(
        "async tags => (await axe.run(document, { runOnly: tags, rules: { region: { enabled: false } }, resultTypes: ['violations'] })).violations",
        RULES,
    )
    return [
        f"{rule['id']}: {node['html'][:160]} -- {(node['failureSummary'] or rule['help']).splitlines()[-1].strip()}"
        for rule in found
        for node in rule["nodes"]
    ]


@cache
def _source() -> str:
    return SOURCE.read_text("utf-8")
