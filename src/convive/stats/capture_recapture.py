"""How many there are, from lists that each hold some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class PopulationEstimate:
    """How many there are in all, seen or not."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    observed: int

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def chapman_estimate(
    n1: int, n2: int, both: int, level: float = 0.95
) -> PopulationEstimate:
    """Size of a population from two lists, after Chapman (1951).

    Parameters
    ----------
    n1, n2 : int
        Cases on the first and on the second list.
    both : int
        Cases on both.
    level : float
        Confidence level of the interval.

    Returns
    -------
    PopulationEstimate
        The interval is log-normal in the number of those on neither list.

    Raises
    ------
    ValueError
        If a count is negative or not whole, more cases are on both lists than on one,
        or the level is not in (0, 1).

    Notes
    -----
    :math:`\\hat N = \\frac{(n_1+1)(n_2+1)}{m+1} - 1` with variance
    :math:`\\frac{(n_1+1)(n_2+1)(n_1-m)(n_2-m)}{(m+1)^2 (m+2)}`. With
    :math:`f = \\hat N - M` unseen beside :math:`M` seen, the limits are
    :math:`M + f / c` and :math:`M + f c`,
    :math:`c = \\exp(z \\sqrt{\\log(1 + var / f^2)})`.
    It holds only where the lists are independent and no case is more often listed.

    References
    ----------
    Chapman D. G. (1951). Some properties of the hypergeometric distribution with
    applications to zoological sample censuses. University of California Publications
    in Statistics 1, 131-160.
    Chao A. (1987). Estimating the population size for capture-recapture data with
    unequal catchability. Biometrics 43(4), 783-791.

    Examples
    --------
    >>> round(chapman_estimate(200, 150, 50).estimate, 1)
    594.1
    """
    from scipy.special import ndtri

    counts = {"n1": n1, "n2": n2, "both": both}
    for name, value in counts.items():
        if value < 0 or value % 1:
            message = f"{name} must be a whole number, zero or more, not {value}"
            raise ValueError(message)
    if both > min(n1, n2):
        message = f"both must not exceed either list: {both} of {n1} and {n2}"
        raise ValueError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    product = (n1 + 1) * (n2 + 1)
    estimate = product / (both + 1) - 1
    variance = product * (n1 - both) * (n2 - both) / ((both + 1) ** 2 * (both + 2))
    seen = n1 + n2 - both
    unseen = estimate - seen
    reach = 1.0
    if unseen > 0:
        z = float(ndtri((1 + level) / 2))
        reach = float(np.exp(z * np.sqrt(np.log1p(variance / unseen**2))))
    return PopulationEstimate(
        estimate=estimate,
        lower=seen + unseen / reach,
        upper=seen + unseen * reach,
        standard_error=float(np.sqrt(variance)),
        observed=seen,
    )
