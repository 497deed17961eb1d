"""Effects by group and period, their means, and how far all may be off at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from convive.stats.doubly_robust import effect_on_treated

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convive.stats.doubly_robust import Method

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Controls = Literal["never", "not_yet"]
# Beyond all periods: never treated within sight.
NEVER = 2**31
_CHUNK = 128


@dataclass(frozen=True)
class Panel:
    outcomes: Floats
    group: Longs  # index of the first treated period
    covariates: Floats
    names: Floats
    anticipation: int
    left_out: int


@dataclass(frozen=True)
class GroupTimeEffects:
    group: Longs
    period: Longs
    estimate: Floats
    influence: Floats  # (units, cells)


@dataclass(frozen=True)
class Family:
    at: Floats
    estimate: Floats
    influence: Floats  # (units, effects)


def group_time_effects(
    panel: Panel, controls: Controls, method: Method
) -> GroupTimeEffects:
    units, count = panel.outcomes.shape
    found: list[tuple[int, int, float, Floats]] = []
    for group in np.unique(panel.group[panel.group < NEVER]).tolist():
        last = group - panel.anticipation - 1
        for period in range(1, count):
            base = min(period - 1, last)
            here = panel.group == group
            limit = max(period, base) + panel.anticipation
            others = panel.group > (limit if controls == "not_yet" else NEVER - 1)
            if not (others & ~here).any():
                continue
            compared = here | others
            influence = np.zeros(units)
            change = panel.outcomes[:, period] - panel.outcomes[:, base]
            effect, own = effect_on_treated(
                change[compared], here[compared], panel.covariates[compared], method
            )
            influence[compared] = own * (units / compared.sum())
            found.append((group, period, effect, influence))
    if not any(period >= group for group, period, _effect, _own in found):
        message = "first_treated must leave units untreated to compare with"
        raise ValueError(message)
    groups, periods, effects, influences = zip(*found, strict=True)
    return GroupTimeEffects(
        np.array(groups), np.array(periods), np.array(effects), np.stack(influences, 1)
    )


def mean_effects(panel: Panel, cells: GroupTimeEffects) -> list[Family]:
    """Effects by event time, by group and by period; last the simple mean."""
    is_after = cells.period >= cells.group
    since = cells.period - cells.group
    families = []
    for axis, which, names in (
        (since, is_after | ~is_after, None),
        (cells.group, is_after, panel.names),
        (cells.period, is_after, panel.names),
    ):
        at = np.unique(axis[which])
        pairs = [_mean(panel, cells, which & (axis == value)) for value in at]
        families.append(
            Family(
                (at if names is None else names[at]).astype(np.float64),
                np.array([effect for effect, _own in pairs]),
                np.stack([own for _effect, own in pairs], axis=1),
            )
        )
    effect, own = _mean(panel, cells, is_after)
    families.append(Family(np.zeros(1), np.array([effect]), own[:, None]))
    return families


def _mean(panel: Panel, cells: GroupTimeEffects, which: Bools) -> tuple[float, Floats]:
    """Mean by size of group; a share is an estimate as well and adds to the error."""
    groups = cells.group[which]
    is_of = (panel.group[:, None] == groups).astype(np.float64)
    share = is_of.mean(axis=0)
    weights = share / share.sum()
    effect = float(weights @ cells.estimate[which])
    drift = (is_of - share) @ (cells.estimate[which] - effect) / share.sum()
    return effect, cells.influence[:, which] @ weights + drift


def standard_errors(influence: Floats) -> Floats:
    errors: Floats = np.sqrt((influence**2).sum(axis=0)) / len(influence)
    return errors


def simultaneous_reach(
    influences: list[Floats],
    level: float,
    replicates: int,
    rng: np.random.Generator,
    progress: Callable[[int, int], None] | None,
) -> list[float]:
    """Standard errors that all effects of a family stay within at once."""
    errors = [np.where(e > 0, e, np.inf) for e in map(standard_errors, influences)]
    units = len(influences[0])
    golden = (1 + np.sqrt(5)) / 2
    largest = np.zeros((len(influences), replicates))
    for begin in range(0, replicates, _CHUNK):
        end = min(begin + _CHUNK, replicates)
        is_low = rng.random((end - begin, units)) < golden / np.sqrt(5)
        multipliers = np.where(is_low, 1 - golden, golden)
        for row, (influence, error) in enumerate(zip(influences, errors, strict=True)):
            moved = np.abs(multipliers @ influence) / units / error
            largest[row, begin:end] = moved.max(axis=1)
        if progress is not None:
            progress(end, replicates)
    return [float(value) for value in np.quantile(largest, level, axis=1)]


def overall_mean(panel: Panel, family: Family, place: int) -> tuple[float, Floats]:
    """Of event times and periods the plain mean, of groups that by size."""
    if place == 1:
        groups = np.searchsorted(panel.names, family.at)
        cells = GroupTimeEffects(groups, groups, family.estimate, family.influence)
        return _mean(panel, cells, np.ones(len(groups), dtype=np.bool_))
    which = family.at >= 0 if place == 0 else np.ones(len(family.at), dtype=np.bool_)
    mean = float(family.estimate[which].mean())
    return mean, family.influence[:, which].mean(axis=1)


def pretrend_test(cells: GroupTimeEffects, anticipation: int) -> tuple[float, float]:
    """Wald test that no effect comes before the treatment."""
    from scipy.special import chdtrc

    early = cells.period < cells.group - anticipation
    influence = cells.influence[:, early]
    spread = influence.T @ influence / len(influence) ** 2
    if not early.any() or np.linalg.matrix_rank(spread) < len(spread):
        return float("nan"), float("nan")
    effects = cells.estimate[early]
    statistic = float(effects @ np.linalg.solve(spread, effects))
    return statistic, float(chdtrc(int(early.sum()), statistic))
