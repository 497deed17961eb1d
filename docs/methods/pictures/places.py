"""Invented counts of the municipalities of Sonsonate, for pictures."""

from __future__ import annotations

import numpy as np

PEOPLE = {
    "Sonsonate": 72_000,
    "Izalco": 74_000,
    "Nahuizalco": 54_000,
    "Acajutla": 53_000,
    "Armenia": 36_000,
    "San Antonio del Monte": 30_000,
    "Sonzacate": 26_000,
    "Juayúa": 25_000,
    "San Julián": 20_000,
    "Cuisnahuat": 13_000,
    "Santa Isabel Ishuatán": 11_000,
    "Santa Catarina Masahuat": 10_500,
    "Nahulingo": 10_000,
    "Caluco": 9_500,
    "Santo Domingo de Guzmán": 7_500,
    "Salcoatitán": 6_000,
}
NAMES = list(PEOPLE)
POPULATION = np.array(list(PEOPLE.values()), dtype=float)


def counts(seed: int, rate: float = 35.0) -> np.ndarray:
    """Events of a year at a shared rate that places differ from by a third."""
    rng = np.random.default_rng(seed)
    own = rate / 100_000 * rng.gamma(9, 1 / 9, len(POPULATION))
    return rng.poisson(POPULATION * own)
