"""From what is known of a person and what a package says to what they should be. Pure."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from waymark.events.catalogue.roster import PersonRecorded
from waymark.roster.domain.person import UNKNOWN, Enrolment, Intended, Person, Placement
from waymark.roster.domain.placing import school_of
from waymark.roster.importing.mentions import Mentions
from waymark.roster.importing.places import Places
from waymark.roster.importing.said import Said


def intended(known: Person | None, said: Said, recorded: PersonRecorded | None, places: Places, users: Mentions, today: date) -> Intended:
    """What somebody who stands in the roster should be. What the package leaves open stays as it is known."""
    before = known or UNKNOWN
    roles = tuple(each for each in said.roles.onto(before.roles) if each.org in places.orgs)
    enrolments = tuple(_placed(each, places) for each in said.enrolments.onto(before.enrolments) if each.section in places.sections)
    children = dict.fromkeys(said.children)
    if said.standing != "present":
        children |= dict.fromkeys(each for each in before.children if users.standing(each) == "unsaid")
    school = school_of(
        roles,
        {org for each in roles if places.orgs[org := each.org] == "school"},
        (said.user.org if said.user else None, *said.primary, before.school),
        today,
    )
    placement = None
    if school:
        grade = said.user.grade if said.user else before.grade
        language = before.home_language if said.language is None else said.language
        placement = Placement(school[0], grade, language, school[1])
    return Intended(recorded=recorded, roles=roles, enrolments=enrolments, children=tuple(children), placement=placement)


def _placed(enrolment: Enrolment, places: Places) -> Enrolment:
    """An enrolment carries its class's school, also when only the class has moved."""
    school = places.sections[enrolment.section]
    return enrolment if enrolment.school == school else replace(enrolment, school=school)
