"""A package's identity: the same bytes are the same import."""

from __future__ import annotations

import hashlib
import uuid
from typing import IO

_NAMESPACE = uuid.UUID("3f0d7a52-54a6-4c53-8f58-0f6b4b6a2a7e")
_BLOCK = 1 << 20


def digest_of(package: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex, and the size in bytes. Leaves the stream at its beginning."""
    digest, size = hashlib.sha256(), 0
    package.seek(0)
    while block := package.read(_BLOCK):
        digest.update(block)
        size += len(block)
    package.seek(0)
    return digest.hexdigest(), size


def import_id(district: str, digest: str, *, dry_run: bool) -> str:
    """32 hex digits; a dry run of a package is another import than the package's own."""
    return uuid.uuid5(_NAMESPACE, f"{district}\0{digest}\0{'dry' if dry_run else 'real'}").hex
