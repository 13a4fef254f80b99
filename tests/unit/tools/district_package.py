"""Generated packages, read back as rows."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO, TextIOWrapper
from zipfile import ZipFile

from waymark.tools.district import DistrictPlan, Variant, Version, generate

Rows = list[dict[str, str]]

TODAY = date(2026, 11, 2)


def plan(schools: int = 2, students: int = 240, *, seed: int = 7, languages: int | None = None, today: date = TODAY) -> DistrictPlan:
    return DistrictPlan(seed=seed, schools=schools, students=students, languages=languages, today=today)


@cache
def written(of: DistrictPlan, variant: Variant | None = None, oneroster: Version = "1.2") -> bytes:
    """The bytes of a package."""
    target = BytesIO()
    generate(target, of, variant=variant, oneroster=oneroster)
    return target.getvalue()


def files(package: bytes) -> dict[str, bytes]:
    """The content of each file of a package, in order."""
    with ZipFile(BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@cache
def rows(package: bytes) -> dict[str, Rows]:
    """The rows of each file of a package by its name without .csv."""
    return {
        name.removesuffix(".csv"): list(csv.DictReader(TextIOWrapper(BytesIO(content), "utf-8", newline="")))
        for name, content in files(package).items()
    }


def listed(cell: str) -> list[str]:
    """The values of a cell that holds a list."""
    return [value for value in cell.split(",") if value]


def students(tables: dict[str, Rows]) -> Iterator[dict[str, str]]:
    """The users who are students."""
    ids = {role["userSourcedId"] for role in tables["roles"] if role["role"] == "student"}
    return (user for user in tables["users"] if user["sourcedId"] in ids)
