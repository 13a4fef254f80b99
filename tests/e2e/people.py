"""Who is who in the imported package, read from the package itself."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, TextIOWrapper

from tests.e2e.house import Client, House


class People:
    """Sourced ids by role and class, as the package says; clients signed in as them."""

    def __init__(self, house: House, package: bytes) -> None:
        self._house = house
        with zipfile.ZipFile(BytesIO(package)) as archive:
            self.roles = _rows(archive, "roles.csv")
            self.enrolments = _rows(archive, "enrollments.csv")
            self.users = {row["sourcedId"]: row for row in _rows(archive, "users.csv")}
            self.orgs = {row["sourcedId"]: row for row in _rows(archive, "orgs.csv")}

    def with_role(self, role: str, school: str | None = None) -> list[str]:
        return [row["userSourcedId"] for row in self.roles if row["role"] == role and school in (None, row["orgSourcedId"])]

    def client(self, role: str, school: str | None = None) -> Client:
        """The first person who holds the role (at the school)."""
        return self._house.client(self.with_role(role, school)[0])

    def as_user(self, sub: str) -> Client:
        return self._house.client(sub)

    def teacher_and_class(self, school: str | None = None) -> tuple[str, str]:
        """A teacher and a class of theirs that runs all year."""
        for row in self.enrolments:
            if row["role"] == "teacher" and not row["beginDate"] and school in (None, row["schoolSourcedId"]):
                return row["userSourcedId"], row["classSourcedId"]
        raise AssertionError("no teacher")

    def students_of(self, section: str) -> list[str]:
        return [row["userSourcedId"] for row in self.enrolments if row["classSourcedId"] == section and row["role"] == "student"]

    def name(self, sub: str) -> tuple[str, str]:
        """Given (or preferred) and family name."""
        row = self.users[sub]
        return row["preferredGivenName"] or row["givenName"], row["preferredFamilyName"] or row["familyName"]


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with archive.open(name) as file:
        return list(csv.DictReader(TextIOWrapper(file, "utf-8")))
