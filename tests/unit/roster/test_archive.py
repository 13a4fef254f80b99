"""Whatever the bytes are: an archive that is safe to read, or one clear refusal."""

import io
import stat
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.roster.packages import contents, package, tiny, zipped
from waymark.roster.package.archive import Limits, opened
from waymark.roster.package.findings import Finding, PackageRefused


def read_all(content: bytes, limits: Limits | None = None) -> tuple[dict[str, bytes], list[Finding]]:
    findings: list[Finding] = []
    with opened(io.BytesIO(content), findings.append, limits or Limits()) as archive:
        return {name: b"".join(archive.blocks(name)) for name in archive.names}, findings


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PackageRefused) as refused:
        read_all(content, limits)
    return refused.value.code


def with_entry(name: str, content: bytes = b"x", **attributes: Any) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for attribute, value in attributes.items():
            setattr(entry, attribute, value)
        archive.writestr(entry, content)
    return written.getvalue()


def test_a_sound_package_is_read_whole() -> None:
    files, findings = read_all(package())
    assert files["users.csv"].startswith(b"sourcedId,")
    assert not findings


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"PK\x03\x04" + b"\0" * 60, package()[:-30], b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert refusal(content) in ("not-a-zip", "zip-damaged")


@pytest.mark.parametrize("name", ["../users.csv", "/users.csv", "a/../../users.csv", "..\\users.csv", "C:users.csv", "a\\b.csv"])
def test_a_path_that_points_outside_is_refused(name: str) -> None:
    assert refusal(with_entry(name)) == "zip-path"


def test_a_symbolic_link_is_refused() -> None:
    assert refusal(with_entry("users.csv", external_attr=(stat.S_IFLNK | 0o777) << 16)) == "zip-link"


@pytest.mark.parametrize("name", ["more.zip", "MORE.ZIP", "users.csv.gz"])
def test_an_archive_in_the_archive_is_refused(name: str) -> None:
    assert refusal(with_entry(name)) == "zip-nested"


def test_a_password_is_refused() -> None:
    content = bytearray(with_entry("users.csv"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content[at : at + 2] = struct.pack("<H", 1)
    assert refusal(bytes(content)) == "zip-encrypted"


def test_the_same_name_twice_is_refused_whatever_its_case() -> None:
    assert refusal(zipped({"users.csv": "a", "Users.CSV": "b"})) == "zip-doubled"


def test_a_file_that_unpacks_to_far_more_than_a_roster_would_is_refused() -> None:
    assert refusal(zipped({"users.csv": b"\0" * 5_000_000})) == "zip-bomb"


def test_entries_that_share_their_bytes_are_refused() -> None:
    content = bytearray(zipped({"a.csv": b"1" * 400, "b.csv": b"2" * 400}))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = struct.pack("<I", 0)  # the second entry now claims the first one's place
    assert refusal(bytes(content)) in ("zip-bomb", "zip-damaged")


def test_too_many_files_and_too_many_bytes_are_refused() -> None:
    assert refusal(zipped({f"{each}.csv": "x" for each in range(6)}), Limits(files=5)) == "zip-too-many-files"
    assert refusal(zipped({"users.csv": "x" * 2000}), Limits(bytes=1999)) == "zip-too-large"


def test_a_damaged_file_is_refused_when_it_is_read() -> None:
    content = bytearray(zipped({"users.csv": bytes(range(256)) * 20}))
    content[60] ^= 0xFF
    assert refusal(bytes(content)) == "zip-damaged"


def test_one_folder_around_the_files_is_repaired_and_several_are_refused() -> None:
    files, findings = read_all(
        zipped({f"roster/{name}": content for name, content in contents(tiny()).items()} | {"__MACOSX/._users.csv": "x"})
    )
    assert "users.csv" in files
    assert [(each.code, each.severity) for each in findings] == [("zip-folder", "repaired")]
    assert refusal(zipped({"a/users.csv": "x", "b/orgs.csv": "x"})) == "zip-folders"


def is_read_or_refused(content: bytes) -> bool:
    try:
        read_all(content)
    except PackageRefused as refused:
        return bool(refused.finding.message)
    return True


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(content: bytes) -> None:
    assert all(is_read_or_refused(each) for each in (content, b"PK\x03\x04" + content, content + package()[-200:]))


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_damage_raises_anything_but_a_refusal(damage: list[tuple[int, int]]) -> None:
    content = bytearray(package())
    for at, value in damage:
        content[-1 - at % 800 if at % 3 else at % len(content)] = value
    assert is_read_or_refused(bytes(content))
