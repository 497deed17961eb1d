"""Kernel densities beside KDEpy's and scipy's, called here, on invented towns."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from convive.stats import kernel_density

WINDOW = (0, 0, 4000, 3000)
# Exact sums end where 2e-8 of a kernel is left; the peers' do not.
SAME = 1e-6
# KDEpy scales its kernels by their deviation along a line.
LINE = {"quartic": ("biweight", 7), "epanechnikov": ("epa", 5)}


@pytest.fixture(scope="module")
def events():
    rng = np.random.default_rng(1986)
    centres = rng.uniform((1000, 800), (3000, 2200), (6, 2))
    events = centres[rng.integers(0, 6, 500)] + rng.normal(0, 250, (500, 2))
    return np.clip(events, 0, WINDOW[2:])


def surface(events, bandwidth_m, **chosen):
    found = kernel_density(
        events,
        bandwidth_m,
        shape=(30, 40),
        window_m=WINDOW,
        exact=True,
        edge="none",
        **chosen,
    )
    x, y = np.meshgrid(found.x_m, found.y_m)
    return np.column_stack([x.ravel(), y.ravel()]), found.events_per_km2.ravel() / 1e6


def agrees(ours, theirs):
    assert np.abs(ours - theirs).max() < SAME * theirs.max()


def test_the_gaussian_is_kdepy_s(events):
    from KDEpy import NaiveKDE

    centres, ours = surface(events, 200)

    peer = NaiveKDE(kernel="gaussian", bw=200).fit(events).evaluate(centres)
    agrees(ours, peer * len(events))


@pytest.mark.parametrize("kernel", LINE)
def test_kernels_that_end_are_kdepy_s(events, kernel):
    from KDEpy import NaiveKDE

    name, root = LINE[kernel]

    centres, ours = surface(events, 200 * root**0.5, kernel=kernel)

    peer = NaiveKDE(kernel=name, bw=200).fit(events).evaluate(centres)
    agrees(ours, peer * len(events))


def test_scott_s_rule_gives_scipy_s_surface_where_x_and_y_are_uncorrelated(events):
    # Each event with its mirror image about the middle.
    both = np.vstack([events, events * (1, -1) + (0, WINDOW[3])])
    weights = np.random.default_rng(1992).uniform(0, 2, len(events))
    weights = np.tile(weights, 2)

    centres, ours = surface(both, None, weights=weights)

    peer = gaussian_kde(both.T, "scott", weights)(centres.T)
    agrees(ours, peer * weights.sum())
