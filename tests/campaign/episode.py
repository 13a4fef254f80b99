"""One episode: writers and readers at work, blows from the schedule, quiet, and a last look at everything."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from random import Random

from tests.campaign import looking
from tests.campaign.actors import Writer, readers
from tests.campaign.caller import Caller, Lost, NotSent
from tests.campaign.district import Cast, NotBack, await_answers, stage
from tests.campaign.history import Blow, Journal, Read, Trouble
from tests.campaign.installation import Installation
from tests.campaign.reference import partition
from tests.campaign.scene import Scene, now
from tests.campaign.schedule import Step

WRITERS = 8
PAUSE = {"standalone": 0.04, "distributed": 0.1}  # seconds between two requests of one writer, on average
LOOKS = {"standalone": 0.08, "distributed": 0.15}  # of one reader
BACK = 60.0  # seconds after a blow until a write must have been acknowledged
CATCHING_UP = 90.0  # seconds until every view must hold everything, once nobody writes any more


def play(installation: Installation, seed: int, episode: int, kills: int, path: Path) -> None:
    """Leaves the history in `path`. What goes wrong on the way stands in it as trouble."""
    await_answers(installation)
    cast = Cast(installation)
    where = stage(installation, cast, seed, episode)
    mark = installation.mark()
    journal = Journal(path)
    journal.add(where)
    scene = Scene(where, journal, installation.address, cast.students, cast.yesterday)
    try:
        writers = [Writer(f"w{number}", cast.caller(number), scene, PAUSE[where.mode], loyal=number < 2) for number in range(WRITERS)]
        threads = [*writers, *readers(scene, lambda: cast.caller(0), LOOKS[where.mode])]
        for each in threads:
            each.start()
        try:
            _Blows(installation, scene).fall(installation.steps(seed, episode, kills))
        except NotBack as problem:
            journal.add(Trouble(check="it comes back", words=str(problem), at=now()))
        scene.stop.set()
        for each in threads:
            each.join()
        with closing(cast.caller(0)) as caller:
            _last_look(installation, scene, caller)
        for each in (*installation.kept(where.base), *installation.published(mark)):
            journal.add(each)
        for each in installation.sound():
            journal.add(Trouble(check="the files are sound", words=each, at=now()))
    finally:
        scene.stop.set()
        journal.close()


class _Blows:
    def __init__(self, installation: Installation, scene: Scene) -> None:
        self._installation, self._scene = installation, scene
        self._random = Random(f"hot/{scene.stage.seed}/{scene.stage.episode}")

    def fall(self, steps: Iterable[Step]) -> None:
        """Raises NotBack."""
        self._await_work()
        for step in steps:
            self._rest(step.load)
            if step.pause:
                self._signal("pause", step.paused, signal.SIGSTOP)
                self._rest(step.pause)
                if not set(step.paused) <= set(step.killed) or self._random.random() < 0.5:
                    self._signal("resume", step.paused, signal.SIGCONT)
                    self._rest(0.05)
            self._kill(step.killed, step.away)
            if step.again:
                self._rest(step.again)
                self._kill(step.killed, 0)
            self._await_work()
            self._scene.hot = self._random.choice(self._scene.assigned() or [self._scene.hot])

    def _kill(self, parts: tuple[str, ...], away: float) -> None:
        self._tell("kill", parts)
        self._installation.kill(parts)
        time.sleep(away)  # nobody starts what is away
        self._tell("start", parts)
        self._installation.begin(parts)

    def _signal(self, what: str, parts: tuple[str, ...], number: signal.Signals) -> None:
        self._tell(what, parts)
        self._installation.signal(parts, number)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._restart_ended()
            time.sleep(min(left, 0.25))

    def _await_work(self) -> None:
        before, deadline = self._scene.acknowledged, time.monotonic() + BACK
        while self._scene.acknowledged == before:
            if time.monotonic() > deadline:
                raise NotBack(f"no write is acknowledged within {BACK:.0f} s")
            self._restart_ended()
            time.sleep(0.01)
        self._tell("answers", ())

    def _restart_ended(self) -> None:
        """A process that ended by itself is started again, as whoever runs the platform does."""
        for each in self._installation.ended():
            self._tell("ended-by-itself", (each,))
            self._installation.begin((each,))

    def _tell(self, what: str, parts: tuple[str, ...]) -> None:
        self._scene.journal.add(Blow(what=what, parts=parts, at=now()))  # type: ignore[arg-type]  one of them


def _last_look(installation: Installation, scene: Scene, caller: Caller) -> None:
    """Everything, when nobody writes any more: each view once it holds the whole store."""
    due: dict[int, int] = {}
    for each in installation.kept(scene.stage.base):
        due[partition(each.key)] = each.position * 1000 + each.count - 1
    looks: list[Callable[[], Read]] = [
        lambda: looking.bars(caller, scene, due),
        lambda: looking.students(caller, scene, due),
        lambda: looking.drafts(caller, scene, due),
        *((lambda student=student: looking.plan(caller, scene, student)[0]) for student in scene.assigned()),
    ]
    deadline = time.monotonic() + CATCHING_UP
    for look in looks:
        read = _until_held(look, deadline)
        if read is None:
            words = f"a view does not hold everything within {CATCHING_UP:.0f} s"
            scene.journal.add(Trouble(check="it catches up by itself", words=words, at=now()))
            return
        scene.read(read)


def _until_held(look: Callable[[], Read], deadline: float) -> Read | None:
    while time.monotonic() < deadline:
        try:
            read = look()
            if read.status < 502 and not read.behind:
                return read
        except (NotSent, Lost):
            pass
        time.sleep(0.1)
    return None
