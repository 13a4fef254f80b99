"""Who may do what here: administrators build scales and templates, educators put students on them and record, nobody else yet.

Students and guardians may not read plans until a template's permissions say so (P38): they get 403 `role-may-not`, and so no
answer tells them whether there is a plan. Somebody who is both an educator and a guardian reaches their own children here
only as an educator would.
"""

from __future__ import annotations

import re
from typing import Final, cast

from flask import g
from msgspec.structs import replace

from waymark.service.context import scope
from waymark.service.scope import ADMINISTRATORS, EDUCATORS, SCHOOL_ADMINISTRATORS, NotFound, Scope

BUILDERS: Final = (*ADMINISTRATORS, *SCHOOL_ADMINISTRATORS)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def educating() -> Scope:
    """The caller's scope as far as an educator's role reaches. Raises RoleMayNot."""
    if "educating" not in g:
        whole = scope()
        whole.require(*EDUCATORS)
        g.educating = replace(whole, grants=tuple(each for each in whole.grants if each.role in EDUCATORS))
    return cast(Scope, g.educating)


def building() -> Scope:
    """The caller's scope, if they may build templates and scales (P1). Raises RoleMayNot."""
    scope().require(*BUILDERS)
    return educating()


def builds() -> bool:
    return scope().holds(*BUILDERS)


def is_id(name: str) -> bool:
    """Whether this can be an id: ids are parts of stream names."""
    return _ID.fullmatch(name) is not None


def known_id(name: str) -> str:
    """An id of a path. Raises NotFound for what can be none."""
    if not is_id(name):
        raise NotFound(name)
    return name


def plan_parts(plan: str) -> tuple[str, str]:
    """Template and student of `<template>.<student>`, the student within the caller's reach. Raises RoleMayNot, NotFound."""
    caller = educating()
    template, _, student = plan.partition(".")
    return known_id(template), caller.reach(known_id(student))
