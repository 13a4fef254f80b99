"""The rows of every file of a package, one by one. Status and dateLastModified are blank: the package is a bulk one."""

from collections.abc import Callable, Iterator, Sequence

from waymark.tools.district.courses import CATALOGUE, GRADES
from waymark.tools.district.demographics import demographics
from waymark.tools.district.district import DISTRICT, District
from waymark.tools.district.people import User, people, student_id, teacher_id
from waymark.tools.district.schools import School
from waymark.tools.district.sessions import Session
from waymark.tools.district.tables import COLUMNS, KNOWN_FILES, Version
from waymark.tools.district.timetable import Section

Row = Sequence[str]

# OneRoster 1.1 has no principal, counselor or kinds of administrator: an administrator is one of the organisation named beside the role.
ROLES_1_1 = {
    "student": "student",
    "teacher": "teacher",
    "parent": "parent",
    "guardian": "guardian",
    "relative": "relative",
    "counselor": "aide",
    "principal": "administrator",
    "siteAdministrator": "administrator",
    "districtAdministrator": "administrator",
    "systemAdministrator": "administrator",
}


def manifest(version: Version) -> Iterator[Row]:
    """The manifest with its header: each file that the version knows, as bulk or absent."""
    yield "propertyName", "value"
    yield "manifest.version", "1.0"
    yield "oneroster.version", version
    for name in KNOWN_FILES[version]:
        yield f"file.{name}", "bulk" if name in COLUMNS[version] else "absent"
    yield "source.systemName", "Waymark district generator"
    yield "source.systemCode", "waymark-district"


def tables(version: Version) -> dict[str, Callable[[District], Iterator[Row]]]:
    """What writes each file, in the order of the package."""
    shared_first = {"orgs": _orgs, "academicSessions": _sessions, "courses": _courses, "classes": _classes}
    users = {"users": _users_1_1} if version == "1.1" else {"users": _users_1_2, "roles": _roles}
    return {**shared_first, **users, "enrollments": _enrollments, "demographics": demographics}


def _orgs(district: District) -> Iterator[Row]:
    yield DISTRICT, "", "", f"{district.name} Public Schools", "district", "100", ""
    for school in district.schools:
        yield school.sourced_id, "", "", school.name, "school", f"100{school.number + 1:03d}", DISTRICT


def _sessions(district: District) -> Iterator[Row]:
    for session in district.year.sessions:
        start, end = session.start.isoformat(), session.end.isoformat()
        yield session.sourced_id, "", "", session.title, session.type, start, end, session.parent, district.year.name


def _courses(district: District) -> Iterator[Row]:
    year = district.year.year.sourced_id
    for course in CATALOGUE:
        grades = ",".join(GRADES[grade] for grade in course.grades)
        yield course.sourced_id, "", "", year, course.title, course.code, grades, DISTRICT, course.subject, course.subject_code


def _classes(district: District) -> Iterator[Row]:
    for school, table in zip(district.schools, district.timetables, strict=True):
        for section in table.sections:
            course = section.course
            yield (
                section.sourced_id,
                "",
                "",
                f"{course.title} {section.label}",
                GRADES[section.grade],
                course.sourced_id,
                f"{course.code}-{section.label:02d}",
                "scheduled" if section.period else "homeroom",
                f"Room {101 + section.teacher - table.teachers.start}",
                school.sourced_id,
                ",".join(session.sourced_id for session in _terms(district, section)),
                course.subject,
                course.subject_code,
                section.period,
            )


def _terms(district: District, section: Section) -> tuple[Session, ...]:
    semesters = district.year.semesters
    return semesters if section.semester is None else (semesters[section.semester],)


def _users_1_2(district: District) -> Iterator[Row]:
    for user in people(district):
        person = user.person
        yield (
            *(user.sourced_id, "", "", "true", user.username, user.user_ids, person.given.native, person.family.native, _middle(user)),
            *(user.identifier, user.email, user.phone, user.phone, ",".join(user.agents), user.grade, "", ""),
            *(user.preferred[0], "", user.preferred[1], user.roles[0].org, user.pronouns),
        )


def _users_1_1(district: District) -> Iterator[Row]:
    for user in people(district):
        person = user.person
        yield (
            *(user.sourced_id, "", "", "true", ",".join(role.org for role in user.roles), ROLES_1_1[user.roles[0].role]),
            *(user.username, user.user_ids, person.given.native, person.family.native, _middle(user)),
            *(user.identifier, user.email, user.phone, user.phone, ",".join(user.agents), user.grade, ""),
        )


def _middle(user: User) -> str:
    return user.person.middle.native if user.person.middle else ""


def _roles(district: District) -> Iterator[Row]:
    for user in people(district):
        for place, (role, org, begin) in enumerate(user.roles):
            suffix = f"-{place + 1}" if place else ""
            yield f"rol-{user.sourced_id}{suffix}", "", "", user.sourced_id, "primary", role, begin, "", org, ""


def _enrollments(district: District) -> Iterator[Row]:
    for school, section, students in district.classes():
        yield _enrollment(district, school, section, teacher_id(section.teacher), "teacher", "true")
        if section.co_teacher is not None:
            yield _enrollment(district, school, section, teacher_id(section.co_teacher), "teacher", "false")
        for student in students:
            yield _enrollment(district, school, section, student_id(student), "student", "false")
    for seat in district.seats:
        yield _enrollment(district, district.schools[seat.school], seat.section, student_id(seat.student), "student", "false")


def _enrollment(district: District, school: School, section: Section, user: str, role: str, primary: str) -> Row:
    begin = end = ""
    if section.semester is not None:
        semester = district.year.semesters[section.semester]
        begin, end = semester.start.isoformat(), semester.end.isoformat()
    number = section.sourced_id.removeprefix("cls-")
    return f"enr-{number}-{user}", "", "", section.sourced_id, school.sourced_id, user, role, primary, begin, end
