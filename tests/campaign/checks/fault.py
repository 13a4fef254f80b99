"""What a check found."""

from msgspec import Struct


class Fault(Struct, frozen=True):
    """`check`: which promise is broken; `words`: where, by what."""

    check: str
    words: str
