import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import kernel_density
from convive.stats._kernels.density import (
    smooth,
    spread,
    spread_plainly,
    sum_exactly,
    sum_plainly,
)

TOWN = (0.0, 0.0, 2000.0, 1000.0)
KERNELS = ("gaussian", "quartic", "epanechnikov")
# Bandwidths of these kernels that have one standard deviation.
WIDTH = {"gaussian": 100.0, "quartic": 100 * 8**0.5, "epanechnikov": 100 * 6**0.5}


def town(seed, count=300):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 1, (count, 2)) * (2000, 1000)


def density(xy, bandwidth_m=100.0, **changed):
    given_ = {"shape": (50, 100), "window_m": TOWN}
    return kernel_density(xy, bandwidth_m, **(given_ | changed))


def total(surface):
    wide, high = surface.x_m[1] - surface.x_m[0], surface.y_m[1] - surface.y_m[0]
    return np.nansum(surface.events_per_km2) * wide * high / 1e6


def test_one_event_in_a_wide_window_is_the_kernel_itself():
    peak = {
        "gaussian": 1 / (2 * np.pi),
        "quartic": 3 / np.pi,
        "epanechnikov": 2 / np.pi,
    }
    for kernel, height in peak.items():
        # Odd numbers of cells put a centre on the event.
        surface = density(
            [[1000, 500]], 200, kernel=kernel, shape=(51, 101), edge="none", exact=True
        )
        assert surface.events_per_km2[25, 50] == pytest.approx(height / 0.2**2)
    # At one standard deviation to the right, and one up.
    surface = density([[900, 500]], 100, shape=(5, 10), edge="none", exact=True)
    assert surface.x_m[5] == 1100
    assert surface.events_per_km2[2, 5] == pytest.approx(
        np.exp(-0.5 * 4) / (2 * np.pi * 0.1**2)
    )


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_exact_loop_agrees_with_numpy(kernel):
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0, 9, 50), np.sort(rng.uniform(0, 9, 50))
    weights, kind = rng.uniform(0, 2, 50), KERNELS.index(kernel)
    centres = np.linspace(0, 9, 40), np.linspace(-1, 9, 150)

    summed = sum_exactly((x, y), weights, centres, 9.0, kind)

    plain = sum_plainly((x, y), weights, centres, kind)
    np.testing.assert_allclose(summed, plain, atol=1e-12)


def test_events_are_shared_among_centres_as_with_numpy():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-0.5, 9.5, 200), rng.uniform(-0.5, 4.5, 200)
    weights = rng.uniform(0, 2, 200)

    cells = spread(x, y, weights, (5, 10))

    np.testing.assert_allclose(cells, spread_plainly(x, y, weights, (5, 10)))
    assert cells.sum() == pytest.approx(weights.sum())


def test_smoothing_agrees_with_a_library():
    from scipy.ndimage import correlate1d

    cells = np.random.default_rng(4).uniform(0, 1, (7, 12))
    down, across = np.array([0.1, 0.8, 0.1]), np.array([0.2, 0.3, 0.5, 0.1, 0.4])

    smoothed = smooth(cells, down, across)

    plain = correlate1d(
        correlate1d(cells, down, 0, mode="constant"), across, 1, mode="constant"
    )
    np.testing.assert_allclose(smoothed, plain)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("edge", ["uniform", "diggle", "none"])
def test_sharing_events_among_centres_errs_little(kernel, edge):
    xy = town(5, 3000)

    quick, exact = (
        density(xy, WIDTH[kernel], kernel=kernel, edge=edge, exact=exact)
        for exact in (False, True)
    )

    # Cells are a fifth of a standard deviation.
    gap = np.abs(quick.events_per_km2 - exact.events_per_km2).max()
    assert gap < 0.003 * exact.events_per_km2.max()


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_diggle_s_surface_holds_the_events(kernel, seed):
    xy = town(seed, 60)
    inside = np.ones((50, 100), bool)
    inside[:10, 90:] = False
    left_out = (xy[:, 0] > 1800) & (xy[:, 1] < 200)

    rectangle = density(xy, WIDTH[kernel], kernel=kernel, edge="diggle")
    masked = density(
        xy[~left_out], WIDTH[kernel], kernel=kernel, edge="diggle", inside=inside
    )

    # The mass in a rectangle is an integral, in a mask a sum over the same cells.
    assert total(rectangle) == pytest.approx(60, rel=2e-3)
    assert total(masked) == pytest.approx((~left_out).sum(), rel=1e-9)
    assert np.isnan(masked.events_per_km2[~inside]).all()
    assert (masked.events_per_km2[inside] >= 0).all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_cells_far_outside_the_window_are_masked_not_zero(kernel):
    inside = np.zeros((50, 100), bool)
    inside[:, :10] = True

    surface = density([[100, 500]], kernel=kernel, inside=inside).events_per_km2

    assert np.isnan(surface[~inside]).all()
    assert (surface[inside] >= 0).all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_evenly_spread_events_give_an_even_surface(kernel):
    x, y = np.meshgrid(np.arange(5, 2000, 10), np.arange(5, 1000, 10))
    everywhere = np.column_stack([x.ravel(), y.ravel()])

    even = density(everywhere, WIDTH[kernel], kernel=kernel)
    uncorrected = density(everywhere, WIDTH[kernel], kernel=kernel, edge="none")

    # 20,000 events on 2 km²; the grid's mass at the border is a sum over cells.
    np.testing.assert_allclose(even.events_per_km2, 10_000, rtol=0.01)
    # A corner keeps about a quarter of its kernel, an edge half.
    assert uncorrected.events_per_km2[0, 0] < 3_500
    assert uncorrected.events_per_km2[0, 50] < 6_000


@given(st.integers(0, 10_000), st.sampled_from(KERNELS), st.booleans())
@settings(max_examples=20, deadline=None)
def test_order_repeats_and_units_change_nothing(seed, kernel, exact):
    xy = town(seed, 40)
    order = np.random.default_rng(seed).permutation(40)
    chosen = {"kernel": kernel, "exact": exact}
    surface = density(xy, WIDTH[kernel], **chosen).events_per_km2

    reordered = density(xy[order], WIDTH[kernel], **chosen).events_per_km2
    doubled = density(xy, WIDTH[kernel], weights=np.full(40, 2.0), **chosen)
    larger = density(
        xy * 10, WIDTH[kernel] * 10, window_m=(0, 0, 20_000, 10_000), **chosen
    )

    np.testing.assert_allclose(reordered, surface, atol=1e-9)
    np.testing.assert_allclose(doubled.events_per_km2, 2 * surface, atol=1e-9)
    np.testing.assert_allclose(larger.events_per_km2 * 100, surface, atol=1e-9)


def test_a_bandwidth_may_differ_in_x_and_y():
    xy = town(6)

    wide = density(xy, (200, 50), exact=True, edge="none")
    squeezed = density(
        xy / (4, 1), 50, window_m=(0, 0, 500, 1000), exact=True, edge="none"
    )

    np.testing.assert_allclose(
        wide.events_per_km2 * 4, squeezed.events_per_km2, rtol=1e-9, atol=1e-9
    )
    assert wide.bandwidth_m == (200, 50)


def test_scott_s_rule_is_that_of_scipy():
    from scipy.stats import gaussian_kde

    xy = town(7)
    weights = np.random.default_rng(7).uniform(0, 2, len(xy))
    peer = gaussian_kde(xy.T, "scott", weights)

    found = density(xy, None, weights=weights, kernel="gaussian").bandwidth_m
    quartic = density(xy, None, weights=weights, kernel="quartic").bandwidth_m

    np.testing.assert_allclose(found, np.sqrt(np.diag(peer.covariance)), rtol=1e-9)
    np.testing.assert_allclose(quartic, np.array(found) * np.sqrt(8), rtol=1e-12)


def test_cells_fill_the_window_and_are_no_larger_than_said():
    surface = kernel_density([[5, 5]], 300, cell_m=100, window_m=(0, 0, 950, 700))

    assert surface.events_per_km2.shape == (7, 10)
    assert surface.x_m[0] == 47.5
    assert surface.y_m[-1] == 650
    # A tenth of a metre is no binary fraction, yet 7 m are 70 of them.
    fine = kernel_density([[5, 5]], 3, cell_m=0.1, window_m=(0, 0, 7, 7))
    assert fine.events_per_km2.shape == (70, 70)


def test_the_window_is_the_rectangle_around_the_events_if_not_stated():
    surface = kernel_density([[0, 0], [100, 40], [50, 20]], 20, cell_m=10)

    assert surface.events_per_km2.shape == (4, 10)


def test_the_frame_has_a_row_a_cell_and_null_outside():
    inside = np.ones((50, 100), bool)
    inside[0, 0] = False

    frame = density([[1000, 500]], inside=inside).to_frame()

    assert frame.columns == ["x_m", "y_m", "events_per_km2"]
    assert frame.height == 5000
    assert frame["events_per_km2"].null_count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"xy": np.zeros((0, 2))}, "at least one event"),
        ({"xy": [1, 2, 3]}, "two columns"),
        ({"xy": [[np.nan, 1]]}, "xy_m must be finite"),
        ({"xy": [[1, 1], [3000, 1]]}, "1 events do not, the first in row 1"),
        ({"inside": np.zeros((50, 100), bool)}, "true for at least one cell"),
        ({"inside": np.ones((5, 5), bool)}, "inside must be true or false for each"),
        ({"inside": np.ones((50, 100))}, "inside must be true or false for each"),
        ({"inside": np.arange(5000).reshape(50, 100) > 2600}, "inside the window"),
        ({"weights": [1, 2]}, "weights must hold one number"),
        ({"weights": [-1]}, "weights must hold one number"),
        ({"weights": [0]}, "weights must not all be zero"),
        ({"bandwidth_m": 0}, "bandwidth_m must be above zero"),
        ({"bandwidth_m": (100, np.inf)}, "bandwidth_m must be above zero"),
        ({"bandwidth_m": None}, "bandwidth_m must be stated"),
        ({"bandwidth_m": 15}, "too wide for a kernel"),
        ({"kernel": "cone"}, "kernel must be one of"),
        ({"edge": "torus"}, "edge one of"),
        ({"window_m": (0, 0, 0, 10)}, "window_m must be"),
        ({"shape": None}, "state either cell_m"),
        ({"cell_m": 10}, "state either cell_m"),
        ({"shape": None, "cell_m": -1}, "cell_m must be above zero"),
        ({"shape": (0, 5)}, "shape must be rows and columns"),
        ({"window_m": None}, "window_m must be stated"),
    ],
)
def test_bad_input_is_named(change, words):
    given_ = {"xy": [[500, 500]]} | change

    with pytest.raises(ValueError, match=words):
        density(**given_)
