"""What the catalogue's pages say beyond the structs: each type's stream, record key and first release, each field's meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from waymark.events.catalogue import operations, plans, reporting, roster
from waymark.events.envelope import Event


class Published(Struct, frozen=True):
    """Where a type is recorded, and the release that first published it."""

    stream: str
    key: str
    since: str


def _on(stream: str, key: str, since: str, types: Iterable[type[Event]]) -> dict[str, Published]:
    return {each.type: Published(stream, key, since) for each in types}


_THE_STREAM = "the stream's name"
_PEOPLE = (
    roster.PersonRecorded,
    roster.PersonDeactivated,
    roster.RoleGranted,
    roster.RoleRevoked,
    roster.StudentPlaced,
    roster.StudentWithdrawn,
    roster.EnrolmentStarted,
    roster.EnrolmentEnded,
    roster.GuardianLinked,
    roster.GuardianUnlinked,
    roster.PersonForgotten,
)
_IMPORTS = (roster.ImportReceived, roster.ImportHeld, roster.ImportApproved, roster.ImportCompleted, roster.ImportRefused)
_TEMPLATES = (plans.TemplateDrafted, plans.TemplateRevised, plans.TemplatePublished)

PUBLISHED: Mapping[str, Published] = {
    **_on("<district>/district", _THE_STREAM, "0.1.0", (roster.DistrictDescribed,)),
    **_on("<district>/org/<org>", _THE_STREAM, "0.1.0", (roster.OrganisationRecorded, roster.OrganisationRetired)),
    **_on("<district>/class/<section>", _THE_STREAM, "0.1.0", (roster.ClassRecorded, roster.ClassRetired)),
    **_on("<district>/person/<person>", "the person's id", "0.1.0", _PEOPLE),
    **_on("<district>/import/<import>", _THE_STREAM, "0.1.0", _IMPORTS),
    **_on("<district>/scale/<scale>", _THE_STREAM, "0.1.0", (plans.ScaleDefined, plans.ScaleRevised)),
    **_on("<district>/template/<template>", _THE_STREAM, "0.1.0", _TEMPLATES),
    **_on("<district>/plan/<template>/<student>", "the student's id", "0.1.0", plans.PLAN_EVENTS),
    **_on("<district>/person/<person>", "the person's id", "0.1.0", (plans.PersonErased, reporting.PersonErased)),
    **_on("platform/operation/<what>", _THE_STREAM, "0.1.0", operations.EVENTS),
}

FIELDS: Mapping[str, str] = {
    "about": "The person whose key seals it.",
    "before": "The view that readers got before.",
    "begin": "The first day (inclusive); null: open.",
    "box": "Nonce and ciphertext of AES-GCM, in base64.",
    "by": "Who said it, and in which role.",
    "cloned_from": "The template it was copied from; null where it was written anew.",
    "code": "",
    "colour": "The segment's colour, #rrggbb.",
    "commits": "How many commits the store held.",
    "compared": "Documents of the two views that were compared.",
    "content": "All that the template says.",
    "course": 'The course that the class teaches, by its title or code; "" where the roster does not say.',
    "customisable": "Whether teachers may hide items for single students.",
    "definition": "The scale itself.",
    "description": "What the template is for, as sanitised HTML.",
    "destroyed": "The months whose keys were destroyed.",
    "different": "Documents that differed, which the operator accepted.",
    "digest": "An HMAC of what the roster said, so that the next import can tell whether anything changed.",
    "discarded": "How many events were given up.",
    "documents": "Documents that were held against a fold of the store.",
    "dry_run": "Whether it was only to be checked.",
    "effective": "The day from which it is true, by the district's calendar.",
    "email": "The person's e-mail address.",
    "enabled": "Whether the person may sign in.",
    "end": "The last day (inclusive); null: open.",
    "erased": "How many things no longer tell anything of the person, by kind: `names`, `texts`.",
    "family": "The family name.",
    "fields": "JSON pointers to what was taken out.",
    "folded": "How many events were folded.",
    "forgotten": "The position of `roster.person-forgotten.v1`, which this answers, in the roster's store.",
    "given": "The given name.",
    "grade": "The grade's CEDS code: KG, 01 ... 12.",
    "grades": "The grades that the class is for, in CEDS codes.",
    "guidance": "Shown beside the item, to those who judge it.",
    "hidden": "Whether the item is hidden for this student, and so outside the denominator.",
    "home_language": 'The language spoken at home, BCP 47; "" where unknown.',
    "id": "The id, unique within the template, kept through revisions.",
    "item": 'The item judged: an item id, or "overall".',
    "items": "The items, in the order in which they are shown.",
    "kept": "True: updates exist and a read-only plan stays; false: the assignment vanishes.",
    "kind": "",
    "label": "What the level is called.",
    "leaving": "How many students the package would deactivate.",
    "levels": "From first to last, in the order in which bars are drawn.",
    "locale": "The district's language and region, BCP 47.",
    "login": "An HMAC of the field that people sign in with.",
    "maximum": "The most points (inclusive).",
    "minimum": "The fewest points (inclusive).",
    "name": "",
    "new_master": "Whether months and districts were wrapped under another master key.",
    "not_compared": "Documents that stood at different events while they were compared.",
    "note": "What the author wrote beside it.",
    "now": "What it counts as from this event on; null: nowhere.",
    "number": "The student or staff number.",
    "org": "The organisation's id.",
    "overall": "The scale of the overall status; null: the template has none.",
    "package": "The package's SHA-256 digest, in hex.",
    "parent": "The organisation above it; null: none.",
    "person": "The person's id.",
    "preferred": "The name that the person goes by.",
    "previous": "The school before; null: none.",
    "primary": "Whether a teacher is the class's first.",
    "reason": "Why, in the operator's words, without personal data.",
    "recorded": "How many events the import gave, by type.",
    "refused": "How many rows were refused.",
    "repaired": "How many rows were repaired before they were taken.",
    "rewrapped": "How many people's keys were wrapped anew.",
    "role": "The role, in OneRoster 1.2's words.",
    "rows": "How many rows were read, by file.",
    "scale": "",
    "scales": "The scales that the template uses, as they are now, by id: frozen into it.",
    "school": "The school's organisation id.",
    "section": "The class's id.",
    "sections": "Groups of items, in the order in which they are shown.",
    "short": "The label where room is narrow.",
    "since": "The first day (inclusive).",
    "size": "The package's size in bytes.",
    "source_id": "The id in the district's own system.",
    "spans": "The runs of days on which this event changed what the student counts as; what reporting folds.",
    "stream": "The stream that was parked.",
    "student": "The student's id.",
    "students": "How many students there are now.",
    "template": "The template's id.",
    "time_zone": 'The IANA time zone; "today" is the date there.',
    "title": "The title, as people read it.",
    "topic": "The topic's name.",
    "until": "The day after the last (exclusive); null: for good.",
    "value": "",
    "version": "The event's version within the stream.",
    "view": "The view's key: name, version, build.",
    "was": "What it counted as before this event; null: nowhere.",
    "wrong": "How many findings.",
    # Where the word means something else
    "Cell.value": "Null (not yet updated), a level's code, points, or true where free text stands.",
    "ClassRecorded.begin": "The first day of its terms (inclusive); null where the roster does not say.",
    "ClassRecorded.code": 'The class\'s code, as the timetable has it; "" where the roster does not say.',
    "ClassRecorded.end": "The last day of its terms (inclusive); null where the roster does not say.",
    "ClassRecorded.kind": "A homeroom, or a class of a course.",
    "DistrictDescribed.name": "The district's name.",
    "ImportApproved.by": "The administrator's person id.",
    "ImportReceived.by": 'The person id of who brought it; "" for the command line.',
    "ImportRefused.code": "Why nothing was taken.",
    "Item.scale": "The id of the scale it is judged on; null: free text.",
    "ItemUpdated.effective": "When it was true: today or earlier, by the district's calendar.",
    "ItemUpdated.value": "A level's code, points, or sealed free text.",
    "Level.code": "A number from 1 to 250 that means this level for ever.",
    "LevelScale.kind": "`levels`.",
    "OrganisationRecorded.kind": "What it is, in OneRoster's words.",
    "OrganisationRecorded.name": "Its name.",
    "PersonForgotten.by": 'The person id of who ordered it; "" for the command line.',
    "PointsScale.kind": "`points`.",
    "ScaleDefined.scale": "The scale's id.",
    "ScaleRevised.scale": "The scale's id.",
    **{f"{each.__name__}.by": "The operator, as they named themselves: a role or a ticket." for each in operations.EVENTS},
    "Span.item": 'What changed: "" for the plan itself, "overall", or an item id.',
}
"""Meaning by field name, or by `Struct.field` where one name means several things."""


def meaning(struct: str, field: str) -> str:
    """What a struct's field means. Raises KeyError where nobody has said it."""
    said = FIELDS.get(f"{struct}.{field}") or FIELDS[field]
    if not said:
        raise KeyError(f"{struct}.{field}")
    return said
