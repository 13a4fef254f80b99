"""Everyone in the district with their accounts and roles, one by one."""

from collections.abc import Iterator
from typing import NamedTuple

from waymark.tools.district.courses import GRADES
from waymark.tools.district.district import DISTRICT, District
from waymark.tools.district.draws import Draws
from waymark.tools.district.households import Person, household, staff_member
from waymark.tools.district.languages import LanguageMix
from waymark.tools.district.schools import School

STUDENTS_A_SITE_ADMINISTRATOR = 600
STUDENTS_A_COUNSELOR = 350
SCHOOLS_A_DISTRICT_ADMINISTRATOR = 20


class Role(NamedTuple):
    """A role of OneRoster 1.2 in one organisation; `begin` is an ISO date or blank."""

    role: str
    org: str
    begin: str = ""


class User(NamedTuple):
    """One account. `agents` are the guardians of a student and the children of a guardian; the first role's organisation is the primary."""

    sourced_id: str
    username: str
    email: str
    person: Person
    roles: tuple[Role, ...]
    identifier: str = ""
    user_ids: str = ""
    phone: str = ""
    agents: tuple[str, ...] = ()
    grade: str = ""
    preferred: tuple[str, str] = ("", "")
    pronouns: str = ""


def student_id(number: int) -> str:
    return f"stu-{number + 1:06d}"


def guardian_id(number: int) -> str:
    return f"gdn-{number + 1:06d}"


def teacher_id(number: int) -> str:
    return f"tch-{number + 1:06d}"


def people(district: District) -> Iterator[User]:
    """All users: the district's staff, each school's staff, then family by family the guardians and their children."""
    yield from _staff(district)
    domain = mail_domain(district)
    for family in range(len(district.families)):
        yield from _family(district, family, domain)


def mail_domain(district: District) -> str:
    """The district's domain, of the names reserved for examples."""
    return f"{district.name.lower().replace(' ', '')}.example"


def guardians_schools(district: District, family: int) -> list[School]:
    """The schools of a family's children, each once. A student's later move leaves them as they were."""
    numbers = dict.fromkeys(district.school_of[child] for child in district.families.children(family))
    return [district.schools[number] for number in numbers]


def _staff(district: District) -> Iterator[User]:
    accounts = _StaffAccounts(district)
    begin = district.year.year.start.isoformat()
    everywhere = (DISTRICT,)
    for number in range(2 + len(district.schools) // SCHOOLS_A_DISTRICT_ADMINISTRATOR):
        yield accounts.user("dadm", number, "districtAdministrator", everywhere, begin)
    yield accounts.user("sys", 0, "systemAdministrator", everywhere, begin)
    administrators = counselors = 0
    for school, table in zip(district.schools, district.timetables, strict=True):
        here = (school.sourced_id,)
        yield accounts.user("pri", school.number, "principal", here, begin)
        for _ in range(max(1, school.size // STUDENTS_A_SITE_ADMINISTRATOR)):
            yield accounts.user("sadm", administrators, "siteAdministrator", here, begin)
            administrators += 1
        for _ in range(max(1, school.size // STUDENTS_A_COUNSELOR)):
            yield accounts.user("cns", counselors, "counselor", here, begin)
            counselors += 1
        following = district.timetables[school.number + 1 : school.number + 2]
        for number in table.teachers:
            shared = any(number == other.visiting for other in following)
            orgs = (*here, district.schools[school.number + 1].sourced_id) if shared else here
            yield accounts.user("tch", number, "teacher", orgs, begin)


class _StaffAccounts:
    """Staff with their user names: the first Ada Lovelace is ada.lovelace, the next one ada.lovelace2."""

    def __init__(self, district: District) -> None:
        self._seed = district.plan.seed
        self._mix = LanguageMix(district.plan.language_count)
        self._domain = mail_domain(district)
        self._names: dict[str, int] = {}

    def user(self, prefix: str, number: int, role: str, orgs: tuple[str, ...], begin: str) -> User:
        person = staff_member(self._seed, self._mix, prefix, number)
        name = f"{person.given.slug}.{person.family.slug}"
        self._names[name] = times = self._names.get(name, 0) + 1
        username = name if times == 1 else f"{name}{times}"
        return User(
            sourced_id=f"{prefix}-{number + 1:06d}",
            username=username,
            email=f"{username}@{self._domain}",
            person=person,
            roles=tuple(Role(role, org, begin) for org in orgs),
            identifier=f"{prefix.upper()}{number + 1:06d}",
            pronouns=("she/her" if person.sex == "female" else "he/him") if number % 10 == 0 else "",
        )


def _family(district: District, family: int, domain: str) -> Iterator[User]:
    people = household(district.plan.seed, district.families, family)
    draws = Draws(district.plan.seed, "accounts", family)
    guardians = district.families.guardians_of(family)
    students = district.families.children(family)
    children = tuple(student_id(student) for student in students)
    schools = tuple(school.sourced_id for school in guardians_schools(district, family))
    for number, (person, role) in zip(guardians, people.guardians, strict=True):
        address = f"{person.given.slug}.{person.family.slug}.{number + 1:06d}@family.example"
        yield User(
            sourced_id=guardian_id(number),
            username=address,
            email=address,
            person=person,
            roles=tuple(Role(role, school) for school in schools),
            phone=f"+1 502 555 {100 + draws.below(100):04d}",
            agents=children,
        )
    agents = tuple(guardian_id(number) for number in guardians)
    latin_at_school = draws.chance(400)
    for student, person in zip(students, people.children, strict=True):
        username = f"{person.given.slug[0]}{person.family.slug}{student + 1:06d}"
        yield User(
            sourced_id=student_id(student),
            username=username,
            email=f"{username}@students.{domain}",
            person=person,
            roles=(Role("student", district.school(student).sourced_id),),
            identifier=f"{1_000_001 + student}",
            user_ids=f"{{StateId:{7_010_000_001 + student}}}",
            agents=agents,
            grade=GRADES[district.grade_of[student]],
            preferred=(person.given.latin, person.family.latin) if latin_at_school and not person.given.in_latin_script else ("", ""),
        )
