"""Users, roles, enrolments and demographics of a package, into the staging file; what refers to nobody is refused on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from msgspec import Struct

from waymark.events.catalogue.types import Role
from waymark.roster.domain.ids import plain_id
from waymark.roster.domain.person import Enrolment, EnrolmentRole, Person, RoleHeld
from waymark.roster.importing import said
from waymark.roster.importing.mentions import Mentions, TableRows, Values
from waymark.roster.importing.places import Places
from waymark.roster.importing.said import Coverage, HeldRow, Identity, User, encode
from waymark.roster.package.findings import Report
from waymark.roster.package.reader import Package
from waymark.roster.package.rows import Row
from waymark.roster.staging.rows import Staging

GUARDIANS = frozenset({"guardian", "parent", "relative"})
_FILES = ("users", "roles", "enrollments", "demographics")
_DISTRICTS = ("district", "local", "state", "national")  # kinds of organisation whose 1.1 administrator is the district's


class Names(Struct, frozen=True, kw_only=True):
    """What turns a roster's words into ids, and personal text into what may lie in the staging file.

    `login_field` is the column of users.csv that a sign-in token's `sub` equals.
    """

    person: Callable[[str], str]
    login: Callable[[str], str]
    seal: Callable[[Identity], bytes]
    login_field: str


class Loader:
    """Reads the files about people, in order. `known` gives everybody known so far; it is asked only where the package is not
    the whole truth."""

    def __init__(
        self,
        package: Package,
        staging: Staging,
        names: Names,
        places: Places,
        known: Callable[[], Iterable[tuple[str, Person]]],
        report: Report,
    ) -> None:
        self._tables = {each.name: TableRows(package, each, report) for each in package.manifest.tables}
        self._legacy = package.manifest.version == "1.1"
        self._staging, self._names, self._places, self._known = staging, names, places, known
        self._users = Mentions(package.manifest.modes["users"])
        self._others: set[str] = set()  # known people whom the package leaves as they are
        self._students: set[str] = set()
        self._guardians: set[str] = set()
        self._logins: set[str] = set()
        self._roles_kept: set[str] = set()  # people with a role in a refused row

    def load(self, step: Callable[[str], None]) -> Coverage:
        """Stage everything; `step` is told of each file before it is read. Raises PackageRefused."""
        for name, read, recall in (("users", self._read_users, self._recall_others), ("roles", self._read_roles, self._recall_roles)):
            if file := self._tables.get(name):
                step(name)
                read(file)
            recall()
        self._link()
        for name, read in (("enrollments", self._read_enrolments), ("demographics", self._read_languages)):
            if file := self._tables.get(name):
                step(name)
                read(file)
        return Coverage(
            users=self._users,
            roles="user" if self._legacy else self._coverage("roles"),
            enrolments=self._coverage("enrollments"),
            languages=self._coverage("demographics"),
        )

    @property
    def rows(self) -> dict[str, int]:
        """Rows read, by file."""
        return {name: file.count for name, file in self._tables.items() if name in _FILES}

    def _coverage(self, name: str) -> said.Extent:
        file = self._tables.get(name)
        return "whole" if file and file.mode == "bulk" and not file.blind else "part"

    # ---- users

    def _read_users(self, file: TableRows) -> None:
        columns = {each.name: place - 1 for place, each in enumerate(file.table.columns) if place > 1} | {"sourcedId": 0}
        for number, stands, values in file.rows(self._keep_user):
            person = self._names.person(values[0])
            if not stands:
                self._users.deleted.add(person)
                continue
            told = {name: values[place] for name, place in columns.items()}
            if not told["givenName"] and not told["familyName"]:
                file.tell(number, "familyName", "value-missing", "A person needs a given name or a family name.")
                self._users.kept.add(person)
                continue
            self._users.present.add(person)
            self._staging.add(person, said.USER, number, encode(self._user(file, number, told)))
            for agent in told["agentSourcedIds"]:
                self._staging.add(person, said.AGENT, number, self._names.person(agent).encode())
            if self._legacy:
                self._legacy_roles(file, number, person, told)
        self._users.blind = file.blind

    def _user(self, file: TableRows, number: int, told: dict[str, object]) -> User:
        identity = Identity(
            given=str(told["givenName"]),
            family=str(told.get("preferredFamilyName") or told["familyName"]),
            preferred=str(told.get("preferredGivenName") or ""),
            email=str(told["email"]),
            number=str(told["identifier"]),
            source=str(told["sourcedId"]),
        )
        org = plain_id(str(told["primaryOrgSourcedId"])) if told.get("primaryOrgSourcedId") else None
        if org is not None and org not in self._places.orgs:
            file.dangling(number, "primaryOrgSourcedId", "repaired")
            org = None
        subject = str(told.get(self._names.login_field) or "")
        login = self._names.login(subject) if subject else ""
        if login and self._names.login_field != "sourcedId":
            if login in self._logins:
                message = "Somebody before has the same; while it is so, neither of them can sign in."
                file.tell(number, self._names.login_field, "login-doubled", message, severity="note")
            self._logins.add(login)
        return User(self._names.seal(identity), login, told["enabledUser"] is True, str(told["grades"] or ""), org)

    def _keep_user(self, row: Row) -> bool:
        if not row.values or not row.values[0]:
            return False
        self._users.kept.add(self._names.person(row.values[0]))
        return True

    def _keeping(self, kind: int, column: int) -> Callable[[Row], bool]:
        """For rows that name their person in a column: nothing of this kind may end for who is named in a refused row."""

        def refused(row: Row) -> bool:
            if not row.values or not row.values[column]:
                return False
            self._keep(self._names.person(row.values[column]), kind, row.number)
            return True

        return refused

    def _keep(self, person: str, kind: int, number: int) -> None:
        self._staging.add(person, kind, number, b"")
        if kind == said.ROLES_KEPT:
            self._roles_kept.add(person)

    def _recall_others(self) -> None:
        """Know again those whom the package leaves as they are: roles and enrolments may refer to them."""
        if not self._users.tells_absence or self._users.kept:
            self._others = {person for person, each in self._known() if each.active and self._users.standing(person) == "unsaid"}

    def _recall_roles(self) -> None:
        """Know again the roles that the package leaves as they are: they tell who may be whose guardian."""
        partly = self._coverage("roles") == "part" if not self._legacy else bool(self._others)
        if not partly and not self._roles_kept:
            return
        for person, each in self._known():
            if person in self._roles_kept or (partly and self._stands(person) and not (self._legacy and person in self._users.present)):
                self._sort_out(person, (held.role for held in each.roles))

    def _sort_out(self, person: str, roles: Iterable[str]) -> None:
        for role in roles:
            if role == "student":
                self._students.add(person)
            elif role in GUARDIANS:
                self._guardians.add(person)

    def _stands(self, person: str) -> bool:
        return person in self._users.present or person in self._others

    # ---- roles

    def _legacy_roles(self, file: TableRows, number: int, person: str, told: dict[str, object]) -> None:
        word = str(told["role"])
        for org in cast(tuple[str, ...], told["orgSourcedIds"]):
            place = plain_id(org)
            if place not in self._places.orgs:
                file.dangling(number, "orgSourcedIds", "repaired")
                self._keep(person, said.ROLES_KEPT, number)
                continue
            role = word
            if word == "administrator":
                role = "districtAdministrator" if self._places.orgs[place] in _DISTRICTS else "siteAdministrator"
            self._hold(person, number, said.ROLE, HeldRow(RoleHeld(cast(Role, role), place), False))

    def _read_roles(self, file: TableRows) -> None:
        for number, stands, (_, user, kind, role, begin, end, org) in file.rows(self._keeping(said.ROLES_KEPT, 2)):
            person, place = self._names.person(user), plain_id(org)
            if not self._stands(person):
                file.dangling(number, "userSourcedId")
                continue
            if place not in self._places.orgs or self._reversed(file, number, begin, end):
                if place not in self._places.orgs:
                    file.dangling(number, "orgSourcedId")
                self._keep(person, said.ROLES_KEPT, number)
                continue
            row = HeldRow(RoleHeld(role, place, begin, end), kind == "primary")
            self._hold(person, number, said.ROLE if stands else said.ROLE_GONE, row)

    def _hold(self, person: str, number: int, kind: int, row: HeldRow) -> None:
        self._staging.add(person, kind, number, encode(row))
        if kind == said.ROLE:
            self._sort_out(person, (row.held.role,))

    def _reversed(self, file: TableRows, number: int, begin: object, end: object) -> bool:
        if begin is not None and end is not None and end < begin:  # type: ignore[operator]  both are dates
            file.tell(number, "endDate", "dates-reversed", "The end is before the begin.")
            return True
        return False

    # ---- guardians

    def _link(self) -> None:
        """A guardian's row names the student or the student's row names the guardian: either makes the link."""
        file = self._tables.get("users")
        if file is None:
            return
        for person, number, body in self._staging.gathered(said.AGENT):
            other = body.decode()
            if not self._stands(other):
                file.dangling(number, "agentSourcedIds", "repaired")
            elif person in self._students and other in self._guardians:
                self._staging.add(other, said.CHILD, number, person.encode())
            elif person in self._guardians and other in self._students:
                self._staging.add(person, said.CHILD, number, other.encode())
            else:
                message = "The two are not a student and a guardian, parent or relative: no link was made."
                file.tell(number, "agentSourcedIds", "agent-no-guardian", message, severity="note")

    # ---- enrolments and languages

    def _read_enrolments(self, file: TableRows) -> None:
        sections = self._places.sections
        for number, stands, values in file.rows(self._keeping(said.ENROLMENTS_KEPT, 3)):
            _, class_, user, role, primary, begin, end = cast(Values, values)
            person, section = self._names.person(user), plain_id(class_)
            if not self._stands(person):
                file.dangling(number, "userSourcedId")
                continue
            if section not in sections or self._reversed(file, number, begin, end):
                if section not in sections:
                    file.dangling(number, "classSourcedId")
                self._keep(person, said.ENROLMENTS_KEPT, number)
                continue
            row = Enrolment(section, cast(EnrolmentRole, role), sections[section], primary, begin, end)
            self._staging.add(person, said.ENROLMENT if stands else said.ENROLMENT_GONE, number, encode(row))

    def _read_languages(self, file: TableRows) -> None:
        for number, stands, (source, language) in file.rows(_unknown):
            person = self._names.person(source)
            if not self._stands(person):
                file.dangling(number, "sourcedId")
                continue
            self._staging.add(person, said.LANGUAGE, number, (language if stands else "").encode())


def _unknown(row: Row) -> bool:
    """A refused row of demographics leaves open whose language it was."""
    return False
