"""Writing a district as a OneRoster CSV package."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from waymark.tools.district.district import District, build
from waymark.tools.district.people import guardian_id, student_id, teacher_id
from waymark.tools.district.plan import DistrictPlan
from waymark.tools.district.rows import Row, manifest, tables
from waymark.tools.district.tables import COLUMNS, Version
from waymark.tools.district.variants import Variant, changed

__all__ = ["Summary", "Variant", "Version", "generate"]

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a package holds: rows by file name, home languages, some sourcedIds worth trying by what they show, and the variant's change."""

    counts: Mapping[str, int]
    languages: int
    samples: Mapping[str, tuple[str, ...]]
    change: str | None


def generate(target: str | Path | IO[bytes], plan: DistrictPlan, *, variant: Variant | None = None, oneroster: Version = "1.2") -> Summary:
    """Write the package of a plan's district to a file or a binary stream, row by row.

    Equal arguments give equal bytes wherever zlib compresses equally, and equal files in the package everywhere. A file is complete or not
    there at all. Raises PlanRefused where the district has no room for the variant.
    """
    district, change = build(plan), None
    if variant is not None:
        district, change = changed(district, variant)
    if isinstance(target, str | Path):
        counts = _write_file(Path(target), district, oneroster)
    else:
        counts = _write(target, district, oneroster)
    return Summary(counts, len(set(district.families.languages)), _samples(district), change)


def _write_file(path: Path, district: District, version: Version) -> dict[str, int]:
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            counts = _write(stream, district, version)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counts


def _write(stream: IO[bytes], district: District, version: Version) -> dict[str, int]:
    counts: dict[str, int] = {}
    with ZipFile(stream, "w") as package:
        _write_rows(package, "manifest.csv", manifest(version))
        for name, rows in tables(version).items():
            counts[f"{name}.csv"] = _write_rows(package, f"{name}.csv", chain([COLUMNS[version][name]], rows(district))) - 1
    return counts


def _write_rows(package: ZipFile, name: str, rows: Iterable[Row]) -> int:
    """Write one file of the package; the number of its rows, header included."""
    entry = ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # the same on every platform
    entry.external_attr = 0o644 << 16
    written = 0
    with package.open(entry, "w") as raw, TextIOWrapper(raw, "utf-8", newline="") as text:
        write = csv.writer(text).writerow
        for row in rows:
            write(row)
            written += 1
    return written


def _samples(district: District) -> dict[str, tuple[str, ...]]:
    families = district.families
    found: dict[str, tuple[str, ...]] = {
        "districtAdministrator": ("dadm-000001", "dadm-000002"),
        "systemAdministrator": ("sys-000001",),
        "principal": ("pri-000001",),
        "siteAdministrator": ("sadm-000001",),
        "counselor": ("cns-000001",),
        "teacher": tuple(teacher_id(table.sections[0].teacher) for table in district.timetables[:2]),
        "student": tuple(student_id(student) for student in families.children(0)),
        "guardian": tuple(guardian_id(number) for number in families.guardians_of(0)),
        "student without guardian": tuple(student_id(student) for student in families.children(len(families) - 1)),
    }
    sections = (section for table in district.timetables for section in table.sections)
    found["class with two teachers"] = tuple(section.sourced_id for section in sections if section.co_teacher is not None)[:1]
    if len(district.schools) > 1:
        found["teacher in two schools"] = (teacher_id(district.timetables[0].co_teacher),)
        found["guardian in two schools"] = found["guardian"]
    return found
