"""Which places are neighbours of which, and how much each counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Positions = NDArray[np.int64]


# scipy's sparse arrays: their published types follow every element type and rank.
Sparse: TypeAlias = Any


@dataclass(frozen=True)
class SpatialWeights:
    """Neighbours of each place, row after row, as in a compressed sparse matrix."""

    starts: Ints  # (places + 1,): where each place's neighbours begin
    neighbours: Ints  # (links,)
    weights: Floats  # (links,)

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.starts) - 1

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        place = np.repeat(np.arange(self.count), np.diff(self.starts))
        columns = {"place": place, "neighbour": self.neighbours, "weight": self.weights}
        return pl.DataFrame(columns)

    @property
    def is_alone(self) -> NDArray[np.bool_]:
        """Which places have no neighbour."""
        return np.equal(self.starts[1:], self.starts[:-1])

    def to_sparse(self) -> Sparse:
        from scipy.sparse import csr_array

        # A copy: what is done to the matrix must not change these weights.
        return csr_array(
            (self.weights, self.neighbours, self.starts),
            shape=(self.count, self.count),
            copy=True,
        )

    def row_standardised(self) -> SpatialWeights:
        """Give each place's neighbours weights that sum to one."""
        sums = self.to_sparse().sum(axis=1)
        of_link = np.repeat(sums, np.diff(self.starts))
        return SpatialWeights(self.starts, self.neighbours, self.weights / of_link)

    def with_self(self) -> SpatialWeights:
        """Give weight one on itself to each place that has none."""
        from scipy.sparse import diags_array

        matrix = self.to_sparse()
        lacks = (matrix.diagonal() == 0).astype(np.float64)
        return from_sparse(matrix + diags_array(lacks))

    def without_self(self) -> SpatialWeights:
        """Leave out the weight of each place on itself."""
        place = np.repeat(np.arange(self.count), np.diff(self.starts))
        kept = place != self.neighbours
        if kept.all():
            return self
        starts = np.searchsorted(place[kept], np.arange(self.count + 1))
        return SpatialWeights(
            starts.astype(np.int32), self.neighbours[kept], self.weights[kept]
        )


def spatial_weights(
    places: ArrayLike,
    *,
    contiguity: str | None = None,
    within_m: float | None = None,
    nearest: int | None = None,
    gap_m: float = 0.0,
    distance_power: float = 0.0,
) -> SpatialWeights:
    """Weights by contiguity, distance or nearest neighbours (Cliff and Ord, 1981).

    Parameters
    ----------
    places : array_like
        Polygons of shape (places,) for contiguity, each a shapely geometry, its
        well-known binary or a ring of shape (corners, 2); positions in metres of shape
        (places, 2) otherwise.
    contiguity : {'queen', 'rook'}, optional
        Neighbours share a point of their outlines, or a line of them.
    within_m : float, optional
        Neighbours lie within this distance, in metres.
    nearest : int, optional
        Each place's so many nearest others are its neighbours.
    gap_m : float
        Outlines that were drawn up to so far apart touch all the same; the polygons are
        then in metres, and a line is longer than four gaps.
    distance_power : float
        Weights fall with this power of distance: 1 or 2 for inverse distance, in one
        over metres. 0 lets all neighbours count alike.

    Returns
    -------
    SpatialWeights
        No place is its own neighbour; one that has none at all has no weights.

    Raises
    ------
    ValueError
        If not exactly one kind is asked for, or the places do not suit it: an outline
        crosses itself, a position is not finite, or two places share a position and
        weights fall with distance.

    Notes
    -----
    :math:`w_{ij} = d_{ij}^{-p}` where j is a neighbour of i, with p = 0 unless asked
    otherwise. Nearest neighbours are not mutual. Of those equally near, to
    a micrometre, the first are taken.

    References
    ----------
    Cliff A. D., Ord J. K. (1981). Spatial processes: models and applications. Pion.

    Examples
    --------
    >>> spatial_weights([[0, 0], [10, 0], [90, 0]], within_m=20).neighbours.tolist()
    [1, 0]
    """
    asked = [value for value in (contiguity, within_m, nearest) if value is not None]
    if len(asked) != 1:
        message = "ask for one of contiguity, within_m and nearest"
        raise ValueError(message)
    if contiguity is not None:
        from convive.stats.contiguity import touching

        if distance_power:
            message = "distance_power does not apply to contiguity"
            raise ValueError(message)
        left, right, count = touching(places, contiguity, gap_m)
        return _from_pairs(left, right, np.ones(len(left)), count)
    xy = np.asarray(places, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
        message = "places must have two finite columns, x and y in metres"
        raise ValueError(message)
    pairs = _within(xy, within_m) if within_m is not None else _nearest(xy, nearest)
    return _from_pairs(*pairs, _falling(xy, pairs, distance_power), len(xy))


def as_weights(weights: SpatialWeights | ArrayLike) -> SpatialWeights:
    """Take spatial weights, or any square matrix of them, dense or sparse."""
    if isinstance(weights, SpatialWeights):
        return weights
    from scipy.sparse import csr_array

    matrix: Sparse = csr_array(weights)  # type: ignore[arg-type]
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        message = f"weights must be a square matrix, not of shape {matrix.shape}"
        raise ValueError(message)
    if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
        message = "weights must be finite and zero or more"
        raise ValueError(message)
    return from_sparse(matrix)


def from_sparse(matrix: Sparse) -> SpatialWeights:
    from scipy.sparse import csr_array

    rows: Sparse = csr_array(matrix, dtype=np.float64, copy=True)
    rows.eliminate_zeros()
    rows.sort_indices()
    return SpatialWeights(
        rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data
    )


def _from_pairs(
    left: Positions, right: Positions, weights: Floats, count: int
) -> SpatialWeights:
    from scipy.sparse import coo_array

    return from_sparse(coo_array((weights, (left, right)), (count, count)))


def _falling(xy: Floats, pairs: tuple[Positions, Positions], power: float) -> Floats:
    if not 0 <= power < np.inf:
        message = f"distance_power must be zero or more, not {power}"
        raise ValueError(message)
    distance = _distance(xy, *pairs)
    if power and (distance == 0).any():
        message = "places must not coincide where distance_power is above zero"
        raise ValueError(message)
    return distance**-power if power else np.ones(len(distance))


def _distance(xy: Floats, left: Positions, right: Positions) -> Floats:
    return np.asarray(np.hypot(*(xy[left] - xy[right]).T), dtype=np.float64)


def _within(xy: Floats, within_m: float) -> tuple[Positions, Positions]:
    from scipy.spatial import cKDTree

    if not within_m > 0:
        message = f"within_m must be above zero, not {within_m}"
        raise ValueError(message)
    left, right = cKDTree(xy).query_pairs(within_m, output_type="ndarray").T
    return np.append(left, right), np.append(right, left)


def _nearest(xy: Floats, nearest: int | None) -> tuple[Positions, Positions]:
    from scipy.spatial import cKDTree

    if nearest is None or not 0 < nearest < len(xy) or nearest != int(nearest):
        message = f"nearest must lie between 1 and {len(xy) - 1}, not {nearest}"
        raise ValueError(message)
    tree = cKDTree(xy)
    reach = np.asarray(tree.query(xy, k=nearest + 1)[0])[:, -1]
    # All that are as near as the last one, so that which are taken is no accident.
    found = tree.query_ball_point(xy, reach * (1 + 1e-9))
    left = np.repeat(np.arange(len(xy)), [len(others) for others in found])
    right = np.concatenate(found).astype(np.int64)
    left, right = left[left != right], right[left != right]
    metres = np.round(_distance(xy, left, right), 6)
    order = np.lexsort((right, metres, left))
    rank = np.arange(len(left)) - np.searchsorted(left, left)
    order = order[rank < nearest]
    return left[order], right[order]
