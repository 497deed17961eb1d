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


@dataclass(frozen=True)
class Coded:
    """`words[codes[i]]` is the text of row i. One of the words may be None."""

    codes: Codes
    words: tuple[str | None, ...]

    @classmethod
    def of(cls, texts: pl.Series) -> Coded:
        """Encode texts; outer spaces go, and what is left blank is None."""
        array = texts.to_arrow(compat_level=pl.CompatLevel.oldest())
        return cls.of_arrow(array).map(lambda text: text.strip() or None)

    @classmethod
    def of_arrow(cls, array: pa.Array) -> Coded:
        encoded = array.dictionary_encode()
        words = encoded.dictionary.to_pylist()
        codes = encoded.indices
        if codes.null_count:
            codes = codes.fill_null(len(words))
            words.append(None)
        return cls(codes.to_numpy(zero_copy_only=False).astype(np.int32), tuple(words))

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
        return self._gather([holds(word) for word in self.words], np.bool_)

    def map(self, meaning: Callable[[str], str | None]) -> Coded:
        """Other words for the same rows; None stays None."""
        said = [None if word is None else meaning(word) for word in self.words]
        words = tuple(dict.fromkeys(said))
        place = {word: code for code, word in enumerate(words)}
        codes = self._gather([place[word] for word in said], np.int32)
        return Coded(codes, words)

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
        return self._gather([meaning(word) for word in self.words], np.uint64)

    def or_else(self, other: Coded) -> Coded:
        """This word where there is one, the other's elsewhere."""
        return self.put(self.is_null, other)

    def put(self, where: Mask, other: Coded) -> Coded:
        """The other's word in the rows of the mask."""
        words = tuple(dict.fromkeys((*self.words, *other.words)))
        place = {word: code for code, word in enumerate(words)}
        mine = self._gather([place[word] for word in self.words], np.int32)
        theirs = other._gather([place[word] for word in other.words], np.int32)
        return Coded(np.where(where, theirs, mine).astype(np.int32), words)

    def fill(self, word: str) -> Coded:
        return self.or_else(Coded.constant(word, len(self.codes)))

    def take(self, rows: Mask) -> Coded:
        return Coded(self.codes[rows], self.words)

    def to_arrow(self) -> pa.Array:
        """A dictionary of the words that are said, in the order of their texts."""
        counts = np.bincount(self.codes, minlength=len(self.words))
        said = [w for w, n in zip(self.words, counts, strict=True) if n]
        words = sorted({word for word in said if word is not None})
        place: dict[str | None, int] = {word: i for i, word in enumerate(words)}
        codes = self._gather([place.get(word, -1) for word in self.words], np.int32)
        missing = codes < 0 if None in said else None
        indices = pa.array(codes, mask=missing, type=pa.int32())
        return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))

    def _gather(self, table: Iterable[Any], dtype: Any) -> Any:  # noqa: ANN401
        values = np.array(list(table), dtype=dtype)
        return values[self.codes] if len(values) else np.empty(0, dtype)
