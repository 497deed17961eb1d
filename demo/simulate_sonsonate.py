"""Simulate the demonstration's incidents of El Salvador, 2005-2011.

What is public is a margin that the simulation meets exactly:
- 62 homicides per 100,000 in Sonsonate in 2005 (department: 272 of 438,960 residents;
  the three municipalities together: 92 of 148,905), against 54.5 in the country
  (3,131 of 5,744,113);
- in the three municipalities, all crime 16 % lower in 2010 (2,100) than in 2009
  (2,500).
Everything else is assumed: the years between, the mix of offences, hours, streets,
ages. Residents are those of the 2007 census, as remembered, to be verified.

Each point is invented. The seed makes every run write the same files.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import shapely

from convive.core.text import slug

HERE = Path(__file__).parent
SEED = 20080301  # the programme began in March 2008
YEARS = tuple(range(2005, 2012))
COUNTRY_HOMICIDES = (3131, 3676, 3285, 2987, 4079, 3734, 4021)
DEPARTMENT_HOMICIDES = (272, 290, 268, 252, 300, 262, 268)
# Of each of the three municipalities, by year.
HOMICIDES = {
    "Sonsonate": (44, 47, 43, 40, 48, 40, 41),
    "Sonzacate": (16, 17, 16, 15, 17, 14, 15),
    "Acajutla": (32, 34, 31, 29, 35, 30, 30),
}
ALL_CRIME = {
    "Sonsonate": (1180, 1240, 1255, 1270, 1330, 1117, 1140),
    "Sonzacate": (370, 390, 395, 400, 420, 353, 360),
    "Acajutla": (660, 690, 705, 720, 750, 630, 640),
}
OTHERS = {
    "Lesiones": 0.24,
    "Robo": 0.19,
    "Hurto": 0.21,
    "Extorsión": 0.10,
    "Amenazas": 0.11,
    "Violencia intrafamiliar": 0.09,
    "Violación": 0.035,
    "Tenencia y portación ilegal de arma de fuego": 0.025,
}
# Share of the day's violence in each hour: low at dawn, high from dusk to midnight.
HOURS = np.array(
    [7, 5, 3, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 6, 8, 9, 9, 9, 8], float
)
WEEKDAYS = np.array([12, 11, 11, 12, 14, 20, 20], float)
FIREARM = {"Homicidio": 0.74, "Robo": 0.45, "Lesiones": 0.22}
HEADINGS = ("Expediente", "Fecha", "Hora", "Delito", "Sexo", "Edad", "Arma",
            "Relación con el agresor", "Longitud", "Latitud")  # fmt: skip


def outlines() -> dict[str, tuple[str, shapely.Geometry]]:
    path = HERE / "places/sv_municipalities.geojson.gz"
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    return {
        feature["properties"]["code"]: (
            feature["properties"]["department"] + "/" + feature["properties"]["name"],
            shapely.from_geojson(json.dumps(feature["geometry"])),
        )
        for feature in features
    }


def path_of(name: str) -> str:
    """'Sonsonate/San Julián' -> 'sv/sonsonate/san-julian'."""
    return "/".join(["sv", *(slug(part) for part in name.split("/"))])


def residents_2007() -> dict[str, int]:
    with (HERE / "population/sv.csv").open(encoding="utf-8") as file:
        return {row["place"]: int(row["persons"]) for row in csv.DictReader(file)}


def points(
    rng: np.random.Generator, shape: shapely.Geometry, count: int, corners: int
) -> np.ndarray:
    """Half of the points near a few corners, half anywhere in the outline."""
    west, south, east, north = shape.bounds
    middle = np.array([shape.representative_point().x, shape.representative_point().y])
    spread = np.array([east - west, north - south])
    hot = middle + rng.normal(0, 0.06, (corners, 2)) * spread
    found = np.empty((0, 2))
    while len(found) < count:
        anywhere = rng.uniform((west, south), (east, north), (count, 2))
        near = hot[rng.integers(0, corners, count)] + rng.normal(0, 0.0018, (count, 2))
        drawn = np.where(rng.random((count, 1)) < 0.5, near, anywhere)
        # As written, to five decimals: a hair outside would be no record of the place.
        inside = shapely.contains_xy(shape, *drawn.round(5).T)
        found = np.vstack([found, drawn[inside]])
    return found[:count]


def day_of(rng: np.random.Generator, year: int) -> date:
    while True:
        day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
        if rng.random() < WEEKDAYS[day.weekday()] / WEEKDAYS.max():
            return day


def person(rng: np.random.Generator, offence: str) -> tuple[str, str]:
    female = {"Homicidio": 0.11, "Violación": 0.92, "Violencia intrafamiliar": 0.87}
    sex = "F" if rng.random() < female.get(offence, 0.42) else "M"
    age = int(np.clip(rng.gamma(5.2, 5.6), 0, 92))
    return (sex if rng.random() > 0.02 else "ND"), (
        str(age) if rng.random() > 0.06 else ""
    )


def weapon(rng: np.random.Generator, offence: str) -> str:
    if offence.startswith("Tenencia") or rng.random() < FIREARM.get(offence, 0):
        return "Arma de fuego"
    if offence in {"Homicidio", "Lesiones"}:
        return str(rng.choice(["Arma blanca", "Objeto contundente", "Golpes", "ND"]))
    return "Ninguna" if offence != "Robo" else "Arma blanca"


def relation(rng: np.random.Generator, offence: str) -> str:
    if offence == "Violencia intrafamiliar":
        return str(rng.choice(["Cónyuge", "Ex pareja", "Padre", "Otro familiar"]))
    return str(rng.choice(["ND", "ND", "ND", "Conocido", "Vecino"]))


def row(
    rng: np.random.Generator, number: str, year: int, offence: str, xy: np.ndarray
) -> list[str]:
    day, hour = day_of(rng, year), int(rng.choice(24, p=HOURS / HOURS.sum()))
    clock = f"{hour:02}:{int(rng.integers(0, 60)):02}" if rng.random() > 0.04 else ""
    sex, age = person(rng, offence)
    where = [f"{value:.5f}".replace(".", ",") for value in xy]
    what = [offence, sex, age, weapon(rng, offence), relation(rng, offence)]
    return [number, f"{day:%d/%m/%Y}", clock, *what, *where]


def write(name: str, rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    # No file name and no time inside, so that the same rows give the same bytes.
    packed = gzip.compress(text.getvalue().encode(), mtime=0)
    (HERE / "incidents" / name).write_bytes(packed)


def one_municipality(
    rng: np.random.Generator, name: str, shape: shapely.Geometry
) -> list[list[str]]:
    rows: list[list[str]] = []
    for year, homicides, total in zip(
        YEARS, HOMICIDES[name], ALL_CRIME[name], strict=True
    ):
        shares = np.array(list(OTHERS.values()))
        mix = rng.choice(list(OTHERS), total - homicides, p=shares / shares.sum())
        offences = ["Homicidio"] * homicides + mix.tolist()
        where = points(rng, shape, total, corners=6)
        rows += [
            row(rng, f"{name[:5].upper()}-{year}-{i:04}", year, offence, xy)
            for i, (offence, xy) in enumerate(zip(offences, where, strict=True), 1)
        ]
    return rows


def rest_of_country(
    rng: np.random.Generator, places: dict[str, tuple[str, shapely.Geometry]]
) -> list[list[str]]:
    """Homicides outside the three, by residents and a chance of each municipality.

    Only the totals of country and department are public; how they are spread is
    assumed, so that a map of the country is neither empty nor absurd.
    """
    own = {f"Sonsonate/{name}" for name in HOMICIDES}
    others = {code: item for code, item in places.items() if item[0] not in own}
    is_near = {code: item[0].startswith("Sonsonate/") for code, item in others.items()}
    residents = residents_2007()
    people = {code: residents[path_of(item[0])] for code, item in others.items()}
    # One factor for all years: a municipality's level does not jump about.
    chance = dict(zip(others, rng.gamma(4.0, 0.25, len(others)), strict=True))
    rows = []
    for index, year in enumerate(YEARS):
        mine = sum(HOMICIDES[name][index] for name in HOMICIDES)
        near = DEPARTMENT_HOMICIDES[index] - mine
        far = COUNTRY_HOMICIDES[index] - DEPARTMENT_HOMICIDES[index]
        for wanted, count in ((True, near), (False, far)):
            codes = [code for code in others if is_near[code] is wanted]
            weights = np.array([people[code] * chance[code] for code in codes])
            spread = rng.multinomial(count, weights / weights.sum())
            for code, number in zip(codes, spread, strict=True):
                where = points(rng, others[code][1], number, corners=4)
                rows += [
                    row(rng, f"{code}-{year}-{i:03}", year, "Homicidio", xy)
                    for i, xy in enumerate(where, 1)
                ]
    return rows


def main() -> None:
    rng = np.random.default_rng(SEED)
    places = outlines()
    by_name = dict(places.values())
    for name in HOMICIDES:
        rows = one_municipality(rng, name, by_name[f"Sonsonate/{name}"])
        write(f"sv_{name.lower()}_simulated.csv.gz", rows)
    write("sv_homicides_simulated.csv.gz", rest_of_country(rng, places))


if __name__ == "__main__":
    main()
