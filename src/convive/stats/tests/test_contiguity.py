import numpy as np
import pytest
import shapely

from convive.stats import spatial_weights


def links(places, **kind):
    weights = spatial_weights(places, **kind)
    return set(
        zip(*(axis.tolist() for axis in weights.to_sparse().nonzero()), strict=True)
    )


CORNER = [shapely.box(0, 0, 10, 10), shapely.box(10, 10, 20, 20)]
EDGE = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
# One long outline beside two short ones: no corner of theirs is one of its own.
CROSSING = [
    shapely.box(0, 0, 10, 30),
    shapely.box(10, 3, 20, 12),
    shapely.box(10, 12, 20, 20),
]
BOTH_WAYS = {(0, 1), (1, 0)}


def test_rook_neighbours_share_a_line_and_queens_a_corner_too():
    assert links(CORNER, contiguity="queen") == BOTH_WAYS
    assert links(CORNER, contiguity="rook") == set()
    assert links(EDGE, contiguity="rook") == BOTH_WAYS


def test_outlines_touch_though_they_share_no_corner():
    three = {(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)}

    assert links(CROSSING, contiguity="queen") == three
    assert links(CROSSING, contiguity="rook") == three


@pytest.mark.parametrize("kind", ["queen", "rook"])
def test_a_gap_of_careless_drawing_is_bridged_when_asked(kind):
    apart = [EDGE[0], shapely.box(10.4, 0, 20, 10)]

    assert links(apart, contiguity=kind) == set()
    assert links(apart, contiguity=kind, gap_m=0.5) == BOTH_WAYS
    assert links(apart, contiguity=kind, gap_m=0.3) == set()


def test_a_corner_across_a_gap_is_no_line():
    apart = [CORNER[0], shapely.box(10.2, 10.2, 20, 20)]

    assert links(apart, contiguity="queen", gap_m=0.5) == BOTH_WAYS
    assert links(apart, contiguity="rook", gap_m=0.5) == set()


def test_an_overlap_of_careless_drawing_is_a_line():
    assert links([EDGE[0], shapely.box(9.9, 0, 20, 10)], contiguity="rook") == BOTH_WAYS


def test_a_place_of_several_parts_touches_with_any_of_them():
    parts = shapely.MultiPolygon([shapely.box(50, 50, 60, 60), EDGE[1]])

    assert links([EDGE[0], parts], contiguity="rook") == BOTH_WAYS


def test_an_island_has_no_neighbour():
    places = [*EDGE, shapely.box(90, 90, 99, 99)]

    assert spatial_weights(places, contiguity="queen").is_alone.tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "read",
    [
        shapely.to_wkb,
        lambda polygon: np.array(polygon.exterior.coords),
        lambda polygon: polygon.exterior.coords[:-1],
    ],
)
def test_binary_and_rings_are_read_as_geometries_are(read):
    assert links([read(polygon) for polygon in CROSSING], contiguity="rook") == links(
        CROSSING, contiguity="rook"
    )


@pytest.mark.parametrize(
    ("places", "kind", "words"),
    [
        (EDGE, {"contiguity": "bishop"}, "'queen' or 'rook'"),
        (EDGE, {"contiguity": "queen", "gap_m": -1}, "gap_m must be zero or more"),
        (EDGE, {"contiguity": "queen", "distance_power": 1}, "does not apply"),
        ([], {"contiguity": "queen"}, "places must be polygons"),
        ([EDGE[0], None], {"contiguity": "queen"}, "places must be polygons"),
        ([EDGE[0], shapely.Point(0, 0)], {"contiguity": "queen"}, "must be polygons"),
        ([EDGE[0], shapely.Polygon()], {"contiguity": "queen"}, "must be polygons"),
        ([EDGE[0], b"no"], {"contiguity": "queen"}, "must be polygons"),
        ([[0, 0], [1, 1]], {"contiguity": "queen"}, "must be polygons"),
        (
            [EDGE[0], shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
            {"contiguity": "rook"},
            "place 1: Self-intersection",
        ),
    ],
)
def test_what_is_no_outline_is_named(places, kind, words):
    with pytest.raises(ValueError, match=words):
        spatial_weights(places, **kind)
