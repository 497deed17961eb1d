"""Classes of a choropleth map: where to cut, so that like is drawn like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Spread = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Classes:
    """Lowest and highest value and number of values of each class, ascending."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    size: NDArray[np.int64]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))

    def of(self, value: float) -> int:
        """The class of one of the values, counted from 0."""
        return int(np.searchsorted(self.upper, value))


def natural_breaks(values: ArrayLike, classes: int) -> Classes:
    """The grouping of least variance within the classes, of Fisher (1958).

    Parameters
    ----------
    values : array_like of float, shape (n,)
        What is drawn. NaN is left out.
    classes : int
        How many at most; fewer where fewer values differ.

    Returns
    -------
    Classes
        The limits are values that occur, so the legend promises nothing beyond them.

    Raises
    ------
    ValueError
        If `classes` is not a whole number of 1 or more, or a value is infinite.

    Notes
    -----
    Minimises :math:`\\sum_c \\sum_{i \\in c} (x_i - \\bar x_c)^2` over all cuts of the
    sorted values, exactly, by dynamic programming in some :math:`c\\, n \\log n` steps
    (Wu, 1991). Equal values are never parted.

    References
    ----------
    Fisher W. D. (1958). On grouping for maximum homogeneity. Journal of the American
    Statistical Association 53(284), 789-798.
    Jenks G. F. (1967). The data model concept in statistical mapping. International
    Yearbook of Cartography 7, 186-190.
    Wu X. (1991). Optimal quantization by matrix searching. Journal of Algorithms 12(4),
    663-673.

    Examples
    --------
    >>> found = natural_breaks([1, 2, 2, 10, 11, 50], 3)
    >>> found.lower.tolist(), found.upper.tolist(), found.size.tolist()
    ([1.0, 10.0, 50.0], [2.0, 11.0, 50.0], [3, 2, 1])
    """
    given = np.asarray(values, dtype=np.float64)
    given = given[~np.isnan(given)]
    if classes != int(classes) or classes < 1:
        message = f"classes must be a whole number of 1 or more, not {classes}"
        raise ValueError(message)
    if not np.isfinite(given).all():
        message = "values must be finite"
        raise ValueError(message)
    distinct, counts = np.unique(given, return_counts=True)
    if not len(distinct):
        return Classes(distinct, distinct, counts)
    starts = _starts(distinct, counts, min(classes, len(distinct)))
    ends = np.append(starts[1:], len(distinct))
    return Classes(
        lower=distinct[starts],
        upper=distinct[ends - 1],
        size=np.array(
            [counts[a:b].sum() for a, b in zip(starts, ends, strict=True)],
            dtype=np.int64,
        ),
    )


def _starts(
    distinct: NDArray[np.float64], counts: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """Position of the first distinct value of each class."""
    size = len(distinct)
    spread = _spread(distinct, counts)
    best = spread(np.zeros(size, dtype=np.int64), np.arange(size))  # in one class
    came_from = np.zeros((classes, size), dtype=np.int64)
    for step in range(1, classes):
        # A class that begins at i follows the best grouping of what is before i.
        best, came_from[step] = _next_class(np.append(np.inf, best[:-1]), spread)
    starts, end = [], size - 1
    for step in range(classes - 1, 0, -1):
        starts.append(int(came_from[step, end]))
        end = starts[-1] - 1
    return np.array([0, *reversed(starts)], dtype=np.int64)


def _next_class(
    before: NDArray[np.float64], spread: Spread
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Least total with one class more, and where that class begins, for each end.

    It begins the later, the later it ends (Wu, 1991): ends are taken in halves,
    quarters and so on, each between the beginnings already found on either side.
    """
    size = len(before)
    least, begins = np.full(size, np.inf), np.zeros(size, dtype=np.int64)
    stride = 1 << (size - 1).bit_length()
    while stride:
        ends = np.arange(stride - 1, size, 2 * stride)
        first = np.where(ends >= stride, begins[ends - stride], 0)
        last = ends.copy()
        is_bounded = ends + stride < size
        last[is_bounded] = np.minimum(ends, begins[(ends + stride) % size])[is_bounded]
        width = last - first + 1
        heads = np.cumsum(width) - width
        tried = np.arange(width.sum()) + np.repeat(first - heads, width)
        total = before[tried] + spread(tried, np.repeat(ends, width))
        least[ends] = np.minimum.reduceat(total, heads)
        is_least = total == np.repeat(least[ends], width)
        begins[ends] = np.minimum.reduceat(np.where(is_least, tried, size), heads)
        stride //= 2
    return least, begins


def _spread(distinct: NDArray[np.float64], counts: NDArray[np.int64]) -> Spread:
    """Sum of squared deviations of values i..j, for many i and j at once."""
    # Centred first: the difference of large sums of squares loses digits.
    centred = distinct - np.average(distinct, weights=counts)
    n, s, q = (
        np.concatenate([[0.0], np.cumsum(counts * centred**power)])
        for power in (0, 1, 2)
    )

    def between(
        first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        size, total = n[last + 1] - n[first], s[last + 1] - s[first]
        within: NDArray[np.float64] = q[last + 1] - q[first] - total**2 / size
        return np.maximum(within, 0.0)

    return between
