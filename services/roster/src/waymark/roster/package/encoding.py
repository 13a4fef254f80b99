"""Bytes to lines of text: UTF-8, with what districts also send told apart, repaired or refused."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from waymark.roster.package.archive import Archive
from waymark.roster.package.findings import Finding, PackageRefused, Report

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(archive: Archive, name: str, report: Report) -> str:
    """The codec that reads the whole file, found by reading it once (which also checks its length and checksum).

    A byte order mark is repaired, with a finding. Raises PackageRefused for bytes that are no UTF-8: Windows-1252 and its
    many relatives cannot be told apart, and a guess would spoil names.
    """
    found = "utf-8"
    decoder: codecs.IncrementalDecoder | None = None
    lines = 1
    try:
        for block in archive.blocks(name):
            if decoder is None:
                found = next((codec for mark, codec in _MARKS if block.startswith(mark)), "utf-8")
                decoder = codecs.getincrementaldecoder(found)()
            lines += decoder.decode(block).count("\n")
        if decoder is not None:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise PackageRefused(
            "not-utf-8",
            f"The file holds bytes that are not {'UTF-16' if found == 'utf-16' else 'UTF-8'}, near line {lines}.",
            file=name,
            allowed=["UTF-8"],
        ) from problem
    if found == "utf-8-sig":
        report(Finding(file=name, code="byte-order-mark", severity="repaired", message="The file begins with a byte order mark."))
    elif found == "utf-16":
        report(
            Finding(file=name, code="utf-16", severity="repaired", message="The file is UTF-16; it was read as such.", allowed=("UTF-8",))
        )
    return found


def lines_of(archive: Archive, name: str, encoding: str) -> Iterator[str]:
    """The file's lines with their ends, for `csv`."""
    with archive.open(name) as stream:
        yield from io.TextIOWrapper(io.BufferedReader(stream, 1 << 16), encoding=encoding, newline="")  # pyright: ignore[reportArgumentType]  ZipExtFile is a raw stream
