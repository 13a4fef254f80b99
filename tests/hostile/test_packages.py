"""What is no OneRoster package: refused at the door, or by an import that ends as refused. Trial imports write nothing, whatever they read."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any, Final
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile.doors import SEED, house
from tests.hostile.wire import Answer, Unchanged, refused, send
from tests.unit.roster.packages import contents, package, tiny, zipped

ZIP: Final = {"Content-Type": "application/zip"}
QUICK: Final = settings(max_examples=40, deadline=None, database=None, suppress_health_check=(HealthCheck.too_slow,))


def upload(body: bytes, headers: dict[str, str] | None = None, query: bytes = b"dry_run=true") -> Answer:
    return send("POST", b"/roster/v1/imports?" + query, headers={"Idempotency-Key": str(uuid4())} | (headers or ZIP), body=body)


def ended(answer: Answer) -> Any:
    """The import once it has ended."""
    assert answer.status == 202, answer.body
    assert house().settled()
    found = send("GET", f"/roster/v1/imports/{answer.json['id']}".encode())
    assert found.status == 200
    return found.json


def form(name: str, content: bytes, boundary: bytes = b"x") -> tuple[bytes, dict[str, str]]:
    part = b'--%b\r\nContent-Disposition: form-data; name="%b"; filename="p.zip"\r\nContent-Type: application/zip\r\n\r\n%b\r\n--%b--\r\n'
    return part % (boundary, name.encode(), content, boundary), {"Content-Type": f"multipart/form-data; boundary={boundary.decode()}"}


def test_a_package_is_taken_as_the_body_and_as_a_part_of_a_form() -> None:
    with Unchanged():
        body, headers = form("package", package())
        assert {ended(upload(package()))["status"], ended(upload(body, headers))["status"]} <= {"completed", "held"}


@pytest.mark.parametrize("body", [b"", b"x", b"P", b"Rar!\x1a\x07", b"\x1f\x8b" + b"0" * 100, b"{}", b" PK\x03\x04", "PK".encode("utf-16")])
def test_what_is_no_zip_is_refused_at_the_door(body: bytes) -> None:
    with Unchanged():
        refused(upload(body), 422)
        refused(upload(*form("package", body)), 422)


@pytest.mark.parametrize(
    "content_type",
    ["", "application/json", "text/csv", "application/octet-stream", "application/x-zip-compressed", "multipart/mixed; boundary=x"],
)
def test_another_type_is_refused_at_the_door(content_type: str) -> None:
    with Unchanged():
        assert refused(upload(package(), {"Content-Type": content_type}), 415).json["allowed"]


@pytest.mark.parametrize(
    "query", [b"dry_run=TRUE", b"dry_run=1", b"dry_run=", b"dry_run=null", b"dry_run=true&dry_run=false", b"dryrun=true"]
)
def test_a_wish_that_cannot_be_read_is_refused_before_anything_is_imported(query: bytes) -> None:
    with Unchanged():
        assert refused(upload(package(), query=query), 422).json["errors"][0]["pointer"].startswith("query:dry")


def test_a_form_that_is_none_is_refused_at_the_door() -> None:
    body, headers = form("package", package())
    with Unchanged():
        refused(upload(*form("file", package())), 422)
        for broken in (b"", body[:40], body[30:], b"--x--\r\n", b"--x\r\n\r\n--x--\r\n", body.replace(b"--x", b"--y"), b"\0" * 400):
            refused(upload(broken, headers), 400, 413, 422)
        for strange in (
            "multipart/form-data",
            "multipart/form-data; boundary=",
            'multipart/form-data; boundary="',
            "multipart/form-data; boundary=" + "x" * 5000,
        ):
            refused(upload(body, {"Content-Type": strange}), 400, 413, 415, 422)


def bomb() -> bytes:
    """Two hundred megabytes of zeros in a file of two hundred kilobytes."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("users.csv", "w", force_zip64=True) as file,
    ):
        for _ in range(200):
            file.write(bytes(1_000_000))
    return held.getvalue()


def lying() -> bytes:
    """A zip that says of its first file that it is four gigabytes long."""
    whole = bytearray(package())
    at = whole.index(b"PK\x01\x02")
    whole[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFFE)
    return bytes(whole)


STRANGE: Final = {
    "an empty zip": lambda: zipped({}),
    "the letters PK": lambda: b"PK",
    "the letters PK and noise": lambda: b"PK\x03\x04" + bytes(range(256)) * 40,
    "the first half": lambda: package()[: len(package()) // 2],
    "the second half under another beginning": lambda: b"PK" + package()[len(package()) // 2 :],
    "without a manifest": lambda: zipped({name: text for name, text in contents(tiny()).items() if name != "manifest.csv"}),
    "only a manifest": lambda: zipped({"manifest.csv": contents(tiny())["manifest.csv"]}),
    "another zip": lambda: zipped({"word/document.xml": "<x/>"}),
    "names that climb": lambda: zipped({"../../users.csv": "a,b\n", "/etc/orgs.csv": "a,b\n", "..\\classes.csv": "a,b\n"}),
    "a zip in a zip": lambda: zipped({"package.zip": package()}),
    "a bomb": bomb,
    "a lie about a size": lying,
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_zip_that_is_no_package_ends_as_refused(name: str) -> None:
    with Unchanged():
        answer = upload(STRANGE[name]())
        if answer.status != 202:
            refused(answer, 422)
            return
        found = ended(answer)
        assert found["status"] == "refused", found
        assert found["code"]
        findings = send("GET", f"/roster/v1/imports/{answer.json['id']}/findings".encode())
        assert findings.status == 200
        assert send("GET", f"/roster/v1/imports/{answer.json['id']}/findings.csv".encode()).status == 200


@seed(SEED)
@QUICK
@given(data=st.data())
def test_a_package_damaged_in_one_place_ends_one_way_or_another(data: st.DataObject) -> None:
    whole = bytearray(package())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with Unchanged():
        assert ended(upload(bytes(whole)))["status"] in ("completed", "held", "refused")


CELL: Final = st.text(max_size=12) | st.sampled_from(
    ["=1+1", "@SUM(A1)", "\t", "NULL", "2026-02-30", "x" * 5000, "\u202e", "true", "-1", '"']
)


@seed(SEED)
@QUICK
@given(data=st.data())
def test_a_package_with_strange_cells_ends_and_its_report_can_be_read(data: st.DataObject) -> None:
    files = tiny()
    for _ in range(data.draw(st.integers(1, 5))):
        rows = files[data.draw(st.sampled_from(sorted(files)))]
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(CELL)
    with Unchanged():
        found = ended(upload(package(files)))
        assert found["status"] in ("completed", "held", "refused"), found
        at = f"/roster/v1/imports/{found['id']}/findings".encode()
        assert send("GET", at + b"?limit=200").status == send("GET", at + b".csv").status == 200
