"""The municipality of 1,000,000 points, beside geopandas.sjoin.

python benchmarks/places.py [BOUNDARIES.geojson]
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from time import perf_counter

import geopandas
import numpy as np
import shapely
from shapely.geometry import shape

from convive.stats import PolygonIndex

POINTS = 1_000_000
TARGET = 20
REPEATS = 3


def boundaries_file() -> Path:
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    found = sorted(Path("demo/places").glob("sv_municipalities.geojson*"))
    if not found:
        sys.exit("Name a GeoJSON file of boundaries: demo/places has none.")
    return found[0]


def main() -> None:
    content = boundaries_file().read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    features = json.loads(content)["features"]
    polygons = [shape(feature["geometry"]) for feature in features]
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(2005)
    x, y = rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS)
    boundaries = [polygon.wkb for polygon in polygons]
    PolygonIndex.from_wkb(boundaries).assign(x[:10], y[:10])  # compile, or load

    start = perf_counter()
    index = PolygonIndex.from_wkb(boundaries)
    built = perf_counter() - start
    ours = np.inf
    for _ in range(REPEATS):
        start = perf_counter()
        answer = index.assign(x, y)
        ours = min(ours, perf_counter() - start)

    frame = geopandas.GeoDataFrame(geometry=polygons)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y))
    start = perf_counter()
    joined = geopandas.sjoin(points, frame, predicate="within", how="left")
    theirs = perf_counter() - start
    first = joined["index_right"].groupby(level=0).min().fillna(-1).to_numpy()
    differing = int((first != answer).sum())
    print(f"{POINTS:,} points in {len(polygons)} polygons; {differing} answers differ")
    print(f"index, built once: {built:.3f} s")
    print(f"convive {ours:.3f} s; geopandas.sjoin {theirs:.3f} s")
    print(f"ratio {theirs / ours:.1f}; target at least {TARGET}")


if __name__ == "__main__":
    main()
