"""Places by the words people write: 'frente al parque central, barrio El Ángel'."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from convive.core.text import fold
from convive.warehouse.schema import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convive.incidents.intake.reference import Spot

# Words that say what a place is; they are no part of its name.
_KINDS = frozenset(
    {
        "colonia", "col", "barrio", "bo", "canton", "urbanizacion", "urb",
        "residencial", "res", "caserio", "lotificacion", "reparto",
        "comunidad", "calle", "avenida",
        "av", "pasaje",
    }
)  # fmt: skip
_FILLERS = _KINDS | {
    "frente", "cerca", "par", "atras", "detras", "costado", "lado", "contiguo", "junto",
    "por", "en", "a", "el", "la", "los", "las", "de", "del", "al", "un", "una", "y",
}  # fmt: skip
# A shorter word has too many neighbours; a longer one may hold two slips.
_SHORTEST_MISSPELT = 5
_LONG_WORD = 9

Words = tuple[str, ...]


@dataclass(frozen=True)
class _Match:
    words: Words
    is_after_kind: bool
    is_all: bool


class NameIndex:
    """Finds the one entry that a text names; of two, none.

    Misspelt words are mended one by one against the words of the names: one slip
    (letter added, left out, changed or two exchanged) from five letters on, two from
    nine, and only where a single word is that near.
    """

    def __init__(self, entries: Iterable[tuple[str, Spot]]) -> None:
        self._spots: dict[Words, list[Spot]] = defaultdict(list)
        self._by_first: dict[str, list[Words]] = defaultdict(list)
        for name, spot in entries:
            words = tuple(word for word, _after in _bare(name))
            if words:
                self._spots[words].append(spot)
        for words in sorted(self._spots, key=len, reverse=True):
            self._by_first[words[0]].append(words)
        self._vocabulary = sorted({word for words in self._spots for word in words})
        self._mended = {word: word for word in self._vocabulary}

    def match(self, text: str, within: str) -> Spot | None:
        words = _bare(text)
        found = list(self._matches(words))
        if not found:
            mended = [(self._mend(word), after) for word, after in words]
            found = list(self._matches(mended)) if mended != words else []
        return self._only_one(found, within)

    def _matches(self, words: list[tuple[str, bool]]) -> Iterator[_Match]:
        """Names in the text from left to right, the longest at each word."""
        plain = tuple(word for word, _after in words)
        at = 0
        while at < len(plain):
            for name in self._by_first.get(plain[at], ()):
                if plain[at : at + len(name)] == name:
                    yield _Match(name, words[at][1], len(name) == len(plain))
                    at += len(name) - 1
                    break
            at += 1

    def _only_one(self, found: list[_Match], within: str) -> Spot | None:
        spots = [
            spot
            for match in {match.words: match for match in found}.values()
            for spot in self._spots[match.words]
            if _is_in(spot, within) and _is_clear(match, spot)
        ]
        landmarks = [s for s in spots if s.precision == Precision.LANDMARK]
        best = landmarks or spots
        return best[0] if len(best) == 1 else None

    def _mend(self, word: str) -> str:
        if word not in self._mended:
            self._mended[word] = self._nearest(word) or word
        return self._mended[word]

    def _nearest(self, word: str) -> str | None:
        if len(word) < _SHORTEST_MISSPELT or any(char.isdigit() for char in word):
            return None
        slips = 2 if len(word) >= _LONG_WORD else 1
        near = [
            (OSA.distance(word, known, score_cutoff=slips), known)
            for known in self._vocabulary
            if abs(len(known) - len(word)) <= slips and len(known) >= _SHORTEST_MISSPELT
        ]
        least = min((distance for distance, _known in near), default=slips + 1)
        nearest = [known for distance, known in near if distance == least <= slips]
        return nearest[0] if len(nearest) == 1 else None


def _is_in(spot: Spot, within: str) -> bool:
    path = spot.municipality
    return path == within or path.startswith(f"{within}/")


def _is_clear(match: _Match, spot: Spot) -> bool:
    """'Centro' alone is a barrio only where the text says so: 'barrio El Centro'."""
    is_landmark = spot.precision == Precision.LANDMARK
    return is_landmark or len(match.words) > 1 or match.is_after_kind or match.is_all


def _bare(text: str) -> list[tuple[str, bool]]:
    """Words that may be names, and whether a word such as 'barrio' announced them."""
    words, is_after_kind = [], False
    for word in fold(text).split():
        if word in _FILLERS:
            is_after_kind = is_after_kind or word in _KINDS
        else:
            words.append((word, is_after_kind))
            is_after_kind = False
    return words
