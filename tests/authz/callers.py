"""Who calls: the people behind each column of the matrix, and those whom no service lets in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import ECKey

from tests.authz.world import World
from waymark.service.testing import TestDistrict

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "admin": ("district-administrator", "system-administrator"),
    "school": ("site-administrator", "principal"),
    "school'": ("site-administrator-elsewhere", "principal-elsewhere"),
    "teacher": ("teacher", "co-teacher"),
    "teacher.c": ("teacher-of-another-class",),
    "teacher'": ("teacher-elsewhere",),
    "former": ("former-teacher", "teacher-to-come"),
    "couns": ("counselor",),
    "couns.0": ("counselor",),
    "parent": ("teacher-and-guardian",),
    "student": ("student",),
    "student'": ("student-elsewhere",),
    "guardian": ("guardian",),
    "guardian'": ("guardian-elsewhere",),
    "other": ("aide", "former-principal"),
    "dist'": ("administrator-of-another-district",),
}
OTHER: Final = "administrator-of-another-district"
UNKNOWN: Final = ("disabled", "deactivated", "unknown", "administrator-in-another-district")
"""403 `person-unknown`, everywhere."""
NOT_SIGNED_IN: Final = (
    "no-token",
    "not-a-bearer-token",
    "expired",
    "for-another-audience",
    "from-another-issuer",
    "without-a-district",
    "without-a-subject",
    "signed-by-another-key",
    "not-signed",
    "changed-after-signing",
)
"""401, everywhere."""
Headers = dict[str, str]


def credentials(world: World) -> dict[str, Callable[[], Headers]]:
    """What each caller sends, by name."""
    here, there = world.here, world.there
    administrator = world.people["district-administrator"]

    def bearer(token: str) -> Headers:
        return {"Authorization": f"Bearer {token}"}

    def signed_in(of: TestDistrict, person: str, /, **claims: Any) -> Callable[[], Headers]:
        token = of.token(person, **claims)
        return lambda: bearer(token)

    genuine = here.token(administrator)
    callers = {name: signed_in(here, person) for name, person in world.people.items()}
    return callers | {
        "administrator-of-another-district": signed_in(there, world.people["administrator-of-another-district"]),
        "administrator-in-another-district": signed_in(here, administrator, district=there.id),
        "no-token": dict,
        "not-a-bearer-token": lambda: {"Authorization": f"Basic {genuine}"},
        "expired": signed_in(here, administrator, exp=1_500_000_000),
        "for-another-audience": signed_in(here, administrator, aud="another-platform"),
        "from-another-issuer": signed_in(here, administrator, iss="https://sign-in.elsewhere.example"),
        "without-a-district": signed_in(here, administrator, district=None),
        "without-a-subject": signed_in(here, administrator, sub=None),
        "signed-by-another-key": lambda: bearer(_forged(genuine)),
        "not-signed": lambda: bearer(f"eyJhbGciOiJub25lIn0.{genuine.split('.')[1]}."),
        "changed-after-signing": lambda: bearer(_changed(genuine, here.token(world.people["teacher"]))),
    }


def _forged(genuine: str) -> str:
    """The same header and claims, signed with a key that nobody published."""
    return jws.serialize_compact(jws.extract_compact(genuine.encode()).headers(), _claims(genuine), ECKey.generate_key("P-256"), ["ES256"])


def _claims(token: str) -> bytes:
    return jws.extract_compact(token.encode()).payload


def _changed(claims_of: str, signature_of: str) -> str:
    """One token's claims under another's signature."""
    header, claims, _ = claims_of.split(".")
    return f"{header}.{claims}.{signature_of.split('.')[2]}"
