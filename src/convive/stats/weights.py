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

    def to_sparse(self) -> Sparse:
        from scipy.sparse import csr_array

        return csr_array(
            (self.weights, self.neighbours, self.starts), (self.count, self.count)
        )

    def row_standardised(self) -> SpatialWeights:
        """Give each place's neighbours weights that sum to one."""
        sums = self.to_sparse().sum(axis=1)
        of_link = np.repeat(sums, np.diff(self.starts))
        return SpatialWeights(self.starts, self.neighbours, self.weights / of_link)

    def with_self(self) -> SpatialWeights:
        """Let each place be its own neighbour with weight one."""
        from scipy.sparse import eye_array

        matrix = self.to_sparse()
        matrix.setdiag(0)
        return from_sparse(matrix + eye_array(self.count))


def spatial_weights(
    places: ArrayLike,
    *,
    contiguity: str | None = None,
    within_m: float | None = None,
    nearest: int | None = None,
) -> SpatialWeights:
    """Binary weights by contiguity, distance or nearest neighbours (Cliff, 1981).

    Parameters
    ----------
    places : array_like
        Polygons (shapely geometries, or their well-known binary) of shape (places,)
        for contiguity; positions in metres of shape (places, 2) otherwise.
    contiguity : {'queen', 'rook'}, optional
        Neighbours share a point of their outlines, or a line of them.
    within_m : float, optional
        Neighbours lie within this distance, in metres.
    nearest : int, optional
        Each place's so many nearest others are its neighbours.

    Returns
    -------
    SpatialWeights
        Weights of one; no place is its own neighbour.

    Raises
    ------
    ValueError
        If not exactly one kind is asked for, or the places do not suit it.

    Notes
    -----
    :math:`w_{ij} = 1` where j is a neighbour of i. Nearest neighbours are not mutual.
    Of equally near ones those that come first are taken.

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
        return _contiguous(places, contiguity)
    xy = np.asarray(places, dtype=np.float64)
    if xy.ndim != 2 or xy.shape[1] != 2 or not np.isfinite(xy).all():
        message = "places must have two finite columns, x and y in metres"
        raise ValueError(message)
    return _within(xy, within_m) if within_m is not None else _nearest(xy, nearest)


def as_weights(weights: SpatialWeights | ArrayLike) -> SpatialWeights:
    """Take spatial weights, or any square matrix of them, dense or sparse."""
    if isinstance(weights, SpatialWeights):
        return weights
    from scipy.sparse import csr_array

    matrix: Sparse = csr_array(weights)  # type: ignore[arg-type]
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        message = f"weights must be a square matrix, not of shape {matrix.shape}"
        raise ValueError(message)
    return from_sparse(matrix)


def from_sparse(matrix: Sparse) -> SpatialWeights:
    from scipy.sparse import csr_array

    rows: Sparse = csr_array(matrix, dtype=np.float64)
    rows.eliminate_zeros()
    rows.sort_indices()
    return SpatialWeights(
        rows.indptr.astype(np.int32), rows.indices.astype(np.int32), rows.data
    )


def _from_pairs(
    left: NDArray[np.int64], right: NDArray[np.int64], count: int
) -> SpatialWeights:
    from scipy.sparse import coo_array

    ones = np.ones(len(left))
    return from_sparse(coo_array((ones, (left, right)), (count, count)))


def _contiguous(places: ArrayLike, kind: str) -> SpatialWeights:
    import shapely

    if kind not in {"queen", "rook"}:
        message = f"contiguity must be 'queen' or 'rook', not {kind!r}"
        raise ValueError(message)
    polygons = np.asarray(places, dtype=object)
    if len(polygons) and isinstance(polygons[0], bytes):
        polygons = shapely.from_wkb(polygons)
    if polygons.ndim != 1 or not shapely.is_geometry(polygons).all():
        message = "places must be polygons for contiguity, as geometries or binary"
        raise ValueError(message)
    left, right = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    apart = left != right
    left, right = left[apart], right[apart]
    if kind == "rook":
        shared = shapely.intersection(polygons[left], polygons[right])
        is_line = shapely.length(shared) > 0
        left, right = left[is_line], right[is_line]
    return _from_pairs(left, right, len(polygons))


def _within(xy: Floats, within_m: float) -> SpatialWeights:
    from scipy.spatial import cKDTree

    if not within_m > 0:
        message = f"within_m must be above zero, not {within_m}"
        raise ValueError(message)
    pairs = cKDTree(xy).query_pairs(within_m, output_type="ndarray").astype(np.int64)
    both = np.vstack([pairs, pairs[:, ::-1]])
    return _from_pairs(both[:, 0], both[:, 1], len(xy))


def _nearest(xy: Floats, nearest: int | None) -> SpatialWeights:
    from scipy.spatial import cKDTree

    if nearest is None or not 0 < nearest < len(xy):
        message = f"nearest must lie between 1 and {len(xy) - 1}, not {nearest}"
        raise ValueError(message)
    # One more than asked, since a place may not come first among those at its point.
    distance, found = cKDTree(xy).query(xy, k=nearest + 1)
    own = np.arange(len(xy))[:, None]
    order = np.argsort(np.where(found == own, -1.0, distance), axis=1, kind="stable")
    kept = np.take_along_axis(found, order, axis=1)
    is_missing = ~(found == own).any(axis=1)
    chosen = np.where(is_missing[:, None], kept[:, :-1], kept[:, 1:])
    left = np.repeat(np.arange(len(xy)), nearest)
    return _from_pairs(left, chosen.ravel().astype(np.int64), len(xy))
