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
    # An effect and its influence function.
    Mean = tuple[float, Floats]

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
    at: Longs
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


def mean_effects(panel: Panel, cells: GroupTimeEffects) -> list[tuple[Family, Mean]]:
    """Effects by event time, by group and by period, each with their mean."""
    everywhere = np.ones(len(cells.group), dtype=np.bool_)
    is_after = cells.period >= cells.group
    event = _along(panel, cells, cells.period - cells.group, everywhere)
    group = _along(panel, cells, cells.group, is_after)
    period = _along(panel, cells, cells.period, is_after)
    groups = GroupTimeEffects(group.at, group.at, group.estimate, group.influence)
    by_size = _mean(panel, groups, np.ones(len(group.at), dtype=np.bool_))
    return [
        (event, _plain_mean(event, event.at >= 0)),
        (group, by_size),
        (period, _plain_mean(period, period.at >= 0)),
    ]


def simple_mean(panel: Panel, cells: GroupTimeEffects) -> Mean:
    """Mean over all that was treated, every unit and period alike."""
    return _mean(panel, cells, cells.period >= cells.group)


def _along(panel: Panel, cells: GroupTimeEffects, axis: Longs, which: Bools) -> Family:
    at = np.unique(axis[which])
    means = [_mean(panel, cells, which & (axis == value)) for value in at]
    effects, influences = zip(*means, strict=True)
    return Family(at, np.array(effects), np.stack(influences, axis=1))


def _plain_mean(family: Family, which: Bools) -> Mean:
    mean = float(family.estimate[which].mean())
    return mean, family.influence[:, which].mean(axis=1)


def _mean(panel: Panel, cells: GroupTimeEffects, which: Bools) -> Mean:
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
