"""Residents of every municipality of El Salvador in 2007, out of published shares.

    python demo/census_2007.py clean-municipal.csv

The indicators of the VI census (DIGESTYC) were published per municipality as shares
with all their digits: women and men, urban residents, residents of 60 and more. Each
is a fraction of whole persons, so the least number of residents of which all are
exact fractions divides the census's own number. Where it is a part of it only (22
municipalities), the multiple is the one with which the municipalities of the
department add up to the department's total.

Four municipalities of La Libertad were published with rounded shares. Theirs are as
remembered; together they lack 485 residents of what the department's total leaves.
Nothing here uses an area or a density.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

from convive.core.text import fold, slug

HERE = Path(__file__).parent
YEAR = 2007
LARGEST = 400_000  # no municipality had more residents
# As published by the census; they add up to the country's 5,744,113.
DEPARTMENTS = {
    "ahuachapan": 319503, "santa-ana": 523655, "sonsonate": 438960,
    "chalatenango": 192788, "la-libertad": 660652, "san-salvador": 1567156,
    "cuscatlan": 231480, "la-paz": 308087, "cabanas": 149326,
    "san-vicente": 161645, "usulutan": 344235, "san-miguel": 434003,
    "morazan": 174406, "la-union": 238217,
}  # fmt: skip
MULTIPLES = {
    "ahuachapan/concepcion-de-ataco": 2, "cabanas/ilobasco": 2,
    "chalatenango/citala": 4, "chalatenango/comalapa": 2,
    "chalatenango/san-rafael": 2, "cuscatlan/san-bartolome-perulapia": 2,
    "cuscatlan/tenancingo": 2, "la-libertad/antiguo-cuscatlan": 2,
    "la-paz/san-rafael-obrajuelo": 2, "la-paz/santa-maria-ostuma": 2,
    "la-union/meanguera-del-golfo": 2, "morazan/gualococti": 2,
    "morazan/jocoro": 2, "morazan/sociedad": 3, "san-miguel/chapeltique": 4,
    "san-salvador/apopa": 2, "san-salvador/ayutuxtepeque": 2,
    "san-salvador/san-martin": 2, "sonsonate/armenia": 2, "usulutan/alegria": 3,
    "usulutan/jiquilisco": 2, "usulutan/usulutan": 2,
}  # fmt: skip
REMEMBERED = {
    "la-libertad/quezaltepeque": 52158, "la-libertad/san-jose-villanueva": 13576,
    "la-libertad/opico": 74280, "la-libertad/sacacoyo": 12299,
}  # fmt: skip
# English message ids, translated where they are read.
SOURCES = {
    "remembered": "Census 2007 (DIGESTYC), from memory: to be verified",
    "derived": "Census 2007 (DIGESTYC), worked out from its published shares: "
    "to be verified",
}


def share(text: str) -> Fraction:
    return (Fraction(float(text)) / 100).limit_denominator(LARGEST)


def residents(row: dict[str, str]) -> tuple[int, Fraction]:
    """The least number of residents, and men for each woman."""
    men = share(row["masculinidad"])
    parts = [share(row[name]) for name in ("percent_urbano", "x60_anos_y_mas")]
    whole = [men.numerator + men.denominator, *(part.denominator for part in parts)]
    return math.lcm(*whole), men


def paths_by_name() -> dict[tuple[str, str], str]:
    file = HERE / "places/sv_municipalities.geojson.gz"
    features = json.loads(gzip.decompress(file.read_bytes()))["features"]
    named = [feature["properties"] for feature in features]
    return {
        (fold(p["department"]), fold(p["name"])): (
            f"{slug(p['department'])}/{slug(p['name'])}"
        )
        for p in named
    }


# Names of the census that the boundaries write otherwise.
ALIASES = {
    ("chalatenango", "cancasque"): "chalatenango/san-jose-cancasque",
    ("chalatenango", "las flores"): "chalatenango/san-jose-las-flores",
    ("la libertad", "san juan opico"): "la-libertad/opico",
    ("la libertad", "santa tecla"): "la-libertad/nueva-san-salvador",
    ("san miguel", "san rafael oriente"): "san-miguel/san-rafael",
}


def main() -> None:
    paths = paths_by_name()
    totals = [("sv", sum(DEPARTMENTS.values()), "remembered")]
    totals += [(f"sv/{k}", persons, "remembered") for k, persons in DEPARTMENTS.items()]
    by_sex = []
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["densidad"] != "NA"]
    for row in rows:
        key = (fold(row["departamento"]), fold(row["municipio"]))
        path = paths.get(key) or ALIASES[key]
        if path in REMEMBERED:
            totals.append((f"sv/{path}", REMEMBERED[path], "remembered"))
            continue
        least, men_per_woman = residents(row)
        persons = least * MULTIPLES.get(path, 1)
        women = persons / (1 + men_per_woman)
        assert women.denominator == 1, path  # noqa: S101 - a script
        totals.append((f"sv/{path}", persons, "derived"))
        by_sex.append((f"sv/{path}", int(women), persons - int(women)))
    write("sv.csv", totals, by_sex)


def write(
    name: str, totals: list[tuple[str, int, str]], by_sex: list[tuple[str, int, int]]
) -> None:
    with (HERE / "population" / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["place", "year", "persons", "source"])
        for path, persons, origin in totals:
            writer.writerow([path, YEAR, persons, SOURCES[origin]])
    sexes = HERE / "population" / name.replace(".csv", "_by_sex.csv")
    with sexes.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["place", "year", "sex", "persons"])
        for path, women, men in by_sex:
            writer.writerow([path, YEAR, "female", women])
            writer.writerow([path, YEAR, "male", men])


if __name__ == "__main__":
    main()
