"""The nearest 1, 2, ... of each event in space and in time, with shares for ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]

# Distances closer to each other than this share of the extent are tied.
_TIE = 1e-9


def nearest_in_space(xy: Floats, most: int) -> tuple[Longs, Ints, Floats]:
    """Where each event's neighbours start, who they are, and their weights.

    Column k of the weights is 1 for the nearer ones than the (k + 1)-th and a share of
    the places left for those just as far.
    """
    from scipy.spatial import cKDTree

    tree, tie = cKDTree(xy), _TIE * np.ptp(xy, axis=0).max()
    # The event itself is the nearest, or a twin that stands for it.
    limits = np.asarray(tree.query(xy, k=np.arange(2, most + 2))[0])
    found = tree.query_ball_point(xy, limits[:, -1] + tie)
    counts = np.array([len(some) for some in found])
    event = np.repeat(np.arange(len(xy)), counts)
    other = np.concatenate([np.asarray(some, np.int32) for some in found])
    is_other = event != other
    event, other = event[is_other], other[is_other]
    apart = np.hypot(*(xy[event] - xy[other]).T)
    near = np.empty((len(event), most))
    for k in range(most):
        limit = limits[event, k]
        nearer = apart < limit - tie
        tied = ~nearer & (apart <= limit + tie)
        left = k + 1 - np.bincount(event[nearer], minlength=len(xy))
        share = left / np.bincount(event[tied], minlength=len(xy))
        near[:, k] = nearer + tied * share[event]
    starts = np.concatenate([[0], np.cumsum(counts - 1)])
    return starts, other, near


def nearest_in_time(times: Floats, most: int) -> tuple[Floats, Floats, float]:
    """How far each event's nearest 1, 2, ... lie, their share of ties, and what ties.

    Arrays are of shape (events, most).
    """
    tie = _TIE * np.ptp(times)
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    # The nearest so many stand among as many on either side in order.
    side = np.concatenate([np.arange(-most, 0), np.arange(1, most + 1)])
    at = np.arange(len(times))[:, None] + side
    apart = np.abs(ordered[np.clip(at, 0, len(times) - 1)] - ordered[:, None])
    apart[(at < 0) | (at >= len(times))] = np.inf
    limits = np.empty((len(times), most))
    limits[order] = np.sort(apart, axis=1)[:, :most]

    nearer = _inside(ordered, times[:, None], limits - tie)
    up_to = _up_to(ordered, times[:, None], limits + tie)
    shares = (np.arange(1, most + 1) - nearer) / (up_to - nearer)
    return limits, shares, float(tie)


def _inside(ordered: Floats, times: Floats, reach: Floats) -> Longs:
    """Others nearer than the reach; none where it is below zero."""
    first = np.searchsorted(ordered, times - reach, side="right")
    last = np.searchsorted(ordered, times + reach, side="left")
    others: Longs = np.maximum(last - first - 1, 0)
    return others


def _up_to(ordered: Floats, times: Floats, reach: Floats) -> Longs:
    first = np.searchsorted(ordered, times - reach, side="left")
    last = np.searchsorted(ordered, times + reach, side="right")
    others: Longs = last - first - 1
    return others
