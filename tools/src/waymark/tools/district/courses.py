"""The district's course catalogue."""

from dataclasses import dataclass

GRADES = ("KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
FIRST_SCHEDULED = GRADES.index("06")
FIRST_HIGH = GRADES.index("09")


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `grades` are indexes in GRADES; `subject_code` is the subject area of the School Courses for the Exchange of Data (SCED)."""

    code: str
    title: str
    subject: str
    subject_code: str
    grades: tuple[int, ...]
    half_year: bool = False

    @property
    def sourced_id(self) -> str:
        return f"crs-{self.code.lower()}"


HOMEROOM_TITLES = ("Kindergarten", *(f"Grade {grade}" for grade in range(1, FIRST_SCHEDULED)))
HOMEROOMS = tuple(
    Course(f"HR{GRADES[grade]}", f"{title} Homeroom", "Elementary", "23", (grade,)) for grade, title in enumerate(HOMEROOM_TITLES)
)

# Subject, code, SCED area, title in middle school ({} is the grade), titles in grades 9 to 12.
_CORE = (
    ("English Language Arts", "ELA", "01", "English Language Arts {}", ("English I", "English II", "English III", "English IV")),
    ("Mathematics", "MAT", "02", "Mathematics {}", ("Algebra I", "Geometry", "Algebra II", "Pre-Calculus")),
    ("Science", "SCI", "03", "Science {}", ("Integrated Science", "Biology", "Chemistry", "Physics")),
    ("Social Studies", "SOC", "04", "Social Studies {}", ("World Geography", "World Civilizations", "United States History", "Civics")),
    ("World Languages", "WLD", "06", "World Languages {}", ("Spanish I", "Spanish II", "Spanish III", "Spanish IV")),
)

CORE_SUBJECTS = tuple(subject for subject, *_ in _CORE)
CO_TAUGHT_SUBJECTS = ("English Language Arts", "Mathematics")


def _core(grade: int) -> tuple[Course, ...]:
    courses: list[Course] = []
    for subject, code, area, middle, high in _CORE:
        title = high[grade - FIRST_HIGH] if grade >= FIRST_HIGH else middle.format(grade)
        courses.append(Course(f"{code}{GRADES[grade]}", title, subject, area, (grade,)))
    return tuple(courses)


CORE = {grade: _core(grade) for grade in range(FIRST_SCHEDULED, len(GRADES))}

_MIDDLE = tuple(range(FIRST_SCHEDULED, FIRST_HIGH))
_HIGH = tuple(range(FIRST_HIGH, len(GRADES)))
MIDDLE_ELECTIVES = (
    Course("PE-M", "Physical Education", "Physical Education", "08", _MIDDLE),
    Course("ART-M", "Visual Art", "Fine Arts", "05", _MIDDLE),
    Course("MUS-M", "Band and Choir", "Fine Arts", "05", _MIDDLE),
    Course("TEC-M", "Computer Applications", "Computer Science", "10", _MIDDLE, half_year=True),
    Course("HLT-M", "Health", "Health", "08", _MIDDLE, half_year=True),
)
HIGH_ELECTIVES = (
    Course("PE-H", "Physical Education and Wellness", "Physical Education", "08", _HIGH),
    Course("ART-H", "Studio Art", "Fine Arts", "05", _HIGH),
    Course("CSP-H", "Computer Science Principles", "Computer Science", "10", _HIGH),
    Course("BAND-H", "Symphonic Band", "Fine Arts", "05", _HIGH),
    Course("PFL-H", "Personal Finance", "Business", "12", _HIGH, half_year=True),
    Course("DRA-H", "Drama", "Fine Arts", "05", _HIGH),
    Course("PSY-H", "Psychology", "Social Studies", "04", _HIGH, half_year=True),
    Course("CUL-H", "Culinary Arts", "Hospitality", "16", _HIGH),
)

CATALOGUE = (*HOMEROOMS, *(course for courses in CORE.values() for course in courses), *MIDDLE_ELECTIVES, *HIGH_ELECTIVES)


def electives(grade: int) -> tuple[Course, ...]:
    """The electives open to a grade of middle or high school."""
    return HIGH_ELECTIVES if grade >= FIRST_HIGH else MIDDLE_ELECTIVES
