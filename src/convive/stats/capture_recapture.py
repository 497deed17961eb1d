"""How many there are, from lists that each hold some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level
from convive.stats.list_models import fit_all, pairs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.list_models import ListFits

    Floats = NDArray[np.float64]


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


@dataclass(frozen=True)
class ListModel:
    """One model of several lists, and the share it has in the average."""

    dependent: tuple[tuple[str, str], ...]  # lists that depend on each other
    estimate: float
    standard_error: float
    deviance: float
    degrees_of_freedom: int
    weight: float


@dataclass(frozen=True)
class ModelledPopulation:
    """How many there are in all, on average over models of several lists."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    observed: int
    models: tuple[ListModel, ...]

    def to_frame(self) -> pl.DataFrame:
        """One row a model."""
        import polars as pl

        rows = [
            {**vars(model), "dependent": ", ".join(map("-".join, model.dependent))}
            for model in self.models
        ]
        return pl.DataFrame(rows)


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
    counts = {"n1": n1, "n2": n2, "both": both}
    for name, value in counts.items():
        if not (0 <= value < np.inf and value % 1 == 0):
            message = f"{name} must be a whole number, zero or more, not {value}"
            raise ValueError(message)
    if both > min(n1, n2):
        message = f"both must not exceed either list: {both} of {n1} and {n2}"
        raise ValueError(message)
    check_level(level)
    product = (n1 + 1) * (n2 + 1)
    estimate = product / (both + 1) - 1
    variance = product * (n1 - both) * (n2 - both) / ((both + 1) ** 2 * (both + 2))
    seen = n1 + n2 - both
    unseen = estimate - seen
    lower, upper = _limits(seen, unseen, variance, level)
    return PopulationEstimate(
        estimate=estimate,
        lower=lower,
        upper=upper,
        standard_error=float(np.sqrt(variance)),
        observed=seen,
    )


def capture_recapture(
    histories: ArrayLike,
    names: Sequence[str] | None = None,
    criterion: str = "aic",
    level: float = 0.95,
) -> ModelledPopulation:
    """Size of a population from 3 to 5 lists by log-linear models (Fienberg, 1972).

    Parameters
    ----------
    histories : array_like
        Either a case a row and a list a column, true where the case is on the list; or
        the table of shape (2,) * lists of how many cases are off (0) or on (1) each,
        whose first cell, of those on none, is 0 or NaN.
    names : sequence of str, optional
        What the lists are called; '1', '2' and so on if not given.
    criterion : {'aic', 'bic'}
        By which of Akaike's and Schwarz's criteria models are weighed; the second
        prefers fewer dependences.
    level : float
        Confidence level of the interval.

    Returns
    -------
    ModelledPopulation
        The average over all models that can be estimated, its interval (log-normal in
        the number on no list), and each model, the best supported first.

    Raises
    ------
    ValueError
        If the histories are of neither shape or of too few or many lists, hold a case
        on no list, two lists share no case (then the data cannot tell dependence from
        chance), or no model can be estimated.

    Notes
    -----
    Of each set of pairs of lists that may depend on each other,
    :math:`\\log \\mu = \beta_0 + \\sum_i \beta_i x_i + \\sum_{ij} \beta_{ij} x_i x_j`
    is fitted to the cells seen as Poisson counts. :math:`e^{\beta_0}` are unseen, with
    variance :math:`e^{\beta_0} + e^{2 \beta_0} var(\beta_0)`. With
    :math:`w_m \\propto \\exp(-c_m / 2)` the average is :math:`\\sum w_m N_m` and its
    standard error :math:`\\sum w_m \\sqrt{var_m + (N_m - \\hat N)^2}` (Buckland et al.,
    1997). Models whose likelihood has no maximum are left out. None of the models sees
    a dependence that all lists share: people whom no list reaches stay uncounted.

    References
    ----------
    Fienberg S. E. (1972). The multiple recapture census for closed populations and
    incomplete 2^k contingency tables. Biometrika 59(3), 591-603.
    Cormack R. M. (1989). Log-linear models for capture-recapture. Biometrics 45(2),
    395-413.
    Buckland S. T., Burnham K. P., Augustin N. H. (1997). Model selection: an integral
    part of inference. Biometrics 53(2), 603-618.

    Examples
    --------
    >>> table = [[[0, 60], [60, 20]], [[60, 20], [20, 6]]]
    >>> found = capture_recapture(table, names=["police", "health", "morgue"])
    >>> found.observed, found.models[0].dependent, round(found.models[0].estimate)
    (246, (), 430)
    """
    check_level(level)
    table = _table_of(np.asarray(histories))
    called = _names(names, table.ndim)
    if criterion not in {"aic", "bic"}:
        message = f"criterion must be 'aic' or 'bic', not {criterion!r}"
        raise ValueError(message)
    _check_overlaps(table, called)
    fits = fit_all(table)
    if not fits.is_estimable.any():
        message = "histories are too few for any model: join lists or add cases"
        raise ValueError(message)
    return _averaged(fits, table, called, criterion, level)


def _table_of(histories: NDArray[np.generic]) -> Floats:
    """Cases of each history, from a row a case or from the table itself."""
    given = histories.astype(np.float64)
    if given.ndim == 2:
        if not np.isin(given, (0.0, 1.0)).all() or not given.any(axis=1).all():
            message = "histories must hold 0 and 1, and every case be on a list"
            raise ValueError(message)
        shape = (2,) * given.shape[1]
        if 3 <= len(shape) <= 5:
            cell = np.ravel_multi_index(tuple(given.T.astype(int)), shape)
            counted = np.bincount(cell, minlength=2 ** len(shape))
            return counted.reshape(shape).astype(np.float64)
    elif set(given.shape) == {2} and given.ndim <= 5:
        given[(0,) * given.ndim] = np.nan_to_num(given[(0,) * given.ndim])
        if (
            not (np.isfinite(given) & (given >= 0) & (given == np.floor(given))).all()
            or given.flat[0] > 0
        ):
            message = (
                "histories must be whole numbers, zero or more, and unknown or zero "
                "for those on no list"
            )
            raise ValueError(message)
        return given
    message = (
        "histories must be of 3 to 5 lists, a column or an axis each, not of shape "
        f"{given.shape}; for two lists see chapman_estimate"
    )
    raise ValueError(message)


def _names(names: Sequence[str] | None, lists: int) -> tuple[str, ...]:
    called = tuple(map(str, range(1, lists + 1))) if names is None else tuple(names)
    if len(called) != lists or len(set(called)) != lists:
        message = f"names must be {lists} different ones, not {names!r}"
        raise ValueError(message)
    return called


def _check_overlaps(table: Floats, called: tuple[str, ...]) -> None:
    for first, second in pairs_of(table.ndim):
        others = tuple(i for i in range(table.ndim) if i not in {first, second})
        if not table.sum(axis=others)[1, 1] > 0:
            message = (
                f"histories must hold a case on both '{called[first]}' and "
                f"'{called[second]}': without one nothing tells how they depend; "
                "leave out one of them or join the two"
            )
            raise ValueError(message)


def _averaged(
    fits: ListFits,
    table: Floats,
    called: tuple[str, ...],
    criterion: str,
    level: float,
) -> ModelledPopulation:
    seen = int(table.sum())
    price = 2.0 if criterion == "aic" else np.log(seen)
    score = price * fits.parameters - 2 * fits.log_likelihood
    score = np.where(fits.is_estimable, score, np.inf)
    weights = np.exp((score.min() - score) / 2)
    weights /= weights.sum()
    unseen = np.where(fits.is_estimable, fits.unseen, 0.0)
    mean = float(weights @ unseen)
    apart = np.where(fits.is_estimable, fits.variance, 0.0) + (unseen - mean) ** 2
    error = float(weights @ np.sqrt(apart))
    lower, upper = _limits(seen, mean, error**2, level)
    pairs = [(called[i], called[j]) for i, j in pairs_of(table.ndim)]
    models = tuple(
        ListModel(
            dependent=tuple(
                p for p, is_in in zip(pairs, fits.pairs[m], strict=True) if is_in
            ),
            estimate=seen + float(unseen[m]),
            standard_error=float(np.sqrt(fits.variance[m])),
            deviance=float(fits.deviance[m]),
            degrees_of_freedom=table.size - 1 - int(fits.parameters[m]),
            weight=float(weights[m]),
        )
        for m in np.argsort(score, kind="stable")[: fits.is_estimable.sum()]
    )
    return ModelledPopulation(seen + mean, lower, upper, error, seen, models)


def _limits(
    seen: float, unseen: float, variance: float, level: float
) -> tuple[float, float]:
    """Limits that are log-normal in the number unseen (Chao, 1987)."""
    from scipy.special import ndtri

    if not unseen > 0:
        return seen + unseen, seen + unseen
    z = float(ndtri((1 + level) / 2))
    reach = float(np.exp(z * np.sqrt(np.log1p(variance / unseen**2))))
    return seen + unseen / reach, seen + unseen * reach
