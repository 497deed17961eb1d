"""The pairs behind a near-repeat table, and each event's part in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convive.stats.event_pairs import checked_events, find_close_pairs, whole_times

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import ArrayLike, NDArray

    from convive.stats.event_pairs import Metric

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True)
class NearRepeatEvents:
    """How many events followed each one, and how many it followed.

    `originated` counts the later events near it, `repeated` the earlier ones at the
    same place, `near_repeated` the earlier ones nearby, and `simultaneous` those at
    the same time, of which none can be said to follow.
    """

    originated: Longs
    repeated: Longs
    near_repeated: Longs
    simultaneous: Longs

    @property
    def is_originator(self) -> Bools:
        """Followed by others, and following none."""
        follows = (self.repeated > 0) | (self.near_repeated > 0)
        return (self.originated > 0) & ~follows

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        columns = {"event": np.arange(len(self.originated)), **vars(self)}
        return pl.DataFrame(columns | {"is_originator": self.is_originator})


@dataclass(frozen=True)
class NearRepeatPairs:
    """Pairs of events within the bands, the earlier one first.

    Events are named by their row in the input; of two at the same time the first row
    stands first, and `days` is zero. Bands are rows and columns of the table.
    """

    earlier: Longs
    later: Longs
    distance_m: Floats
    days: Floats
    distance_band: Longs
    time_band: Longs
    is_significant: Bools

    def to_frame(self) -> pl.DataFrame:
        import polars as pl

        return pl.DataFrame(dict(vars(self)))

    def roles(self, events: int, *, only_significant: bool = False) -> NearRepeatEvents:
        """Count for each of so many events what it followed and what followed it."""
        counts = self.is_significant | (not only_significant)
        follows = counts & (self.days > 0)
        at_place = follows & (self.distance_band == 0)
        together = counts & (self.days == 0)
        both = np.append(self.earlier[together], self.later[together])
        return NearRepeatEvents(
            originated=np.bincount(self.earlier[follows], minlength=events),
            repeated=np.bincount(self.later[at_place], minlength=events),
            near_repeated=np.bincount(
                self.later[follows & ~at_place], minlength=events
            ),
            simultaneous=np.bincount(both, minlength=events),
        )


def pairs_in_bands(
    xy_m: ArrayLike,
    time_days: ArrayLike,
    bands: tuple[Floats, Floats],
    metric: Metric,
    is_significant: Bools,
) -> NearRepeatPairs:
    xy, times = checked_events(xy_m, time_days)
    close = find_close_pairs(xy, bands[0], metric)
    one, other = close.order[close.left], close.order[close.right]
    ticks, limits = whole_times(times, bands[1])
    time_band = np.searchsorted(limits, np.abs(ticks[one] - ticks[other]), side="left")
    inside = time_band < len(limits)
    one, other, time_band = one[inside], other[inside], time_band[inside]
    distance_band = close.band[inside]
    # By time, then by row.
    swap = np.where(ticks[one] == ticks[other], one > other, ticks[one] > ticks[other])
    earlier, later = np.where(swap, other, one), np.where(swap, one, other)
    order = np.lexsort((later, earlier))
    earlier, later = earlier[order], later[order]
    apart = np.abs(xy[earlier] - xy[later])
    distance = apart.sum(axis=1) if metric == "manhattan" else np.hypot(*apart.T)
    return NearRepeatPairs(
        earlier=earlier,
        later=later,
        distance_m=distance,
        days=np.where(
            ticks[earlier] == ticks[later], 0.0, times[later] - times[earlier]
        ),
        distance_band=distance_band[order],
        time_band=time_band[order],
        is_significant=is_significant[distance_band, time_band][order],
    )
