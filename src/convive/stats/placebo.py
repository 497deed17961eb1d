"""Whether an effect stands out from those of places and times without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from convive.stats.panel import TOLERANCE, checked_panel, gram_of, ratio_of, rmspe

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

    Alternative = Literal["two-sided", "less", "greater"]


@dataclass(frozen=True)
class PlaceboTest:
    """The treated unit's gap among those of units where nothing was done."""

    estimate: float
    p_value: float
    smallest_p_value: float  # that so many units allow
    ratio: Floats  # (units,): post over pre RMSPE
    pre_rmspe: Floats  # (units,)
    is_compared: NDArray[np.bool_]  # (units,): fitted well enough before
    gap: Floats  # (units, periods)
    weights: Floats  # (units, units)

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "unit": np.arange(len(self.ratio)),
            "pre_rmspe": self.pre_rmspe,
            "ratio": self.ratio,
            "is_compared": self.is_compared,
        }
        return pl.DataFrame(columns)


@dataclass(frozen=True)
class LeaveOneOut:
    """The effect without each donor that the synthetic control leans on."""

    estimate: float  # with all donors
    lower: float  # least and largest with one left out
    upper: float
    donors: NDArray[np.int64]  # rows that had weight
    weights: Floats  # what they had
    estimates: Floats  # without them, one by one

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {
            "unit": self.donors,
            "weight": self.weights,
            "estimate": self.estimates,
        }
        return pl.DataFrame(columns)


def placebo_test(
    outcomes: ArrayLike,
    treated: int,
    pre_periods: int,
    *,
    in_time: int | None = None,
    alternative: Alternative = "two-sided",
    max_pre_rmspe_ratio: float | None = None,
    treated_as_donor: bool = False,
) -> PlaceboTest:
    """Placebo test in space of Abadie, Diamond and Hainmueller (2010), or in time.

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.
    in_time : int, optional
        Pretend that it was done after so many periods, fewer than `pre_periods`, and
        look at nothing after the true date (Abadie, Diamond and Hainmueller, 2015): an
        effect found then is none, and the method not to be trusted here.
    alternative : {"two-sided", "less", "greater"}
        Count gaps of either sign, or only those below (above) zero after the date.
    max_pre_rmspe_ratio : float, optional
        Leave out units whose fit before is worse than so many times the treated one's.
    treated_as_donor : bool
        Whether the treated unit may help to fit the others. Then all units have the
        same number of donors and p is exact where nothing was done, but an effect
        leaks into the others' gaps.

    Returns
    -------
    PlaceboTest
        Each unit fitted by the untreated others.

    Raises
    ------
    ValueError
        As `synthetic_control` does; if `in_time` is not between 2 and
        `pre_periods` - 1 or `max_pre_rmspe_ratio` is not positive.

    Notes
    -----
    With :math:`r_i` the ratio of the root mean squared gap after to that before,
    :math:`p = \\#\\{i : r_i \\ge r_1\\} / (J + 1)` over the J donors compared and the
    treated unit itself, so that :math:`1/(J + 1)` is the smallest there can be: with
    fewer than 19 donors no result is below 0.05, however large the effect.

    References
    ----------
    Abadie A., Diamond A., Hainmueller J. (2010). Synthetic control methods for
    comparative case studies. Journal of the American Statistical Association
    105(490), 493-505.

    Abadie A., Diamond A., Hainmueller J. (2015). Comparative politics and the
    synthetic control method. American Journal of Political Science 59(2), 495-510.

    Abadie A. (2021). Using synthetic controls. Journal of Economic Literature 59(2),
    391-425 (one-sided tests).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rates = rng.normal(50, 1, (10, 20))
    >>> rates[0, 12:] -= 20
    >>> placebo_test(rates, 0, 12).p_value
    0.1
    >>> placebo_test(rates, 0, 12, in_time=8).p_value > 0.1
    True
    """
    from convive.stats._kernels.simplex import fit_each

    table = checked_panel(outcomes, treated, pre_periods)
    if in_time is not None:
        table, pre_periods = _pretended(table, pre_periods, in_time)
    may_give = (np.arange(len(table)) != treated) | treated_as_donor
    before = table[:, :pre_periods]
    weights, _gaps = fit_each(gram_of(before), may_give, TOLERANCE)
    gap = table - weights @ table
    counted = gap.copy()
    counted[:, pre_periods:] = _part_of(gap[:, pre_periods:], alternative)
    pre, post = rmspe(counted, pre_periods)
    ratio = ratio_of(pre, post, before)
    is_compared = _well_fitted(pre, treated, max_pre_rmspe_ratio)
    reached = ratio[is_compared] >= ratio[treated]
    return PlaceboTest(
        estimate=float(gap[treated, pre_periods:].mean()),
        p_value=float(reached.mean()),
        smallest_p_value=1 / len(reached),
        ratio=ratio,
        pre_rmspe=pre,
        is_compared=is_compared,
        gap=gap,
        weights=weights,
    )


def leave_one_out(outcomes: ArrayLike, treated: int, pre_periods: int) -> LeaveOneOut:
    """Leave-one-out donors of Abadie, Diamond and Hainmueller (2015).

    Parameters
    ----------
    outcomes : array_like of float, shape (units, periods)
        One row a unit, in the order of time.
    treated : int
        Row of the unit where something was done.
    pre_periods : int
        Periods before it was done: the first ones.

    Returns
    -------
    LeaveOneOut
        The estimate refitted without each donor that had weight. `lower` and `upper`
        are the range of these, not a confidence interval.

    Raises
    ------
    ValueError
        As `synthetic_control` does, or if there are fewer than three donors.

    Notes
    -----
    A donor without weight can be left out without any change, so only those with
    weight are. An effect that one donor carries is that donor's story.

    References
    ----------
    Abadie A., Diamond A., Hainmueller J. (2015). Comparative politics and the
    synthetic control method. American Journal of Political Science 59(2), 495-510.

    Examples
    --------
    >>> rates = [[3, 4, 1], [2, 3, 5], [4, 5, 7], [9, 9, 9]]
    >>> without = leave_one_out(rates, 0, 2)
    >>> without.donors.tolist(), without.estimates.round(2).tolist()
    ([1, 2], [-6.0, -4.61])
    """
    from convive.stats._kernels.simplex import fit_one

    table = checked_panel(outcomes, treated, pre_periods)
    if len(table) < 4:
        message = "outcomes must hold at least three donors beside the treated unit"
        raise ValueError(message)
    gram = gram_of(table[:, :pre_periods])

    def fit_without(row: int) -> tuple[Floats, float]:
        may_give = ~np.isin(np.arange(len(table)), [treated, row])
        weights, _gap = fit_one(gram, gram[treated], may_give, TOLERANCE)
        gap = table[treated] - weights @ table
        return weights, float(gap[pre_periods:].mean())

    weights, estimate = fit_without(treated)
    donors = np.flatnonzero(weights)
    estimates = np.array([fit_without(int(donor))[1] for donor in donors])
    return LeaveOneOut(
        estimate=estimate,
        lower=float(estimates.min()),
        upper=float(estimates.max()),
        donors=donors,
        weights=weights[donors],
        estimates=estimates,
    )


def _pretended(table: Floats, pre_periods: int, in_time: int) -> tuple[Floats, int]:
    if not 2 <= in_time < pre_periods:
        message = f"in_time must lie between 2 and {pre_periods - 1}, not {in_time}"
        raise ValueError(message)
    return table[:, :pre_periods], in_time


def _part_of(gap: Floats, alternative: Alternative) -> Floats:
    """What counts of a gap after the pre-periods."""
    parts = {
        "two-sided": gap,
        "less": np.minimum(gap, 0.0),
        "greater": np.maximum(gap, 0.0),
    }
    if alternative not in parts:
        message = f"alternative must be one of {', '.join(parts)}, not {alternative!r}"
        raise ValueError(message)
    return parts[alternative]


def _well_fitted(
    pre: Floats, treated: int, max_pre_rmspe_ratio: float | None
) -> NDArray[np.bool_]:
    if max_pre_rmspe_ratio is None:
        return np.ones(len(pre), dtype=np.bool_)
    if not max_pre_rmspe_ratio > 0:
        message = f"max_pre_rmspe_ratio must be positive, not {max_pre_rmspe_ratio}"
        raise ValueError(message)
    fits: NDArray[np.bool_] = pre <= max_pre_rmspe_ratio * pre[treated]
    fits[treated] = True
    return fits
