"""One import from beginning to end: read, compare, perhaps stop for approval, append, and say how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from waymark.events.catalogue.roster import StudentWithdrawn
from waymark.events.envelope import Event, Meta
from waymark.events.keys import PersonForgotten
from waymark.events.store import Conflict, Unavailable
from waymark.roster.domain import importing
from waymark.roster.domain.importing import Import
from waymark.roster.importing.identities import counting, sealing
from waymark.roster.importing.lock import only_import
from waymark.roster.importing.package_id import digest_of, import_id
from waymark.roster.importing.planning import Change, PeoplePlan, Standing, commits, joined, pages, place_changes
from waymark.roster.importing.reading import read_into
from waymark.roster.importing.surroundings import Surroundings
from waymark.roster.package.findings import Finding, PackageRefused
from waymark.roster.package.reader import read_package
from waymark.roster.staging.ledger import About, Ledger, Progress
from waymark.roster.staging.rows import Staging

TRIES = 3  # while somebody else writes to the same streams


class Asked(Struct, frozen=True, kw_only=True):
    """Who asks for what. `approved`: the share of leaving students was looked at and is right."""

    district: str
    by: str = ""
    dry_run: bool = False
    approved: bool = False


Watch = Callable[[Progress], None]


def unwatched(progress: Progress) -> None:
    """The ledger alone keeps how far it is."""


def run(around: Surroundings, package: IO[bytes], asked: Asked, watch: Watch = unwatched) -> tuple[str, Progress]:
    """Import a package (a seekable stream). Returns the import's id and how it ended: completed, held or refused.

    A dry run reads, compares and reports everything, and records nothing. Raises ImportRunning. Whatever else is raised stops
    it half-way, which the ledger says; running it again rolls it forward.
    """
    digest, size = digest_of(package)
    ident = import_id(asked.district, digest, dry_run=asked.dry_run)
    folder = around.folder / asked.district
    with only_import(folder, ident):
        for left in folder.glob("*.staging*"):  # by a killed process: nobody else is inside now
            left.unlink()
        at = around.clock().isoformat(timespec="seconds")
        about = About(id=ident, package=digest, size=size, by=asked.by, dry_run=asked.dry_run, at=at)
        ledger = Ledger(around.ledger(asked.district, ident), about)
        one = _Run(around, asked, about, ledger, watch)
        try:
            with Staging(folder / f"{ident}.staging") as staging:
                return ident, one.through(package, staging)
        except BaseException as problem:
            one.say("stopped", code=_why(problem))
            raise
        finally:
            ledger.close()


def _why(problem: BaseException) -> str:
    if isinstance(problem, Unavailable):
        return "store-unavailable"
    return "changed-meanwhile" if isinstance(problem, Conflict | PersonForgotten) else "failed"


class _Run:
    def __init__(self, around: Surroundings, asked: Asked, about: About, ledger: Ledger, watch: Watch) -> None:
        self._around, self._asked, self._about, self._ledger, self._watch = around, asked, about, ledger, watch
        self._meta = Meta(actor=asked.by)
        self._progress = Progress(status="reading")
        self._recorded: Counter[str] = Counter()

    def say(self, status: str, **more: object) -> Progress:
        """Tell readers and the watcher how far it is."""
        counts = self._ledger.counts
        self._progress = replace(
            self._progress, status=status, refused=counts["refused"], repaired=counts["repaired"], recorded=dict(self._recorded), **more
        )
        self._ledger.say(self._progress)
        self._watch(self._progress)
        return self._progress

    def through(self, package: IO[bytes], staging: Staging) -> Progress:
        self.say("reading")
        self._own(lambda known: importing.receive(known, self._about.package, self._about.size, self._asked.by, dry_run=False))
        self._around.catch_up()
        try:
            with read_package(package, self._ledger.report, self._around.limits) as opened:
                files = len(opened.manifest.tables)

                def step(name: str) -> None:
                    self.say("reading", done=self._progress.done + 1, total=files, unit="files")

                plan, rows = read_into(opened, staging, self._around, self._asked.district, self._ledger.report, step)
        except PackageRefused as refused:
            code = refused.code
            self._ledger.report(refused.finding)
            self._own(lambda known: importing.refuse(known, code))
            return self.say("refused", code=code)
        self._progress = replace(self._progress, rows=rows)
        staging.sort()
        for left in reversed(range(TRIES)):
            try:
                return self._compare_and_apply(plan, staging)
            except (Conflict, PersonForgotten):
                if not left:
                    raise
                self._around.catch_up()
        raise AssertionError("unreachable")

    def _compare_and_apply(self, plan: PeoplePlan, staging: Staging) -> Progress:
        places = self._place_changes(plan)
        expected = self._compare(plan, places, staging)
        state = None if self._asked.dry_run else self._around.state(self._asked.district, self._about.id)
        leaving, students = self._progress.leaving, self._progress.students
        held = importing.must_hold(state, leaving, students, self._around.share)
        if self._asked.dry_run:
            if held:
                message = f"{leaving:,} of {students:,} students would leave: the import would wait for approval."
                self._ledger.report(Finding(file="", code="would-be-held", severity="note", message=message))
            self._recorded = expected
            return self.say("completed", done=self._progress.total)
        if held:
            self._own(lambda known: importing.hold(known, leaving, students))
            if not self._asked.approved:
                return self.say("held")
            self._own(lambda known: importing.approve(known, self._asked.by))
        self._apply(plan, places, staging)
        counts = self._ledger.counts
        self._own(lambda known: importing.complete(known, self._progress.rows, self._recorded, counts["refused"], counts["repaired"]))
        return self.say("completed", done=self._progress.total)

    def _place_changes(self, plan: PeoplePlan) -> list[Change]:
        district = self._asked.district
        known = self._around.organisations(district), self._around.sections(district)
        return [each for each in place_changes(district, plan.places, *known) if each.events]

    def _compare(self, plan: PeoplePlan, places: list[Change], staging: Staging) -> Counter[str]:
        """Count what would be recorded and who would leave; mark the people whose streams must be written."""
        expected = Counter(event.type for each in places for event in each.events)
        record = counting(self._around.keyring)
        done, total, leaving, students = 0, staging.count(), 0, 0
        everybody = joined(self._around.people(self._asked.district), staging.people())
        for page in pages(everybody):
            changes = plan.changes(page, record, self._ledger.report)
            for standing, change in zip(page, changes, strict=True):
                expected.update(event.type for event in change.events)
                if standing.known and standing.known.studies:
                    students += 1
                    leaving += any(isinstance(event, StudentWithdrawn) for event in change.events)
            staging.change(standing.person for standing, change in zip(page, changes, strict=True) if change.events)
            done += sum(bool(standing.rows) for standing in page)
            self.say("checking", done=done, total=total, unit="people", leaving=leaving, students=students)
        return expected

    def _apply(self, plan: PeoplePlan, places: list[Change], staging: Staging) -> None:
        if self._around.describe(self._asked.district, self._meta):
            self._recorded["roster.district-described.v1"] += 1
        self._append(places)
        record = sealing(self._around.keyring)
        done, total = 0, staging.count_changed()
        for page in pages(self._changed(staging)):
            self._append(plan.changes(page, record, _unreported))
            done += len(page)
            self.say("applying", done=done, total=total, unit="people")

    def _changed(self, staging: Staging) -> Iterator[Standing]:
        for page in pages(staging.changed()):
            known = self._around.these_people(self._asked.district, [person for person, _ in page])
            yield from (Standing(person, known.get(person), rows) for person, rows in page)

    def _append(self, changes: list[Change]) -> None:
        made = [each for change in changes for each in commits(change, self._about.package, self._meta)]
        for page in pages(made):
            self._around.store.append_many(page)
            self._recorded.update(event.type for each in page for event in each.events)

    def _own(self, decision: Callable[[Import | None], list[Event]]) -> Import | None:
        """Record on the import's own stream; a dry run has none."""
        if self._asked.dry_run:
            return None
        return self._around.record(self._asked.district, self._about.id, self._meta, decision)


def _unreported(finding: Finding) -> None:
    """Said when the package was compared."""
