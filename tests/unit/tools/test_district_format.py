"""The files are as the OneRoster CSV specification has them."""

import csv
from io import StringIO

import pytest

from tests.unit.tools.district_package import files, plan, rows, written
from waymark.tools.district import Version

FIRST = "sourcedId,status,dateLastModified,"
DEMOGRAPHICS = (
    "birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
    "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,"
    "publicSchoolResidenceStatus"
)
HEADERS = {
    "orgs": "name,type,identifier,parentSourcedId",
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users": "enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles": "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": f"{DEMOGRAPHICS},metadata.homeLanguage",
}
USERS_1_1 = "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
HEADERS_1_1 = {name: USERS_1_1 if name == "users" else columns for name, columns in HEADERS.items() if name != "roles"}


@pytest.mark.parametrize("oneroster, headers", [("1.2", HEADERS), ("1.1", HEADERS_1_1)])
def test_headers_stand_in_the_order_of_the_specification(oneroster: Version, headers: dict[str, str]):
    found = files(written(plan(), oneroster=oneroster))
    assert found.keys() == {"manifest.csv", *(f"{name}.csv" for name in headers)}
    for name, columns in headers.items():
        assert found[f"{name}.csv"].split(b"\r\n")[0].decode() == FIRST + columns


@pytest.mark.parametrize("oneroster, known", [("1.2", 21), ("1.1", 13)])
def test_the_manifest_names_every_known_file_as_bulk_or_absent(oneroster: Version, known: int):
    package = written(plan(), oneroster=oneroster)
    found = rows(package)
    manifest = {row["propertyName"]: row["value"] for row in found["manifest"]}
    assert manifest["manifest.version"] == "1.0"
    assert manifest["oneroster.version"] == oneroster
    modes = {name.removeprefix("file."): mode for name, mode in manifest.items() if name.startswith("file.")}
    assert len(modes) == known
    assert {name for name, mode in modes.items() if mode == "bulk"} == found.keys() - {"manifest"}
    assert set(modes.values()) == {"bulk", "absent"}


def test_every_row_is_rfc_4180_in_utf_8_with_as_many_cells_as_its_header():
    for name, content in files(written(plan())).items():
        assert content.endswith(b"\r\n"), name
        assert not content.startswith(b"\xef\xbb\xbf"), name
        lines = list(csv.reader(StringIO(content.decode("utf-8"), newline=""), strict=True))
        assert {len(line) for line in lines} == {len(lines[0])}, name
        assert content.count(b"\n") == content.count(b"\r\n") == len(lines), name


def test_1_1_has_the_same_people_with_their_organisations_and_one_role_of_its_own():
    later, earlier = rows(written(plan())), rows(written(plan(), oneroster="1.1"))
    assert {name: earlier[name] for name in HEADERS_1_1 if name != "users"} == {
        name: later[name] for name in HEADERS_1_1 if name != "users"
    }
    shared = later["users"][0].keys() & earlier["users"][0].keys()
    assert [{key: user[key] for key in shared} for user in later["users"]] == [
        {key: user[key] for key in shared} for user in earlier["users"]
    ]
    orgs: dict[str, list[str]] = {}
    roles: dict[str, str] = {}
    for role in later["roles"]:
        orgs.setdefault(role["userSourcedId"], []).append(role["orgSourcedId"])
        roles[role["userSourcedId"]] = role["role"]
    for user in earlier["users"]:
        assert user["orgSourcedIds"].split(",") == orgs[user["sourcedId"]]
        assert user["role"] == roles[user["sourcedId"]] or roles[user["sourcedId"]].lower().endswith(
            (user["role"], "principal", "counselor")
        )
    assert {user["role"] for user in earlier["users"]} <= {
        *("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
    }


def test_1_1_gives_a_counselor_no_administrators_rights():
    found = rows(written(plan(), oneroster="1.1"))
    assert {user["role"] for user in found["users"] if user["sourcedId"].startswith("cns-")} == {"aide"}
    assert {user["role"] for user in found["users"] if user["sourcedId"].split("-")[0] in {"pri", "sadm", "dadm", "sys"}} == {
        "administrator"
    }
