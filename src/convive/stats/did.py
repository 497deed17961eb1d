"""Differences in differences whose weights make the comparison a fair one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.synthetic_control import checked_panel

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

# Keeps the time weights unique; the authors' value.
_TIME_PENALTY = 1e-6
# Distance from the optimum, as a share of the variance of the differences.
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class SyntheticDid:
    """The effect, with the spread that places without one show."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    weights: Floats  # (units,), zero on the treated one
    time_weights: Floats  # (pre-periods,)
    placebo_estimates: Floats  # (units - 1,)

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        units = np.arange(len(self.weights))
        return pl.DataFrame({"unit": units, "weight": self.weights})


def synthetic_did(
    outcomes: ArrayLike, treated: int, pre_periods: int, level: float = 0.95
) -> SyntheticDid:
    """Synthetic difference in differences of Arkhangelsky et al. (2021).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.
    level : float
        Confidence level of the interval.

    Returns
    -------
    SyntheticDid
        `estimate` in the units of the outcome; the interval is normal with the
        placebo standard error, every donor taking its turn.

    Raises
    ------
    ValueError
        If a value is missing, there are fewer than three donors or two pre-periods,
        or no period follows them.

    Notes
    -----
    Unit weights :math:`\\omega` and time weights :math:`\\lambda` lie on the simplex
    and fit up to a constant; :math:`\\omega` is penalised by
    :math:`\\zeta^2 T_0 \\lVert\\omega\\rVert^2`,
    :math:`\\zeta = (N_{tr} T_{post})^{1/4} \\hat\\sigma`. Then
    :math:`\\hat\\tau = (\\bar y_{tr,post} - \\lambda' y_{tr,pre}) -
    \\omega' (\\bar y_{co,post} - Y_{co,pre} \\lambda)`.

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

    table = checked_panel(outcomes, treated, pre_periods)
    if len(table) < 4:
        message = "outcomes must hold at least three donors beside the treated unit"
        raise ValueError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)
    donors = np.flatnonzero(np.arange(len(table)) != treated)
    estimate, unit_weights, time_weights = _one(
        table[donors], table[treated], pre_periods
    )
    placebos = np.array(
        [
            _one(table[np.delete(donors, i)], table[donor], pre_periods)[0]
            for i, donor in enumerate(donors)
        ]
    )
    error = float(placebos.std())
    weights = np.zeros(len(table))
    weights[donors] = unit_weights
    reach = float(ndtri((1 + level) / 2)) * error
    return SyntheticDid(
        estimate=estimate,
        lower=estimate - reach,
        upper=estimate + reach,
        standard_error=error,
        weights=weights,
        time_weights=time_weights,
        placebo_estimates=placebos,
    )


def _one(
    donors: Floats, treated: Floats, pre_periods: int
) -> tuple[float, Floats, Floats]:
    before, after = donors[:, :pre_periods], donors[:, pre_periods:].mean(axis=1)
    noise = float(np.diff(before, axis=1).std(ddof=1))
    penalty = np.sqrt(donors.shape[1] - pre_periods) * noise**2
    unit_weights = _fit(before, treated[:pre_periods], penalty * pre_periods, noise)
    small = (_TIME_PENALTY * noise) ** 2 * len(donors)
    time_weights = _fit(before.T, after, small, noise)
    of_treated = treated[pre_periods:].mean() - time_weights @ treated[:pre_periods]
    of_donors = unit_weights @ (after - before @ time_weights)
    return float(of_treated - of_donors), unit_weights, time_weights


def _fit(givers: Floats, wanted: Floats, penalty: float, noise: float) -> Floats:
    """Simplex weights of the givers that follow the wanted series but for a level."""
    from convive.stats._kernels.simplex import fit_one

    centred = givers - givers.mean(axis=1, keepdims=True)
    gram = centred @ centred.T + penalty * np.eye(len(givers))
    pull = centred @ (wanted - wanted.mean())
    scale = noise**2 or 1.0
    everyone = np.ones(len(givers), dtype=np.bool_)
    weights, _gap = fit_one(gram / scale, pull / scale, everyone, _TOLERANCE)
    return weights
