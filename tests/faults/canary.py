"""A student whose every word is told from all others, and what those words may look like wherever somebody wrote them down."""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

from msgspec import Struct

CORES: Final = ("Vexqulorp", "Żyqwöłxé", "Щъфюэжы", "ظغضذخ", "犇骉麤龘")
"""Each word of the canary holds one of these; nothing else in the world does."""
LATIN, ACCENTED, CYRILLIC, ARABIC, HAN = CORES
SOURCE: Final = f"{LATIN}-77"
USER: Final = {
    "sourcedId": SOURCE,
    "enabledUser": "true",
    "username": f"{LATIN.lower()}.u",
    "givenName": f"{CYRILLIC} {LATIN}",
    "familyName": f"{ACCENTED}-{HAN}",
    "preferredGivenName": f"{ARABIC}ه",
    "email": f"{LATIN.lower()}@waymark.example",
    "identifier": f"N{LATIN}9",
    "grades": "04",
    "primaryOrgSourcedId": "north",
}
NOTES: Final = (f"Reads with {LATIN}.", f"{ARABIC} / {HAN} / {CYRILLIC} \U0001f9d1\u200d\U0001f393 {ACCENTED}\n«{LATIN}»")
TEXT: Final = f"Says: {ACCENTED} {HAN}"
SEARCHES: Final = (LATIN.lower(), ACCENTED, CYRILLIC.upper(), ARABIC, HAN)


class Found(Struct, frozen=True):
    """A form of a core, and where it stands."""

    where: str
    core: str
    form: str


_FOR_ADDRESSES: Final = bytes.maketrans(b"+/", b"-_")


def forms(core: str) -> Mapping[bytes, str]:
    """The bytes that tell a core, by how they came about."""
    made: dict[bytes, str] = {}
    words = {"": core, "lower": core.lower(), "upper": core.upper(), "folded": core.casefold()}
    words |= {f"{name} {way}".strip(): unicodedata.normalize(way, word) for name, word in words.items() for way in ("NFC", "NFD")}
    words |= {
        f"{name} bare": "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
        for name, word in words.items()
    }
    for name, word in words.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            made.setdefault(word.encode(encoding), f"{name} {encoding}".strip())
        made.setdefault(json.dumps(word)[1:-1].encode(), f"{name} JSON")
        made.setdefault(quote(word).encode(), f"{name} percent")
        made.setdefault(html.escape(word).encode("ascii", "xmlcharrefreplace"), f"{name} HTML")
        made.setdefault(word.encode().hex().encode(), f"{name} hex")
        for at in range(3):
            for encoding in ("utf-8", "utf-16-le"):
                packed = _base64(word.encode(encoding), at)
                made.setdefault(packed, f"{name} {encoding} base64+{at}")
                made.setdefault(packed.translate(_FOR_ADDRESSES), f"{name} {encoding} base64url+{at}")
    return {form: name for form, name in made.items() if len(form) >= 8}


def _base64(word: bytes, at: int) -> bytes:
    """What base64 makes of a word `at` bytes into whatever stands around it: the characters that depend on the word alone."""
    encoded = base64.b64encode(bytes(at) + word)
    return encoded[-(-at * 8 // 6) : (at + len(word)) * 8 // 6]


FORMS: Final = {form: (core, name) for core in CORES for form, name in forms(core).items()}
_ANY: Final = re.compile(b"|".join(re.escape(each) for each in sorted(FORMS, key=len, reverse=True)))
_GZIP: Final = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")


def within(content: bytes, where: str) -> Iterator[Found]:
    """Every form of every core in some bytes, and in what was packed with gzip inside of them (a broker's batches)."""
    for form, (core, name) in FORMS.items():  # one by one: bytes.find is far faster than an expression of all
        if form in content:
            yield Found(where, core, name)
    for packed in _GZIP.finditer(content):
        try:
            opened = zlib.decompressobj(31).decompress(content[packed.start() :])
        except zlib.error:
            continue  # bytes that only looked like a beginning
        for each in _ANY.finditer(opened):
            core, name = FORMS[each[0]]
            yield Found(f"{where}, unpacked", core, name)


def in_files(folders: Iterable[Path], but: Iterable[str] = ()) -> tuple[list[Found], int]:
    """What is found in every file below the folders, and how many bytes were looked at."""
    found: list[Found] = []
    looked = 0
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
            if path.name in but:
                continue
            try:
                content = path.read_bytes().rstrip(b"\0")  # engines make room ahead
            except FileNotFoundError:
                continue  # an engine tidied up meanwhile
            looked += len(content)
            found += within(content, str(path.relative_to(folder)))
    return found, looked
