"""What a reader can work out about withheld counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convive.stats.margins import AXES

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    from convive.stats.disclosure import SuppressedTable

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True)
class CellBounds:
    """What a reader can work out about each withheld cell or total.

    `position` is where it stands in the table with margins, one column an axis.
    """

    position: Longs
    lower: Floats
    upper: Floats

    @property
    def row(self) -> Longs:
        return self.position[:, 0]

    @property
    def column(self) -> Longs:
        return self.position[:, 1]

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        axes = dict(zip(AXES, self.position.T, strict=False))
        return pl.DataFrame(axes | {"lower": self.lower, "upper": self.upper})


def attack_table(
    published: SuppressedTable,
    *,
    prior_lower: ArrayLike = 1.0,
    prior_upper: ArrayLike = np.inf,
    only: ArrayLike | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CellBounds:
    """Bounds of each withheld cell from the published totals (Cox, 1980).

    Parameters
    ----------
    published : SuppressedTable
        What a reader sees.
    prior_lower, prior_upper : array_like of float
        What the reader knows beforehand about withheld cells, in events: one value, or
        one for each cell of `published.with_margins`. The lower limit is 1 since zeros
        are never withheld; 0 is the reader who does not know that.
    only : array_like of bool, optional
        The cells of `published.with_margins` to bound; all that are withheld if not
        given.
    progress : callable, optional
        Called with cells done and in all.

    Returns
    -------
    CellBounds
        Lower and upper bound of each withheld cell and total, in events; the upper
        bound is infinite when no total limits it. Where no total is shown at all,
        totals are left out.

    Raises
    ------
    ValueError
        If `only` or a prior has another shape than the table with margins.
    RuntimeError
        If the totals contradict the table or the priors.

    Notes
    -----
    Minimises and maximises each withheld :math:`x_c` subject to :math:`M x = 0`, one
    row a sum over a line of the table or over a group, with :math:`x` fixed where it
    is shown and within the priors elsewhere. Counts need not be whole: on two axes
    without groups that changes nothing, on more a reader who knows it may narrow a
    bound. Withheld cells that no sum joins are bounded apart.

    References
    ----------
    Cox L. H. (1980). Suppression methodology and statistical disclosure control.
    Journal of the American Statistical Association 75(370), 377-385.

    Examples
    --------
    >>> from convive.stats import suppress_table
    >>> bounds = attack_table(suppress_table([12, 3, 40], 5))
    >>> bounds.lower.tolist(), bounds.upper.tolist()
    ([1.0, 1.0], [14.0, 14.0])
    """
    values = published.with_margins
    lower = _prior(prior_lower, "prior_lower", values.shape)
    upper = _prior(prior_upper, "prior_upper", values.shape)
    asked = np.isnan(values)
    if only is not None:
        asked &= _prior(only, "only", values.shape).astype(np.bool_)
    if published.has_margins:
        _narrow(published, asked, lower, upper, progress)
    else:
        inner = np.zeros_like(asked)
        inner[published.margins.inner] = True
        asked &= inner
    return CellBounds(np.argwhere(asked), lower[asked], upper[asked])


def _prior(given: ArrayLike, name: str, shape: tuple[int, ...]) -> Floats:
    values = np.asarray(given, dtype=np.float64)
    if values.shape not in ((), shape) or np.isnan(values).any():
        message = f"{name} must be one value or have shape {shape}, not {values.shape}"
        raise ValueError(message)
    return np.array(np.broadcast_to(values, shape))


def _narrow(
    published: SuppressedTable,
    asked: NDArray[np.bool_],
    lower: Floats,
    upper: Floats,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Replace the priors of the cells asked for by their bounds, part by part."""
    unknown = np.flatnonzero(np.isnan(published.with_margins))
    equations = published.margins.equations()
    right = -(equations @ np.nan_to_num(published.with_margins.ravel()))
    binding = equations[:, unknown]
    part_of_row, part_of_cell = _parts(binding)
    low, high = lower.ravel()[unknown], upper.ravel()[unknown]
    new_low, new_high = low.copy(), high.copy()
    wanted = np.flatnonzero(asked.ravel()[unknown])
    done = 0
    for part in np.unique(part_of_cell[wanted]):
        cells = np.flatnonzero(part_of_cell == part)
        rows = np.flatnonzero(part_of_row == part)
        programme = _Programme(
            binding[rows][:, cells], right[rows], low[cells], high[cells]
        )
        for place in np.flatnonzero(np.isin(cells, wanted)):
            cell = cells[place]
            new_low[cell], new_high[cell] = programme.bounds(int(place))
            done += 1
            if progress is not None:
                progress(done, len(wanted))
    lower.ravel()[unknown], upper.ravel()[unknown] = new_low, new_high


def _parts(binding: csr_array) -> tuple[Longs, Longs]:
    """Which equations and which cells hang together."""
    from scipy.sparse import block_array
    from scipy.sparse.csgraph import connected_components

    graph: Any = block_array([[None, binding], [binding.T, None]], format="csr")
    _, part = connected_components(graph, directed=False)
    part_of: Longs = part.astype(np.int64)
    return part_of[: binding.shape[0]], part_of[binding.shape[0] :]


@dataclass(frozen=True)
class _Programme:
    equations: csr_array
    right: Floats
    lower: Floats
    upper: Floats

    def bounds(self, cell: int) -> tuple[float, float]:
        if self.equations.shape[0] == 1:
            return self._of_one_sum(cell)
        return self._extreme(cell, 1.0), self._extreme(cell, -1.0)

    def _of_one_sum(self, cell: int) -> tuple[float, float]:
        """The programme's answer when one sum alone binds the cells."""
        sign = self.equations.toarray()[0]
        least = np.where(sign > 0, self.lower, -self.upper)
        most = np.where(sign > 0, self.upper, -self.lower)
        rest = np.arange(len(sign)) != cell
        ends = self.right[0] - np.array([most[rest].sum(), least[rest].sum()])
        low, high = sorted(ends * sign[cell])
        return max(low, self.lower[cell]), min(high, self.upper[cell])

    def _extreme(self, cell: int, sign: float) -> float:
        from scipy.optimize import linprog

        objective = np.zeros(len(self.lower))
        objective[cell] = sign
        equations: Any = self.equations  # linprog takes sparse matrices unsaid
        answer = linprog(
            objective,
            A_eq=equations,
            b_eq=self.right,
            bounds=list(zip(self.lower.tolist(), self.upper.tolist(), strict=True)),
            method="highs",
        )
        if answer.status == 3:
            return -sign * np.inf
        if not answer.success or answer.fun is None:
            message = f"the published totals contradict the table: {answer.message}"
            raise RuntimeError(message)
        return sign * float(answer.fun)
