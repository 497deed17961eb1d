"""Differences in differences whose weights make the comparison a fair one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.panel import checked_level, checked_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True)
class SyntheticDid:
    """The effect, with the spread that places without one show."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    weights: Floats  # (units,), zero on the treated ones
    time_weights: Floats  # (pre-periods,)
    placebo_estimates: Floats  # (donors,), or as many as were drawn

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        units = np.arange(len(self.weights))
        return pl.DataFrame({"unit": units, "weight": self.weights})


def synthetic_did(
    outcomes: ArrayLike,
    treated: int | Sequence[int],
    pre_periods: int,
    level: float = 0.95,
    rng: np.random.Generator | None = None,
    *,
    placebos: int = 500,
) -> SyntheticDid:
    """Synthetic difference in differences of Arkhangelsky et al. (2021).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int or sequence of int
        Row of the unit where something was done, or rows where it began together.
    pre_periods : int
        Periods before it was done: the first ones.
    level : float
        Confidence level of the interval.
    rng : numpy.random.Generator, optional
        Draws the placebos of several treated rows; a new one if not given. One row
        needs none: every donor takes its turn.
    placebos : int
        How many sets of donors are drawn when several rows are treated.

    Returns
    -------
    SyntheticDid
        `estimate` in the units of the outcome; the interval is normal with the
        placebo standard error.

    Raises
    ------
    ValueError
        If a value is missing, there are fewer than three donors (or no more donors
        than treated units) or two pre-periods, or no period follows them.

    Notes
    -----
    Unit weights :math:`\\omega` and time weights :math:`\\lambda` lie on the simplex
    and fit up to a constant; :math:`\\omega` is penalised by
    :math:`\\zeta^2 T_0 \\lVert\\omega\\rVert^2`,
    :math:`\\zeta = (N_{tr} T_{post})^{1/4} \\hat\\sigma`. Then
    :math:`\\hat\\tau = (\\bar y_{tr,post} - \\lambda' y_{tr,pre}) -
    \\omega' (\\bar y_{co,post} - Y_{co,pre} \\lambda)`.

    The placebo standard error takes it that the treated units vary as the donors do;
    with few donors it is itself uncertain and the interval covers less than it says.

    References
    ----------
    Arkhangelsky D., Athey S., Hirshberg D. A., Imbens G. W., Wager S. (2021).
    Synthetic difference-in-differences. American Economic Review 111(12), 4088-4118.

    Examples
    --------
    >>> level, trend = np.array([5.0, 1, 2, 3, 4]), np.arange(8.0)
    >>> panel = level[:, None] + trend
    >>> panel[0, 6:] -= 2
    >>> round(synthetic_did(panel, 0, 6).estimate, 6)
    -2.0
    """
    from scipy.special import ndtri

    from convive.stats._kernels.did import fit_sets, shared_tables

    table, rows = checked_rows(outcomes, np.atleast_1d(treated), pre_periods)
    donors = np.delete(np.arange(len(table)), rows)
    if len(donors) < max(3, len(rows) + 1):
        message = (
            "outcomes must hold at least three donors beside the treated units, and "
            "more donors than treated units"
        )
        raise ValueError(message)
    reach = float(ndtri((1 + checked_level(level)) / 2))
    (estimate,), (weights,), (time_weights,) = fit_sets(
        shared_tables(table, pre_periods), rows[None, :]
    )
    pretended = _placebo_sets(len(donors), len(rows), placebos, rng)
    others = shared_tables(table[donors], pre_periods)
    placebo_estimates, *_weights = fit_sets(others, pretended)
    error = float(placebo_estimates.std())
    return SyntheticDid(
        estimate=float(estimate),
        lower=float(estimate - reach * error),
        upper=float(estimate + reach * error),
        standard_error=error,
        weights=weights,
        time_weights=time_weights,
        placebo_estimates=placebo_estimates,
    )


def _placebo_sets(
    donors: int, treated: int, placebos: int, rng: np.random.Generator | None
) -> Longs:
    """Sets of donors that take the place of the treated units."""
    if treated == 1:
        return np.arange(donors)[:, None]
    if placebos < 2:
        message = f"placebos must be at least 2, not {placebos}"
        raise ValueError(message)
    rng = rng if rng is not None else np.random.default_rng()
    drawn = [rng.permutation(donors)[:treated] for _ in range(placebos)]
    return np.array(drawn, dtype=np.int64)
