"""A package opened: safe, its manifest read, every file that counts checked for its encoding, ready to be read row by row."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from waymark.roster.package.archive import BROKEN, Archive, Limits, opened
from waymark.roster.package.encoding import encoding_of, lines_of
from waymark.roster.package.findings import Finding, PackageRefused, Report
from waymark.roster.package.manifest import FILE, Manifest, read_manifest
from waymark.roster.package.rows import Row, read_rows
from waymark.roster.package.tables import Table

LIMITS = Limits()


class Package:
    """What a package holds. `manifest` says which tables count."""

    def __init__(self, archive: Archive, manifest: Manifest, encodings: Mapping[str, str], report: Report) -> None:
        self.manifest, self._archive, self._encodings, self._report = manifest, archive, encodings, report

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a file that counts. Raises PackageRefused."""
        try:
            yield from read_rows(lines_of(self._archive, table.file.lower(), self._encodings[table.name]), table, self._report)
        except BROKEN as problem:
            raise PackageRefused("zip-damaged", "A file in the archive is damaged.", file=table.file) from problem


@contextmanager
def read_package(source: IO[bytes], report: Report, limits: Limits = LIMITS) -> Generator[Package]:
    """Open a package; what is wrong with it goes to `report` while it is read. Raises PackageRefused."""
    with opened(source, report, limits) as archive:
        if FILE not in archive.names:
            raise PackageRefused("manifest-missing", "The package has no manifest.csv, which says what its files mean.", allowed=[FILE])
        lines = lines_of(archive, FILE, encoding_of(archive, FILE, report))
        manifest = read_manifest(lines, archive.names, report)
        encodings = {table.name: encoding_of(archive, table.file.lower(), report) for table in manifest.tables}
        for table in manifest.tables:
            if archive.written(table.file.lower()) != table.file:
                report(
                    Finding(
                        file=table.file, code="file-name-case", severity="repaired", message="The file's name is written in another case."
                    )
                )
        yield Package(archive, manifest, encodings, report)
