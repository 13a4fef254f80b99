"""The first start: a generated district is imported as any other, and a school year of plans is told into the store.

Whatever was done when it was interrupted is not done again: the import rolls forward, a plan goes on where it stopped.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from waymark.standalone.demo.people import offered, write_people
from waymark.standalone.demo.telling import tell
from waymark.standalone.home import Home
from waymark.standalone.platform import Platform
from waymark.tools.district import DistrictPlan, generate


class ImportFailed(Exception):
    """The generated district could not be imported; the import's own command said why."""


def set_up(home: Home, plan: DistrictPlan, say: Callable[[str], None]) -> None:
    """Make the demo district in a home that has none. The list of people is written last: it says that all is done."""
    package = home.folder / "demo-district.zip"
    say(f"Making a district: {plan.schools} schools, {plan.students} students")
    generate(package, plan)
    platform = Platform(home)
    try:
        say("Importing its roster")
        command = [sys.executable, "-m", "waymark.roster", "import", str(package), "--district", home.district, "--approve"]
        if subprocess.run(command, check=False).returncode:
            raise ImportFailed(f"importing {package} failed")
        say("Folding the roster into each service's directory")
        platform.catch_up()
        plans = platform.ports["plans"]
        assert plans.store is not None
        tell(plans.store, plans.views, plans.keyring, home.district, say)
        say("Folding the plans into lists, bars and histories")
        platform.catch_up()
    finally:
        platform.close()
    write_people(offered(package), home.people)
    package.unlink()
