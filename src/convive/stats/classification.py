"""Classes of a choropleth map: where to cut, so that like is drawn like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray


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
        If `classes` is below 1 or a value is infinite.

    Notes
    -----
    Minimises :math:`\\sum_c \\sum_{i \\in c} (x_i - \\bar x_c)^2` over all cuts of the
    sorted values, exactly, by dynamic programming. Equal values are never parted.

    References
    ----------
    Fisher W. D. (1958). On grouping for maximum homogeneity. Journal of the American
    Statistical Association 53(284), 789-798.
    Jenks G. F. (1967). The data model concept in statistical mapping. International
    Yearbook of Cartography 7, 186-190.

    Examples
    --------
    >>> found = natural_breaks([1, 2, 2, 10, 11, 50], 3)
    >>> found.lower.tolist(), found.upper.tolist(), found.size.tolist()
    ([1.0, 10.0, 50.0], [2.0, 11.0, 50.0], [3, 2, 1])
    """
    given = np.asarray(values, dtype=np.float64)
    given = given[~np.isnan(given)]
    if classes < 1:
        message = f"there must be at least 1 class, not {classes}"
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
    best = spread[0].copy()  # of values 0..j in one class
    came_from = np.zeros((classes, size), dtype=np.int64)
    for step in range(1, classes):
        # A class that begins at i follows the best grouping of what is before i.
        total = np.vstack([np.full(size, np.inf), best[:-1, None] + spread[1:]])
        came_from[step] = total.argmin(axis=0)
        best = total.min(axis=0)
    starts, end = [], size - 1
    for step in range(classes - 1, 0, -1):
        starts.append(int(came_from[step, end]))
        end = starts[-1] - 1
    return np.array([0, *reversed(starts)], dtype=np.int64)


def _spread(
    distinct: NDArray[np.float64], counts: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum of squared deviations of values i..j; infinite where j is before i."""
    # Centred first: the difference of large sums of squares loses digits.
    centred = distinct - np.average(distinct, weights=counts)
    n, s, q = (
        np.concatenate([[0.0], np.cumsum(counts * centred**power)])
        for power in (0, 1, 2)
    )
    first, last = np.indices((len(distinct), len(distinct)))
    with np.errstate(divide="ignore", invalid="ignore"):
        within = (q[last + 1] - q[first]) - (s[last + 1] - s[first]) ** 2 / (
            n[last + 1] - n[first]
        )
    return np.where(last >= first, np.maximum(within, 0.0), np.inf)
