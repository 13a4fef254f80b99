"""The home languages of a district and how common they are."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from waymark.tools.district.draws import Draws
from waymark.tools.district.pools import lines

ENGLISH_PER_THOUSAND = 700


class Language(NamedTuple):
    """A home language. `tag` is BCP 47, `naming` the pool its families' names come from, `country` ISO 3166-1 alpha-2."""

    tag: str
    weight: int
    naming: str
    country: str


def _read() -> tuple[Language, ...]:
    rows = (line.split() for line in lines("languages.txt"))
    return tuple(Language(tag, int(weight), naming, country) for tag, weight, naming, country in rows)


LANGUAGES = _read()
ENGLISH = 0


class LanguageMix:
    """The first `count` languages, in their shares: English for seven families in ten, the others by weight."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._others = list(accumulate(language.weight for language in LANGUAGES[1:count]))

    def draw(self, draws: Draws, english_per_thousand: int = ENGLISH_PER_THOUSAND) -> int:
        """The index in LANGUAGES of a family's home language."""
        if self.count == 1 or draws.chance(english_per_thousand):
            return ENGLISH
        return 1 + bisect_right(self._others, draws.below(self._others[-1]))
