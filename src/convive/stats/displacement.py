"""Whether violence that fell in one place only moved next door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

Pair = tuple[float, float]


@dataclass(frozen=True)
class DisplacementQuotient:
    """Above 0 the gain spread, below it some moved, below -1 more than was gained."""

    estimate: float
    lower: float
    upper: float
    success: float  # change of target over control; the quotient needs it below zero

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


@dataclass(frozen=True)
class DisplacementDifference:
    """Events more (above 0) or fewer (below 0) than the controls foretold, in all."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    statistic: float
    p_value: float
    target: float  # the part of the place itself
    buffer: float  # the part around it: above 0 displacement, below 0 spread of benefit

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


def weighted_displacement_quotient(
    target: Pair, buffer: Pair, control: Pair, level: float = 0.95
) -> DisplacementQuotient:
    """Weighted displacement quotient of Bowers and Johnson (2003).

    Parameters
    ----------
    target, buffer, control : pair of float
        Events before and after, in the place itself, around it, and elsewhere.
    level : float
        Confidence level of the interval.

    Returns
    -------
    DisplacementQuotient
        NaN where the target did not fall against the control: then there is nothing
        that could have moved. The limits are infinite where that fall may be chance.

    Raises
    ------
    ValueError
        If a count is negative, the control has none before or after, or the level is
        not in (0, 1).

    Notes
    -----
    :math:`WDQ = N / S = \\frac{B_1/C_1 - B_0/C_0}{A_1/C_1 - A_0/C_0}`, above 0 where
    the buffer falls along with the target. The limits are those of Fieller (1954): all
    :math:`q` with :math:`(N - qS)^2 \\le z^2 var(N - qS)`, with variances by the delta
    method from Poisson counts. They know chance in all six counts, but not counts that
    come in bunches; below some twenty events a count they are rough.

    References
    ----------
    Bowers K. J., Johnson S. D. (2003). Measuring the geographical displacement and
    diffusion of benefit effects of crime prevention activity. Journal of Quantitative
    Criminology 19(3), 275-301.
    Fieller E. C. (1954). Some problems in interval estimation. Journal of the Royal
    Statistical Society B 16(2), 175-185.

    Examples
    --------
    >>> spread = weighted_displacement_quotient((100, 50), (80, 60), (200, 200))
    >>> round(spread.estimate, 6)  # 20 fewer around for 50 fewer inside
    0.4
    >>> round(spread.lower, 2), round(spread.upper, 2)
    (-0.18, 1.11)
    """
    _check(level, target=target, buffer=buffer, control=control)
    if not all(control):
        message = "control must have events both before and after"
        raise ValueError(message)
    around = buffer[1] / control[1] - buffer[0] / control[0]
    success = target[1] / control[1] - target[0] / control[0]
    if success >= 0:
        nothing = float("nan")
        return DisplacementQuotient(nothing, nothing, nothing, success)
    lower, upper = _fieller(target, buffer, control, level)
    return DisplacementQuotient(around / success, lower, upper, success)


def weighted_displacement_difference(
    target: Pair,
    control: Pair,
    buffer: Pair = (0, 0),
    buffer_control: Pair = (0, 0),
    *,
    periods: Pair = (1, 1),
    sizes: tuple[float, float, float, float] = (1, 1, 1, 1),
    level: float = 0.95,
) -> DisplacementDifference:
    """Weighted displacement difference test of Wheeler and Ratcliffe (2018).

    Parameters
    ----------
    target, control : pair of float
        Events before and after, in the place and in one like it where nothing was done.
    buffer, buffer_control : pair of float
        The same around the place, and in a place like those surroundings.
    periods : pair of float
        How long before and after were (24, 12 months); the answer is in events a unit
        of this time.
    sizes : four floats
        How large target, control, buffer and its control are (area, population, street
        length); the answer is in events a unit of size.
    level : float
        Confidence level of the interval.

    Returns
    -------
    DisplacementDifference
        Below zero if the intervention went with fewer events, displacement reckoned in.

    Raises
    ------
    ValueError
        If a count is negative, a period or size is not above zero, or the level is not
        in (0, 1).

    Notes
    -----
    :math:`WDD = \\Delta T - \\Delta C_T + \\Delta D - \\Delta C_D`, each change a
    difference of counts over the period's length and the place's size; the variance is
    the sum of the counts, each over the square of both. The test is normal and supposes
    Poisson counts, so that it finds too much where violence comes in bunches.

    References
    ----------
    Wheeler A. P., Ratcliffe J. H. (2018). A simple weighted displacement difference
    test to evaluate place based crime interventions. Crime Science 7, 11.

    Examples
    --------
    >>> test = weighted_displacement_difference((20, 10), (20, 20))
    >>> test.estimate, round(test.standard_error, 2), round(test.p_value, 2)
    (-10.0, 8.37, 0.23)
    """
    from scipy.special import ndtr, ndtri

    counts = {"target": target, "control": control}
    _check(level, **counts, buffer=buffer, buffer_control=buffer_control)
    if not all(value > 0 for value in (*periods, *sizes)):
        message = "periods and sizes must be above zero"
        raise ValueError(message)
    seen = np.array([target, control, buffer, buffer_control], dtype=np.float64)
    units = np.outer(sizes, periods)
    change = np.diff(seen / units, axis=1).ravel() * (1, -1, 1, -1)
    estimate, error = float(change.sum()), float(np.sqrt((seen / units**2).sum()))
    statistic = estimate / error if error > 0 else 0.0
    reach = float(ndtri((1 + level) / 2)) * error
    return DisplacementDifference(
        estimate=estimate,
        lower=estimate - reach,
        upper=estimate + reach,
        standard_error=error,
        statistic=statistic,
        p_value=float(2 * ndtr(-abs(statistic))),
        target=float(change[:2].sum()),
        buffer=float(change[2:].sum()),
    )


def _check(level: float, **counts: Pair) -> None:
    for name, pair in counts.items():
        if len(pair) != 2 or not all(0 <= value < np.inf for value in pair):
            message = f"{name} must hold two counts, before and after, zero or more"
            raise ValueError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level}"
        raise ValueError(message)


def _fieller(target: Pair, buffer: Pair, control: Pair, level: float) -> Pair:
    from scipy.special import ndtri

    inside, around, elsewhere = (np.array(p, float) for p in (target, buffer, control))
    sign = np.array([-1.0, 1.0])
    success = float((inside / elsewhere) @ sign)
    gain = float((around / elsewhere) @ sign)
    of_success = ((inside + inside**2 / elsewhere) / elsewhere**2).sum()
    of_gain = ((around + around**2 / elsewhere) / elsewhere**2).sum()
    # The control is under both: a control that happens to be low lifts them alike.
    shared = (inside * around / elsewhere**3).sum()
    square = float(ndtri((1 + level) / 2)) ** 2
    leading = success**2 - square * of_success
    if leading <= 0:
        return -np.inf, np.inf
    middle = success * gain - square * shared
    root = np.sqrt(max(middle**2 - leading * (gain**2 - square * of_gain), 0.0))
    return float((middle - root) / leading), float((middle + root) / leading)
