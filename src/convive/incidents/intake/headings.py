"""How offices head their columns, in Spanish and English."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from convive.core.text import fold


class Field(StrEnum):
    INCIDENT_ID = "incident_id"
    EVENT_ID = "event_id"
    DATE = "date"
    TIME = "time"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    OFFENCE = "offence"
    ICCS = "iccs"
    SEX = "sex"
    AGE = "age"
    MECHANISM = "mechanism"
    RELATIONSHIP = "relationship"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    LOCATION = "location"
    NEIGHBOURHOOD = "neighbourhood"
    MUNICIPALITY = "municipality"
    DEPARTMENT = "department"


# Folded spellings; 'y' and 'x' stand for projected coordinates too.
SPELLINGS: dict[Field, tuple[str, ...]] = {
    Field.INCIDENT_ID: (
        "id", "no", "numero", "n", "num", "correlativo", "no expediente", "expediente",
        "numero de expediente", "no de caso", "caso", "folio", "id hecho", "id victima",
        "carpeta", "id ci", "incident id", "case number", "record", "registro",
        "codigo", "numero de caso", "id incidente",
    ),
    Field.EVENT_ID: ("evento", "id evento", "event id", "no evento", "numero evento"),
    Field.DATE: (
        "fecha", "fecha hecho", "fecha del hecho", "fecha de los hechos", "date",
        "fecha hechos", "fecha ocurrencia", "fecha de ocurrencia", "fecha suceso",
        "fecha y hora", "fecha hora", "occurred on", "date of incident", "datetime",
        "fecha del incidente", "incident date", "fecha inicio", "dia del hecho",
    ),
    Field.TIME: (
        "hora", "hora hecho", "hora del hecho", "hora de los hechos", "hora hechos",
        "hora ocurrencia", "time", "hour", "hora suceso", "hora aproximada",
    ),
    Field.DAY: ("dia", "day"),
    Field.MONTH: ("mes", "month"),
    Field.YEAR: ("ano", "anio", "year"),
    Field.OFFENCE: (
        "delito", "tipo de delito", "tipo delito", "offence", "offense", "crime",
        "tipo de hecho", "hecho", "tipo", "calificacion", "crime type", "infraccion",
        "modalidad delito", "tipo de incidente", "incidente", "clasificacion",
    ),
    Field.ICCS: ("iccs", "codigo iccs", "iccs code", "cod iccs"),
    Field.SEX: (
        "sexo", "genero", "sex", "gender", "sexo victima", "sexo de la victima",
        "victima sexo", "genero victima",
    ),
    Field.AGE: (
        "edad", "age", "edad victima", "edad de la victima", "victima edad",
        "edad anos",
    ),
    Field.MECHANISM: (
        "arma", "tipo de arma", "arma utilizada", "mecanismo", "weapon", "mechanism",
        "medio", "medio empleado", "tipo arma", "arma usada",
    ),
    Field.RELATIONSHIP: (
        "relacion", "relacion con el agresor", "parentesco", "vinculo", "relationship",
        "relacion victima agresor", "relacion agresor", "relacion con la victima",
    ),
    Field.LONGITUDE: (
        "longitud", "lon", "lng", "long", "longitude", "x", "coord x", "coordenada x",
        "este", "easting", "utm x",
    ),
    Field.LATITUDE: (
        "latitud", "lat", "latitude", "y", "coord y", "coordenada y", "norte",
        "northing", "utm y",
    ),
    Field.LOCATION: (
        "lugar", "direccion", "lugar del hecho", "ubicacion", "address", "location",
        "lugar de los hechos", "referencia", "direccion del hecho", "lugar hecho",
    ),
    Field.NEIGHBOURHOOD: (
        "colonia", "barrio", "canton", "colonia barrio", "barrio colonia", "caserio",
        "colonia hecho", "neighbourhood", "neighborhood", "barrio o colonia",
        "colonia o barrio", "canton o barrio",
    ),
    Field.MUNICIPALITY: (
        "municipio", "municipality", "alcaldia", "alcaldia hecho", "municipio hecho",
        "municipio del hecho", "ciudad", "distrito",
    ),
    Field.DEPARTMENT: (
        "departamento", "department", "estado", "provincia", "entidad", "depto",
    ),
}  # fmt: skip
_FIELD_OF = {spelling: field for field, all_ in SPELLINGS.items() for spelling in all_}
_CLOSE = 90
# Heads the column of a download from quarantine that says which row it is.
ROW_REFERENCE = "Convive fila"
_SHORTEST_FUZZY = 5


@lru_cache(maxsize=4096)
def field_of(heading: str) -> tuple[Field, float] | None:
    """The field a heading names, and how sure that is (0-100)."""
    key = fold(heading)
    if not key or len(key) > 60:
        return None
    if key in _FIELD_OF:
        return _FIELD_OF[key], 100.0
    if len(key) < _SHORTEST_FUZZY:
        return None
    close = process.extractOne(
        key, _FIELD_OF.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=_CLOSE
    )
    return (_FIELD_OF[close[0]], close[1]) if close else None


def is_heading(cell: object) -> bool:
    return field_of(str(cell)) is not None or str(cell).strip() == ROW_REFERENCE
