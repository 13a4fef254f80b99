"""A whole district in a temporary folder, told by the roster's facts with meaningful defaults."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey

from waymark.events.catalogue import roster
from waymark.events.catalogue.types import Role
from waymark.events.envelope import Event, Meta
from waymark.events.worker import Worker
from waymark.service.directory import Counselors
from waymark.service.directory_folds import DIRECTORY
from waymark.service.embedded import Folder
from waymark.service.identity import Tokens
from waymark.service.ports import Ports
from waymark.service.settings import ServiceSettings
from waymark.service.testing.client import Client

S = TypeVar("S", bound=ServiceSettings)
ISSUER = "https://sign-in.waymark.example"
ENROLMENT = Literal["student", "teacher", "administrator", "proctor"]


def a_district(folder: Path, district: str = "d1", time_zone: str = "UTC") -> TestDistrict:
    """A district with nobody in it."""
    return TestDistrict(Folder(folder, b"\7" * 32, pragmas=("synchronous=OFF",)), district, time_zone)


class TestDistrict:
    """Facts are appended to the roster's store as they are told; what stands in the directory follows by itself.

    `now` is what the services' clocks say; it stands still until a test moves it. People are named by person ids.
    """

    __test__ = False

    def __init__(self, folder: Folder, district: str, time_zone: str) -> None:
        self.folder, self.id, self.keyring = folder, district, folder.keyring
        self.now = datetime.now(UTC)
        self._zone = ZoneInfo(time_zone)
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        self._roster = folder.store("roster")
        self._subjects: dict[str, str] = {}
        self._schools: set[str] = set()
        self._grades: dict[str, tuple[str, str]] = {}
        self._workers: list[Worker] = []
        self._count = 0
        self.record("district", roster.DistrictDescribed(name="Test District", time_zone=time_zone, locale="en"))

    # ---- services

    def ports(self, service: str, counselors: Counselors = "none") -> Ports:
        """What a service is handed. Its directory is kept up to date by the kit."""
        tokens = Tokens(lambda: {"keys": [self._key.as_dict(private=False)]}, ISSUER)
        ports = self.folder.ports(service, tokens, counselors=counselors, clock=lambda: self.now)
        self.run(Worker(self.folder.feeds["roster"](), DIRECTORY, ports.views))
        return ports

    def settings(self, kind: type[S] = ServiceSettings, **changed: Any) -> S:
        """Settings of a service (its own `kind`) that fit this district's sign-in."""
        values: dict[str, Any] = {"issuer": ISSUER, "jwks_url": f"{ISSUER}/jwks.json"} | changed
        return kind(**values)

    def run(self, *workers: Worker) -> None:
        """From now on, these workers fold what is written: `district.run(*create_workers(ports, district.folder.feeds))`."""
        self._workers += workers
        self.catch_up()

    def catch_up(self) -> None:
        """Fold everything, and what reactions to it wrote, until nothing moves."""
        while True:
            heads = [self.folder.store(service).head() for service in self.folder.feeds]
            for worker in self._workers:
                worker.catch_up()
            if heads == [self.folder.store(service).head() for service in self.folder.feeds]:
                return

    def client(self, app: Flask, person: str | None = None) -> Client:
        """A caller signed in as this person (None: not signed in)."""
        return Client(app, None if person is None else lambda: self.token(person), self.catch_up)

    def token(self, person: str, **claims: Any) -> str:
        """A token for a person, good for an hour; `claims` replace or (None) remove what it says."""
        now = int(time.time())
        said = {
            "iss": ISSUER,
            "aud": "waymark",
            "sub": self.subject(person),
            "district": self.id,
            "iat": now,
            "exp": now + 3600,
        }
        return jwt.encode(
            {"alg": "ES256", "kid": self._key.kid, "typ": "at+jwt"},
            {name: value for name, value in (said | claims).items() if value is not None},
            self._key,
        )

    def subject(self, person: str) -> str:
        """What a person's token says; somebody whom the roster does not know is their own subject."""
        return self._subjects.get(person, person)

    def neighbour(self, district: str = "d2", time_zone: str = "UTC") -> TestDistrict:
        """Another district in the same databases, with the same sign-in and the same services."""
        other = TestDistrict(self.folder, district, time_zone)
        other._key, other._workers, other.now = self._key, self._workers, self.now
        return other

    def close(self) -> None:
        self.folder.close()

    @property
    def today(self) -> date:
        return self.now.astimezone(self._zone).date()

    # ---- facts

    def record(self, stream: str, *events: Event, key: str | None = None) -> None:
        """Append facts to a stream of the roster (`person/<id>` ...) in one commit, and fold them."""
        whole = f"{self.id}/{stream}"
        known = max((commit.last_version for commit in self._roster.read(whole, 0)), default=0)
        self._roster.append(whole, key or whole, events, known, str(uuid.uuid4()), Meta())
        self.catch_up()

    def about(self, person: str, *events: Event) -> None:
        """Append facts to a person's stream."""
        self.record(f"person/{person}", *events, key=person)

    def school(self, school: str = "s1", name: str | None = None) -> str:
        """A school; made by itself where a fact names one."""
        if school not in self._schools:
            self._schools.add(school)
            self.record(
                f"org/{school}", roster.OrganisationRecorded(org=school, name=name or f"School {school}", kind="school", digest=school)
            )
        return school

    def person(
        self, *roles: tuple[Role, str], given: str = "", family: str = "", preferred: str = "", subject: str = "", enabled: bool = True
    ) -> str:
        """Somebody who holds these (role, organisation) pairs; the person id. `subject` is what their token says."""
        self._count += 1
        subject = subject or f"person-{self._count}"
        person = self.keyring.person_id(self.id, subject)
        self._subjects[person] = subject
        names = {
            "given": given or f"Given{self._count}",
            "family": family or f"Family{self._count}",
            "preferred": preferred,
            "source_id": subject,
        }
        sealed = {field: self.keyring.seal(person, field, text) for field, text in names.items() if text}
        login = self.keyring.login(self.id, subject)
        self.about(
            person,
            roster.PersonRecorded(
                person=person,
                given=sealed["given"],
                family=sealed["family"],
                preferred=sealed.get("preferred"),
                source_id=sealed["source_id"],
                login=login,
                enabled=enabled,
                digest=str(self._count),
            ),
            *(roster.RoleGranted(person=person, role=role, org=org) for role, org in roles),
        )
        return person

    def student(self, school: str = "s1", grade: str = "05", home_language: str = "en", **who: Any) -> str:
        """A student placed at a school."""
        person = self.person(("student", self.school(school)), **who)
        self.place(person, school, grade, home_language)
        return person

    def teacher(self, *sections: str, school: str = "s1", **who: Any) -> str:
        """A teacher of these classes."""
        person = self.person(("teacher", self.school(school)), **who)
        for section in sections:
            self.enrol(person, section, "teacher")
        return person

    def principal(self, school: str = "s1", **who: Any) -> str:
        return self.person(("principal", self.school(school)), **who)

    def counselor(self, school: str = "s1", **who: Any) -> str:
        return self.person(("counselor", self.school(school)), **who)

    def administrator(self, **who: Any) -> str:
        """A district administrator."""
        return self.person(("districtAdministrator", "district-office"), **who)

    def guardian(self, *children: str, **who: Any) -> str:
        """A guardian of these students."""
        person = self.person(("guardian", "district-office"), **who)
        for child in children:
            self.about(person, roster.GuardianLinked(person=person, student=child))
        return person

    def section(
        self,
        section: str = "",
        school: str = "s1",
        title: str = "",
        students: Sequence[str] = (),
        teachers: Sequence[str] = (),
        begin: date | None = None,
        end: date | None = None,
    ) -> str:
        """A class with these people in it; its id."""
        self._count += 1
        section = section or f"c{self._count}"
        title = title or f"Class {section}"
        recorded = roster.ClassRecorded(
            section=section, title=title, school=self.school(school), begin=begin, end=end, digest=str(self._count)
        )
        self.record(f"class/{section}", recorded)
        for each in students:
            self.enrol(each, section, "student", school=school)
        for each in teachers:
            self.enrol(each, section, "teacher", school=school)
        return section

    def enrol(
        self,
        person: str,
        section: str,
        role: ENROLMENT = "student",
        school: str = "s1",
        begin: date | None = None,
        end: date | None = None,
    ) -> None:
        started = roster.EnrolmentStarted(person=person, section=section, school=school, role=role, begin=begin, end=end)
        self.about(person, started)

    def leave(self, person: str, section: str, role: ENROLMENT = "student", school: str = "s1") -> None:
        self.about(person, roster.EnrolmentEnded(person=person, section=section, school=school, role=role))

    def place(self, student: str, school: str, grade: str = "05", home_language: str = "en", effective: date | None = None) -> None:
        """Say where a student goes to school, also when it was another school before."""
        previous = self._grades.get(student, (None, None))[0]
        self._grades[student] = (self.school(school), grade)
        self.about(
            student,
            roster.StudentPlaced(
                person=student,
                school=school,
                grade=grade,
                home_language=home_language,
                previous=previous if previous != school else None,
                effective=effective or self.today,
            ),
        )

    def withdraw(self, student: str) -> None:
        school, _ = self._grades.pop(student)
        self.about(student, roster.StudentWithdrawn(person=student, school=school, effective=self.today))

    def deactivate(self, person: str) -> None:
        self.about(person, roster.PersonDeactivated(person=person))

    def forget(self, person: str) -> None:
        """Delete the person's key and say so."""
        self.keyring.forget(person)
        self.about(person, roster.PersonForgotten(person=person))
