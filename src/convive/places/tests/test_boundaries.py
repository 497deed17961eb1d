"""Outlines as offices send them: each works, or is refused with a sentence."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile

import pytest
import shapefile
import shapely
from django.utils import translation
from pyproj import CRS, Transformer

from convive.places import boundaries
from convive.places.boundaries import BoundaryError, read_outlines

SQUARE = [[-89.8, 13.6], [-89.7, 13.6], [-89.7, 13.7], [-89.8, 13.7], [-89.8, 13.6]]
UTM16N = 32616


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def polygon(ring=None):
    return {"type": "Polygon", "coordinates": [ring or SQUARE]}


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


@pytest.fixture
def write(tmp_path):
    def write_json(document, name="outlines.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write_json


def to_utm(ring):
    transform = Transformer.from_crs(4326, UTM16N, always_xy=True).transform
    return [list(transform(x, y)) for x, y in ring]


def make_shapefile(ring=None, name="Juayúa", encoding="utf-8"):
    """The parts of a shapefile of one outline, by their ending."""
    parts = {kind: io.BytesIO() for kind in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding=encoding) as writer:
        writer.field("name", "C", 40)
        writer.poly([ring or SQUARE])
        writer.record(name)
    return {kind: part.getvalue() for kind, part in parts.items()}


@pytest.fixture
def zip_of(tmp_path):
    def write_zip(parts, stem="outlines", **more):
        path = tmp_path / "outlines.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, content in parts.items():
                archive.writestr(f"{stem}.{kind}", content)
            for name, content in more.items():
                archive.writestr(name, content)
        return path

    return write_zip


@pytest.mark.parametrize(
    "document",
    [
        polygon(),
        feature(polygon(), name="Sonsonate"),
        collection(feature(polygon(), name="Sonsonate")),
        collection({"type": "Feature", "properties": None, "geometry": polygon()}),
        {"type": "GeometryCollection", "geometries": [polygon()]},
        feature({"type": "MultiPolygon", "coordinates": [[SQUARE]]}),
    ],
    ids=["geometry", "feature", "collection", "no properties", "geometries", "multi"],
)
def test_every_usual_shape_of_geojson_is_read(write, document):
    outlines = read_outlines(write(document))

    assert len(outlines) == 1
    assert outlines[0].shape.equals(shapely.Polygon(SQUARE))


def test_heights_are_left_out(write):
    ring = [[x, y, 230.0] for x, y in SQUARE]

    (outline,) = read_outlines(write(polygon(ring)))

    assert not outline.shape.has_z


def test_a_compressed_geojson_is_read(tmp_path):
    path = tmp_path / "outlines.geojson.gz"
    path.write_bytes(gzip.compress(json.dumps(polygon()).encode()))

    assert len(read_outlines(path)) == 1


def test_a_compressed_file_that_swells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(boundaries, "UNPACKED_LIMIT_BYTES", 1_000_000)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b" " * 2_000_000))

    with pytest.raises(BoundaryError, match="more than is safe"):
        read_outlines(path)


def test_projected_numbers_are_refused_with_the_outline_and_the_remedy(write):
    document = collection(feature(polygon()), feature(polygon(to_utm(SQUARE))))

    with pytest.raises(BoundaryError, match=r"Outline 2 .* not degrees.*EPSG:4326"):
        read_outlines(write(document))


def test_a_reference_system_named_in_the_file_is_followed(write):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32616"}}

    (outline,) = read_outlines(
        write(collection(feature(polygon(to_utm(SQUARE))), crs=crs))
    )

    assert outline.shape.symmetric_difference(shapely.Polygon(SQUARE)).area < 1e-9


def test_exchanged_degrees_beyond_the_pole_are_called_by_name(write):
    ring = [[y, x - 20] for x, y in SQUARE]

    with pytest.raises(BoundaryError, match="latitude and longitude are exchanged"):
        read_outlines(write(polygon(ring)))


def test_a_line_that_crosses_itself_is_mended_and_said(write):
    bow_tie = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]

    (outline,) = read_outlines(write(polygon(bow_tie)))

    assert outline.is_mended
    assert outline.shape.is_valid
    assert outline.shape.area == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (collection(), "no outline"),
        (collection(feature(None)), "Outline 1 is empty"),
        (collection(feature({"type": "Polygon", "coordinates": []})), "1 is empty"),
        (
            collection(feature({"type": "Point", "coordinates": [-89.7, 13.7]})),
            "Outline 1 is not an area .* Point",
        ),
        (
            collection(feature({"type": "LineString", "coordinates": SQUARE})),
            "Outline 1 is not an area .* LineString",
        ),
        (collection(feature({"type": "Polygon", "coordinates": "x"})), "cannot be"),
        (collection(None), "Outline 1 cannot be read"),
        ({"type": "Topology", "objects": {}}, "TopoJSON"),
        ({"type": "FeatureCollection"}, "not a GeoJSON collection"),
        ([1, 2], "not a GeoJSON collection"),
        ("text", "not a GeoJSON collection"),
        (
            collection(feature(polygon()), crs={"properties": {"name": "lunar"}}),
            "“lunar”, which is unknown",
        ),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_with_a_sentence(write, document, sentence):
    with pytest.raises(BoundaryError, match=sentence):
        read_outlines(write(document))


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"%PDF-1.7", b"{", b"[" * 100_000]
)
def test_what_is_no_json_is_refused_with_the_remedy(tmp_path, content):
    path = tmp_path / "outlines.geojson"
    path.write_bytes(content)

    with pytest.raises(BoundaryError, match="neither GeoJSON nor a zipped shapefile"):
        read_outlines(path)


def test_numbers_that_are_no_numbers_are_refused(write):
    ring = [[float("nan"), 13.6], *SQUARE[1:4], [float("nan"), 13.6]]

    with pytest.raises(BoundaryError, match="Outline 1"):
        read_outlines(write(polygon(ring)))


def test_a_zipped_shapefile_in_utm_lands_on_its_degrees(zip_of):
    parts = make_shapefile(to_utm(SQUARE)) | {"prj": CRS(UTM16N).to_wkt("WKT1_ESRI")}

    (outline,) = read_outlines(zip_of(parts))

    assert outline.properties == {"name": "Juayúa"}
    assert outline.shape.symmetric_difference(shapely.Polygon(SQUARE)).area < 1e-9


def test_a_shapefile_without_its_projection_is_refused_with_the_remedy(zip_of):
    with pytest.raises(BoundaryError, match=r"not degrees.*\.prj"):
        read_outlines(zip_of(make_shapefile(to_utm(SQUARE))))


def test_an_unknown_projection_is_refused(zip_of):
    with pytest.raises(BoundaryError, match=r"\.prj"):
        read_outlines(zip_of(make_shapefile() | {"prj": "PROJCS[nonsense"}))


@pytest.mark.parametrize("declared", ["1252", "ANSI 1252", "CP1252", "ISO-8859-1"])
def test_the_alphabet_that_the_cpg_names_is_followed(zip_of, declared):
    parts = make_shapefile(encoding="cp1252") | {"cpg": declared}

    (outline,) = read_outlines(zip_of(parts))

    assert outline.properties["name"] == "Juayúa"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_without_a_cpg_the_alphabet_is_recognised(zip_of, encoding):
    (outline,) = read_outlines(zip_of(make_shapefile(encoding=encoding)))

    assert outline.properties["name"] == "Juayúa"


def test_an_unknown_alphabet_is_refused(zip_of):
    with pytest.raises(BoundaryError, match="alphabet “klingon”"):
        read_outlines(zip_of(make_shapefile() | {"cpg": "klingon"}))


def test_an_outline_without_points_is_named(zip_of):
    parts = {kind: io.BytesIO() for kind in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts) as writer:
        writer.field("name", "C", 40)
        writer.null()
        writer.record("nowhere")

    with pytest.raises(BoundaryError, match="Outline 1 is empty"):
        read_outlines(zip_of({kind: part.getvalue() for kind, part in parts.items()}))


def test_a_zip_without_the_table_names_what_is_missing(zip_of):
    parts = make_shapefile()
    del parts["dbf"]

    with pytest.raises(BoundaryError, match="lacks its parts: dbf"):
        read_outlines(zip_of(parts))


def test_two_shapefiles_in_one_zip_are_named(zip_of):
    other = {f"other.{kind}": part for kind, part in make_shapefile().items()}

    with pytest.raises(BoundaryError, match=r"several shapefiles: .*other\.shp"):
        read_outlines(zip_of(make_shapefile(), **other))


def test_a_cut_shapefile_is_refused(zip_of):
    parts = make_shapefile()
    parts["shp"] = parts["shp"][:120]

    with pytest.raises(BoundaryError, match="damaged"):
        read_outlines(zip_of(parts))


def test_a_geojson_in_a_zip_is_read(zip_of):
    content = {"geojson": json.dumps(polygon())}

    assert len(read_outlines(zip_of(content, stem="folder/a"))) == 1


def test_a_zip_of_something_else_is_refused(zip_of):
    with pytest.raises(BoundaryError, match="neither a shapefile"):
        read_outlines(zip_of({"txt": "hello"}))


def test_names_that_climb_out_of_the_folder_write_nothing(zip_of, tmp_path):
    before = sorted(tmp_path.parent.rglob("*"))

    path = zip_of(make_shapefile(), stem="../../../climbed")
    outlines = read_outlines(path)

    assert len(outlines) == 1
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, path])


def test_the_clutter_of_other_systems_is_overlooked(zip_of):
    path = zip_of(make_shapefile(), **{"__MACOSX/._outlines.shp": b"\x00"})

    assert len(read_outlines(path)) == 1


def test_a_zip_bomb_is_refused_by_what_it_declares(zip_of, monkeypatch):
    monkeypatch.setattr(boundaries, "UNPACKED_LIMIT_BYTES", 1_000_000)
    parts = make_shapefile() | {"sbn": b"\x00" * 2_000_000}

    with pytest.raises(BoundaryError, match="more than is safe"):
        read_outlines(zip_of(parts))


def test_a_zip_that_lies_about_its_size_is_refused(zip_of, monkeypatch):
    monkeypatch.setattr(boundaries, "UNPACKED_LIMIT_BYTES", 1_000_000)
    parts = make_shapefile() | {"shp": b"\x00" * 2_000_000}
    path = zip_of(parts)
    content = path.read_bytes()
    size = struct.pack("<I", 2_000_000)
    path.write_bytes(content.replace(size, struct.pack("<I", 100)))

    with pytest.raises(BoundaryError):
        read_outlines(path)


def test_a_locked_or_broken_zip_is_refused(zip_of):
    path = zip_of(make_shapefile())
    content = bytearray(path.read_bytes())
    content[40:60] = b"\xff" * 20
    path.write_bytes(content)

    with pytest.raises(BoundaryError):
        read_outlines(path)
