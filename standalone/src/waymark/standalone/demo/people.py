"""Whom the development sign-in offers: a few people of each role, with what they can try."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path

import msgspec

from waymark.tools.issuer import DemoPerson

OFFERED: Mapping[str, tuple[int, str]] = {
    "districtAdministrator": (1, "Sees every school, builds and publishes templates, imports the roster."),
    "systemAdministrator": (1, "The same, and the platform's settings."),
    "principal": (2, "Sees one school, builds templates, assigns any of its students."),
    "siteAdministrator": (1, "Sees one school."),
    "teacher": (5, "Sees the students of own classes: assigns, updates, follows."),
    "counselor": (1, "Reaches students where the district's settings say so."),
    "student": (2, "Signs in; plans open to students come with a later release."),
    "guardian": (1, "Signs in; plans open to families come with a later release."),
    "parent": (1, "Signs in; plans open to families come with a later release."),
}
"""By role: how many to offer, and what they can do."""


def offered(package: Path) -> Iterator[DemoPerson]:
    """The first few people of each role in a OneRoster 1.2 package."""
    with zipfile.ZipFile(package) as archive:
        users = {row["sourcedId"]: row for row in _rows(archive, "users.csv")}
        schools = {row["sourcedId"]: row["name"] for row in _rows(archive, "orgs.csv")}
        left = {role: count for role, (count, _) in OFFERED.items()}
        seen: set[str] = set()
        for row in _rows(archive, "roles.csv"):
            role, sub = row["role"], row["userSourcedId"]
            if left.get(role, 0) and sub not in seen:
                seen.add(sub)
                left[role] -= 1
                user = users[sub]
                name = f"{user['preferredGivenName'] or user['givenName']} {user['preferredFamilyName'] or user['familyName']}"
                place = schools.get(row["orgSourcedId"], "")
                yield DemoPerson(sub=sub, name=name, role=role, place=place, blurb=OFFERED[role][1])


def write_people(people: Iterator[DemoPerson], file: Path) -> None:
    """All of them or none: the file appears whole."""
    draft = file.with_suffix(".new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(list(people)), indent=2))
    draft.replace(file)


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with archive.open(name) as file:
        return list(csv.DictReader(TextIOWrapper(file, "utf-8")))
