"""manifest.csv: which version a package is of, which of its files count, and whether they are whole or differences."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Literal, cast

from msgspec import Struct

from waymark.roster.package.findings import Finding, PackageRefused, Report, nearest
from waymark.roster.package.tables import NOT_READ, TABLES, VERSIONS, Table, Version

FILE = "manifest.csv"
Mode = Literal["bulk", "delta", "absent"]
MODES = ("absent", "bulk", "delta")
_NEEDED_IN_BULK = ("orgs", "users")


class Manifest(Struct, frozen=True, kw_only=True):
    """`modes` says of each table how its file counts: whole (what is missing is gone), as differences, or not at all."""

    version: Version
    modes: Mapping[str, Mode]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables to read, in order."""
        return tuple(each for each in TABLES[self.version] if self.modes[each.name] != "absent")


def read_manifest(lines: Iterable[str], names: frozenset[str], report: Report) -> Manifest:
    """`names` are the archive's files in small letters. Raises PackageRefused when it does not say what counts."""
    properties = _properties(lines)
    version = _version(properties, names, report)
    declared = {
        name.removeprefix("file."): value.strip().lower()
        for name, value in properties.items()
        if name.startswith("file.") and value.strip()
    }
    known = [each.name for each in TABLES[version]]
    _check_names(declared, version, report)
    modes: dict[str, Mode] = {name: _mode(name, declared.get(name.lower()), names, report) for name in known}
    if all(mode == "absent" for mode in modes.values()):
        raise PackageRefused(
            "nothing-to-read", "The manifest says that every file is absent.", file=FILE, allowed=[f"{each}.csv" for each in known]
        )
    _check_unlisted(names, known, report)
    return Manifest(version=version, modes=modes)


def _properties(lines: Iterable[str]) -> dict[str, str]:
    try:
        rows = [row for row in csv.reader(lines, strict=True) if row]
    except csv.Error as problem:
        raise PackageRefused("manifest-unreadable", "The manifest is not a CSV file.", file=FILE) from problem
    if not rows or [each.strip().lower() for each in rows[0][:2]] != ["propertyname", "value"]:
        raise PackageRefused(
            "manifest-unreadable", "The manifest's first line does not name its columns.", file=FILE, row=1, allowed=["propertyName,value"]
        )
    return {row[0].strip().lower(): row[1] for row in rows[1:] if len(row) > 1}


def _version(properties: Mapping[str, str], names: frozenset[str], report: Report) -> Version:
    said = properties.get("oneroster.version", "").strip()
    if said in VERSIONS:
        return cast(Version, said)
    if said:
        raise PackageRefused(
            "version-not-supported", "This version of OneRoster is not read here.", file=FILE, field="oneroster.version", allowed=VERSIONS
        )
    assumed: Version = "1.2" if "roles.csv" in names else "1.1"
    report(
        Finding(
            file=FILE,
            field="oneroster.version",
            code="version-missing",
            severity="repaired",
            message=f"The manifest names no version; read as {assumed}, by the files that are there.",
            allowed=VERSIONS,
        )
    )
    return assumed


def _mode(name: str, said: str | None, names: frozenset[str], report: Report) -> Mode:
    file, there = f"{name}.csv", f"{name.lower()}.csv" in names
    if said is not None and said not in MODES:
        raise PackageRefused(
            "mode-unknown", "The manifest says neither bulk nor delta nor absent.", file=FILE, field=f"file.{name}", allowed=MODES
        )
    if said in ("bulk", "delta"):
        if not there:
            raise PackageRefused("file-missing", f"The manifest says {said}, and the file is not in the package.", file=file)
        return cast(Mode, said)
    if there:
        report(
            Finding(
                file=file,
                code="file-not-declared",
                severity="refused",
                message="The file is in the package, and the manifest does not say that it counts: it was not read.",
                allowed=("bulk", "delta"),
            )
        )
    elif name in _NEEDED_IN_BULK or said is None:
        report(Finding(file=file, code="file-absent", severity="note", message="The file is absent: what is known of it stays as it is."))
    return "absent"


def _check_names(declared: Mapping[str, str], version: Version, report: Report) -> None:
    known = {each.lower() for each in (*(table.name for table in TABLES[version]), *NOT_READ)}
    every = {table.name.lower() for tables in TABLES.values() for table in tables}
    for name, mode in declared.items():
        if name in known or mode == "absent":
            continue
        close = nearest(name, (table.name for table in TABLES[version]))
        told = f"; did you mean file.{close}?" if close else "."
        message = "OneRoster 1.1 has no such file" if name in every else "The manifest names a file that OneRoster does not know"
        report(Finding(file=FILE, field="file." + name[:60], code="file-unknown", severity="note", message=message + told))


def _check_unlisted(names: frozenset[str], known: Iterable[str], report: Report) -> None:
    read = {FILE, *(f"{each.lower()}.csv" for each in known)}
    unused = {f"{each.lower()}.csv": f"{each}.csv" for each in NOT_READ}
    for name in sorted(names - read):
        if name in unused:
            report(
                Finding(
                    file=unused[name],
                    code="file-not-used",
                    severity="note",
                    message="The roster has no use for this file; it was not read.",
                )
            )
            continue
        close = nearest(name, (f"{each}.csv" for each in known))
        told = f" Did you mean {close}?" if close else ""
        shown = "".join(each if each.isprintable() else "?" for each in name)[:100]
        report(
            Finding(file=shown, code="file-unknown", severity="note", message=f"This file is not part of OneRoster; it was not read.{told}")
        )
