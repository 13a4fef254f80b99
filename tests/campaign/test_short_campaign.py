"""The short form: fifty random kills under load, and every promise kept. (The long one: `make campaign`.)

WAYMARK_SEED=<n> gives other moments. A failing history stays in .make/campaign.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.campaign.run import Campaign

FOLDER = Path(__file__).parents[2] / ".make" / "campaign"
SEED = int(os.environ.get("WAYMARK_SEED", "1"))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode, kills", [("standalone", 40), pytest.param("distributed", 10, marks=pytest.mark.engines)])
def test_every_promise_is_kept_when_it_is_killed_at_random_moments(mode: str, kills: int) -> None:
    folder = FOLDER / mode
    shutil.rmtree(folder, ignore_errors=True)
    lines: list[str] = []
    campaign = Campaign(folder, mode, SEED, kills, lines.append)
    assert campaign.run(), "\n".join(lines)
    assert campaign.kills == kills
    print("\n".join(lines))
    shutil.rmtree(folder)
