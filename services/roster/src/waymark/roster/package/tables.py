"""The files of a package and what is read of each: OneRoster 1.2, and 1.1 where it differs."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from waymark.roster.package.columns import Column, Read, day, grade, language, one_of, reference, references, text, truth

Version = Literal["1.1", "1.2"]
VERSIONS: Final[tuple[Version, ...]] = ("1.1", "1.2")

ORG_KINDS = ("department", "school", "district", "local", "state", "national")
ROLES = (
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
)
ROLES_1_1 = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
ENROLMENT_ROLES = ("administrator", "proctor", "student", "teacher")


class Table(Struct, frozen=True, kw_only=True):
    """A file that is read. `others` are its columns that are known and left alone (`password` among them).

    What the cells of a `personal` file hold is never quoted: a shifted row has a name where a role should be.
    """

    name: str
    columns: tuple[Column, ...]
    others: tuple[str, ...] = ()
    personal: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def _column(name: str, read: Read = text, blank: object = "") -> Column:
    return Column(name=name, read=read, blank=blank)


def _needed(name: str, read: Read = text) -> Column:
    return Column(name=name, read=read, needed=True)


def _lenient(name: str, read: Read, blank: object = "") -> Column:
    return Column(name=name, read=read, blank=blank, lenient=True)


_KEY = _needed("sourcedId", reference)
_STATUS = _column("status", one_of("active", "tobedeleted", also={"inactive": "tobedeleted", "to be deleted": "tobedeleted"}))


def _table(name: str, *columns: Column, others: str = "", personal: bool = False) -> Table:
    return Table(name=name, columns=(_KEY, _STATUS, *columns), others=("dateLastModified", *others.split()), personal=personal)


_ORGS = _table("orgs", _needed("name"), _needed("type", one_of(*ORG_KINDS)), _column("parentSourcedId", reference), others="identifier")
_SESSIONS = _table("academicSessions", _needed("startDate", day), _needed("endDate", day), others="title type parentSourcedId schoolYear")
_COURSES = _table("courses", _column("title"), others="schoolYearSourcedId courseCode grades orgSourcedId subjects subjectCodes")
_CLASSES = _table(
    "classes",
    _needed("title"),
    _column("grades", references, ()),
    _column("courseSourcedId", reference),
    _column("classCode"),
    _lenient("classType", one_of("homeroom", "scheduled"), "scheduled"),
    _needed("schoolSourcedId", reference),
    _column("termSourcedIds", references, ()),
    others="location subjects subjectCodes periods",
)
_PERSON = (
    _column("enabledUser", truth, True),
    _column("username"),
    _column("givenName"),
    _column("familyName"),
    _column("identifier"),
    _column("email"),
    _column("agentSourcedIds", references, ()),
    _lenient("grades", grade),
)
_USERS = _table(
    "users",
    *_PERSON,
    _column("userMasterIdentifier"),
    _column("preferredGivenName"),
    _column("preferredFamilyName"),
    _column("primaryOrgSourcedId", reference),
    others="userIds middleName sms phone password preferredMiddleName pronouns",
    personal=True,
)
_USERS_1_1 = _table(
    "users",
    *_PERSON,
    Column(name="orgSourcedIds", read=references, blank=(), needed=True),
    _needed("role", one_of(*ROLES_1_1)),
    others="userIds middleName sms phone password",
    personal=True,
)
_ROLES = _table(
    "roles",
    _needed("userSourcedId", reference),
    _lenient("roleType", one_of("primary", "secondary"), "secondary"),
    _needed("role", one_of(*ROLES)),
    _column("beginDate", day, None),
    _column("endDate", day, None),
    _needed("orgSourcedId", reference),
    others="userProfileSourcedId",
    personal=True,
)
_ENROLMENTS = _table(
    "enrollments",
    _needed("classSourcedId", reference),
    _needed("userSourcedId", reference),
    _needed("role", one_of(*ENROLMENT_ROLES)),
    _lenient("primary", truth, False),
    _column("beginDate", day, None),
    _column("endDate", day, None),
    others="schoolSourcedId",
    personal=True,
)
_DEMOGRAPHICS = _table(
    "demographics",
    _lenient("metadata.homeLanguage", language),
    others="birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander white "
    "demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation cityOfBirth "
    "publicSchoolResidenceStatus",
    personal=True,
)

TABLES: Final[dict[Version, tuple[Table, ...]]] = {
    "1.2": (_ORGS, _SESSIONS, _COURSES, _CLASSES, _USERS, _ROLES, _ENROLMENTS, _DEMOGRAPHICS),
    "1.1": (_ORGS, _SESSIONS, _COURSES, _CLASSES, _USERS_1_1, _ENROLMENTS, _DEMOGRAPHICS),
}
"""In the order in which they are read: what is referred to comes first."""

NOT_READ: Final = (
    "categories",
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
)
"""Files that OneRoster knows and the roster has no use for."""
