"""The intrinsic field of a map: each place near the mean of its neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.weights import as_weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.weights import Sparse, SpatialWeights

    Floats = NDArray[np.float64]

# Makes the singular precision factorise; what it adds lies far below any answer.
_RIDGE = 1e-8
# Beyond these shares the model no longer changes.
_LOGIT_SHARES = np.linspace(-9.0, 9.0, 73)


@dataclass(frozen=True)
class IntrinsicField:
    """A scaled intrinsic autoregression, its places reordered into a narrow band.

    Every connected part of the map sums to zero and has a typical variance of one,
    after Freni-Sterrantino et al. (2018); a place without neighbours is a standard
    normal of its own.
    """

    order: NDArray[np.int64]  # place that stands in each row
    precision: Floats  # (places, band + 1): each column from its diagonal down
    parts: Floats  # (places, parts of two places or more), one where it belongs
    variance: Floats  # of each place in the field

    def product(self, values: Floats) -> Floats:
        """Precision times a field."""
        result: Floats = self.precision[:, 0] * values
        for d in range(1, self.precision.shape[1]):
            across = self.precision[:-d, d]
            result[d:] += across * values[:-d]
            result[:-d] += across * values[d:]
        return result

    def share_prior(
        self, share: float = 0.5, probability: float = 2 / 3
    ) -> tuple[Floats, Floats]:
        """Logits of the spatial share, and the prior probability of less than each.

        The penalised complexity prior of Riebler et al. (2016): exponential in the
        distance from a field without neighbours, with P(phi < share) = probability.
        """
        logits = _LOGIT_SHARES
        shares = 1 / (1 + np.exp(-logits))
        distance = self._distance(shares)
        at_share = np.interp(np.log(share / (1 - share)), logits, distance)
        rate = -np.log1p(-probability) / at_share
        return logits, -np.expm1(-rate * distance)

    def _distance(self, shares: Floats) -> Floats:
        """Square root of twice the divergence from independent places."""
        own = _log_determinant(self.precision)
        excess = (self.variance - 1).sum()
        parts = self.parts.shape[1]
        twice = []
        for share in shares:
            mixed = (1 - share) * self.precision
            mixed[:, 0] += share
            # The directions that are summed to zero vary by the independent share.
            grown = _log_determinant(mixed) - own
            grown += parts * (np.log1p(-share) - np.log(share + (1 - share) * _RIDGE))
            grown += parts * np.log(_RIDGE)
            twice.append(share * excess - grown)
        return np.sqrt(np.maximum(twice, 0))


def intrinsic_field(weights: SpatialWeights | ArrayLike) -> IntrinsicField:
    """Order the places of a map and scale the precision of each connected part."""
    from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee

    links = _links(weights)
    order = np.asarray(reverse_cuthill_mckee(links, symmetric_mode=True), dtype=int)
    links = links[order][:, order]
    _, part = connected_components(links, directed=False)
    size = np.bincount(part)
    joined = np.flatnonzero(size > 1)
    if not len(joined):
        message = "weights must make at least two places neighbours"
        raise ValueError(message)
    members = (part[:, None] == joined).astype(np.float64)
    precision = _banded(links)
    alone = size[part] == 1
    precision[alone, 0] = 1.0
    variance = _variance(precision, members)
    variance[alone] = 1.0
    typical = np.exp(np.bincount(part, np.log(variance)) / size)[part]
    scaled = precision * typical[:, None]
    scaled[:, 0] += _RIDGE * ~alone
    return IntrinsicField(order, scaled, members, variance / typical)


def _links(weights: SpatialWeights | ArrayLike) -> Sparse:
    matrix = as_weights(weights).to_sparse().copy()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
        message = "weights must be finite and zero or more"
        raise ValueError(message)
    if abs(matrix - matrix.T).max() > 0:
        message = "weights must be mutual: as much from one to the other as back"
        raise ValueError(message)
    return matrix


def _banded(links: Sparse) -> Floats:
    pairs = links.tocoo()
    apart = pairs.row - pairs.col
    lower = apart >= 0
    precision = np.zeros((links.shape[0], int(apart.max()) + 1))
    precision[pairs.col[lower], apart[lower]] = -pairs.data[lower]
    precision[:, 0] = links.sum(axis=1)
    return precision


def _variance(precision: Floats, members: Floats) -> Floats:
    """Variances when every part sums to zero, by conditioning."""
    from scipy.linalg import cho_solve_banded

    from convive.stats._kernels.banded import factorise, inverse_diagonal

    raised = precision.copy()
    raised[:, 0] += _RIDGE * precision[:, 0].mean()
    factor = factorise(raised)
    toward = cho_solve_banded((factor.T, True), members)
    shared = (toward**2 / np.einsum("ij,ij->j", members, toward)).sum(axis=1)
    variance: Floats = inverse_diagonal(factor) - shared
    return variance


def _log_determinant(columns: Floats) -> float:
    from convive.stats._kernels.banded import factorise

    return float(2 * np.log(factorise(columns)[:, 0]).sum())
