"""Brain cancer in New Mexico, 1973-1991 (Kulldorff et al., 1998; SaTScan's sample).

Published: with age and sex allowed for, the excess in Los Alamos that had raised the
alarm is not statistically significant.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from convive.stats import poisson_scan
from convive.stats._kernels.scan_ratio import score_plainly
from tests.validation.shared_data import shared

YEARS = np.arange(1973, 1992)
STRATA = ["agegroup", "sex"]


def cases_and_expected():
    """Counties by years; census populations are interpolated, as SaTScan does."""
    counties = pl.read_csv(shared("satscan_samples/NMgeo.csv"))
    people = pl.read_csv(shared("satscan_samples/NMpop.csv"))
    cases = pl.read_csv(shared("satscan_samples/NMcas.csv"))
    names = counties["county"].to_list()
    seen = np.zeros((len(names), len(YEARS)))
    for row in cases.iter_rows(named=True):
        seen[names.index(row["county"]), row["year"] - YEARS[0]] += row["cases"]
    inhabitants, expected = np.zeros(seen.shape), np.zeros(seen.shape)
    for stratum, group in people.group_by(STRATA):
        living = np.zeros(seen.shape)
        for (county,), rows in group.sort("year").group_by(["county"]):
            census = 1900 + rows["year"].to_numpy()
            numbers = rows["population"].to_numpy()
            living[names.index(county)] = np.interp(YEARS, census, numbers)
        ill = cases.filter(
            (pl.col("agegroup") == stratum[0]) & (pl.col("sex") == stratum[1])
        )
        expected += living * ill["cases"].sum() / living.sum()
        inhabitants += living
    return names, counties.select("lat", "long").to_numpy(), seen, inhabitants, expected


def test_the_excess_in_los_alamos_is_not_significant():
    names, xy, seen, people, expected = cases_and_expected()

    result = poisson_scan(
        seen,
        people,
        xy,
        replications=999,
        expected=expected,
        rng=np.random.default_rng(1998),
    )

    assert seen.sum() == 1175
    county = names.index("LosAlamos")
    cases, due = (np.pad(table[county].cumsum(), (1, 0)) for table in (seen, expected))
    start, end = np.triu_indices(len(YEARS) + 1, 1)
    is_allowed = end - start <= len(YEARS) // 2
    inside = (cases[end] - cases[start])[is_allowed]
    alone = score_plainly(inside, (due[end] - due[start])[is_allowed], 1175.0, np.inf)
    assert alone.max() > 0
    assert (result.maxima >= alone.max()).mean() > 0.05
