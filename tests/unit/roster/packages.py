"""Small OneRoster packages to try things on. A file is a list of rows; a test changes what it is about and zips the rest."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

Files = dict[str, list[dict[str, str]]]

FIRST = ("sourcedId", "status", "dateLastModified")
HEADERS = {
    "orgs": "name,type,identifier,parentSourcedId",
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users": "enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles": "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": "birthDate,sex,metadata.homeLanguage",
}
USERS_1_1 = "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"


def header(name: str, version: str = "1.2") -> list[str]:
    own = USERS_1_1 if (name, version) == ("users", "1.1") else HEADERS[name]
    return [*FIRST, *own.split(",")]


def person(source: str, given: str, family: str, **more: str) -> dict[str, str]:
    return {"sourcedId": source, "enabledUser": "true", "username": source.lower(), "givenName": given, "familyName": family, **more}


def role(source: str, user: str, name: str, org: str, **more: str) -> dict[str, str]:
    return {"sourcedId": source, "userSourcedId": user, "roleType": "primary", "role": name, "orgSourcedId": org, **more}


def seat(source: str, section: str, school: str, user: str, name: str = "student", **more: str) -> dict[str, str]:
    return {
        "sourcedId": source,
        "classSourcedId": section,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": name,
        "primary": "true" if name == "teacher" else "false",
        **more,
    }


def tiny() -> Files:
    """A district of two schools: four students (one at the middle school), two teachers, an administrator, a guardian of two."""
    return deepcopy(
        {
            "orgs": [
                {"sourcedId": "d", "name": "Riverbend", "type": "district"},
                {"sourcedId": "north", "name": "North Elementary", "type": "school", "parentSourcedId": "d"},
                {"sourcedId": "middle", "name": "River Middle", "type": "school", "parentSourcedId": "d"},
            ],
            "academicSessions": [
                {"sourcedId": "fall", "title": "Fall", "type": "term", "startDate": "2026-08-17", "endDate": "2026-12-18"},
                {"sourcedId": "spring", "title": "Spring", "type": "term", "startDate": "2027-01-05", "endDate": "2027-06-11"},
            ],
            "courses": [{"sourcedId": "math", "title": "Mathematics", "courseCode": "M", "orgSourcedId": "d"}],
            "classes": [
                {
                    "sourcedId": "c1",
                    "title": "Grade 4 Mathematics",
                    "grades": "04",
                    "courseSourcedId": "math",
                    "classCode": "M-4",
                    "classType": "scheduled",
                    "schoolSourcedId": "north",
                    "termSourcedIds": "fall,spring",
                },
                {"sourcedId": "c2", "title": "Homeroom 7", "classType": "homeroom", "schoolSourcedId": "middle", "termSourcedIds": "fall"},
            ],
            "users": [
                person("S1", "Amara", "Okafor", grades="04", primaryOrgSourcedId="north", agentSourcedIds="G1", email="s1@waymark.example"),
                person("S2", "José", "Núñez", grades="04", primaryOrgSourcedId="north"),
                person("S3", "Wěi", "Zhāng", grades="07", primaryOrgSourcedId="middle", agentSourcedIds="G1"),
                person("S4", "Tom", "Reed", grades="04", primaryOrgSourcedId="north", preferredGivenName="Tommy", identifier="1004"),
                person("T1", "Ada", "Byron"),
                person("T2", "Nils", "Holm"),
                person("A1", "Rosa", "Park"),
                person("G1", "Chidi", "Okafor"),
            ],
            "roles": [
                role("r1", "S1", "student", "north", beginDate="2026-08-17"),
                role("r2", "S2", "student", "north"),
                role("r3", "S3", "student", "middle"),
                role("r4", "S4", "student", "north"),
                role("r5", "T1", "teacher", "north"),
                role("r6", "T2", "teacher", "middle"),
                role("r7", "A1", "districtAdministrator", "d"),
                role("r8", "G1", "guardian", "d"),
            ],
            "enrollments": [
                seat("e1", "c1", "north", "S1", beginDate="2026-08-17", endDate="2027-06-11"),
                seat("e2", "c1", "north", "S2"),
                seat("e3", "c2", "middle", "S3"),
                seat("e4", "c1", "north", "S4"),
                seat("e5", "c1", "north", "T1", "teacher"),
                seat("e6", "c2", "middle", "T2", "teacher"),
            ],
            "demographics": [
                {"sourcedId": "S1", "metadata.homeLanguage": "ig"},
                {"sourcedId": "S2", "metadata.homeLanguage": "es"},
                {"sourcedId": "S3", "metadata.homeLanguage": "zh-Hans"},
            ],
        }
    )


def tiny_1_1() -> Files:
    """The same district as a 1.1 package says it: roles stand in users.csv, and an administrator is what the organisation makes of it."""
    files = tiny()
    roles = {each["userSourcedId"]: each for each in files.pop("roles")}
    for user in files["users"]:
        held = roles[user["sourcedId"]]
        user["role"] = "administrator" if "Administrator" in held["role"] else held["role"]
        user["orgSourcedIds"] = held["orgSourcedId"]
        user.pop("primaryOrgSourcedId", None)
        user.pop("preferredGivenName", None)
    return files


def text(name: str, rows: Sequence[Mapping[str, str]], version: str = "1.2") -> str:
    written = io.StringIO()
    columns = list(dict.fromkeys([*header(name, version), *(column for row in rows for column in row)]))
    out = csv.DictWriter(written, columns, restval="", lineterminator="\r\n")
    out.writeheader()
    out.writerows(rows)
    return written.getvalue()


def manifest(modes: Mapping[str, str], version: str = "1.2", **more: str) -> str:
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}", "source.systemName,test"]
    lines += [f"file.{name},{mode}" for name, mode in modes.items()]
    lines += [f"{name},{value}" for name, value in more.items()]
    return "\r\n".join(lines) + "\r\n"


def zipped(contents: Mapping[str, str | bytes], **options: Any) -> bytes:
    """A zip of files by name: equal contents give equal bytes, whatever the clock says."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def contents(files: Files, version: str = "1.2", modes: Mapping[str, str] | None = None) -> dict[str, str | bytes]:
    """The texts of a package, its manifest included; `modes` where they are not all bulk."""
    said = dict.fromkeys(files, "bulk") | dict(modes or {})
    said |= {name: "absent" for name in HEADERS if name not in said and not (name == "roles" and version == "1.1")}
    texts: dict[str, str | bytes] = {f"{name}.csv": text(name, rows, version) for name, rows in files.items() if said[name] != "absent"}
    return {"manifest.csv": manifest(said, version)} | texts


def package(files: Files | None = None, version: str = "1.2", modes: Mapping[str, str] | None = None) -> bytes:
    """A whole package, ready to be imported."""
    return zipped(contents(tiny() if files is None else files, version, modes))
