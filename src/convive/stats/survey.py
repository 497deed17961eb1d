"""Means and shares of a population, from a sample in strata and clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.intervals import check_level

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SurveyEstimate:
    """An estimate of the population with its design-based interval."""

    estimate: float
    lower: float
    upper: float
    standard_error: float
    design_effect: float
    degrees_of_freedom: int
    observed: int  # answers used

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame({name: [value] for name, value in vars(self).items()})


@dataclass(frozen=True)
class _Design:
    """Who was drawn together, checked; answers that are missing have weight zero."""

    weights: Floats
    stratum: NDArray[np.int64]
    cluster: NDArray[np.int64]
    stratum_of: NDArray[np.int64]  # of each cluster
    drawn: NDArray[np.int64]  # clusters of each stratum
    rest: Floats  # share of each stratum's clusters that was not drawn
    is_adjusted: bool  # a lonely cluster is set against the mean of all

    @property
    def degrees_of_freedom(self) -> int:
        return len(self.stratum_of) - len(self.drawn)

    def variance(self, influence: Floats) -> float:
        """Variance of a total of the answers' influences, by Taylor's series."""
        totals = np.bincount(self.cluster, influence, len(self.stratum_of))
        means = np.bincount(self.stratum_of, totals, len(self.drawn)) / self.drawn
        if self.is_adjusted:
            # All influences sum to zero, and so does their mean.
            means[self.drawn == 1] = 0.0
        squares = np.bincount(
            self.stratum_of, (totals - means[self.stratum_of]) ** 2, len(self.drawn)
        )
        grown = self.drawn / np.maximum(self.drawn - 1, 1)
        return float((self.rest * grown * squares).sum())


def survey_mean(
    y: ArrayLike,
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    *,
    level: float = 0.95,
    lonely: str = "refuse",
) -> SurveyEstimate:
    """Mean of a population by linearisation over its clusters (Binder, 1983).

    Parameters
    ----------
    y : array_like of float, shape (answers,)
        NaN where a person did not answer: left out, but still part of the design.
    weights : array_like of float, shape (answers,)
        How many persons each answer stands for.
    strata : array_like, shape (answers,), optional
        Label of each answer's stratum; one stratum if not given.
    clusters : array_like, shape (answers,), optional
        Label of each answer's first-stage cluster within its stratum; each answer its
        own if not given.
    fpc : array_like of float, shape (answers,), optional
        Clusters in each answer's stratum of the population.
    level : float
        Confidence level of the interval.
    lonely : {'refuse', 'adjust', 'certainty'}
        What to do with a stratum of one cluster, which cannot tell how clusters vary:
        refuse; set it against the mean of all clusters, which errs on the wide side;
        or take it as drawn for certain, as the only one there is, with no error.

    Returns
    -------
    SurveyEstimate
        In the units of `y`; the interval is Student's with clusters less strata
        degrees of freedom.

    Raises
    ------
    ValueError
        If shapes differ, an answer is infinite, a weight is negative, no answer has
        weight, a stratum has one cluster only and that is refused, no stratum has two,
        or `fpc` is smaller than what was drawn or differs in a stratum.

    Notes
    -----
    With influence :math:`u_i = w_i (y_i - \\bar y) / \\sum w` summed to
    :math:`z_{hc}` over cluster c of stratum h, :math:`V = \\sum_h (1 - f_h)
    \\frac{n_h}{n_h - 1} \\sum_c (z_{hc} - \\bar z_h)^2`. The design effect is V over
    the variance of a simple random sample of the same size drawn with replacement.

    For part of the population, such as women, make `y` NaN for all others: they are
    left out of the mean, while their clusters stay in the design, as they must.

    References
    ----------
    Binder D. A. (1983). On the variances of asymptotically normal estimators from
    complex surveys. International Statistical Review 51(3), 279-292.

    Examples
    --------
    >>> mean = survey_mean([1, 2, 3, 4], [1, 1, 1, 1])
    >>> mean.estimate, round(mean.standard_error, 4), float(round(mean.design_effect))
    (2.5, 0.6455, 1.0)
    """
    answers = np.asarray(y, dtype=np.float64)
    design = _design(answers, weights, (strata, clusters, fpc), lonely)
    mean, influence = _mean(answers, design)
    error = float(np.sqrt(design.variance(influence)))
    reach = _student(level, design) * error
    return _estimate(answers, design, mean, (mean - reach, mean + reach), error)


def survey_proportion(
    y: ArrayLike,
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    *,
    level: float = 0.95,
    lonely: str = "refuse",
) -> SurveyEstimate:
    """Share of a population, with an interval on the logit scale (Korn, 1998).

    Parameters
    ----------
    y : array_like of bool or 0 and 1, shape (answers,)
        NaN where a person did not answer.
    weights, strata, clusters, fpc, level, lonely
        As in `survey_mean`.

    Returns
    -------
    SurveyEstimate
        A share from 0 to 1. Where all or none say so nothing is known of how clusters
        differ: the limits are then those of an exact binomial interval for as many
        answers as the weights leave, :math:`(\\sum w)^2 / \\sum w^2`.

    Raises
    ------
    ValueError
        If an answer is neither 0 nor 1, or as in `survey_mean`.

    Notes
    -----
    :math:`logit(p) \\pm t \\, se / (p (1 - p))`, turned back. It rests on large
    samples: with a handful of persons in all who say so it is only rough.

    References
    ----------
    Korn E. L., Graubard B. I. (1998). Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. Survey Methodology
    24(2), 193-201.

    Examples
    --------
    >>> share = survey_proportion([1, 0, 1, 1], [1, 1, 1, 1])
    >>> share.estimate, 0 < share.lower < share.upper < 1
    (0.75, True)
    """
    answers = np.asarray(y, dtype=np.float64)
    known = answers[~np.isnan(answers)]
    if not np.isin(known, (0.0, 1.0)).all():
        message = "y must hold 0, 1 or unknown answers only"
        raise ValueError(message)
    design = _design(answers, weights, (strata, clusters, fpc), lonely)
    share, influence = _mean(answers, design)
    error = float(np.sqrt(design.variance(influence)))
    t = _student(level, design)
    if 0 < share < 1:
        centre = np.log(share / (1 - share))
        reach = t * error / (share * (1 - share))
        limits = tuple(float(1 / (1 + np.exp(-(centre + s * reach)))) for s in (-1, 1))
    else:
        limits = _exact(share, design.weights, level)
    return _estimate(answers, design, share, (limits[0], limits[1]), error)


def survey_difference(
    y: ArrayLike,
    group: ArrayLike,
    weights: ArrayLike,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    fpc: ArrayLike | None = None,
    *,
    level: float = 0.95,
    lonely: str = "refuse",
) -> SurveyEstimate:
    """Difference of two domains' means in one design (Binder, 1983).

    Parameters
    ----------
    y : array_like of float, shape (answers,)
        NaN where a person did not answer.
    group : array_like of bool, shape (answers,)
        True for the domain whose mean comes first, False for the other.
    weights, strata, clusters, fpc, level, lonely
        As in `survey_mean`.

    Returns
    -------
    SurveyEstimate
        Mean of the first less mean of the second; people of one cluster are in both,
        which the interval takes into account.

    Raises
    ------
    ValueError
        If a domain has no answer, or as in `survey_mean`.

    Notes
    -----
    The influence of an answer is its influence on its own domain's mean, with the
    sign of the domain; the variance is that of `survey_mean`.

    References
    ----------
    Binder D. A. (1983). On the variances of asymptotically normal estimators from
    complex surveys. International Statistical Review 51(3), 279-292.

    Examples
    --------
    >>> women = [True, True, False, False]
    >>> survey_difference([4, 6, 1, 3], women, [1, 1, 1, 1]).estimate
    3.0
    """
    answers = np.asarray(y, dtype=np.float64)
    first = _domain(group)
    design = _design(answers, weights, (strata, clusters, fpc), lonely)
    if first.shape != answers.shape:
        message = "group must hold one value an answer"
        raise ValueError(message)
    means, influence = [], np.zeros(len(answers))
    for domain, sign in ((first, 1.0), (~first, -1.0)):
        mean, own = _mean(answers, design, domain)
        means.append(mean)
        influence += sign * own
    error = float(np.sqrt(design.variance(influence)))
    difference = means[0] - means[1]
    reach = _student(level, design) * error
    limits = difference - reach, difference + reach
    return _estimate(answers, design, difference, limits, error)


def _domain(group: ArrayLike) -> NDArray[np.bool_]:
    given = np.asarray(group)
    if not np.isin(given, (0, 1)).all():
        message = (
            "group must hold true and false only; leave out by y who is in neither"
        )
        raise ValueError(message)
    return given.astype(np.bool_)


def _design(
    answers: Floats,
    weights: ArrayLike,
    drawing: tuple[ArrayLike | None, ArrayLike | None, ArrayLike | None],
    lonely: str,
) -> _Design:
    strata, clusters, fpc = drawing
    w = np.asarray(weights, dtype=np.float64)
    if answers.ndim != 1 or w.shape != answers.shape:
        message = "y and weights must hold one value an answer"
        raise ValueError(message)
    if np.isinf(answers).any():
        message = "y must be finite, or NaN where unknown"
        raise ValueError(message)
    if not (w >= 0).all() or not np.isfinite(w).all():
        message = "weights must be finite and zero or more"
        raise ValueError(message)
    stratum = _codes(strata, "strata", np.zeros(len(w), dtype=np.int64))
    within = _codes(clusters, "clusters", np.arange(len(w)))
    # A cluster's label may stand in several strata.
    pairs = stratum * (within.max(initial=0) + 1) + within
    _, first, cluster = np.unique(pairs, return_index=True, return_inverse=True)
    drawn = np.bincount(stratum[first])
    _check_lonely(drawn, stratum, strata, lonely)
    present = np.where(np.isnan(answers), 0.0, w)
    rest = _rest(fpc, stratum, drawn)
    is_adjusted = lonely == "adjust"
    return _Design(present, stratum, cluster, stratum[first], drawn, rest, is_adjusted)


def _check_lonely(
    drawn: NDArray[np.int64],
    stratum: NDArray[np.int64],
    strata: ArrayLike | None,
    lonely: str,
) -> None:
    if lonely not in {"refuse", "adjust", "certainty"}:
        message = f"lonely must be 'refuse', 'adjust' or 'certainty', not {lonely!r}"
        raise ValueError(message)
    alone = np.flatnonzero(drawn < 2)
    if len(alone) and lonely == "refuse":
        label = np.asarray(strata)[stratum == alone[0]][0] if strata is not None else ""
        message = (
            f"strata must hold two clusters or more; '{label}' holds one: join it to "
            "another, or see lonely"
        )
        raise ValueError(message)
    if len(alone) == len(drawn):
        message = "strata must hold two clusters in at least one of them"
        raise ValueError(message)


def _codes(
    labels: ArrayLike | None, name: str, missing: NDArray[np.int64]
) -> NDArray[np.int64]:
    if labels is None:
        return missing
    given = np.asarray(labels)
    if given.shape != missing.shape:
        message = f"{name} must hold one label an answer"
        raise ValueError(message)
    if given.dtype.kind == "f" and np.isnan(given).any():
        message = f"{name} must be known for every answer"
        raise ValueError(message)
    return np.unique(given, return_inverse=True)[1].astype(np.int64)


def _rest(
    fpc: ArrayLike | None, stratum: NDArray[np.int64], drawn: NDArray[np.int64]
) -> Floats:
    if fpc is None:
        return np.ones(len(drawn))
    sizes = np.asarray(fpc, dtype=np.float64)
    if sizes.shape != stratum.shape:
        message = "fpc must hold one number of clusters an answer"
        raise ValueError(message)
    largest, smallest = np.zeros(len(drawn)), np.full(len(drawn), np.inf)
    np.maximum.at(largest, stratum, sizes)
    np.minimum.at(smallest, stratum, sizes)
    if (largest != smallest).any() or (largest < drawn).any():
        message = "fpc must be one number a stratum, no smaller than what was drawn"
        raise ValueError(message)
    return 1 - drawn / largest


def _mean(
    answers: Floats, design: _Design, domain: NDArray[np.bool_] | None = None
) -> tuple[float, Floats]:
    """The mean, and how much each answer moves it."""
    weights = design.weights if domain is None else design.weights * domain
    total = weights.sum()
    if not total > 0:
        message = "y must hold an answer with weight in each group"
        raise ValueError(message)
    known = np.nan_to_num(answers)
    mean = float(weights @ known / total)
    return mean, weights * (known - mean) / total


def _student(level: float, design: _Design) -> float:
    from scipy.stats import t

    check_level(level)
    return float(t.ppf((1 + level) / 2, design.degrees_of_freedom))


def _exact(share: float, weights: Floats, level: float) -> tuple[float, float]:
    """Clopper and Pearson's limits where all say the same."""
    answers = weights.sum() ** 2 / (weights**2).sum()
    reach = float(((1 - level) / 2) ** (1 / answers))
    return (reach, 1.0) if share == 1 else (0.0, 1 - reach)


def _estimate(
    answers: Floats,
    design: _Design,
    estimate: float,
    limits: tuple[float, float],
    error: float,
) -> SurveyEstimate:
    used = design.weights > 0
    w, y = design.weights[used], answers[used]
    centre = w @ y / w.sum()
    count = len(y)
    simple = (w @ (y - centre) ** 2) / w.sum() / max(count - 1, 1)
    return SurveyEstimate(
        estimate=estimate,
        lower=limits[0],
        upper=limits[1],
        standard_error=error,
        design_effect=float(error**2 / simple) if simple > 0 else float("nan"),
        degrees_of_freedom=design.degrees_of_freedom,
        observed=count,
    )
