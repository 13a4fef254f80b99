"""The files of OneRoster CSV packages and their columns, in the order of the specification."""

from typing import Literal

Version = Literal["1.1", "1.2"]

_FIRST = "sourcedId,status,dateLastModified,"
_DEMOGRAPHICS = (
    "birthDate,sex,americanIndianOrAlaskaNative,asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
    "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,"
    "publicSchoolResidenceStatus,metadata.homeLanguage"
)
_SHARED = {
    "orgs": "name,type,identifier,parentSourcedId",
    "academicSessions": "title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": "title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    "demographics": _DEMOGRAPHICS,
}
_USERS_1_1 = (
    "enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,"
    "password"
)
_USERS_1_2 = (
    "enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,"
    "userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns"
)
_ROLES = "userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"


def _columns(own: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple((_FIRST + columns).split(",")) for name, columns in (_SHARED | own).items()}


COLUMNS: dict[Version, dict[str, tuple[str, ...]]] = {
    "1.1": _columns({"users": _USERS_1_1}),
    "1.2": _columns({"users": _USERS_1_2, "roles": _ROLES}),
}

_KNOWN_1_1 = (
    "academicSessions",
    "categories",
    "classes",
    "classResources",
    "courses",
    "courseResources",
    "demographics",
    "enrollments",
    "lineItems",
    "orgs",
    "resources",
    "results",
    "users",
)
_NEW_IN_1_2 = (
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "resultLearningObjectiveIds",
    "resultScoreScales",
    "roles",
    "scoreScales",
    "userProfiles",
    "userResources",
)

KNOWN_FILES: dict[Version, tuple[str, ...]] = {"1.1": _KNOWN_1_1, "1.2": tuple(sorted(_KNOWN_1_1 + _NEW_IN_1_2, key=str.lower))}
