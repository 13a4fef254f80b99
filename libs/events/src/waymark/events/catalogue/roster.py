"""What the roster publishes: people, organisations, classes, and who belongs where.

Stream `<district>/person/<id>` (key: the person), `<district>/org/<id>`, `<district>/class/<id>`,
`<district>/import/<id>` (key: the stream). Person ids are HMACs: a sourcedId never travels in clear.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from waymark.events.catalogue.types import Role, Sealed
from waymark.events.envelope import Event


class DistrictDescribed(Event, frozen=True, kw_only=True):
    """The district's name, IANA time zone and BCP 47 locale. "Today" everywhere is the district's date."""

    type: ClassVar[str] = "roster.district-described.v1"
    name: str
    time_zone: str
    locale: str


class OrganisationRecorded(Event, frozen=True, kw_only=True):
    """An organisation is new or differs from what was known."""

    type: ClassVar[str] = "roster.organisation-recorded.v1"
    org: str
    name: str
    kind: Literal["department", "school", "district", "local", "state", "national"]
    parent: str | None = None
    digest: str


class OrganisationRetired(Event, frozen=True, kw_only=True):
    """An organisation is no longer in the roster."""

    type: ClassVar[str] = "roster.organisation-retired.v1"
    org: str


class ClassRecorded(Event, frozen=True, kw_only=True):
    """A class is new or differs. `begin` and `end` (inclusive) span its terms; null where the roster does not say."""

    type: ClassVar[str] = "roster.class-recorded.v1"
    section: str
    title: str
    code: str = ""
    course: str = ""
    kind: Literal["homeroom", "scheduled"] = "scheduled"
    school: str
    grades: tuple[str, ...] = ()
    begin: date | None = None
    end: date | None = None
    digest: str


class ClassRetired(Event, frozen=True, kw_only=True):
    """A class is no longer in the roster."""

    type: ClassVar[str] = "roster.class-retired.v1"
    section: str


class PersonRecorded(Event, frozen=True, kw_only=True):
    """A person is new, came back, or differs. Names are sealed; `login` is an HMAC of the field people sign in with.

    `digest` is an HMAC under the person's own key of what the roster said, so that a re-import can tell without reading it.
    """

    type: ClassVar[str] = "roster.person-recorded.v1"
    person: str
    given: Sealed
    family: Sealed
    preferred: Sealed | None = None
    email: Sealed | None = None
    number: Sealed | None = None
    source_id: Sealed
    login: str
    enabled: bool = True
    digest: str


class PersonDeactivated(Event, frozen=True, kw_only=True):
    """A person is no longer in the roster. Their facts stay; they may no longer sign in."""

    type: ClassVar[str] = "roster.person-deactivated.v1"
    person: str


class RoleGranted(Event, frozen=True, kw_only=True):
    """A person holds a role at an organisation, from `begin` to `end` (inclusive; null: open)."""

    type: ClassVar[str] = "roster.role-granted.v1"
    person: str
    role: Role
    org: str
    begin: date | None = None
    end: date | None = None


class RoleRevoked(Event, frozen=True, kw_only=True):
    """A person no longer holds a role at an organisation."""

    type: ClassVar[str] = "roster.role-revoked.v1"
    person: str
    role: Role
    org: str


class StudentPlaced(Event, frozen=True, kw_only=True):
    """A student goes to this school in this grade from `effective` on; `previous` is the school before, null if none.

    Said anew when school, grade or home language (BCP 47, "" unknown) differs from what was said before.
    """

    type: ClassVar[str] = "roster.student-placed.v1"
    person: str
    school: str
    grade: str
    home_language: str = ""
    previous: str | None = None
    effective: date


class StudentWithdrawn(Event, frozen=True, kw_only=True):
    """A student goes to no school of the district any more."""

    type: ClassVar[str] = "roster.student-withdrawn.v1"
    person: str
    school: str
    effective: date


class EnrolmentStarted(Event, frozen=True, kw_only=True):
    """A person is in a class, as student or teacher, from `begin` to `end` (inclusive; null: open).

    `school` is the class's, so that readers need not look it up.
    """

    type: ClassVar[str] = "roster.enrolment-started.v1"
    person: str
    section: str
    school: str
    role: Literal["student", "teacher", "administrator", "proctor"]
    primary: bool = False
    begin: date | None = None
    end: date | None = None


class EnrolmentEnded(Event, frozen=True, kw_only=True):
    """A person is no longer in a class in that role."""

    type: ClassVar[str] = "roster.enrolment-ended.v1"
    person: str
    section: str
    school: str
    role: Literal["student", "teacher", "administrator", "proctor"]


class GuardianLinked(Event, frozen=True, kw_only=True):
    """`person` is a guardian of `student`. On the guardian's stream."""

    type: ClassVar[str] = "roster.guardian-linked.v1"
    person: str
    student: str


class GuardianUnlinked(Event, frozen=True, kw_only=True):
    """`person` is no longer a guardian of `student`. On the guardian's stream."""

    type: ClassVar[str] = "roster.guardian-unlinked.v1"
    person: str
    student: str


class PersonForgotten(Event, frozen=True, kw_only=True):
    """A person's key was deleted: everything sealed under it is unreadable from now on. `by` is who ordered it."""

    type: ClassVar[str] = "roster.person-forgotten.v1"
    person: str
    by: str = ""


class ImportReceived(Event, frozen=True, kw_only=True):
    """A package arrived: its digest (SHA-256, hex), size in bytes, and who brought it ("" for the command line)."""

    type: ClassVar[str] = "roster.import-received.v1"
    package: str
    size: int
    by: str = ""
    dry_run: bool = False


class ImportHeld(Event, frozen=True, kw_only=True):
    """The package would deactivate `leaving` of `students` students, more than the district allows without approval."""

    type: ClassVar[str] = "roster.import-held.v1"
    leaving: int
    students: int


class ImportApproved(Event, frozen=True, kw_only=True):
    """An administrator read the warning and let a held import go on."""

    type: ClassVar[str] = "roster.import-approved.v1"
    by: str


class ImportCompleted(Event, frozen=True, kw_only=True):
    """The package is in. `recorded` counts the events it gave, by type; rows are counted by file."""

    type: ClassVar[str] = "roster.import-completed.v1"
    rows: dict[str, int]
    recorded: dict[str, int]
    refused: int
    repaired: int


class ImportRefused(Event, frozen=True, kw_only=True):
    """Nothing of the package was taken; `code` says why."""

    type: ClassVar[str] = "roster.import-refused.v1"
    code: str


EVENTS: tuple[type[Event], ...] = (
    DistrictDescribed,
    OrganisationRecorded,
    OrganisationRetired,
    ClassRecorded,
    ClassRetired,
    PersonRecorded,
    PersonDeactivated,
    RoleGranted,
    RoleRevoked,
    StudentPlaced,
    StudentWithdrawn,
    EnrolmentStarted,
    EnrolmentEnded,
    GuardianLinked,
    GuardianUnlinked,
    PersonForgotten,
    ImportReceived,
    ImportHeld,
    ImportApproved,
    ImportCompleted,
    ImportRefused,
)
