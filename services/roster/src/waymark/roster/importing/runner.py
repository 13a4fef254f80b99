"""Imports in the background of an API: one thread that runs what was received, in order, and what a killed process left."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping

from waymark.events.envelope import Meta
from waymark.roster.domain import importing
from waymark.roster.importing.lock import ImportRunning, is_running
from waymark.roster.importing.run import Asked, run
from waymark.roster.importing.spool import Spool
from waymark.roster.importing.status import Shown, shown
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.package.findings import Finding
from waymark.roster.staging.ledger import About, Ledger, Progress, all_findings, read_findings, read_ledger

AGAIN = 2.0  # seconds until another look whether an import of another process has ended
log = logging.getLogger(__name__)


class Runner:
    """For all threads of a process. The thread is started by the first import."""

    def __init__(self, around: Surroundings, spool: Spool) -> None:
        self._around, self.spool = around, spool
        self._queue: queue.SimpleQueue[tuple[str, Asked]] = queue.SimpleQueue()
        self._waiting: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked = False

    # ---- what is asked of imports

    def receive(self, blocks: Iterable[bytes], asked: Asked) -> str:
        """Keep a package, record that it arrived, and run it soon; the import's id."""
        spooled = self.spool.receive(blocks, asked.district, dry_run=asked.dry_run)
        if not asked.dry_run:
            self._around.record(
                asked.district,
                spooled.id,
                Meta(actor=asked.by),
                lambda known: importing.receive(known, spooled.digest, spooled.size, asked.by, dry_run=False),
            )
        if not self._is_active(asked.district, spooled.id):
            at = self._around.clock().isoformat(timespec="seconds")
            about = About(id=spooled.id, package=spooled.digest, size=spooled.size, by=asked.by, dry_run=asked.dry_run, at=at)
            ledger = Ledger(self._around.ledger(asked.district, spooled.id), about)
            ledger.say(Progress(status="received"))
            ledger.close()
        self._submit(spooled.id, asked)
        return spooled.id

    def go_on(self, ident: str, asked: Asked) -> None:
        """Run a package that was approved. Where it does not lie here any more, sending it again runs it."""
        if self.spool.holds(asked.district, ident):
            self._submit(ident, asked)

    def resume(self) -> None:
        """Go on with packages that an earlier process left: once a process, when somebody first looks at imports."""
        with self._lock:
            looked, self._looked = self._looked, True
        for district, ident in [] if looked else self.spool.waiting():
            found = read_ledger(self._around.ledger(district, ident))
            state = self._around.state(district, ident)
            if found is not None and found[0].dry_run:
                self._submit(ident, Asked(district=district, by=found[0].by, dry_run=True))
            elif state is not None and state.status != "held":
                self._submit(ident, Asked(district=district, by=state.by))

    def shown(self, district: str, ident: str) -> Shown | None:
        """How an import stands; None for an unknown one."""
        active = self._is_active(district, ident)
        ledger = read_ledger(self._around.ledger(district, ident))
        # Asked before and after: a run that ends in between has ended, and one that begins has not stopped.
        return shown(self._around.listed(district, ident), ledger, active or self._is_active(district, ident))

    def imports(self, district: str) -> list[tuple[str, str]]:
        """Ids of imports and when they began, newest first; dry runs too, as long as their ledgers are kept."""
        found = {each.id: each.at.isoformat() for each in self._around.all_imports(district)}
        for path in (self._around.folder / district).glob("*.ledger"):
            if path.stem not in found and (ledger := read_ledger(path)) is not None:
                found[path.stem] = ledger[0].at
        return sorted(found.items(), key=lambda each: (each[1], each[0]), reverse=True)

    def findings(self, district: str, ident: str, equals: Mapping[str, str], after: int, limit: int) -> list[tuple[int, Finding]]:
        """Numbered findings of an import beyond number `after`; `equals` may name file and severity."""
        return read_findings(self._around.ledger(district, ident), equals, after, limit)

    def all_findings(self, district: str, ident: str) -> Iterator[Finding]:
        return all_findings(self._around.ledger(district, ident))

    def settle(self, timeout: float) -> bool:
        """Wait until nothing waits or runs here any more; False after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while self._waiting and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self._waiting

    # ---- the thread

    def _is_active(self, district: str, ident: str) -> bool:
        return (district, ident) in self._waiting or is_running(self._around.folder / district, ident)

    def _submit(self, ident: str, asked: Asked) -> None:
        """Run the spooled package soon; once, however often it is asked for while it waits."""
        with self._lock:
            if (asked.district, ident) in self._waiting:
                return
            self._waiting.add((asked.district, ident))
            self._queue.put((ident, asked))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="imports", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            ident, asked = self._queue.get()
            try:
                again = self._run(ident, asked)
            except Exception:
                log.exception("import stopped", extra={"import_id": ident})
                again = False
            if again:
                time.sleep(AGAIN)
                self._queue.put((ident, asked))
            else:
                self._waiting.discard((asked.district, ident))

    def _run(self, ident: str, asked: Asked) -> bool:
        """Whether it must be tried again: another import of the district is running."""
        try:
            with self.spool.open(asked.district, ident) as package:
                _, progress = run(self._around, package, asked)
        except FileNotFoundError:
            return False  # approved or asked for twice: the first run took it
        except ImportRunning:
            return True
        if progress.status != "held":
            self.spool.remove(asked.district, ident)
        return False
