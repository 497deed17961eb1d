"""A column as the few texts it holds and, for each row, which of them it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
Meaning = Callable[[str], Any]

_SMALL_TABLE = 4_000_000
# Marks of writing direction and width that Windows puts around dates and names.
_INVISIBLE = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
BLANKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004"
    "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000" + _INVISIBLE
)
_DROPPED = dict.fromkeys(map(ord, _INVISIBLE))


def bare(text: str) -> str | None:
    """The text without outer blanks and invisible marks; None if nothing is left."""
    return text.translate(_DROPPED).strip(BLANKS) or None


@dataclass(frozen=True)
class Coded:
    """`words[codes[i]]` is the text of row i. One of the words may be None."""

    codes: Codes
    words: tuple[str | None, ...]

    @classmethod
    def of(cls, texts: pl.Series) -> Coded:
        """Encode texts; outer spaces go, and what is left blank is None."""
        array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
        encoded = array.dictionary_encode()
        words: list[str | None] = encoded.dictionary.to_pylist()
        codes = encoded.indices
        if codes.null_count:
            codes = codes.fill_null(len(words))
            words.append(None)
        read = cls(codes.to_numpy(zero_copy_only=False).astype(np.int32), tuple(words))
        tidy = [None if word is None else bare(word) for word in words]
        return read if tidy == words else read.map(bare)

    @classmethod
    def constant(cls, word: str | None, height: int) -> Coded:
        return cls(np.zeros(height, dtype=np.int32), (word,))

    @cached_property
    def present(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word is not None)

    @cached_property
    def is_null(self) -> Mask:
        return self.where(lambda word: word is None)

    def where(self, holds: Callable[[str | None], bool]) -> Mask:
        """Rows whose word has the property, asked once for each word."""
        mask: Mask = self._gather([holds(word) for word in self.words], np.bool_)
        return mask

    def map(self, meaning: Callable[[str], str | None]) -> Coded:
        """Other words for the same rows; None stays None."""
        said = [None if word is None else meaning(word) for word in self.words]
        return Coded(self.codes, tuple(said))

    def merged(self) -> Coded:
        """Each word once."""
        words = tuple(dict.fromkeys(self.words))
        if len(words) == len(self.words):
            return self
        place = {word: code for code, word in enumerate(words)}
        return Coded(self._gather([place[w] for w in self.words], np.int32), words)

    def values(self, meaning: Meaning, dtype: Any) -> pl.Series:  # noqa: ANN401
        """A number, date or truth for each row; None stays null."""
        table = pl.Series(
            [None if word is None else meaning(word) for word in self.words],
            dtype=dtype,
        )
        if not len(self.words):
            return table
        return table.gather(pl.Series(self.codes))

    def numbers(self, meaning: Callable[[str | None], int]) -> NDArray[np.uint64]:
        table = [meaning(word) for word in self.words]
        numbers: NDArray[np.uint64] = self._gather(table, np.uint64)
        return numbers

    def or_else(self, other: Coded) -> Coded:
        """This word where there is one, the other's elsewhere."""
        return self if None not in self.words else self.put(self.is_null, other)

    def put(self, where: Mask, other: Coded) -> Coded:
        """The other's word in the rows of the mask."""
        if where.all():
            return other
        if not where.any():
            return self
        theirs = other.codes + np.int32(len(self.words))
        codes = np.where(where, theirs, self.codes)
        return Coded(codes, (*self.words, *other.words))

    def fill(self, word: str) -> Coded:
        return Coded(self.codes, tuple(word if w is None else w for w in self.words))

    def take(self, rows: Mask) -> Coded:
        return Coded(self.codes[rows], self.words)

    def pair(self, other: Coded) -> tuple[Codes, list[tuple[str | None, str | None]]]:
        """Each pair of words that some row holds, once, and which each row holds."""
        width, size = len(other.words), len(self.words) * len(other.words)
        keys = self.codes.astype(np.int64) * width + other.codes
        if size <= _SMALL_TABLE:
            held = np.zeros(size, dtype=bool)
            held[keys] = True
            distinct = np.flatnonzero(held)
            place = np.zeros(size, dtype=np.int32)
            place[distinct] = np.arange(len(distinct), dtype=np.int32)
            codes = place.take(keys)
        else:
            distinct, inverse = np.unique(keys, return_inverse=True)
            codes = inverse.astype(np.int32)
        words = [(self.words[k // width], other.words[k % width]) for k in distinct]
        return codes, words

    def to_arrow(self) -> pa.Array:
        """A dictionary array: its words are distinct, its missing rows are null."""
        words = [word for word in dict.fromkeys(self.words) if word is not None]
        if words == list(self.words):
            indices = pa.array(self.codes)
        else:
            place: dict[str | None, int] = {word: i for i, word in enumerate(words)}
            codes = self._gather([place.get(w, -1) for w in self.words], np.int32)
            missing = codes < 0
            indices = pa.array(codes, mask=missing if missing.any() else None)
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))

    def _gather(self, table: Iterable[Any], dtype: Any) -> Any:  # noqa: ANN401
        values = np.array(list(table), dtype=dtype)
        return values.take(self.codes) if len(values) else np.empty(0, dtype)
