"""The most likely clusters of any model, and how often chance makes ones as unusual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.scan_circles import (
    Cylinders,
    Nested,
    before_each,
    cylinders,
    nested_circles,
)
from convive.stats.scan_input import Limits, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]
    Singles = NDArray[np.float32]
    Draw = Callable[[NDArray[np.uint64]], Singles]

# Bytes of the random tables that are held at once.
_CHUNK_BYTES = 64_000_000
_LARGEST_CHUNK = 64
# Ratios of the same cylinder differ in their last digits.
_TIE = 1e-9


@dataclass(frozen=True)
class Cluster:
    """A circle of areas, and a window of time, with more cases than expected.

    `centre` and `areas` are rows of the positions; `start` and `end` are the first and
    the last day or period. The `relative_risk` compares inside with outside; it is NaN
    where a model knows no risk. Both p-values allow for all cylinders looked at.
    """

    centre: int
    areas: Longs
    x_m: float
    y_m: float
    radius_m: float
    start: int
    end: int
    observed: int
    expected: float
    ratio: float
    relative_risk: float
    statistic: float
    p_value: float
    gumbel_p_value: float


@dataclass(frozen=True)
class ScanResult:
    """Clusters without a common area, the most likely first.

    `maxima` holds the largest log likelihood ratio of each replicate.
    """

    clusters: tuple[Cluster, ...]
    maxima: Floats
    cases: int

    @property
    def replications(self) -> int:
        return len(self.maxima)

    def to_frame(self) -> pl.DataFrame:
        """One row a cluster; `areas` holds lists."""
        import polars as pl

        columns = {
            name: [getattr(cluster, name) for cluster in self.clusters]
            for name in Cluster.__annotations__
        }
        columns["areas"] = [areas.tolist() for areas in columns["areas"]]
        return pl.DataFrame(columns, schema_overrides={"areas": pl.List(pl.Int64)})


@dataclass(frozen=True)
class Model:
    """Cases and what is expected of them, by area (rows) and period (columns)."""

    xy_m: Floats
    cases: Floats
    expected: Floats
    inhabitants: Floats  # (areas,) whose share limits the circles
    draw: Draw  # tables of replicates by their seeds
    people: float = np.inf  # cases and controls of a Bernoulli model
    first_period: int = 0
    has_risk: bool = True


@dataclass(frozen=True)
class Chance:
    """Replicates: how many, from which source, and who is told."""

    replications: int
    rng: np.random.Generator | None
    progress: Callable[[int, int], None] | None


@dataclass(frozen=True)
class _Scan:
    model: Model
    nested: Nested
    cylinders: Cylinders
    table: Singles


def search(model: Model, limits: Limits, chance: Chance) -> ScanResult:
    """Scan the cases seen and every replicate."""
    from convive.stats._kernels.scan import scan_centres

    total = float(model.cases.sum())
    rules = limits.rules(total, model.people, model.cases.shape[1])
    nested = nested_circles(model.xy_m, model.inhabitants, limits.largest_share())
    if not len(nested.sizes):
        name, share = limits.share
        message = f"{name} must let a circle hold an area; with {share!r} none fits"
        raise ValueError(message)
    table = before_each(model.cases, rules).astype(np.float32)
    looked_at = cylinders(nested, before_each(model.expected, rules), rules)
    scan = _Scan(model, nested, looked_at, table)
    best, places = scan_centres(table, *scan.cylinders)
    maxima = _maxima(scan, chance)
    clusters = tuple(
        _cluster(scan, maxima, centre, float(best[centre]), places[centre])
        for centre in _apart(nested, best, places)
    )
    return ScanResult(clusters, maxima, int(total))


def _maxima(scan: _Scan, chance: Chance) -> Floats:
    from convive.stats._kernels.scan import scan_tables

    count = whole(chance.replications, "replications", 0)
    rng = chance.rng if chance.rng is not None else np.random.default_rng()
    seeds = rng.integers(0, 2**64, count, dtype=np.uint64)
    size = 4 * scan.model.cases.size
    chunk = max(2, min(_LARGEST_CHUNK, _CHUNK_BYTES // size))
    maxima = np.zeros(count)
    for start in range(0, count, chunk):
        part = slice(start, start + chunk)
        tables = scan.model.draw(seeds[part])[:, :, -scan.table.shape[1] :]
        maxima[part] = scan_tables(np.ascontiguousarray(tables), *scan.cylinders)
        if chance.progress is not None:
            chance.progress(min(start + chunk, count), count)
    return maxima


def _apart(nested: Nested, best: Floats, places: Longs) -> list[int]:
    """Centres by the ratio of their best cylinder, without those that share areas."""
    taken = np.zeros(len(nested.order), dtype=bool)
    chosen = []
    for centre in np.argsort(-best, kind="stable"):
        circle = places[centre, 0]
        areas = nested.order[centre, : nested.sizes[circle]]
        if circle >= 0 and not taken[areas].any():
            taken[areas] = True
            chosen.append(int(centre))
    return chosen


def _cluster(
    scan: _Scan, maxima: Floats, centre: int, statistic: float, place: Longs
) -> Cluster:
    circle, start, length = (int(number) for number in place)
    areas = scan.nested.order[centre, : scan.nested.sizes[circle]].astype(np.int64)
    observed, expected = _inside(scan, circle, areas, (start, start + length))
    first = scan.model.first_period + scan.model.cases.shape[1] + 1
    first += start - scan.table.shape[1]
    cases = scan.cylinders.rules.cases
    outside = (cases - observed) / (cases - expected)
    with np.errstate(divide="ignore"):
        risk = (
            np.float64(observed / expected) / outside if scan.model.has_risk else np.nan
        )
    reached = (maxima >= statistic * (1 - _TIE)).sum()
    return Cluster(
        centre=centre,
        areas=areas,
        x_m=float(scan.model.xy_m[centre, 0]),
        y_m=float(scan.model.xy_m[centre, 1]),
        radius_m=float(scan.nested.radii_m[circle]),
        start=first,
        end=first + length - 1,
        observed=observed,
        expected=expected,
        ratio=observed / expected,
        relative_risk=float(risk),
        statistic=statistic,
        p_value=float((1 + reached) / (1 + len(maxima))),
        gumbel_p_value=gumbel_p_value(statistic, maxima),
    )


def _inside(
    scan: _Scan, circle: int, areas: Longs, window: tuple[int, int]
) -> tuple[int, float]:
    seen = scan.table[areas][:, window]
    observed = round(float((seen[:, 1] - seen[:, 0]).sum()))
    expected = scan.cylinders.expected
    if len(expected.cumulative):
        due = expected.cumulative[areas].sum(axis=0)
    else:
        due = scan.cylinders.circles.mass[circle] * expected.clock
    return observed, float(due[window[1]] - due[window[0]])


def gumbel_p_value(statistic: float, maxima: Floats) -> float:
    """Upper tail of the Gumbel distribution with the replicates' mean and spread."""
    if len(maxima) < 2 or maxima.std() == 0:
        return float("nan")
    scale = maxima.std(ddof=1) * np.sqrt(6) / np.pi
    location = maxima.mean() - np.euler_gamma * scale
    return float(-np.expm1(-np.exp(-(statistic - location) / scale)))
