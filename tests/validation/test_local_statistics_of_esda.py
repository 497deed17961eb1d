"""Autocorrelation and local statistics beside esda (Rey and Anselin, 2007).

Statistics agree to the last digits. Pseudo p-values agree within Monte Carlo error, but
for two habits of esda: its default p is that of one tail, the smaller, in which a low
sum that equals the one observed does not count, so that counts with many equal sums
look more unusual than they are. Its `two-sided` and `greater` count ties as we do.
"""

from __future__ import annotations

import geopandas
import libpysal
import numpy as np
import pytest

from convive.stats import getis_ord_g_star, local_moran, moran_i, spatial_weights
from tests.validation.shared_data import shared

SETS = {
    "columbus": ("columbus/columbus.shp", "CRIME"),
    "sids2": ("sids2/sids2.shp", "SID79"),
    "stl": ("stl/stl_hom.shp", "HC8893"),
}
# Sums of some hundred numbers.
ROUNDING = 1e-10
RUNS = 9_999

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:esda"),
    pytest.mark.filterwarnings("ignore:Gi. requested, but:UserWarning"),
]


@pytest.fixture(scope="module", params=SETS)
def case(request):
    """Values, our queen weights and libpysal's, which are the same."""
    path, name = SETS[request.param]
    places = geopandas.read_file(shared(f"libpysal_examples/{path}"))
    ours = spatial_weights(np.array(places.geometry), contiguity="queen")
    of = {
        place: ours.neighbours[start:end].tolist()
        for place, (start, end) in enumerate(
            zip(ours.starts[:-1], ours.starts[1:], strict=True)
        )
    }
    return places[name].to_numpy(float), ours, lambda: libpysal.weights.W(of)


def close(p, other, runs=RUNS):
    """Within five standard errors of the difference of two such samples."""
    middle = np.clip((p + other) / 2, 1 / runs, 1 - 1 / runs)
    return np.abs(p - other) <= 5 * np.sqrt(2 * middle * (1 - middle) / runs)


def test_global_moran_is_that_of_esda(case):
    from esda.moran import Moran

    values, ours, theirs = case
    expected = Moran(values, theirs(), permutations=RUNS)

    found = moran_i(values, ours.row_standardised(), RUNS, np.random.default_rng(1))

    assert found.statistic == pytest.approx(expected.I, abs=ROUNDING)
    assert found.p_normal == pytest.approx(expected.p_norm, rel=1e-8)
    # Theirs is of one tail, ours of both.
    assert close(found.p_value / 2, expected.p_sim)


def test_local_moran_is_that_of_esda(case):
    from esda.moran import Moran_Local

    values, ours, theirs = case
    expected = Moran_Local(values, theirs(), permutations=0)

    found = local_moran(values, ours, 0)

    np.testing.assert_allclose(found.statistic, expected.Is, atol=ROUNDING)
    named = np.array(["", "high-high", "low-high", "low-low", "high-low"])
    assert (found.quadrant == named[expected.q]).all()


def test_g_star_is_that_of_esda(case):
    from esda.getisord import G_Local

    values, ours, theirs = case
    expected = G_Local(values, theirs(), transform="B", star=True, permutations=0)

    found = getis_ord_g_star(values, ours, 0)

    np.testing.assert_allclose(found.statistic, expected.Zs, atol=ROUNDING)


@pytest.mark.slow  # esda compiles for half a minute
def test_p_values_of_places_are_those_of_esda_where_ties_count_alike(case):
    from esda.moran import Moran_Local

    values, ours, theirs = case
    # The statistic of a low place rises as its surroundings fall.
    draws = Moran_Local(values, theirs(), permutations=RUNS, seed=7)
    lag = np.sign(values - values.mean())[:, None] * draws.rlisas
    observed = (np.sign(values - values.mean()) * draws.Is)[:, None]
    tie = ROUNDING * np.abs(observed).max()
    upper = (1 + (lag >= observed - tie).sum(axis=1)) / (1 + RUNS)
    lower = (1 + (lag <= observed + tie).sum(axis=1)) / (1 + RUNS)

    found = local_moran(values, ours, RUNS, np.random.default_rng(8))

    assert close(found.p_upper, upper).all()
    assert close(found.p_lower, lower).all()
    both = np.minimum(1, 2 * np.minimum(found.p_upper, found.p_lower))
    assert (found.p_value == both).all()


@pytest.mark.slow
def test_exact_p_values_are_the_limit_of_those_of_esda(case):
    from esda.moran import Moran_Local

    values, ours, theirs = case
    if (values != np.rint(values)).any():
        with pytest.raises(ValueError, match="values must be whole"):
            local_moran(values, ours, exact=True)
        return
    draws = Moran_Local(values, theirs(), permutations=RUNS, seed=9)
    z = np.sign(values - values.mean())
    tie = ROUNDING * np.abs(draws.Is).max()
    reached = z[:, None] * draws.rlisas >= (z * draws.Is)[:, None] - tie
    share = reached.mean(axis=1)

    exact = local_moran(values, ours, exact=True).p_upper

    # Of as many tests as places, one may be five standard errors away.
    assert (
        np.abs(share - exact) <= 5 * np.sqrt(exact * (1 - exact) / RUNS) + 1 / RUNS
    ).all()
