"""Manifest, encodings, headers and cells: each kind of bad input and what is said about it."""

import io
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.roster.packages import contents, manifest, package, person, tiny, tiny_1_1, zipped
from waymark.roster.package.findings import Finding, PackageRefused
from waymark.roster.package.reader import read_package
from waymark.roster.package.rows import Row, read_rows
from waymark.roster.package.tables import TABLES, Table


def read(content: bytes) -> tuple[dict[str, list[Row]], list[Finding]]:
    findings: list[Finding] = []
    with read_package(io.BytesIO(content), findings.append) as opened:
        return {table.name: list(opened.rows(table)) for table in opened.manifest.tables}, findings


def changed(**files: str | bytes) -> bytes:
    """The tiny package with some files' texts replaced (manifest, users ...)."""
    return zipped(contents(tiny()) | {f"{name}.csv": text for name, text in files.items()})


def refusal(content: bytes) -> Finding:
    with pytest.raises(PackageRefused) as refused:
        read(content)
    return refused.value.finding


def said(findings: list[Finding], file: str = "") -> set[tuple[str, str, str]]:
    return {(each.code, each.field, each.severity) for each in findings if not file or each.file == file}


def table(name: str) -> Table:
    return next(each for each in TABLES["1.2"] if each.name == name)


def cells(name: str, *lines: str) -> tuple[list[Row], list[Finding]]:
    """The rows of a file given as lines, its header included."""
    findings: list[Finding] = []
    rows = list(read_rows([f"{line}\r\n" for line in lines], table(name), findings.append))
    return rows, [each for each in findings if each.row != 1]


# ---- the package


def test_a_sound_package_says_nothing_and_gives_every_row() -> None:
    rows, findings = read(package())
    assert not findings
    assert {name: len(each) for name, each in rows.items()} == {name: len(each) for name, each in tiny().items()}
    assert all(row.whole for each in rows.values() for row in each)


def test_a_1_1_package_is_read_without_roles_csv() -> None:
    rows, findings = read(package(tiny_1_1(), "1.1"))
    assert not findings
    assert "roles" not in rows
    assert len(rows["users"]) == 8


# ---- manifest


def test_a_package_without_a_manifest_is_refused() -> None:
    texts = contents(tiny())
    del texts["manifest.csv"]
    assert refusal(zipped(texts)).code == "manifest-missing"


@pytest.mark.parametrize("text", ["", "a,b\r\n", '"propertyName', "sourcedId\r\n"])
def test_a_manifest_that_is_none_is_refused(text: str) -> None:
    assert refusal(changed(manifest=text)).code == "manifest-unreadable"


def test_another_version_is_refused_and_those_allowed_are_named() -> None:
    found = refusal(changed(manifest=manifest({"users": "bulk"}, "2.0")))
    assert (found.code, found.file, found.allowed) == ("version-not-supported", "manifest.csv", ("1.1", "1.2"))


def test_a_missing_version_is_told_from_the_files() -> None:
    text = manifest(dict.fromkeys(tiny(), "bulk")).replace("oneroster.version,1.2\r\n", "")
    _, findings = read(changed(manifest=text))
    assert ("version-missing", "oneroster.version", "repaired") in said(findings)


def test_a_file_that_the_manifest_promises_must_be_there() -> None:
    texts = contents(tiny())
    del texts["enrollments.csv"]
    found = refusal(zipped(texts))
    assert (found.code, found.file) == ("file-missing", "enrollments.csv")


def test_a_file_that_the_manifest_does_not_declare_is_not_read() -> None:
    text = manifest(dict.fromkeys(tiny(), "bulk") | {"demographics": "absent"})
    rows, findings = read(changed(manifest=text))
    assert "demographics" not in rows
    assert ("file-not-declared", "", "refused") in said(findings, "demographics.csv")


def test_absent_files_are_noted_and_leave_things_as_they_are() -> None:
    files = tiny()
    del files["orgs"]
    rows, findings = read(package(files))
    assert "orgs" not in rows
    assert ("file-absent", "", "note") in said(findings, "orgs.csv")


def test_an_unknown_mode_and_a_package_of_nothing_are_refused() -> None:
    assert refusal(changed(manifest=manifest({"users": "complete"}))).code == "mode-unknown"
    assert refusal(zipped({"manifest.csv": manifest(dict.fromkeys(tiny(), "absent"))})).code == "nothing-to-read"


def test_unknown_and_misspelt_files_are_noted_with_the_name_that_was_perhaps_meant() -> None:
    _, findings = read(changed(enrolments="x", readme="x", results="x"))
    noted = {each.file: (each.code, "enrollments.csv" in each.message) for each in findings}
    assert noted == {
        "enrolments.csv": ("file-unknown", True),
        "readme.csv": ("file-unknown", False),
        "results.csv": ("file-not-used", False),
    }


def test_a_file_name_in_another_case_is_repaired() -> None:
    texts = contents(tiny())
    texts["USERS.CSV"] = texts.pop("users.csv")
    rows, findings = read(zipped(texts))
    assert len(rows["users"]) == 8
    assert said(findings) == {("file-name-case", "", "repaired")}


# ---- encodings


def test_a_byte_order_mark_is_removed_and_noted() -> None:
    text = contents(tiny())["users.csv"]
    assert isinstance(text, str)
    rows, findings = read(changed(users=text.encode("utf-8-sig")))
    assert rows["users"][0].values[0] == "S1"
    assert said(findings) == {("byte-order-mark", "", "repaired")}


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_where_it_says_so_and_refused_where_not(codec: str) -> None:
    text = contents(tiny())["users.csv"]
    assert isinstance(text, str)
    if codec == "utf-16":
        rows, findings = read(changed(users=text.encode(codec)))
        assert rows["users"][1].values[4:6] == ("José", "Núñez")
        assert said(findings) == {("utf-16", "", "repaired")}
    else:
        assert refusal(changed(users=text.encode(codec))).code in ("not-utf-8", "column-missing", "file-unreadable")


def test_latin_1_is_refused_with_the_line() -> None:
    text = contents(tiny())["users.csv"]
    assert isinstance(text, str)
    found = refusal(changed(users=text.replace("Wěi", "Wei").replace("Zhāng", "Zhang").encode("latin-1")))
    assert (found.code, found.file, found.allowed) == ("not-utf-8", "users.csv", ("UTF-8",))


# ---- headers


def head(name: str, *, lack: str = "", **renamed: str) -> list[str]:
    columns = [each.name for each in table(name).columns if each.name != lack]
    return [renamed.get(each, each) for each in columns]


def header_findings(name: str, columns: list[str]) -> set[tuple[str, str, str]]:
    findings: list[Finding] = []
    list(read_rows([",".join(columns)], table(name), findings.append))
    return said(findings)


def test_a_header_in_another_case_is_repaired() -> None:
    assert header_findings("orgs", head("orgs", sourcedId="SourcedID")) == {("column-case", "sourcedId", "repaired")}


def test_a_misspelt_column_is_named_and_the_nearest_suggested() -> None:
    with pytest.raises(PackageRefused) as refused:
        header_findings("orgs", head("orgs", sourcedId="sorcedId"))
    assert (refused.value.code, refused.value.finding.field) == ("column-missing", "sourcedId")
    assert "'sorcedId'" in str(refused.value)


def test_a_lacking_column_that_is_not_needed_counts_as_empty() -> None:
    assert header_findings("orgs", head("orgs", lack="parentSourcedId")) == {("column-missing", "parentSourcedId", "note")}


def test_unknown_columns_are_left_alone_and_metadata_and_password_are_no_fault() -> None:
    columns = [*head("users"), "metadata.bus", "password", "shoeSize", "userId"]
    assert header_findings("users", columns) == {("column-unknown", "column 17", "note"), ("column-unknown", "userId", "note")}


def test_a_column_twice_is_refused() -> None:
    with pytest.raises(PackageRefused, match="twice"):
        header_findings("orgs", [*head("orgs"), "name"])


def test_a_file_about_people_without_a_header_shows_nobody() -> None:
    findings: list[Finding] = []
    with pytest.raises(PackageRefused) as refused:
        list(read_rows(["S1,,,true,amara,,Amara,Okafor"], table("users"), findings.append))
    assert "Okafor" not in repr([*findings, refused.value.finding])
    with pytest.raises(PackageRefused, match="no header"):
        list(read_rows([], table("users"), findings.append))


# ---- cells

ENROLMENT = "sourcedId,status,classSourcedId,userSourcedId,role,primary,beginDate,endDate"


@pytest.mark.parametrize(
    "line, code, field",
    [
        ("e1,,c1,S1,student,false,2026-02-30,", "date-invalid", "beginDate"),
        ("e1,,c1,S1,student,false,8/15/2026,", "date-invalid", "beginDate"),
        ("e1,,c1,S1,pupil,false,,", "not-allowed", "role"),
        ("e1,,c1,,student,false,,", "value-missing", "userSourcedId"),
        (f"e1,,{'c' * 256},S1,student,false,,", "too-long", "classSourcedId"),
        ("e1,,c\0,S1,student,false,,", "control-character", "classSourcedId"),
        ("e1,maybe,c1,S1,student,false,,", "not-allowed", "status"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_says_where(line: str, code: str, field: str) -> None:
    rows, findings = cells("enrollments", ENROLMENT, line, "e2,,c1,S2,student,false,,")
    assert [(each.row, each.code, each.field, each.severity) for each in findings] == [(2, code, field, "refused")]
    assert [(each.number, each.whole) for each in rows] == [(2, False), (3, True)]


def test_a_value_that_is_not_allowed_is_answered_with_those_that_are_and_the_nearest() -> None:
    _, findings = cells("enrollments", ENROLMENT, "e1,,c1,S1,techer,false,,")
    assert findings[0].allowed == ("administrator", "proctor", "student", "teacher")
    assert "teacher?" in findings[0].message


def test_what_is_only_spelt_otherwise_is_repaired() -> None:
    rows, findings = cells("enrollments", ENROLMENT, "e1,Active,c1,S1,Student,Y,2026-08-17T00:00:00Z,")
    assert rows[0].whole
    assert {each.code for each in findings} == {"spelling", "boolean-spelling", "date-time"}
    assert {each.severity for each in findings} == {"repaired"}


@pytest.mark.parametrize(
    "written, meant", [("4", "04"), ("KG", "KG"), ("k", "KG"), ("12", "12"), ("09,10", "09"), ("0", "KG"), ("first", "")]
)
def test_a_grade_is_read_as_its_ceds_code(written: str, meant: str) -> None:
    rows, findings = cells("users", "sourcedId,givenName,grades", f'S1,Amara,"{written}"')
    assert rows[0].values[9] == meant
    assert bool(findings) == (written.partition(",")[0] != meant)


def test_rows_that_do_not_fit_the_header_are_refused_and_blank_ones_passed_over() -> None:
    rows, findings = cells("enrollments", ENROLMENT, "e1,,c1,S1,student", "", "e3,,c1,S1,student,,,,,", "e4,,c1,S1,student,,,,x")
    assert [(each.row, each.code) for each in findings] == [(2, "row-ragged"), (5, "row-ragged")]
    assert [(each.number, each.whole) for each in rows] == [(2, False), (4, True), (5, False)]


def test_quotes_that_do_not_pair_up_refuse_the_row_and_an_endless_one_the_file() -> None:
    rows, findings = cells("enrollments", ENROLMENT, 'e1,,"c"1,S1,student,,,', "e2,,c1,S1,student,,,")
    assert [(each.row, each.code) for each in findings] == [(2, "row-unreadable")]
    assert rows[-1].whole
    with pytest.raises(PackageRefused) as refused:
        cells("enrollments", ENROLMENT, 'e1,,"c1,S1,student,,,', "e2,,c1,S1,student,,,")
    assert (refused.value.code, refused.value.finding.row) == ("file-unreadable", 2)


def test_findings_never_quote_what_files_about_people_hold() -> None:
    files = tiny()
    files["users"].append(person("S9", "Secret\0", "Person", grades="Secret", enabledUser="Secret"))
    files["enrollments"][0] |= {"role": "Secret", "beginDate": "Secret"}
    files["demographics"][0]["metadata.homeLanguage"] = "Secret!"
    files["roles"][0]["role"] = "Secret"
    _, findings = read(package(files))
    assert len(findings) >= 7
    assert "Secret" not in repr(findings)


def test_cells_of_other_files_are_quoted() -> None:
    _, findings = cells("orgs", "sourcedId,name,type", "o1,North,skool")
    assert (findings[0].value, "school?" in findings[0].message) == ("skool", True)


# ---- no input raises anything but its refusal

HEADER = st.sampled_from(["sourcedId,givenName,familyName", ",".join(head("users")), "SOURCEDID,,", "sourcedId"])
NOISE = st.text(alphabet=st.characters(codec="utf-8"), max_size=200)


@given(name=st.sampled_from([each.name for each in TABLES["1.2"]]), header=HEADER | NOISE, body=NOISE | st.text('",\r\n aé0', max_size=200))
def test_no_text_raises_anything_but_a_refusal(name: str, header: str, body: str) -> None:
    findings: list[Finding] = []
    try:
        rows = list(read_rows(io.StringIO(f"{header}\r\n{body}", newline=""), table(name), findings.append))
    except PackageRefused as refused:
        findings.append(refused.finding)
        rows = []
    assert all(row.whole or any(each.row == row.number and each.severity == "refused" for each in findings) for row in rows)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["manifest", "users", "orgs", "roles"]), st.binary(max_size=200) | NOISE, min_size=1))
def test_no_files_raise_anything_but_a_refusal(files: Mapping[str, str | bytes]) -> None:
    try:
        read(changed(**files))
    except PackageRefused as refused:
        findings = [refused.finding]
    else:
        findings = []
    assert all(each.message and each.code for each in findings)
