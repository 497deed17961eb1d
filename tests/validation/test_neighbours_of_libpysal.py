"""Neighbours of real places beside those that libpysal finds (Rey and Anselin, 2007).

Its queen and rook compare the corners of outlines, ours the outlines themselves: on
boundaries drawn as one coverage both must agree.
"""

from __future__ import annotations

import geopandas
import libpysal
import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from convive.stats import spatial_weights
from tests.validation.shared_data import shared

MAPS = {
    "columbus": "libpysal_examples/columbus/columbus.shp",
    "sids2": "libpysal_examples/sids2/sids2.shp",
    "stl": "libpysal_examples/stl/stl_hom.shp",
    "mexico": "libpysal_examples/mexico/mexicojoin.shp",
    "el_salvador": "slv_boundaries_codab/slv_adm2.geojson",
}
LAKES = ["SV0399", "SV1099", "SV1298", "SV1299"]


@pytest.fixture(scope="module", params=MAPS)
def places(request):
    read = geopandas.read_file(shared(MAPS[request.param]))
    if request.param == "el_salvador":
        read = read[~read["ADM2_PCODE"].isin(LAKES)].reset_index(drop=True)
        assert len(read) == 262
    return read


def links(weights):
    return set(
        zip(*(ends.tolist() for ends in weights.to_sparse().nonzero()), strict=True)
    )


def their_links(graph):
    focal, neighbour = graph.sparse.nonzero()
    return {
        (a, b)
        for a, b in zip(focal.tolist(), neighbour.tolist(), strict=True)
        if a != b
    }


@pytest.mark.parametrize("kind", ["queen", "rook"])
@pytest.mark.filterwarnings(
    "ignore:The weights matrix is not fully connected:UserWarning"
)
def test_contiguity_is_that_of_libpysal(places, kind):
    theirs = libpysal.graph.Graph.build_contiguity(places, rook=kind == "rook")

    ours = spatial_weights(np.array(places.geometry), contiguity=kind)

    assert links(ours) == their_links(theirs)


@pytest.fixture
def centres(places):
    """Centres of the places, as if their degrees were metres."""
    return shapely.get_coordinates(shapely.centroid(np.array(places.geometry)))


@pytest.mark.parametrize("nearest", [1, 4, 8])
@pytest.mark.filterwarnings(
    "ignore:The weights matrix is not fully connected:UserWarning"
)
def test_nearest_neighbours_are_those_of_libpysal(centres, nearest):
    theirs = libpysal.weights.KNN.from_array(centres, k=nearest)

    # In thousands, so that no two differ by less than a micrometre.
    ours = spatial_weights(1000 * centres, nearest=nearest)

    assert links(ours) == {
        (a, b) for a, others in theirs.neighbors.items() for b in others
    }


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_distance_bands_and_inverse_distances_are_those_of_libpysal(centres):
    reach = 1.5 * float(np.median(distance_to_nearest(centres)))
    theirs = libpysal.weights.DistanceBand(
        centres, reach, binary=False, alpha=-1, silence_warnings=True
    )

    ours = spatial_weights(centres, within_m=reach, distance_power=1)

    np.testing.assert_allclose(
        ours.to_sparse().toarray(), theirs.sparse.toarray(), rtol=1e-12
    )


def distance_to_nearest(xy):
    apart = np.hypot(*(xy[:, None] - xy).T)
    np.fill_diagonal(apart, np.inf)
    return apart.min(axis=0)


@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_a_gap_smaller_than_any_place_changes_no_neighbour_of_sonsonate(kind):
    read = geopandas.read_file(shared("slv_boundaries_codab/sonsonate_adm2.geojson"))
    metres = np.array(read.to_crs(32616).geometry)
    rng = np.random.default_rng(13)
    # Outlines as two offices would draw them: each moved by up to 5 m.
    moved = [translate(outline, *rng.uniform(-5, 5, 2)) for outline in metres]

    assert links(spatial_weights(moved, contiguity=kind, gap_m=15)) == links(
        spatial_weights(metres, contiguity=kind)
    )
