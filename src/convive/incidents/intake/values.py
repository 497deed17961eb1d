"""Words of an office into coded values. Unknown is a value, a blank is not."""

from __future__ import annotations

import re
from typing import TypeVar

from convive.core.text import fold
from convive.warehouse.schema import Mechanism, Relationship, Sex

T = TypeVar("T")

UNKNOWN_WORDS = frozenset(
    {
        "ni", "nd", "sd", "s d", "n d", "n a", "na", "no consta", "no identificado",
        "no identificada", "desconocido", "desconocida", "ignorado", "se ignora",
        "sin dato", "sin datos", "no especificado", "no especifica", "no aplica",
        "no se sabe", "unknown", "no determinado", "no determinada", "sin especificar",
        "indeterminado", "no reportado", "x", "no establecido", "otro no especificado",
        "n i", "no indica", "no indicado", "sin informacion",
    }
)  # fmt: skip
_FEMALE = {"f", "femenino", "femenina", "mujer", "female", "fem", "woman", "nina"}
_MALE = {
    "masculino",
    "hombre",
    "male",
    "masc",
    "h",
    "varon",
    "man",
    "nino",
    "masculina",
}
_OTHER = {"otro", "otra", "other", "no binario", "trans", "lgbti", "intersexual"}

_MECHANISMS: tuple[tuple[str, Mechanism], ...] = (
    (r"fuego (cruzado)?$|arma de fuego|pistola|revolver|fusil|escopeta|bala|firearm|gun"
     r"|handgun|rifle|disparo|\bpaf\b", Mechanism.FIREARM),
    (r"blanca|cuchillo|machete|navaja|corto ?punzante|cortante|punal|knife|sharp|corvo"
     r"|corto ?contundente", Mechanism.SHARP),
    (r"contundente|piedra|garrote|golpe con|palo|blunt|bate", Mechanism.BLUNT),
    (r"estrangul|ahorca|asfixia|strang|sofoc", Mechanism.STRANGULATION),
    (r"fuerza|golpes|manos|punos|patadas|bodily|corporal", Mechanism.BODILY_FORCE),
    (r"explosiv|granada|bomba", Mechanism.EXPLOSIVE),
    (r"quemad|incendi|fire\b|inflamable", Mechanism.FIRE),
    (r"veneno|envenen|toxic|poison", Mechanism.POISON),
    (r"vehiculo|atropell|vehicle|automovil|carro", Mechanism.VEHICLE),
    (r"^otr[ao]|^other|ninguna|sin arma", Mechanism.OTHER),
)  # fmt: skip
_RELATIONSHIPS: tuple[tuple[str, Relationship], ...] = (
    (r"^ex\b|ex ?(pareja|esposo|esposa|conyuge|novio|novia|compan)|former",
     Relationship.FORMER_PARTNER),
    (r"pareja|conyuge|espos[oa]|compan?er[oa] de vida|novi[oa]|marido|concub|partner"
     r"|husband|wife", Relationship.CURRENT_PARTNER),
    (r"padrastro|madrastra|\bpadre|\bmadre|papa|mama|parent|father|mother",
     Relationship.PARENT),
    (r"\bhij[oa]|\bson\b|daughter|child", Relationship.CHILD),
    (r"herman|ti[oa]\b|prim[oa]\b|abuel|sobrin|niet|cunad|suegr|yerno|nuera|famil|parient"
     r"|relative", Relationship.OTHER_FAMILY),
    (r"desconocid[oa]? |^desconocido$|extran|stranger", Relationship.STRANGER),
    (r"convive|mismo hogar|household", Relationship.HOUSEHOLD_MEMBER),
    (r"laboral|trabajo|colleague|colega", Relationship.COLLEAGUE),
    (r"policia|autoridad|maestr|docente|patron|jefe|authority", Relationship.AUTHORITY),
    (r"amig|vecin|acquaint|friend|neighbo|compan?er[oa]", Relationship.ACQUAINTANCE),
    (r"conocid|known|otr[oa]", Relationship.OTHER_KNOWN),
)  # fmt: skip
_AGE = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(anos|ano|years?|a|yrs?)?$")
_MONTHS_OLD = re.compile(r"\d+\s*(mes|meses|dias?|semanas?|months?|days?)$")
OLDEST = 115


def is_unknown(value: str) -> bool:
    return fold(value) in UNKNOWN_WORDS or not fold(value)


def sex_table(values: set[str]) -> dict[str, Sex | None]:
    """Meaning of each word in one column; None where it has none.

    'M' is masculino beside 'F' and mujer beside 'H', so the column decides.
    """
    letters = {fold(value) for value in values}
    m_is_woman = "h" in letters and not letters & {"f", "femenino", "mujer"}
    return {value: _sex(fold(value), m_is_woman=m_is_woman) for value in values}


def _sex(word: str, *, m_is_woman: bool) -> Sex | None:
    if word == "m":
        return Sex.FEMALE if m_is_woman else Sex.MALE
    for words, sex in ((_FEMALE, Sex.FEMALE), (_MALE, Sex.MALE), (_OTHER, Sex.OTHER)):
        if word in words:
            return sex
    return Sex.UNKNOWN if is_unknown(word) else None


def parse_age(value: str) -> int | None:
    """Age in completed years; -1 where the office did not know; None if unreadable."""
    word = fold(value.replace(".", ",")) if "," in value else fold(value)
    if is_unknown(value):
        return -1
    if _MONTHS_OLD.match(word):
        return 0
    match = _AGE.match(value.strip().casefold().replace("ñ", "n"))
    if match and int(match[1]) <= OLDEST:
        return int(match[1])
    return -1 if match and match[1] in {"999", "998"} else None


def parse_mechanism(value: str) -> Mechanism | None:
    return _first(value, _MECHANISMS, Mechanism.UNKNOWN)


def parse_relationship(value: str) -> Relationship | None:
    # 'Desconocido' is an unknown author in most lists of offices, not a stranger.
    return _first(value, _RELATIONSHIPS, Relationship.UNKNOWN)


def _first(value: str, table: tuple[tuple[str, T], ...], unknown: T) -> T | None:
    if is_unknown(value):
        return unknown
    word = fold(value)
    return next((code for pattern, code in table if re.search(pattern, word)), None)


def age_group(age: int) -> str:
    return "80+" if age >= 80 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"
