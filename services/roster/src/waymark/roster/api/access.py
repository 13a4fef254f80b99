"""Who may do what here: administrators of the district import, describe and forget; everybody sees who is in their reach."""

from __future__ import annotations

import re
from typing import Any, Final

from waymark.service.context import ports, scope
from waymark.service.directory import Name
from waymark.service.scope import ADMINISTRATORS, NotFound, Scope

_ID: Final = re.compile(r"[A-Za-z0-9_~-]{1,100}")


def administering() -> Scope:
    """The caller's scope, if they administer the district. Raises RoleMayNot."""
    caller = scope()
    caller.require(*ADMINISTRATORS)
    return caller


def known_id(ident: str) -> str:
    """An id of a path: ids are parts of stream names. Raises NotFound for what can be none."""
    if not _ID.fullmatch(ident):
        raise NotFound(ident)
    return ident


def person_ref(ident: str, names: dict[str, Name]) -> dict[str, Any]:
    """A reference to a person; the name is null when it is redacted."""
    known = names.get(ident)
    return {"id": ident, "name": known.display if known else None}


def org_refs(caller: Scope, ids: set[str]) -> dict[str, dict[str, str]]:
    """References to organisations, by id."""
    orgs = ports().directory.orgs(caller, ids)
    return {each: {"id": each, "name": orgs[each].name if each in orgs else each} for each in ids}
