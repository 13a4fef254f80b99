"""The short form: fifty random kills under load, and every promise kept. (The long one: `make campaign`.)

WAYMARK_SEED=<n> gives other moments. A failing history stays in .make/campaign.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.campaign.run import Campaign
from tests.campaign.variants import VARIANTS

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


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of all variants: they begin with the same imported district."""
    return tmp_path_factory.mktemp("variants")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed, variant", list(enumerate(VARIANTS, SEED)))
def test_a_platform_with_one_promise_taken_away_is_found_out(seed: int, variant: str, scratch: Path) -> None:
    """Six kills are enough for most; up to four times as many are allowed."""
    lines: list[str] = []
    campaign = Campaign(scratch, "standalone", seed, 24, lines.append, variant)
    assert not campaign.run(), "\n".join(lines)
    print("\n".join(lines)[:2000])
