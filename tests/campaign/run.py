"""A campaign: episode after episode until the kills are done, resumable from the folder that it leaves its results in."""

from __future__ import annotations

import gzip
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.campaign.checks import faults
from tests.campaign.checks.fault import Fault
from tests.campaign.district import await_answers, import_district
from tests.campaign.episode import play
from tests.campaign.history import read_history
from tests.campaign.installation import Installation
from tests.campaign.standalone import Standalone
from tests.campaign.summary import Told, summary, told, write

KILLS = 20  # an episode
FEW = 6  # the same, of a variant
FRESH = 8  # episodes on one folder


class Progress(Struct, kw_only=True):
    """What a resumed run goes on from."""

    mode: str
    seed: int
    kills: int
    port: int
    episodes: list[Told] = []


class Campaign:
    """`folder`: histories, progress and summary. `say`: one line an episode. `variant`: a platform with one promise taken away; the
    run ends when that is found."""

    def __init__(self, folder: Path, mode: str, seed: int, kills: int, say: Callable[[str], None], variant: str = "") -> None:
        self.folder, self._say, self._variant = folder, say, variant
        folder.mkdir(parents=True, exist_ok=True)
        self._progress_file = folder / f"progress-{mode}-{seed}.json"
        if self._progress_file.exists():
            self._progress = msgspec.json.decode(self._progress_file.read_bytes(), type=Progress)
            self._progress.kills = kills
        else:
            self._progress = Progress(mode=mode, seed=seed, kills=kills, port=_free_port("variant" if variant else mode))

    def run(self) -> bool:
        """Whether every promise was kept."""
        installation: Installation | None = None
        try:
            while self._left() > 0:
                number = len(self._progress.episodes)
                if installation is None or number % FRESH == 0:
                    if installation is not None:
                        self._leave(installation)
                    installation = self._fresh(number)
                self._episode(installation, number)
                if self._progress.episodes[-1].faults:  # what failed is evidence: go on elsewhere
                    self._leave(installation)
                    installation = None
                    if self._variant:
                        break
        finally:
            if installation is not None:
                self._leave(installation)
        self._write_summary()
        return not any(each.faults for each in self._progress.episodes)

    @property
    def kills(self) -> int:
        """How many there were, in all runs that were resumed."""
        return sum(sum(each.kills.values()) for each in self._progress.episodes)

    def _left(self) -> int:
        return self._progress.kills - self.kills

    def _episode(self, installation: Installation, number: int) -> None:
        began = time.monotonic()
        path = self.folder / f"history-{self._progress.mode}-{self._progress.seed}-{number:03d}.jsonl"
        before = installation.head()
        digest = installation.digest(before)
        play(installation, self._progress.seed, number, min(FEW if self._variant else KILLS, self._left()), path)
        history = read_history(path)
        found = faults(history)
        if installation.digest(before) != digest:
            found.append(Fault("what is stored stays", f"the first {before} commits are not what they were before the episode"))
        if found:
            installation.keep(path.with_suffix(".data"))
        else:
            path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(path.read_bytes(), 3))
            path.unlink()
        told_of = told(history, found, time.monotonic() - began, path)
        self._progress.episodes.append(told_of)
        write(self._progress_file, self._progress)
        self._write_summary()
        kills = sum(told_of.kills.values())
        line = f"episode {number}: {kills} kills, {told_of.operations}, {len(history.reads)} reads, {told_of.seconds:.0f} s"
        self._say(
            f"{line}, {self.kills} of {self._progress.kills} kills" + "".join(f"\n  {each.check}: {each.words}" for each in found[:20])
        )

    def _write_summary(self) -> None:
        told_so_far = summary(self._progress.mode, self._progress.seed, self._progress.kills, self._progress.episodes)
        write(self.folder / f"summary-{self._progress.mode}-{self._progress.seed}.json", told_so_far)

    def _fresh(self, number: int) -> Installation:
        folder = self.folder / f"home-{self._progress.mode}-{self._progress.seed}-{number:03d}"
        shutil.rmtree(folder, ignore_errors=True)
        if self._progress.mode == "standalone":
            return self._fresh_standalone(folder)
        from tests.campaign.distributed import Distributed
        from waymark.standalone.distributed import engines_there

        engines = engines_there()
        if engines is None:
            raise SystemExit("no Kafka and no MongoDB answer: make engines-up")
        installation = Distributed(folder, self._progress.port, engines)
        installation.start()
        try:
            await_answers(installation)
            assert not installation.ended(), f"not everything started: {installation.ended()}, see {folder / 'log'}"
            import_district(installation)
        except BaseException:
            installation.stop()
            raise
        return installation

    def _fresh_standalone(self, folder: Path) -> Installation:
        """A copy of a folder with the imported district: made once a campaign."""
        prepared = self.folder / "prepared"
        if not (prepared / "complete").exists():
            shutil.rmtree(prepared, ignore_errors=True)
            first = Standalone(prepared, self._progress.port)
            first.start()
            try:
                await_answers(first)
                import_district(first)
            finally:
                first.stop()
            (prepared / "complete").touch()
        shutil.copytree(prepared, folder)
        installation = Standalone(folder, self._progress.port, self._variant)
        installation.start()
        return installation

    def _leave(self, installation: Installation) -> None:
        installation.stop()
        with suppress(OSError):
            (installation.folder / "log").replace(self.folder / f"{installation.folder.name}.log")
        shutil.rmtree(installation.folder, ignore_errors=True)


def _free_port(kind: str) -> int:
    """With those above it that the distributed services take. Two campaigns at once, one of each kind, never meet."""
    first = {"standalone": 18400, "distributed": 22400, "variant": 26400}[kind]
    for port in range(first, first + 4000, 40):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port")
