import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from convive.stats import PolygonIndex


def test_a_point_in_a_hole_is_in_no_polygon():
    ring = shapely.difference(shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2))
    index = PolygonIndex.from_wkb([ring.wkb])

    answer = index.assign([0.5, 1.5, 3.0], [0.5, 1.5, 3.0])

    assert answer.tolist() == [0, -1, 0]


def test_an_unknown_point_is_in_no_polygon():
    index = PolygonIndex.from_wkb([shapely.box(0, 0, 1, 1).wkb])

    assert index.assign([np.nan], [0.5]).tolist() == [-1]


def test_a_point_on_a_shared_edge_belongs_to_exactly_one():
    index = PolygonIndex.from_wkb(
        [shapely.box(0, 0, 1, 1).wkb, shapely.box(1, 0, 2, 1).wkb]
    )

    assert index.assign([1.0], [0.5])[0] in {0, 1}


def test_no_boundary_is_refused():
    with pytest.raises(ValueError, match="needs boundaries"):
        PolygonIndex.from_wkb([])


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_grid_agrees_with_geos_on_random_partitions(seed):
    rng = np.random.default_rng(seed)
    seeds = shapely.MultiPoint(rng.uniform(0, 10, (rng.integers(3, 30), 2)))
    cells = shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 10, 10))
    index = PolygonIndex.from_wkb([part.wkb for part in cells.geoms])
    x, y = rng.uniform(-1, 11, (2, 3000))

    assert (index.assign(x, y) == index.assign_plainly(x, y)).all()
