"""`python -m tests.campaign`: kill the platform at random moments under load, and check what its callers were told.

python -m tests.campaign --mode standalone --seed 7 --kills 800 --resume results
python -m tests.campaign --replay results/history-standalone-7-003.jsonl
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.campaign.checks import faults
from tests.campaign.history import read_history


def main() -> int:
    """0: every promise was kept; 1: a history fails; 2: what was asked is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mode", choices=("standalone", "distributed"), default="standalone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--resume", type=Path, default=Path(".campaign"), help="the folder of results: a run that was begun there goes on")
    parser.add_argument("--variant", default="", help="of tests/campaign/variants.py: the standalone platform with one promise taken away")
    parser.add_argument("--replay", type=Path, help="check a saved history again, and do nothing else")
    chosen = parser.parse_args()
    if chosen.replay:
        found = faults(read_history(chosen.replay))
        for each in found:
            print(f"{each.check}: {each.words}")
        print(f"{len(found)} faults" if found else "every promise kept")
        return 1 if found else 0
    from tests.campaign.run import Campaign

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, it ends what it started
    campaign = Campaign(
        chosen.resume.resolve(), chosen.mode, chosen.seed, chosen.kills, lambda line: print(line, flush=True), chosen.variant
    )
    return 0 if campaign.run() else 1


if __name__ == "__main__":
    sys.exit(main())
