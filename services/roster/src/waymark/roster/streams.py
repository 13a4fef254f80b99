"""The roster's streams and their record keys. A person's stream is keyed by the person, every other one by itself."""

from __future__ import annotations


def district(district: str) -> str:
    return f"{district}/district"


def organisation(district: str, org: str) -> str:
    return f"{district}/org/{org}"


def section(district: str, section: str) -> str:
    return f"{district}/class/{section}"


def person(district: str, person: str) -> str:
    return f"{district}/person/{person}"


def package_import(district: str, id: str) -> str:  # noqa: A002  what it is called everywhere
    return f"{district}/import/{id}"


def last_part(stream: str) -> str:
    """The id within the district: of an organisation, a class, a person or an import."""
    return stream.rpartition("/")[2]


def person_key(stream: str) -> str:
    return last_part(stream)
