"""The zip itself: whether it may be opened at all, and the bytes of its files."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from msgspec import Struct

from waymark.roster.package.findings import Finding, PackageRefused, Report

MOST_FILES = 200
MOST_BYTES = 4 * 1024**3  # unpacked
MOST_RATIO = 100  # unpacked to packed; rosters reach 20
SMALL = 1024**2  # a file unpacked to less than this may be packed as tightly as it likes
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OSError, RuntimeError, LookupError)
"""What `zipfile` raises on bytes that are no sound zip."""
_ENCRYPTED = 0x1
_OURS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DROPPINGS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


class Limits(Struct, frozen=True, kw_only=True):
    """What an unpacked package may take."""

    files: int = MOST_FILES
    bytes: int = MOST_BYTES
    ratio: int = MOST_RATIO


class Archive:
    """The files of a zip that was found safe, by name in small letters."""

    def __init__(self, opened: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> None:
        self._zip, self._entries = opened, entries

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def written(self, name: str) -> str:
        """The name as the archive writes it."""
        return _shown(PurePosixPath(self._entries[name].filename).name)

    def size(self, name: str) -> int:
        """Bytes, unpacked."""
        return self._entries[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """The unpacked bytes, as a stream. Reading may raise one of BROKEN; `blocks` turns that into a refusal."""
        try:
            return self._zip.open(self._entries[name])
        except BROKEN as problem:
            raise _damaged(name) from problem

    def blocks(self, name: str, size: int = 1 << 16) -> Iterator[bytes]:
        """The unpacked bytes piece by piece. Raises PackageRefused when they are not what the zip's directory says."""
        with self.open(name) as stream:
            while True:
                try:
                    block = stream.read(size)
                except BROKEN as problem:
                    raise _damaged(name) from problem
                if not block:
                    return
                yield block


@contextmanager
def opened(source: IO[bytes], report: Report, limits: Limits = Limits()) -> Generator[Archive]:  # noqa: B008  frozen
    """Open a seekable stream as a package. Raises PackageRefused for whatever is not one, or is not safe."""
    try:
        archive = zipfile.ZipFile(source)
    except BROKEN as problem:
        raise PackageRefused("not-a-zip", "This file is not a zip archive, or it is damaged.", allowed=["a OneRoster CSV zip"]) from problem
    with archive:
        try:
            entries = _entries(archive, limits)
        except BROKEN as problem:
            raise PackageRefused("zip-damaged", "The directory of the zip archive is damaged.") from problem
        yield Archive(archive, _without_folder(entries, report))


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    listed = archive.infolist()
    if len(listed) > limits.files:
        raise PackageRefused("zip-too-many-files", f"The archive holds {len(listed)} files.", allowed=[f"at most {limits.files} files"])
    files = [each for each in listed if not each.is_dir() or each.file_size]
    for each in listed:
        _check_name(each)
    wanted = [each for each in files if not any(part in _DROPPINGS for part in PurePosixPath(each.filename).parts)]
    for each in wanted:
        _check_entry(each, limits)
    total = sum(each.file_size for each in wanted)
    if total > limits.bytes:
        raise PackageRefused("zip-too-large", f"Unpacked it would take {total:,} bytes.", allowed=[f"at most {limits.bytes:,} bytes"])
    _check_overlap(listed)
    return wanted


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.split("/")
    if "\\" in name or "\0" in name or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise PackageRefused(
            "zip-path", "A file's name in the archive points outside of it.", allowed=["plain file names, such as users.csv"]
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise PackageRefused("zip-link", "The archive holds a symbolic link.", allowed=["plain files"])


def _check_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    name = _shown(entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        raise PackageRefused("zip-encrypted", "A file in the archive is protected by a password.", file=name, allowed=["no password"])
    if name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        raise PackageRefused("zip-nested", "The archive holds another archive.", file=name, allowed=["CSV files only"])
    if entry.compress_type not in _OURS:
        raise PackageRefused("zip-method", "A file is packed in an unusual way.", file=name, allowed=["stored", "deflated"])
    if entry.file_size > SMALL and entry.file_size > limits.ratio * max(1, entry.compress_size):
        raise PackageRefused(
            "zip-bomb", "A file unpacks to far more than a roster would.", file=name, allowed=[f"at most {limits.ratio} to 1"]
        )


def _check_overlap(listed: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small zip unpacks to a huge one past every ratio."""
    end = 0
    for each in sorted(listed, key=lambda entry: entry.header_offset):
        if each.header_offset < end:
            raise PackageRefused("zip-bomb", "Files in the archive share their bytes.", allowed=["one place a file"])
        end = each.header_offset + each.compress_size


def _without_folder(entries: list[zipfile.ZipInfo], report: Report) -> dict[str, zipfile.ZipInfo]:
    folders = {str(PurePosixPath(each.filename).parent) for each in entries}
    if len(folders) > 1:
        raise PackageRefused("zip-folders", "The files lie in several folders.", allowed=["all files at the top of the archive"])
    if folders and folders != {"."}:
        report(
            Finding(
                file="", code="zip-folder", severity="repaired", message="The files lie in a folder; they belong at the top of the archive."
            )
        )
    named: dict[str, zipfile.ZipInfo] = {}
    for each in entries:
        name = PurePosixPath(each.filename).name
        if named.setdefault(name.lower(), each) is not each:
            raise PackageRefused(
                "zip-doubled", "Two files in the archive have the same name.", file=_shown(name), allowed=["one file a name"]
            )
    return named


def _shown(name: str) -> str:
    """A file's name as a finding may show it."""
    return "".join(each if each.isprintable() else "?" for each in name)[:100]


def _damaged(name: str) -> PackageRefused:
    return PackageRefused("zip-damaged", "A file in the archive is damaged: its bytes do not match its checksum.", file=name)
