"""`python -m tests.browser.screenshots`: every page, light and dark, on a desktop and a phone, in English, right to left and the pseudo locale.

Writes screenshots/<look>/<page>.png. `--only plan` draws just the pages whose name begins so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from itertools import product
from pathlib import Path

from tests.browser.conftest import browser, demo
from tests.browser.pages import PLACES, ROLE, scene
from tests.browser.screen import DESKTOP, PHONE, Look, Screen
from tests.conftest import chromium
from tests.e2e.conftest import free_port

FOLDER = Path(__file__).parents[2] / "screenshots"
THEMES = ("light", "dark")
SIZES = {"desktop": DESKTOP, "phone": PHONE}
READINGS = {"en": Look(), "rtl": Look(direction="rtl"), "pseudo": Look(language="en-XA")}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name begins so")
    only = parser.parse_args(arguments).only
    program = chromium()
    if program is None:
        print("no Chromium: apt install chromium, or set WAYMARK_CHROMIUM", file=sys.stderr)
        return 2
    written = 0
    with (
        tempfile.TemporaryDirectory(prefix="waymark-screenshots-") as folder,
        demo(Path(folder), free_port()) as house,
        browser(program) as running,
    ):
        at = scene(house)
        for (size, measures), (reading, look) in product(SIZES.items(), READINGS.items()):
            screen = Screen(running, house, replace(look, size=measures))
            screen.sign_in(ROLE)
            for place in (place for place in PLACES if place.name.startswith(only)):
                place.show(screen, at)
                for theme in THEMES:
                    screen.page.emulate_media(color_scheme=theme)
                    screen.at_rest()
                    file = FOLDER / f"{size}-{reading}-{theme}" / f"{place.name}.png"
                    screen.page.screenshot(path=file, full_page=screen.page.get_by_role("dialog").count() == 0)
                    written += 1
                screen.page.emulate_media(color_scheme="light")
            screen.close()
    print(f"{written} pictures in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
